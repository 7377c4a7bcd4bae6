"""`pull-doctor practice`: the simulated Azure on the command line."""

from __future__ import annotations

import argparse
import json

from core.cancel import CancelToken
from core.cli.errors import Usage
from core.cli.exit_codes import OF_OUTCOME, Exit
from core.cli.output import Destination, progress, say, tell
from core.cli.stop import stops_on_interrupt
from core.practice.scenario import build, load_scenario, load_scenarios
from core.practice.server import Server, serve
from core.practice.simulator import Simulator
from core.session import practice_session, scenario_choice


def run(options: argparse.Namespace) -> int:
    """Carry out one of the actions list, show, run and serve."""
    actions = {"list": _list, "show": _show, "run": _run, "serve": _serve}
    return actions[options.action](options)


def _list(options: argparse.Namespace) -> int:
    scenarios = load_scenarios()
    if options.format == "json":
        rows = [{"name": scenario.name, "title": scenario.title} for scenario in scenarios]
        say(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        say("\n".join(f"{scenario.name:36} {scenario.title}" for scenario in scenarios))
    return Exit.NOTHING_WRONG


def _show(options: argparse.Namespace) -> int:
    scenario = load_scenario(options.name)
    say("\n\n".join(part.strip() for part in (scenario.title, scenario.teaching, scenario.symptom) if part))
    return Exit.NOTHING_WRONG


def _run(options: argparse.Namespace) -> int:
    destination = Destination(options.output)
    session, scenario = practice_session(options.name, language=options.language)
    cancel = CancelToken()
    try:
        with stops_on_interrupt(cancel):
            report = session.diagnose(scenario_choice(scenario), progress(session.texts), cancel)
    finally:
        session.close()
    destination.write(report, options.format, session.texts, options.redact)
    return OF_OUTCOME[report.conclusion.outcome]


def _serve(options: argparse.Namespace) -> int:
    simulator = Simulator(build(load_scenario(options.name)))
    cancel = CancelToken()
    try:
        with serve(simulator, options.port) as server, stops_on_interrupt(cancel):
            say(_sign_in_data(server))
            tell("Ctrl+C stops it.")
            while not cancel.wait(3600):
                pass
    except OSError as error:
        raise Usage(f"Port {options.port} cannot be used: {error.strerror}.") from error
    return Exit.NOTHING_WRONG


def _sign_in_data(server: Server) -> str:
    """Give what it takes to use the server; the secrets are made up for this run and die with it."""
    lines = [
        f"ARM endpoint: {server.arm_endpoint}",
        f"CA file: {server.ca_file}",
        f"Proxy to registries (HTTPS_PROXY): {server.proxy}",
        f"Tenant: {server.tenant}",
        f"Users: {', '.join(server.user_names)}",
    ]
    for one in (server.reader, server.owner):
        lines += [f"{one.role} client id: {one.client_id}", f"{one.role} client secret: {one.client_secret}"]
    return "\n".join(lines)
