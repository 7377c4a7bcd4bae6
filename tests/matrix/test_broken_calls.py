"""A part of the matrix of broken calls: scenarios in which the calls of all collectors are refused and cut off."""

from __future__ import annotations

import pytest
from broken_calls import Finding, diagnose, main, matrix
from judged_runs import permission_of

from core.collect.table import COLLECTORS
from core.model import Status
from core.practice.call_faults import CallFault, Trouble
from core.practice.scenario import load_scenario

TROUBLES = (Trouble.DENY, Trouble.TRUNCATED_BODY)
SCENARIOS = {
    "healthy-private-firewall": (
        "",
        "admin_rules cache_rules cluster cluster_permissions egress endpoint_connections endpoint_networks "
        "firewall_lists firewalls image_manifest image_repository image_tag kubelet_managed_identity "
        "networks node_identities node_networks private_endpoints private_zones puller_assignments registry "
        "registry_assignments registry_denials registry_extras registry_names registry_permissions "
        "registry_usages replications route_tables scale_sets security_groups subscriptions visible_zones "
        "vm_sizes zone_groups",
    ),
    "admin-rule-denies": ("privateEndpointConnections|AdminRules", "admin_rules endpoint_connections"),
    "cross-tenant-shared-application": ("/subscriptions$", "subscriptions"),
    "custom-dns-in-spoke": ("dnsResolvers|virtualNetworks", "dns_servers"),
    "cache-credentials": ("credentialSets", "credential_sets"),
    "dns-servers-changed-lately": ("eventtypes", "network_changes"),
    "endpoint-pending-nearby": ("/privateEndpoints/[^/]+$", "private_endpoints"),
    "firewall-moved": ("loadBalancers|networkInterfaces$", "next_hops"),
    "firewall-range-perhaps": ("serviceTags", "service_tags"),
    "healthy-kubenet": ("virtualNetworks", "managed_networks"),
    "healthy-pull-secret": ("tokens|scopeMaps", "registry_token token_scope_map"),
    "healthy-service-principal": ("graph", "application service_principal"),
    "login-server-letter-missing": ("checkNameAvailability|/acr/v1/", "name_availability namesake_repository"),
    "node-disk-full-large-image": ("azurecr", "image_sizes"),
    "not-linked-behind-appliance": ("/privateEndpoints/[^/]+$", "private_endpoints"),
    "registry-key": ("userAssignedIdentities/id-registry-key", "key_identity"),
    "repository-missing": ("azurecr", "deleted_images repository_names"),
    "role-missing": ("roleDefinitions|roleAssignments|graph|userAssigned", "directory_names node_group_identities"),
    "secret-admin-current": ("listCredentials", "admin_comparison"),
    "secret-admin-regenerated": ("eventtypes", "admin_regenerated"),
    "secret-principal-good": (
        "graph|roleAssignments",
        "secret_application secret_assignments secret_service_principal",
    ),
    "secret-second-login-works": ("tokens|scopeMaps", "registry_token"),
    "tag-missing": ("azurecr", "tag_names"),
    "tag-not-cached-yet": ("cacheRules", "cache_rules"),
    "two-endpoints-in-one-network": ("/(privateEndpoints|networkInterfaces)/[^/]+$", "private_endpoints"),
}
"""Scenarios; the calls that are broken in each, by a part of the address; and the facts that are then other ones."""

TWO_SOURCES = {"registry_role_definitions", "role_definitions", "secret_role_definitions"}
"""What is read in another place where the first one refuses, so that no single call can deny it."""

IN_NO_SCENARIO = {"deny_assignments", "node_subnets"}
"""Whose own calls take a world that no scenario has: groups in deny assignments, machines without a known subnet."""


def stumbled(found: Finding) -> set[str]:
    """Give the collectors whose call was broken: it takes their permission, and their fact came out otherwise."""
    permission = permission_of(found.broken)
    return {
        collect.__name__
        for collect, takes in COLLECTORS.items()
        if collect.__name__ in found.facts and any(map(permission.fullmatch, takes))
    }


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_broken_call_leads_nowhere_else(name: str) -> None:
    addresses, facts = SCENARIOS[name]
    found = list(matrix(name, TROUBLES, addresses))
    assert [f"{one.broken}: {one.wrong}" for one in found if one.wrong] == []
    for trouble in TROUBLES:
        hit = set().union(*(stumbled(one) for one in found if one.broken.trouble is trouble))
        assert set(facts.split()) <= hit


def test_without_any_network_nobody_says_which_of_two_endpoints_is_near() -> None:
    every_network = CallFault(Trouble.DENY, "*/providers/Microsoft.Network/virtualNetworks/*")
    run, _ = diagnose(load_scenario("endpoint-pending-nearby"), (every_network,))
    verdict = run.results()["network.pe-connection"].verdict
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "denied")
    assert verdict.missing is not None
    assert verdict.missing.action == "Microsoft.Network/virtualNetworks/read"


def test_a_login_that_need_not_be_read_is_said_to_be_unread() -> None:
    run, _ = diagnose(load_scenario("secret-second-login-works"), (CallFault(Trouble.DENY, "*/tokens/web-pull[?]*"),))
    verdict = run.results()["secret.account-kind"].verdict
    assert (verdict.status, verdict.reason) == (Status.PASS, "another-login")
    told = [entry.value for entry in verdict.evidence if entry.label == "missing-permission"]
    assert told == ["Microsoft.ContainerRegistry/registries/tokens/read"]


def test_every_collector_that_makes_calls_is_among_them() -> None:
    broken = {fact for _, facts in SCENARIOS.values() for fact in facts.split()}
    assert broken | TWO_SOURCES | IN_NO_SCENARIO == {one.__name__ for one, takes in COLLECTORS.items() if takes}


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--help"], 0, "SCENARIO"),
        (["--quicker"], 2, "unrecognized arguments: --quicker"),
        (["role-missing", "no-such", "healthy-publik"], 2, "no practice scenario is named healthy-publik, no-such"),
    ],
)
def test_what_cannot_be_run_is_said_in_one_line(
    arguments: list[str], status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    written = capsys.readouterr()
    assert ended.value.code == status
    assert told in (written.err if status else written.out)
