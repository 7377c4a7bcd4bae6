"""Whatever part of an answer is absent, null or of another kind: it is read, or said to be unreadable."""

from __future__ import annotations

import pytest
from collect_answers import REGISTRY_ID, body, choice, connect, mutations

from core.collect.clusters import to_cluster
from core.collect.registries import to_registry
from core.collect.table import providers
from core.facts.fact import Known, Trouble, Unavailable
from core.facts.identities import Puller
from core.facts.networks import ScaleSet
from core.facts.roles import RegistryDenials, RoleAssignment, RoleAssignments

ODD = (None, "odd", 7, True, [], {}, [None], [{"odd": None}], {"odd": None})

MANAGED = to_cluster(body("managedClusters", "msi-01"))
BY_PRINCIPAL = to_cluster(body("managedClusters", "sp-lbips-01"))
CHOICE = {"choice": choice()}
ROLE = Known(RoleAssignments((RoleAssignment("i", REGISTRY_ID, "a-role", "p", None),)))
ASSIGNMENT = {"value": body("roleAssignments-list", "environment-operations-dataplane-scenario-01")["value"][:1]}
SCALE_SETS = body("virtualMachineScaleSets", "check-network-01")
for model in SCALE_SETS["value"]:
    del model["tags"]["aks-managed-consolidated-additional-properties"]
    profile = model["properties"]["virtualMachineProfile"]["networkProfile"]
    model["properties"] = {"virtualMachineProfile": {"networkProfile": profile}}
PRINCIPALS = body("graph-servicePrincipals", "siterecovery-h2a-b2a-selfcreated-scenarios-01")
NAMED = {"value": body("graph-directoryObjects", "storagesync-01")["value"][:1]}

CLUSTER = body("managedClusters", "msi-win-01")
for unread in ("linuxProfile", "windowsProfile", "storageProfile"):
    CLUSTER["properties"].pop(unread, None)
del CLUSTER["properties"]["agentPoolProfiles"][1:]

CASES = {
    "cluster": (CLUSTER, CHOICE, "GET "),
    "registry": (body("registries", "identity-02"), CHOICE, "GET "),
    "subscriptions": (body("subscriptions-list", "environment-operations-dataplane-scenario-01"), {}, "GET "),
    "registry_permissions": ({"value": [{"actions": ["*"], "notDataActions": ["x"]}]}, CHOICE, "GET "),
    "registry_assignments": (ASSIGNMENT, CHOICE, "GET "),
    "registry_role_definitions": (
        body("roleDefinitions", "built-in-role-definition-scenario-01"),
        CHOICE | {"registry_assignments": ROLE},
        "GET ",
    ),
    "registry_denials": (body("denyAssignments", "spec-getdenyassignmentbyscope-01"), CHOICE, "GET "),
    "deny_assignments": (
        {"value": [{"@odata.type": "#microsoft.graph.group", "id": "g"}]},
        {
            "registry_denials": RegistryDenials((), frozenset({"g"})),
            "puller": Known(Puller("p", "p", None, managed_identity=True)),
        },
        "GET ",
    ),
    "kubelet_managed_identity": (body("userAssignedIdentities", "nginx-01"), {"cluster": MANAGED}, "GET "),
    "node_group_identities": (body("userAssignedIdentities", "identity-management-01"), {"cluster": MANAGED}, "GET "),
    "scale_sets": (SCALE_SETS, {"cluster": MANAGED}, "GET /virtualmachinescalesets?"),
    "registry_extras": (body("registries", "network-rule-02"), CHOICE, "GET "),
    "replications": (
        {"value": [body("replications", "with-zone-redundancy-02")]},
        {"registry": to_registry(body("registries", "network-rule-02"))},
        "GET ",
    ),
    "service_principal": (PRINCIPALS["value"][0], {"cluster": BY_PRINCIPAL}, "GET "),
    "application": (body("graph-applications", "app-permission-01"), {"cluster": BY_PRINCIPAL}, "GET "),
    "directory_names": (NAMED, {"registry_assignments": ROLE.value}, "POST "),
}


@pytest.mark.parametrize("name", CASES)
def test_odd_answers(name):
    answer, facts, route = CASES[name]
    routes = {
        "GET /virtualmachines?": {"value": [{"name": "vm", "properties": {"latestModelApplied": False}}]},
    }
    read = unreadable = 0
    for what, changed in mutations(answer, ODD):
        azure, _ = connect({**routes, route: changed})
        outcome = providers(azure)[name].fetch(**facts)
        if isinstance(outcome, Known):
            read += 1
        else:
            assert isinstance(outcome, Unavailable), what
            assert outcome.trouble is Trouble.BAD_ANSWER, what
            unreadable += 1
    assert read, "nothing odd could be read"
    assert read + unreadable > 10


@pytest.mark.parametrize("odd", ODD)
def test_odd_instances(odd):
    route = "GET /virtualmachinescalesets/aks-sys/virtualmachines?"
    azure, _ = connect({route: {"value": [{"properties": odd}]}})
    machines = (ScaleSet("sys", "aks-sys", ()),)
    outcome = providers(azure)["node_identities"].fetch(cluster=MANAGED, scale_sets=machines)
    assert outcome.value.groups[0].stale_instances == ()
    assert outcome.value.instances == Known(True)
