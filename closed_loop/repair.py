"""One scenario: diagnose, apply the first fix of the first cause, diagnose again, until nothing is found."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace

from closed_loop.azure_cli import AzureCli, Ran
from closed_loop.new_secret import new_secret
from closed_loop.placeholders import Placeholders
from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.facts.choice import Choice
from core.fixes.catalogue import find
from core.model import Fix, Report, Status
from core.practice.arm_network import parent_id
from core.practice.network_views import PEERING
from core.practice.roles import assign
from core.practice.scenario import Scenario, build
from core.practice.server import Server, serve
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.practice.world import World
from core.session import Connection, Session, scenario_choice

MOST_FIXES = 6
"""Causes that one scenario has at most."""


@dataclass(slots=True)
class Step:
    """One fix: whose, which, the commands that ran, and whether its cause was gone afterwards."""

    cause: str
    fix: str
    ran: list[Ran] = field(default_factory=list)
    gone: bool = False
    problem: str = ""


@dataclass(slots=True)
class Repair:
    """How a scenario went. `left` are the causes at the end; `problem` says why it went no further."""

    scenario: str
    steps: list[Step] = field(default_factory=list)
    left: tuple[str, ...] = ()
    problem: str = ""

    @property
    def closed(self) -> bool:
        """Whether every cause is gone; what could not be read before may still not be."""
        return not self.left and not self.problem


def repair(scenario: Scenario, cli: AzureCli, port: int) -> Repair:
    """Apply fixes until nothing is found, or until one does not help.

    Raises CliFailed and core.practice.scenario.ScenarioError.
    """
    simulator = Simulator(build(scenario))
    done = Repair(scenario.name)
    choice = scenario_choice(scenario)
    with serve(simulator, port) as server:
        cli.sign_in(server)
        known = Placeholders()
        report = _diagnose(simulator, choice)
        done.left = report.conclusion.causes
        unread = _unread(report)
        users = _gateway_users(simulator.world)
        if done.left != scenario.causes:
            done.problem = f"the first diagnosis named {list(done.left)}"
        while done.left and not done.problem and len(done.steps) < MOST_FIXES:
            step, choice = _apply(report, cli, server, known, choice, simulator.world)
            done.steps.append(step)
            if step.problem:
                done.problem = step.problem
                break
            report = _diagnose(simulator, replace(choice, symptom=None))
            step.gone = step.cause not in report.conclusion.causes
            done.left = report.conclusion.causes
            if not step.gone:
                done.problem = f"{step.cause} is still a cause"
        if not done.problem and _unread(report) - unread:
            done.problem = f"can no longer be checked: {sorted(_unread(report) - unread)}"
        if not done.problem and users - _gateway_users(simulator.world):
            done.problem = f"no longer use a gateway: {sorted(users - _gateway_users(simulator.world))}"
        if simulator.unknown:
            unknown = simulator.unknown[0]
            done.problem = f"the simulated Azure does not know {unknown.method} {unknown.url}"
    return done


def _unread(report: Report) -> set[str]:
    return {result.check for result in report.results if result.verdict.status is Status.UNKNOWN}


def _gateway_users(world: World) -> set[str]:
    """Give the networks that use the gateway of another one: no check asks for that, and no fix may take it away."""
    return {
        parent_id(str(half["id"])).lower()
        for half in world.resources.values()
        if str(half["type"]).lower() == PEERING.lower() and half["properties"].get("useRemoteGateways")
    }


def first_fix(report: Report, cause: str) -> Fix | None:
    """Give the first fix of a cause, None where it has none."""
    result = next(result for result in report.results if result.check == cause)
    return result.fixes[0] if result.fixes else None


def _diagnose(simulator: Simulator, choice: Choice) -> Report:
    world = simulator.world
    connection = Connection(
        cloud=AZURE_PUBLIC,
        credential=PracticeCredential(world),
        transport=PracticeTransport(simulator),
        account=str(world.directory[world.caller].body["userPrincipalName"]),
        tenant_id=world.home_tenant,
        practice=True,
        now=world.clock,
    )
    session = Session(connection)
    try:
        return session.diagnose(choice, lambda _event: None, CancelToken())
    finally:
        session.close()


def _apply(
    report: Report, cli: AzureCli, server: Server, known: Placeholders, choice: Choice, world: World
) -> tuple[Step, Choice]:
    cause = report.conclusion.causes[0]
    fix = first_fix(report, cause)
    if fix is None:
        return Step(cause, "", problem=f"{cause} has no fix"), choice
    step = Step(cause, fix.key)
    image = _new_image(fix)
    if not fix.azure_cli and image is not None:
        return step, replace(choice, image=image)
    if not fix.azure_cli and new_secret(fix, known, choice.pull_secret, world.clock()) is None:
        step.problem = f"{fix.key} has no command of the Azure CLI"
    _entitle(world, server, fix)
    for line in fix.azure_cli:
        filled = known.fill(line)
        if filled is None:
            step.problem = f"{fix.key} waits for something that only a person knows: {line}"
            break
        ran = cli.run(filled, server)
        step.ran.append(ran)
        if ran.code != 0:
            step.problem = f"{line}\n    exit code {ran.code}: {ran.errors.strip()[-600:]}"
            break
        known.learn(line, ran.output)
    made = new_secret(fix, known, choice.pull_secret, world.clock())
    return step, replace(choice, pull_secret=made or choice.pull_secret)


def _entitle(world: World, server: Server, fix: Fix) -> None:
    """Let the one who applies fixes have the role that a fix names first, where it takes a data action.

    Owners have no data actions. https://learn.microsoft.com/azure/role-based-access-control/role-definitions
    """
    recipe = find(fix.key)
    recipe = recipe.abac if recipe.abac is not None and recipe.abac.permission == fix.permission else recipe
    owner = world.service_principal_of(server.owner.client_id, server.owner.tenant)
    if recipe.data and owner is not None:
        assign(world, recipe.roles[0], owner.id, fix.scope)


def _new_image(fix: Fix) -> str | None:
    """The image that a `kubectl set image` names, None where the person has to name it."""
    for line in fix.kubectl:
        words = shlex.split(line)
        if words[:3] == ["kubectl", "set", "image"]:
            image = next((word.split("=", 1)[1] for word in words if "=" in word and not word.startswith("-")), "")
            return None if not image or "<" in image else image
    return None
