"""Every call that a scenario makes, denied and broken in turn, and what the diagnosis may then say.

`python tests/matrix/broken_calls.py [SCENARIO...]` (with PYTHONPATH=.) runs the matrix over all scenarios, or over
these; `--quick` leaves out the troubles that end like a cut-off answer. The test beside this file runs it over a few.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from judged_runs import Broken, Run, wrong_with

from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.collect.table import COLLECTORS
from core.engine.walk import Walk
from core.facts.choice import Choice
from core.facts.fact import Fact
from core.model import CheckResult, Report
from core.practice.call_faults import CallFault, Trouble
from core.practice.http import Request
from core.practice.scenario import Scenario, build, load_scenario, load_scenarios
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.session import Connection, Session, scenario_choice

TROUBLES = tuple(trouble for trouble in Trouble if trouble is not Trouble.DELAY)
QUICK = (Trouble.DENY, Trouble.NOT_FOUND, Trouble.TRUNCATED_BODY)
"""What stands for all: whatever comes back as no answer at all ends like an answer that was cut off."""

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""When it is in every world, so that all runs of a scenario see the same addresses and the same ages."""


class Impatient(CancelToken):
    """A cancel token under which waits for a retry end at once."""

    def wait(self, seconds: float) -> bool:
        """Wait for nothing."""
        return super().wait(0 if seconds else seconds)


class Watched(Session):
    """A session that keeps the facts of its run."""

    facts: Mapping[str, Fact[Any] | None] = {}

    def _report(
        self, choice: Choice, walk: Walk, results: tuple[CheckResult, ...], cancel: CancelToken, before: Report | None
    ) -> Report:
        self.facts = {collect.__name__: walk.fact(collect.__name__) for collect in COLLECTORS}
        return super()._report(choice, walk, results, cancel, before)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken run: which call of which scenario was broken how, and what is wrong with the answer.

    `wrong` is empty where nothing is. `facts` are those that came out otherwise than in the honest run.
    """

    scenario: str
    broken: Broken
    facts: tuple[str, ...]
    wrong: str


def diagnose(scenario: Scenario, faults: Sequence[CallFault] = ()) -> tuple[Run, list[Request]]:
    """Diagnose a scenario with broken calls; gives what came of it and every request that was sent."""
    world = build(scenario, lambda: NOW)
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
    session = Watched(connection)
    try:
        report = session.diagnose(scenario_choice(scenario), lambda _event: None, Impatient())
    finally:
        session.close()
    return Run(report, session.facts), simulator.log


def matrix(name: str, troubles: Sequence[Trouble] = TROUBLES, only: str = "") -> Iterator[Finding]:
    """Break every call of a scenario whose address has something like `only` in it in each of these ways."""
    scenario = load_scenario(name)
    honest, log = diagnose(scenario)
    for method, address in dict.fromkeys((request.method, request.url.split("?")[0]) for request in log):
        for trouble in troubles if re.search(only, address, re.IGNORECASE) else ():
            broken = Broken(method, address, trouble)
            run, _ = diagnose(scenario, _faults(broken))
            both = (fact for fact in run.facts if run.facts[fact] is not None and honest.facts[fact] is not None)
            facts = tuple(fact for fact in both if run.facts[fact] != honest.facts[fact])
            yield Finding(name, broken, facts, wrong_with(run, honest, broken))


def _faults(broken: Broken) -> tuple[CallFault, CallFault]:
    """Hit this very address, with any query or none; a bracket would be read as a set."""
    address = "".join(f"[{letter}]" if letter in "[]*?" else letter for letter in broken.address)
    return (
        CallFault(broken.trouble, address, method=broken.method),
        CallFault(broken.trouble, f"{address}[?]*", method=broken.method),
    )


def _all_of(name: str) -> list[Finding]:
    return list(matrix(name))


def _quick(name: str) -> list[Finding]:
    return list(matrix(name, QUICK))


def main(arguments: Sequence[str]) -> int:
    """Run the matrix and print what is wrong; 1 if anything is, 2 for what cannot be run."""
    known = [scenario.name for scenario in load_scenarios()]
    parser = argparse.ArgumentParser(
        prog="broken_calls.py", description="Break every call that scenarios make, and judge what is said then."
    )
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="run these; all of them without any")
    parser.add_argument("--quick", action="store_true", help="leave out what ends like a cut-off answer")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.scenarios) - set(known))
    if unknown:
        parser.error(f"no practice scenario is named {', '.join(unknown)}")
    names = options.scenarios or known
    runs = wrong = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(_quick if options.quick else _all_of, names):
            runs += len(found)
            for one in found:
                if one.wrong:
                    wrong += 1
                    sys.stdout.write(f"{one.scenario} · {one.broken}: {one.wrong}\n")
    sys.stdout.write(f"{len(names)} scenarios, {runs} broken runs, {wrong} wrong\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
