"""Every call that a scenario makes, denied and broken in turn, and what the diagnosis may then say.

`python tests/matrix/broken_calls.py` (with PYTHONPATH=.) runs the matrix over all scenarios; the test beside this file
runs it over a few.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.model import Outcome, Report, Status
from core.practice.call_faults import CallFault, Trouble
from core.practice.http import Request
from core.practice.scenario import Scenario, build, load_scenario, load_scenarios
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.session import Connection, Session, scenario_choice

TROUBLES = tuple(trouble for trouble in Trouble if trouble is not Trouble.DELAY)
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}", re.IGNORECASE)

DANGLING = frozenset(
    {
        "cluster.node-resource-group",
        "cluster.power-state",
        "registry.health",
        "identity.kubelet-exists",
        "identity.sp-exists",
    }
)
"""Checks that rightly call it a cause when something that they were told of is not there (404)."""


class Impatient(CancelToken):
    """A cancel token under which waits for a retry end at once."""

    def wait(self, seconds: float) -> bool:
        """Wait for nothing."""
        return super().wait(0 if seconds else seconds)


@dataclass(frozen=True, slots=True)
class Broken:
    """One run: which call was broken how, and what is wrong with the answer (empty for nothing)."""

    scenario: str
    call: str
    trouble: Trouble
    wrong: str


def diagnose(scenario: Scenario, faults: Sequence[CallFault] = ()) -> tuple[Report, list[Request]]:
    """Diagnose a scenario with broken calls; gives the report and every request that was sent."""
    world = build(scenario)
    simulator = Simulator(world, faults)
    connection = Connection(
        cloud=AZURE_PUBLIC,
        credential=PracticeCredential(world),
        transport=PracticeTransport(simulator),
        account="maria@contoso.com",
        tenant_id=world.home_tenant,
        practice=True,
        now=world.clock,
    )
    session = Session(connection)
    try:
        report = session.diagnose(scenario_choice(scenario), lambda _event: None, Impatient())
    finally:
        session.close()
    return report, simulator.log


def matrix(name: str, troubles: Sequence[Trouble] = TROUBLES) -> Iterator[Broken]:
    """Break every call of a scenario in every way."""
    scenario = load_scenario(name)
    honest, log = diagnose(scenario)
    calls = dict.fromkeys((request.method, request.url.split("?")[0]) for request in log)
    for method, address in calls:
        for trouble in troubles:
            fault = CallFault(trouble, _glob(address), method=method)
            report, _ = diagnose(scenario, [fault])
            yield Broken(name, f"{method} {address}", trouble, wrong_with(report, honest, trouble))


def wrong_with(report: Report, honest: Report, trouble: Trouble) -> str:
    """Say what a diagnosis with a broken call must not have said; empty for nothing."""
    crashed = [result.check for result in report.results if result.fault]
    if crashed:
        return f"crash in {crashed}"
    may_be_causes = set(honest.conclusion.causes) | {
        result.check for result in honest.results if result.verdict.status is Status.FAIL
    }
    if trouble is Trouble.NOT_FOUND:
        may_be_causes |= DANGLING
    wrong = [cause for cause in report.conclusion.causes if cause not in may_be_causes]
    if wrong:
        return f"wrong causes {wrong}: {report.conclusion.headline}"
    if honest.conclusion.causes and report.conclusion.outcome is Outcome.NO_CAUSE_FOUND:
        return f"all clear: {report.conclusion.headline}"
    if trouble is Trouble.DENY and report.conclusion.causes != honest.conclusion.causes:
        named = [result.verdict.missing for result in report.results if result.verdict.missing]
        if not named:
            return f"no permission named, causes {report.conclusion.causes}"
    return ""


def _glob(address: str) -> str:
    """A pattern for this very address with any query; brackets would be read as a set."""
    return "".join(f"[{letter}]" if letter in "[]*?" else letter for letter in address) + "*"


def _all_of(name: str) -> list[Broken]:
    return list(matrix(name))


def main(names: Sequence[str]) -> int:
    """Run the matrix and print what is wrong; 1 if anything is."""
    names = names or [scenario.name for scenario in load_scenarios()]
    runs = wrong = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(_all_of, names):
            runs += len(found)
            for broken in found:
                if broken.wrong:
                    wrong += 1
                    print(f"{broken.scenario} · {broken.trouble.value} · {broken.call}: {broken.wrong}", flush=True)
    print(f"{len(names)} scenarios, {runs} broken runs, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
