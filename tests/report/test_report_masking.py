"""A masked report names nobody and nothing, and still says what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from report_contract import CHECKS, breaches
from scenario_reports import NAMES, report_of

from core.model import Evidence, Report
from core.practice.scenario import Scenario, build, load_scenario
from core.practice.world import World
from core.report import FORMATS, render
from core.report.masking import mask
from core.texts import load

REGIONS = {"westeurope", "northeurope"}
"""Replicas of a registry have the names of their regions."""

AZURES_OWN = {
    "kubernetes",
    "aks-subnet",
    "azurefirewallsubnet",
    "default",
    "defaultapplicationrulecollectiongroup",
    "defaultnetworkrulecollectiongroup",
    "privatelink.azurecr.io",
    "westeurope.data.privatelink.azurecr.io",
    "northeurope.data.privatelink.azurecr.io",
    "168.63.129.16",
    "docker.io",
}
"""Names that Azure gives to the same thing everywhere, and hosts that everybody pulls from."""

FIXED = re.compile(
    rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, sorted(CHECKS, key=len, reverse=True)))})(?![a-z0-9-])"
    r"|/providers/microsoft\.\w+/\w+|(?<![/\w])microsoft\.\w+(?:/[\w*]+)+|\bmcr\.microsoft\.com"
    r"|on premises or nowhere"
)
"""Words of the contract, of ids, actions and the program's own sentences, where a name spelt alike says nothing."""


def names_of(world: World, scenario: Scenario) -> set[str]:
    """Everything in a world that names a person, a directory or a resource."""
    ids = [*world.resources, *world.groups, *world.role_assignments, *world.deny_assignments]
    names = {part for identity in ids for part in identity.split("/")[-1:]}
    names |= {*world.subscriptions, *world.tenants, *world.directory, *world.taken_names}
    names |= {str(body["displayName"]) for body in (*world.subscriptions.values(), *world.tenants.values())}
    names |= {domain for tenant in world.tenants.values() for domain in tenant["domains"]}
    names |= {group for groups in world.management_groups.values() for group in groups}
    for one in world.directory.values():
        keys = ("displayName", "userPrincipalName", "mail", "appId", "givenName", "surname")
        names |= {str(one.body[key]) for key in keys if one.body.get(key)}
        names |= {str(secret["keyId"]) for secret in one.body.get("passwordCredentials", ())}
    for deny in world.deny_assignments.values():
        names.add(str(deny["properties"]["denyAssignmentName"]))
    for role in world.role_definitions.values():
        if role["properties"]["type"] == "CustomRole":
            names |= {str(role["properties"]["roleName"]), str(role["name"])}
    for resource in world.resources.values():
        names |= {str(pool["name"]) for pool in resource["properties"].get("agentPoolProfiles") or ()}
        names.add(str(resource["properties"].get("loginServer", "")))
    names |= {scenario.choice.namespace, scenario.choice.image.partition("/")[2].partition(":")[0]}
    names |= set(re.findall(r"\b[a-z]+-[0-9a-f]{8,10}-[a-z0-9]{5}\b|\baks-\w+-\d{8}-\w+", scenario.symptom))
    names |= set(re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", scenario.symptom))
    return {name.lower() for name in names if len(name) >= 3}


def survivors(text: str, names: set[str]) -> set[str]:
    low = FIXED.sub(" ", text.lower())
    return {
        name for name in names if name in low and re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", low)
    } - (REGIONS | AZURES_OWN)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_survives_in_any_format(name: str) -> None:
    scenario = load_scenario(name)
    names = names_of(build(scenario), scenario)
    masked = masked_report_of(name)
    assert len(survivors(render(report_of(name), "json", load()), names)) > 5
    text = "\n".join(render(masked, format_, load()) for format_ in FORMATS)
    assert survivors(text, names) == set()


@pytest.mark.parametrize("name", NAMES)
def test_what_the_contract_says_stays(name: str) -> None:
    plain, masked = documents(name)
    assert breaches(masked) == []
    assert masked["conclusion"]["causes"] == plain["conclusion"]["causes"]
    for before, after in zip(plain["checks"], masked["checks"], strict=True):
        for key in ("id", "title", "branch", "status", "certainty", "reason", "moot"):
            assert after[key] == before[key]
        assert [one["label"] for one in after["evidence"]] == [one["label"] for one in before["evidence"]]
        for fix, masked_fix in zip(before["fixes"], after["fixes"], strict=True):
            for key in ("docs", "risk", "permission", "waitMinutes", "youMayApply"):
                assert masked_fix[key] == fix[key]
        if before["missingPermission"]:
            assert after["missingPermission"]["action"] == before["missingPermission"]["action"]
            assert after["missingPermission"]["role"] == before["missingPermission"]["role"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_thing_has_the_same_word_everywhere(name: str) -> None:
    plain, masked = documents(name)
    words: dict[str, set[str]] = {}
    for before, after in zip(leaves(plain), leaves(masked), strict=True):
        parts, masked_parts = before.split("/"), after.split("/")
        pairs = zip(parts, masked_parts, strict=True) if len(parts) == len(masked_parts) else [(before, after)]
        for part, masked_part in pairs:
            words.setdefault(part.lower(), set()).add(masked_part.lower())
    assert {part: found for part, found in words.items() if len(found) > 1} == {}
    replaced = [min(found) for part, found in words.items() if min(found) != part]
    assert len(replaced) == len(set(replaced))
    assert replaced


@cache
def masked_report_of(name: str) -> Report:
    return mask(report_of(name))


@cache
def documents(name: str) -> tuple[Any, Any]:
    plain, masked = (json.loads(render(one, "json", load())) for one in (report_of(name), masked_report_of(name)))
    return plain, masked


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)


def test_names_of_azure_s_own_roles_stay() -> None:
    masked = render(mask(report_of("role-missing")), "json", load())
    for word in ("AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d", "https://learn.microsoft.com/", "az role "):
        assert word in masked


@pytest.mark.parametrize("word", ["cluster", "registry", "identity", "checks", "id", "cluster-directory", "resource"])
def test_a_resource_with_the_name_of_a_word_breaks_nothing(word: str) -> None:
    report = report_of("cross-tenant")
    renamed = replace(report, cluster=replace(report.cluster, name=word))
    for format_ in FORMATS:
        assert render(mask(renamed), format_, load())
    assert breaches(json.loads(render(mask(renamed), "json", load()))) == []


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ("lookup blobs4711.blob.core.windows.net on 10.240.0.10:53: no such host", "blobs4711"),
        ("lookup blobs4711.blob.core.windows.net on 10.240.0.10:53: no such host", "10.240.0.10"),
        ("dial tcp [fd12:3456:789a::42]:443: i/o timeout", "fd12:3456:789a::42"),
        ("https://hiddenreg.westeurope.data.azurecr.io/x", "hiddenreg"),
        ("hiddenreg.privatelink.azurecr.cn", "hiddenreg"),
        ("asked by someone.else+x@dept.example.org", "someone.else+x@dept.example.org"),
        ("/subscriptions/x/resourceGroups/rg-hidden", "rg-hidden"),
        ("/providers/Microsoft.Management/managementGroups/mg-hidden", "mg-hidden"),
        ("aks-hidden-12345678-vmss000001", "hidden"),
    ],
)
def test_what_gives_itself_away_is_found_anywhere(value: str, secret: str) -> None:
    masked = mask(with_evidence(report_of("healthy-public"), value))
    assert secret not in render(masked, "json", load())


_KEYS = (
    "cluster_name registry_name cluster_group registry_group node_group group puller holder identity "
    "subscription_name deny repository namespace pod pool pools role role_name roles"
)


@pytest.mark.parametrize("key", _KEYS.split())
def test_what_a_finding_names_is_masked_in_all_its_texts(key: str) -> None:
    report = with_evidence(report_of("healthy-public"), "Seen: Hidden thing, there")
    first, *others = report.results
    named = replace(first, verdict=replace(first.verdict, values={**first.verdict.values, key: "Hidden thing"}))
    masked = render(mask(replace(report, results=(named, *others))), "json", load())
    assert "Hidden thing" not in masked
    assert ", there" in masked


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("deny-assignment", "Hidden thing | scope | system-protected"),
        ("expected-identity", "Hidden thing in MC_group"),
        ("image-repository", "Hidden thing"),
        ("node-image", "Hidden thing | AKSUbuntu"),
        ("node-pool", "Hidden thing: Succeeded, Running, 2"),
        ("node-resource-group", "Hidden thing"),
        ("pool-identity", "pool | Hidden thing | has the identity"),
        ("pool-without-machines", "Hidden thing | VirtualMachines"),
        ("puller", "Hidden thing | object id x"),
        ("repository", "Hidden thing"),
        ("role-assignment", "Hidden thing | this registry"),
        ("role-without-pull", "Hidden thing | this registry"),
        ("other-holder", "Hidden thing | this registry"),
        ("wrong-holder", "Hidden thing | this registry"),
        ("service-principal", "Hidden thing | object id x"),
        ("stale-instances", "pool | machines | one, Hidden thing"),
        ("password-valid", "Hidden thing | from | to"),
        ("password-not-valid", "Hidden thing | from | to"),
    ],
)
def test_what_evidence_names_is_masked(label: str, value: str) -> None:
    report = report_of("healthy-public")
    first, *others = report.results
    shown = replace(first.verdict, evidence=(Evidence(label, value),))
    masked = mask(replace(report, results=(replace(first, verdict=shown), *others)))
    assert "Hidden thing" not in render(masked, "json", load())


def with_evidence(report: Report, value: str) -> Report:
    first, *others = report.results
    shown = replace(first.verdict, evidence=(Evidence("detail", value),))
    return replace(report, results=(replace(first, verdict=shown), *others))


def test_the_other_repositories_of_a_registry_are_names_as_well() -> None:
    scenario = load_scenario("repository-misspelt")
    held = {name for contents in build(scenario).contents.values() for name in contents.repositories}
    assert survivors(render(report_of(scenario.name), "text", load()), held) == held
    assert survivors(render(mask(report_of(scenario.name)), "text", load()), held) == set()


def test_the_name_that_stands_in_a_command_without_an_option_is_a_name() -> None:
    masked = render(mask(report_of("secret-token-one-expired")), "text", load())
    assert "acr-cred" not in masked
    assert "kubectl delete secret secret-1 --namespace namespace-1" in masked
    assert "kubectl create secret docker-registry secret-1 --namespace" in masked


def test_what_azure_calls_the_passwords_of_tokens_stays() -> None:
    masked = render(mask(report_of("secret-token-one-expired")), "text", load())
    assert "Makes password1 of the token token-1" in masked
    assert "Password, not valid: password1 |" in masked
