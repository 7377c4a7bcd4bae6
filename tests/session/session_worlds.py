"""A session over a world that the test can change as Azure would change."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.facts.choice import Choice
from core.model import CheckFinished, CheckResult, CheckStarted, Event, Report, RunFinished, RunStarted
from core.practice.call_faults import CallFault
from core.practice.scenario import build, load_scenario
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.practice.world import World
from core.session import Connection, Session, scenario_choice


@dataclass
class Opened:
    """A session, its simulator and world, what to pick there, and every event that was told."""

    session: Session
    simulator: Simulator
    world: World
    choice: Choice
    events: list[Event] = field(default_factory=list)

    def diagnose(self, cancel: CancelToken | None = None) -> Report:
        return self.session.diagnose(self.choice, self.events.append, cancel or CancelToken())

    def check_again(self, report: Report, check: str) -> Report:
        self.events.clear()
        return self.session.check_again(self.choice, report, check, self.events.append, CancelToken())


def open_world(name: str, call_faults: Sequence[CallFault] = (), latency: float = 0.0) -> Opened:
    """Open a session in the world of a scenario."""
    scenario = load_scenario(name)
    world = build(scenario)
    simulator = Simulator(world, call_faults, latency)
    connection = Connection(
        cloud=AZURE_PUBLIC,
        credential=PracticeCredential(world),
        transport=PracticeTransport(simulator),
        account="maria@contoso.com",
        tenant_id=world.home_tenant,
        practice=True,
        now=world.clock,
    )
    return Opened(Session(connection), simulator, world, scenario_choice(scenario))


def result_of(report: Report, check: str) -> CheckResult:
    return next(result for result in report.results if result.check == check)


def told(events: Sequence[Event]) -> list[tuple[str, str]]:
    """The events as (kind, check)."""
    names: list[tuple[str, str]] = []
    for event in events:
        match event:
            case RunStarted() | RunFinished():
                names.append((type(event).__name__, ""))
            case CheckStarted(check):
                names.append(("CheckStarted", check))
            case CheckFinished(result):
                names.append(("CheckFinished", result.check))
    return names


def workers() -> list[threading.Thread]:
    """The threads that fetch facts or talk to Azure."""
    return [thread for thread in threading.enumerate() if thread.name.startswith(("fact-", "azure-"))]
