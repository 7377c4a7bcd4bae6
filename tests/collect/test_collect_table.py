"""The table of collectors: what they need fits together, and every bad answer becomes an outcome."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import datetime
from typing import get_args, get_type_hints

import pytest
from collect_answers import CLUSTER_ID, REGISTRY_ID, SUBSCRIPTION, body, choice, connect, refused
from collect_networks import (
    CONNECTIONS,
    ENDPOINTS,
    HUB,
    NODE_NETWORKS,
    SIDE,
    WHERE,
    ZONE,
    ZONE_GROUPS,
    firewall,
    items,
    network,
    security_group,
    table,
)
from collect_networks import listed as listed_firewalls

from core.azure.clients import Azure
from core.cancel import Cancelled
from core.collect.asking import ask
from core.collect.clusters import to_cluster
from core.collect.registries import to_registry
from core.collect.table import COLLECTORS, providers
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.identities import Puller
from core.facts.items import Items
from core.facts.networks import ScaleSet
from core.facts.private_dns import PrivateZones
from core.facts.provider import Provider
from core.facts.registry import Encryption, ListedRegistries, RegistryIdentity
from core.facts.registry_parts import CacheRule
from core.facts.roles import RegistryDenials, RoleAssignment, RoleAssignments, RoleDefinitions
from core.facts.subscriptions import Subscription, Subscriptions
from core.practice.http import ReadTimeout, Response, arm_error, json_response

GIVEN = {"choice": Choice, "cloud": CloudNames, "now": datetime}
BY_NAME = {collect.__name__: collect for collect in COLLECTORS}

MANAGED = replace(to_cluster(body("managedClusters", "msi-01")), subscription_id=SUBSCRIPTION)
ENCRYPTED = replace(
    to_registry(body("registries", "identity-01")),
    encryption=Encryption("https://kv.vault.azure.net/keys/k", "a-client"),
    identity=RegistryIdentity(None, {f"{CLUSTER_ID}-identity": "a-client"}),
)
BY_PRINCIPAL = to_cluster(body("managedClusters", "sp-lbips-01"))
ASSIGNED = RoleAssignments((RoleAssignment("i", "/", "a-role", "somebody", None),))
FACTS = {
    "choice": choice(image="elsewhere.azurecr.io/app"),
    "cloud": CloudNames("AzureCloud", "azurecr.io", ()),
    "cluster": MANAGED,
    "registry": to_registry(body("registries", "identity-01")),
    "subscriptions": Subscriptions({SUBSCRIPTION: Subscription(SUBSCRIPTION, "s", "Enabled", None)}),
    "puller": Puller("5e6c7bf5-0000-0000-0000-000000000001", "agentpool", None, managed_identity=True),
    "service_principal": None,
    "registry_assignments": ASSIGNED,
    "puller_assignments": ASSIGNED,
    "registry_role_definitions": RoleDefinitions({}),
    "listed_registries": ListedRegistries({}),
    "scale_sets": (ScaleSet("sys", "aks-sys", ()),),
    "endpoint_connections": CONNECTIONS,
    "private_endpoints": ENDPOINTS,
    "zone_groups": ZONE_GROUPS,
    "managed_networks": (),
    "node_subnets": WHERE,
    "node_networks": NODE_NETWORKS,
    "endpoint_networks": items(network(SIDE, ["10.30.0.0/16"], peers=[(HUB, [])])),
    "route_tables": items(table()),
    "hop_addresses": ("10.0.1.4", "10.0.1.5"),
    "exit_networks": (),
    "firewall_lists": listed_firewalls(firewall()),
    "firewalls": Items(),
    "next_hops": Items(),
    "security_groups": items(security_group(("Outbound", "20.60.0.0/16"))),
    "admin_rules": Items(),
    "replications": (),
    "visible_zones": (ZONE,),
    "cache_rules": (CacheRule("r", "r", "docker.io/library/*", "library/*", "a-credential-set"),),
    "registry_denials": RegistryDenials((), frozenset({"a-group"})),
}
SILENT = (
    "puller",
    "listed_registries",
    "node_subnets",
    "hop_addresses",
    "exit_networks",
    "node_paths",
    "pull_account",
)
OF_AN_IMAGE = (
    "image_repository",
    "namesake_repository",
    "image_tag",
    "image_manifest",
    "image_sizes",
    "repository_names",
    "tag_names",
    "deleted_images",
)
"""Asked of the registry itself, whose errors are not Azure's: tests/collect/test_collect_images.py."""
OF_A_SECRET = (
    "registry_token",
    "token_scope_map",
    "admin_comparison",
    "admin_regenerated",
    "secret_service_principal",
    "secret_application",
    "secret_assignments",
    "secret_role_definitions",
    "secret_logins",
)
"""Asked for one kind of pull secret each: tests/collect/test_collect_registry_tokens.py."""
OF_A_TEXT = ("network_changes",)
"""Asked for some pasted texts: tests/collect/test_collect_network_changes.py."""
ASKING = [name for name in BY_NAME if name not in (*SILENT, *OF_AN_IMAGE, *OF_A_SECRET, *OF_A_TEXT)]
INSIDE = ("role_definitions", "registry_role_definitions", "deny_assignments", "node_identities")
"""Facts that are known even where a part of them could not be read."""


def facts_for(provider: Provider):
    facts = {need: FACTS[need] for need in provider.needs}
    if provider.fact in ("service_principal", "application"):
        facts["cluster"] = BY_PRINCIPAL
    if provider.fact == "key_identity":
        facts["registry"] = ENCRYPTED
    if provider.fact == "vm_sizes":
        facts["choice"] = choice(image=f"{facts['registry'].login_server}/app")
    return {need: Known(fact) if need in provider.raw else fact for need, fact in facts.items()}


def fetch(name, answer):
    azure, answers = connect({"GET ": answer, "POST ": answer})
    provider = providers(azure)[name]
    outcome = provider.fetch(**facts_for(provider))
    assert answers.asked, f"{name} asked nothing"
    return outcome


def parts_of(name, outcome):
    """The outcomes that stand inside a fact."""
    value = outcome.value
    if name == "deny_assignments":
        return [value.puller_groups]
    if name == "firewalls":
        (known,) = value.known()
        return [known.policy, known.public_addresses]
    if name == "private_zones":
        asked = [one for zone in value.zones for one in (zone.links, *zone.records.values())]
        return asked or list(value.hidden.values())
    if isinstance(value, Items):
        return [one for _, one in value.unread()]
    return [value.instances] if name == "node_identities" else list(value.by_guid.values())


def troubles(name, outcome):
    inside = name in INSIDE or (isinstance(outcome, Known) and isinstance(outcome.value, (Items, PrivateZones)))
    outcomes = parts_of(name, outcome) if inside else [outcome]
    assert outcomes
    return outcomes


@pytest.mark.parametrize("name", BY_NAME)
def test_needs_are_facts_of_the_very_type_that_is_provided(name):
    collect = BY_NAME[name]
    first, *needs = inspect.signature(collect).parameters
    assert first.lstrip("_") == "azure"
    hints = get_type_hints(collect)
    assert hints[first] is Azure
    provider = providers(connect({})[0])[name]
    assert provider.fact == name
    assert list(provider.needs) == needs
    for need in needs:
        wanted = hints[need]
        if need in provider.raw:
            (wanted,) = (get_args(one)[0] for one in get_args(wanted) if get_args(one))
        assert wanted == GIVEN.get(need) or wanted == get_type_hints(BY_NAME[need])["return"]


def test_raw_needs_are_the_annotated_ones():
    table = providers(connect({})[0])
    assert table["puller_assignments"].raw == {"registry_assignments"}
    assert table["role_definitions"].raw == {"puller_assignments"}
    assert table["puller"].raw == frozenset()


def test_no_fact_needs_itself():
    table = providers(connect({})[0])

    def depth(name, seen=()):
        assert name not in seen
        return 0 if name in GIVEN else 1 + max((depth(need, (*seen, name)) for need in table[name].needs), default=0)

    assert all(depth(name) for name in table)


@pytest.mark.parametrize("name", ["registry_assignments", "registry_denials", "cluster", "registry"])
def test_the_first_wave_waits_for_nothing(name):
    assert providers(connect({})[0])[name].needs == ("choice",)


@pytest.mark.parametrize("name", ASKING)
def test_what_is_asked_names_its_permission(name):
    permissions = COLLECTORS[BY_NAME[name]]
    assert permissions
    assert all("/" in one or one.endswith(".All") for one in permissions)


@pytest.mark.parametrize("name", ASKING)
def test_a_refusal_is_denied(name):
    outcome = fetch(name, refused("Microsoft.Some/thing/read", "/subscriptions/s"))
    if name == "puller_assignments":
        assert outcome.value.groups_expanded is False
        assert outcome.value.groups_refused == Denied("Microsoft.Some/thing/read", "/subscriptions/s")
        return
    for one in troubles(name, outcome):
        assert one == Denied("Microsoft.Some/thing/read", "/subscriptions/s")


@pytest.mark.parametrize("name", ASKING)
def test_a_refusal_without_words_names_what_the_collector_needs(name):
    outcome = fetch(name, json_response({"error": {"code": "Forbidden", "message": "No."}}, 403))
    if name == "puller_assignments":
        assert outcome.value.groups_expanded is False
        return
    for one in troubles(name, outcome):
        assert isinstance(one, Denied)
        assert one.action in COLLECTORS[BY_NAME[name]]
        assert one.scope


@pytest.mark.parametrize("name", ASKING)
def test_nothing_there_is_missing(name):
    for one in troubles(name, fetch(name, arm_error(404, "ResourceNotFound", "Not found."))):
        if name == "directory_names":
            # The directory itself is there, whatever it does not answer.
            assert isinstance(one, Unavailable)
            return
        assert isinstance(one, Missing)
        assert one.resource


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize(
    "answer",
    [
        Response(200, {"content-type": "application/json"}, b""),
        Response(200, {"content-type": "application/json"}, b'{"value": ['),
        Response(200, {"content-type": "text/html"}, b"<html>Sign in to the hotel network</html>"),
        Response(200, {"content-type": "application/json"}, b"null"),
        Response(200, {"content-type": "application/json"}, b"[1]"),
        json_response({"value": None, "data": None}),
        json_response({"value": "x", "data": "x"}),
        json_response({"value": [None], "data": [None]}),
    ],
    ids=["empty", "cut-off", "html", "null", "list", "null-list", "text-list", "null-item"],
)
def test_a_garbled_answer_is_unavailable(name, answer):
    outcome = fetch(name, answer)
    if name == "name_availability" and isinstance(outcome, Known):
        assert not outcome.value.available
        return
    for one in troubles(name, outcome):
        assert isinstance(one, Unavailable)
        assert one.trouble is Trouble.BAD_ANSWER
        assert one.trace is None


@pytest.mark.parametrize("name", ASKING)
def test_a_silent_wire_is_unavailable(name):
    for one in troubles(name, fetch(name, ReadTimeout("nothing came"))):
        assert isinstance(one, Unavailable)
        assert one.trouble is Trouble.TIMEOUT


def test_a_cancel_is_no_outcome():
    azure, _ = connect({})
    azure.cancel.cancel()
    with pytest.raises(Cancelled):
        providers(azure)["cluster"].fetch(choice=choice())


def test_a_fault_of_the_program_is_not_hidden():
    with pytest.raises(AttributeError):
        ask("an/action", "/scope", lambda: FACTS.nothing)
    with pytest.raises(TypeError):
        ask("an/action", "/scope", lambda: len(5))
    azure, _ = connect({"GET ": body("managedClusters", "msi-01")})
    with pytest.raises(AttributeError):
        providers(azure)["cluster"].fetch(choice=None)
    with pytest.raises(TypeError):
        providers(azure)["cluster"].fetch()


def test_a_missing_cluster_and_registry_are_named():
    gone = arm_error(404, "ResourceNotFound", "Not found.")
    assert fetch("cluster", gone) == Missing(CLUSTER_ID)
    assert fetch("registry", gone) == Missing(REGISTRY_ID)
