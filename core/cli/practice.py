"""`pull-doctor practice`: the simulated Azure on the command line."""

from __future__ import annotations

import argparse
import json

from core.cancel import CancelToken
from core.cli.errors import Usage
from core.cli.exit_codes import OF_OUTCOME, Exit
from core.cli.output import progress, say, tell, write_report
from core.cli.stop import stops_on_interrupt
from core.practice.scenario import Scenario, UnknownScenario, load_scenario, load_scenarios
from core.session import practice_session, scenario_choice


def run(options: argparse.Namespace) -> int:
    """Carry out one of the actions list, show, run and serve."""
    actions = {"list": _list, "show": _show, "run": _run, "serve": _serve}
    return actions[options.action](options)


def _scenario(name: str) -> Scenario:
    try:
        return load_scenario(name)
    except UnknownScenario as error:
        raise Usage(str(error)) from error


def _list(options: argparse.Namespace) -> int:
    scenarios = load_scenarios()
    if options.format == "json":
        rows = [{"name": scenario.name, "title": scenario.title} for scenario in scenarios]
        say(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        say("\n".join(f"{scenario.name:36} {scenario.title}" for scenario in scenarios))
    return Exit.NOTHING_WRONG


def _show(options: argparse.Namespace) -> int:
    scenario = _scenario(options.name)
    say("\n\n".join(part.strip() for part in (scenario.title, scenario.teaching, scenario.symptom) if part))
    return Exit.NOTHING_WRONG


def _run(options: argparse.Namespace) -> int:
    session, scenario = practice_session(options.name, language=options.language)
    cancel = CancelToken()
    try:
        with stops_on_interrupt(cancel):
            report = session.diagnose(scenario_choice(scenario), progress(session.texts), cancel)
    finally:
        session.close()
    write_report(report, options.format, session.texts, options.output, options.redact)
    return OF_OUTCOME[report.conclusion.outcome]


def _serve(options: argparse.Namespace) -> int:
    from core.practice.server import serve

    scenario = _scenario(options.name)
    cancel = CancelToken()
    with serve(scenario, port=options.port) as server, stops_on_interrupt(cancel):
        say(server.sign_in_text())
        tell("Ctrl+C stops it.")
        while not cancel.wait(3600):
            pass
    return Exit.NOTHING_WRONG
