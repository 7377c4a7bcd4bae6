"""The signed-in user's own permissions, and deny assignments."""

from __future__ import annotations

import copy
from urllib.parse import unquote

import pytest
from collect_answers import CLUSTER_ID, REGISTRY_ID, bodies, choice, connect, refused

from core.collect.denials import deny_assignments, registry_denials
from core.collect.permissions import cluster_permissions, registry_permissions
from core.facts.fact import Denied, Known, Missing
from core.facts.identities import Puller
from core.facts.roles import (
    EVERYBODY,
    CallerPermissions,
    DenyAssignment,
    DenyAssignments,
    PermissionBlock,
    RegistryDenials,
)

DENIALS = bodies("denyAssignments")
PULLER = Known(Puller("5E6C7BF5-0000-0000-0000-000000000001", "app-agentpool", None, managed_identity=True))
GROUP = "67d6e84a-a1dc-4179-a17d-579b4b2fa9b3"


def test_permissions_on_both_resources():
    answer = {"value": [{"actions": ["*/read"], "notActions": []}, {"actions": [], "dataActions": ["a/*"]}]}
    azure, answers = connect({"GET /permissions": answer})
    blocks = (PermissionBlock(("*/read",)), PermissionBlock(data_actions=("a/*",)))
    assert cluster_permissions(azure, choice()) == CallerPermissions(CLUSTER_ID, blocks)
    assert registry_permissions(azure, choice()) == CallerPermissions(REGISTRY_ID, blocks)
    asked = [url.partition("?")[0].lower().replace("//", "/") for url in answers.urls()]
    assert asked == [
        f"{id_[1:]}/providers/microsoft.authorization/permissions".lower() for id_ in (CLUSTER_ID, REGISTRY_ID)
    ]


@pytest.mark.parametrize("name", DENIALS)
def test_recorded_deny_assignments_are_read(name):
    azure, answers = connect({"GET /denyassignments": DENIALS[name]})
    found = registry_denials(azure, choice())
    (answer,) = DENIALS[name]["value"]
    assert found == RegistryDenials(
        items=(
            DenyAssignment(
                id=answer["id"],
                name="Deny assignment name",
                scope=answer["properties"]["scope"],
                blocks=(PermissionBlock(actions=("action",), data_actions=("action",)),),
                principals=frozenset({"principalid1"}),
                excluded_principals=frozenset({"principalid2"}),
                not_for_child_scopes=False,
                system_protected=True,
            ),
        ),
        groups=frozenset({"principalid1", "principalid2"}),
    )
    assert "$filter=atScope()" in unquote(answers.urls()[0])


@pytest.mark.parametrize(
    ("principal", "groups"),
    [
        ({"id": EVERYBODY, "type": "SystemDefined"}, set()),
        ({"id": EVERYBODY, "type": "Everyone"}, set()),
        ({"id": GROUP.upper(), "type": "Group"}, {GROUP}),
        ({"id": GROUP, "type": None}, {GROUP}),
        ({"id": GROUP, "type": "ServicePrincipal"}, set()),
        ({"id": GROUP, "type": "User"}, set()),
        ({"id": None, "type": "Group"}, set()),
    ],
)
def test_who_of_a_deny_assignment_may_be_a_group(principal, groups):
    answer = copy.deepcopy(DENIALS["spec-getdenyassignmentbyscope-01"])
    answer["value"][0]["properties"] |= {"principals": [principal], "excludePrincipals": None}
    azure, _ = connect({"GET /denyassignments": answer})
    assert registry_denials(azure, choice()).groups == groups


def test_groups_are_not_asked_for_without_need():
    azure, answers = connect({})
    nobody = DenyAssignments((), Known(frozenset()))
    assert deny_assignments(azure, RegistryDenials((), frozenset()), PULLER) == nobody
    assert deny_assignments(azure, RegistryDenials((), frozenset()), Missing("sp")) == nobody
    assert deny_assignments(azure, RegistryDenials((), frozenset({GROUP})), Known(None)) == nobody
    unread = deny_assignments(azure, RegistryDenials((), frozenset({GROUP})), Missing("sp"))
    assert unread.puller_groups == Missing("sp")
    assert answers.asked == []


def test_the_pullers_groups_over_all_pages():
    link = "https://graph.microsoft.com/v1.0/servicePrincipals/x/transitiveMemberOf?$skiptoken=2"
    pages = [
        {"value": [{"@odata.type": "#microsoft.graph.group", "id": GROUP.upper()}], "@odata.nextLink": link},
        {"value": [{"@odata.type": "#microsoft.graph.directoryRole", "id": "role"}]},
    ]
    azure, answers = connect({"GET /transitivememberof": pages})
    found = deny_assignments(azure, RegistryDenials((), frozenset({GROUP})), PULLER)
    assert found.puller_groups == Known(frozenset({GROUP, "role"}))
    assert answers.urls()[0].startswith(f"v1.0/servicePrincipals/{PULLER.value.object_id}/transitiveMemberOf")


def test_a_directory_that_does_not_tell_groups_leaves_the_rest_known():
    azure, _ = connect({"GET /transitivememberof": refused("GroupMember.Read.All", "x")})
    found = deny_assignments(azure, RegistryDenials((), frozenset({GROUP})), PULLER)
    assert isinstance(found.puller_groups, Denied)
