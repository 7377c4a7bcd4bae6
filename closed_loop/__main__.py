"""Runs the closed loop over all scenarios with a cause, or over those that are named.

A scenario is "repaired" by the Azure CLI alone, or by "kubectl" where the pod has to name another image, which is
taken as done; it is "excepted" with a reason, or it FAILED. Exit code 0 when every fix did what it promises, or
has its reason in `exceptions.toml`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from closed_loop import exceptions, parsing
from closed_loop.azure_cli import AzureCli, free_port
from closed_loop.repair import Repair, repair
from core.practice.scenario import UnknownScenario, load_scenario, load_scenarios


class Worker:
    """What one process keeps between scenarios: its CLI and the port that the CLI's settings name."""

    cli: AzureCli
    port: int

    @classmethod
    def start(cls, program: Path, home: Path) -> None:
        """Set the process up."""
        own = Path(tempfile.mkdtemp(dir=home))
        cls.cli = AzureCli(program, own)
        cls.port = free_port()

    @classmethod
    def repair(cls, name: str) -> Repair:
        """Repair one scenario."""
        return repair(load_scenario(name), cls.cli, cls.port)


def main(words: Sequence[str]) -> int:
    """`--az PROGRAM [SCENARIO ...]`; 1 where a fix failed, 64 for a scenario that is not there."""
    program = Path(words[1])
    try:
        names = [load_scenario(name).name for name in words[2:]]
    except UnknownScenario as problem:
        print(problem, file=sys.stderr)
        return 64
    names = names or [scenario.name for scenario in load_scenarios() if scenario.causes]
    began = time.monotonic()
    bad, said = parsing.refused(program.with_name("python"))
    for line in bad:
        print(f"REFUSED  {line}")
    if bad:
        print(said, file=sys.stderr)
    known = exceptions.load()
    failures = len(bad)
    executed = 0
    for done in _all(program, names):
        verdict, good = _judge(done, known)
        story = known[done.scenario] if verdict == "excepted" else _story(done)
        failures += not good
        executed += sum(len(step.ran) for step in done.steps)
        print(f"{verdict:9}{done.scenario}: {story}", flush=True)
    print(
        f"{len(names)} scenarios, {executed} commands executed by the real Azure CLI, "
        f"{len(list(parsing.lines_of_catalogue()))} of the catalogue parsed, {failures} failures, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if failures else 0


def _all(program: Path, names: Sequence[str]) -> Iterator[Repair]:
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(os.cpu_count(), initializer=Worker.start, initargs=(program, Path(folder))) as pool,
    ):
        yield from pool.map(Worker.repair, names)


def _judge(done: Repair, known: Mapping[str, str]) -> tuple[str, bool]:
    if done.scenario in known:
        return ("NEEDLESS", False) if done.closed else ("excepted", True)
    if not done.closed:
        return "FAILED", False
    return ("kubectl" if any(not step.ran for step in done.steps) else "repaired"), True


def _story(done: Repair) -> str:
    steps = ", ".join(f"{step.cause} by {step.fix}" for step in done.steps)
    return f"{steps or 'nothing applied'}{f': {done.problem}' if done.problem else ''}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
