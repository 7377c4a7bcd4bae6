"""Scenarios: every file is right, builds, and means what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from practice_calls import call

from core.practice.base import BASES, SP_APP_ID
from core.practice.names import PRINCIPALS, SCOPES
from core.practice.permissions import may
from core.practice.scenario import (
    FAULTS,
    Scenario,
    ScenarioError,
    UnknownScenario,
    build,
    load_scenario,
    load_scenarios,
    parse,
)
from core.practice.simulator import Simulator
from core.practice.world import World

SCENARIOS = {scenario.name: scenario for scenario in load_scenarios()}
ROLE_CHECKS = {"identity.acrpull-role", "identity.sp-role", "identity.role-mode", "identity.deny-assignments"}
GOOD = 'title = "t"\nbase = "public"\nteaching = "x"\n'


@pytest.fixture(params=sorted(SCENARIOS))
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return SCENARIOS[request.param]


def lets_pull(world: World, scenario: Scenario) -> bool:
    """Whether the cluster's identity may pull, by the simulated Azure's own evaluation; conditions apart."""
    registry = world.resource(scenario.choice.registry)
    if registry is not None and registry["properties"].get("anonymousPullEnabled") and not scenario.causes:
        return True
    principal = PRINCIPALS["service-principal" if scenario.base == "service-principal" else "kubelet"]
    if registry is None or principal not in world.directory:
        return False
    if world.tenant_of(registry["id"]) != world.directory[principal].tenant:
        abroad = world.service_principal_of(SP_APP_ID, str(world.tenant_of(registry["id"])))
        if scenario.base != "service-principal" or abroad is None:
            return False
        principal = abroad.id
    abac = registry["properties"]["roleAssignmentMode"] == "AbacRepositoryPermissions"
    action = "repositories/content/read" if abac else "pull/read"
    return may(world, principal, f"Microsoft.ContainerRegistry/registries/{action}", registry["id"], data=abac)


def test_a_scenario_is_complete(scenario: Scenario, clock: Callable[[], datetime]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario.name)
    assert scenario.title
    assert not scenario.title.endswith(".")
    assert len(scenario.teaching) > 60
    assert "\n\n\n" not in scenario.teaching
    assert all(re.fullmatch(r"[a-z]+\.[a-z-]+", cause) for cause in scenario.causes)
    assert not set(scenario.causes) & set(scenario.must_not)
    world = build(scenario, clock)
    deleted = any(fault.name == "delete" and fault.parameters["resource"] == "cluster" for fault in scenario.faults)
    assert (scenario.choice.cluster.lower() in world.resources) != deleted


def test_a_symptom_belongs_to_the_scenarios_image(scenario: Scenario) -> None:
    if scenario.symptom:
        assert scenario.choice.image in scenario.symptom
    if scenario.name.startswith("healthy"):
        assert not scenario.symptom
        assert not scenario.causes


def test_the_world_refuses_exactly_where_the_scenario_blames_a_role(
    scenario: Scenario, clock: Callable[[], datetime]
) -> None:
    pulls = lets_pull(build(scenario, clock), scenario)
    if set(scenario.causes) & ROLE_CHECKS:
        assert not pulls
    if not scenario.symptom and not scenario.causes and not scenario.pull_secret:
        assert pulls


def test_a_fresh_world_every_time(scenario: Scenario, clock: Callable[[], datetime]) -> None:
    first, second = build(scenario, clock), build(scenario, clock)
    assert first.resources == second.resources
    assert first.role_assignments == second.role_assignments
    first.resources.clear()
    assert second.resources


def test_bases_are_what_they_say(clock: Callable[[], datetime]) -> None:
    closed = {"private", "private-firewall", "isolated"}
    for name, base in BASES.items():
        simulator = Simulator(base(clock))
        registry = call(simulator, f"{SCOPES['registry']}?api-version=2025-11-01").json()
        assert registry["properties"]["publicNetworkAccess"] == ("Disabled" if name in closed else "Enabled")
        cluster = call(simulator, f"{SCOPES['cluster']}?api-version=2026-08-01").json()
        assert ("identityProfile" in cluster["properties"]) is (name != "service-principal")


def test_choosing_is_worth_the_name(clock: Callable[[], datetime]) -> None:
    world = BASES["public"](clock)
    kinds = [body["type"] for body in world.resources.values()]
    assert kinds.count("Microsoft.ContainerService/ManagedClusters") >= 30
    assert kinds.count("Microsoft.ContainerRegistry/registries") >= 9
    assert len(world.subscriptions) >= 10


def test_ids_are_the_same_in_every_world(clock: Callable[[], datetime]) -> None:
    first, second = BASES["public"](clock), BASES["private"](clock)
    assert set(first.directory) == set(second.directory)
    assert set(first.resources) <= set(second.resources)
    assert first.token_key != second.token_key


def test_every_fault_is_used_by_some_scenario() -> None:
    used = {fault.name for scenario in SCENARIOS.values() for fault in scenario.faults}
    idle = sorted(set(FAULTS) - used)
    assert not idle, f"no file in resources/scenarios/ uses the faults {idle}"


def test_an_unknown_scenario_has_its_own_error() -> None:
    assert load_scenario("role-missing").causes == ("identity.acrpull-role",)
    with pytest.raises(UnknownScenario, match="nope"):
        load_scenario("nope")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title =", "Scenario x"),
        ('title = "t"\nbase = "public"\n', "teaching"),
        (GOOD + 'colour = "red"\n', "colour"),
        (GOOD.replace("public", "moon"), "moon"),
        (GOOD + '[choice]\nregistry = "moon"\n', "moon"),
        (GOOD + '[[fault]]\ndoes = "moon"\n', "moon"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        parse("x", text)


@pytest.mark.parametrize(
    "fault",
    [
        'does = "stop-cluster"\nspeed = 3\n',
        'does = "grant"\nprincipal = "kubelet"\nrole = "Nope"\nscope = "registry"\n',
    ],
)
def test_a_wrong_parameter_says_which_fault(fault: str, clock: Callable[[], datetime]) -> None:
    with pytest.raises(ScenarioError, match=r"fault (stop-cluster|grant)"):
        build(parse("x", GOOD + "[[fault]]\n" + fault), clock)
