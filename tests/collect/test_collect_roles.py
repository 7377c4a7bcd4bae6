"""Role assignments and definitions: which requests are sent, and what recorded answers are read as."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from collect_answers import REGISTRY_ID, SUBSCRIPTION, bodies, body, choice, connect, refused

from core.collect.asking import NotRead
from core.collect.roles import (
    MOST_SINGLY,
    puller_assignments,
    registry_assignments,
    registry_role_definitions,
    role_definitions,
)
from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.identities import Puller
from core.facts.roles import PermissionBlock, RoleAssignment, RoleAssignments, RoleDefinition, RoleDefinitions
from core.practice.http import Response, arm_error

LISTS = {name: answer["value"] for name, answer in bodies("roleAssignments-list").items()} | {
    name: [answer] for name, answer in bodies("roleAssignments").items()
}
DEFINITIONS = list(bodies("roleDefinitions").values()) + [
    one for answer in bodies("roleDefinitions-list").values() for one in answer["value"]
]
BLOCK = ("actions", "notActions", "dataActions", "notDataActions")
PULLER = Puller("5E6C7BF5-0000-0000-0000-000000000001", "app-agentpool", None, managed_identity=True)
READER, OWNER = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


def assignment(principal="p", role=READER, **more):
    return RoleAssignment(
        id="i", scope=REGISTRY_ID, role_guid=role, principal_id=principal, principal_type=None, **more
    )


def everybodys(answer):
    azure, answers = connect({"GET /roleassignments": answer})
    return registry_assignments(azure, choice()), answers


@pytest.mark.parametrize("name", LISTS)
def test_recorded_assignments_are_read(name):
    found, _ = everybodys({"value": copy.deepcopy(LISTS[name])})
    assert found.groups_expanded
    assert len(found.items) == len(LISTS[name])
    for item, answer in zip(found.items, LISTS[name], strict=True):
        properties = answer["properties"]
        assert item.id == answer["id"]
        assert item.scope == properties["scope"]
        assert item.principal_id == properties["principalId"]
        assert item.principal_type == properties.get("principalType")
        assert item.role_guid == properties["roleDefinitionId"].split("/")[-1].lower()
        assert item.condition == properties.get("condition")
        assert item.condition_version == properties.get("conditionVersion")
        for moment, key in ((item.created_on, "createdOn"), (item.updated_on, "updatedOn")):
            assert moment.utcoffset().total_seconds() == 0
            assert f"{moment:%Y-%m-%dT%H:%M:%S}" == properties[key][:19]


def test_the_recordings_hold_what_is_hard():
    every = [one["properties"] for answers in LISTS.values() for one in answers]
    assert any("principalType" not in one for one in every) or any("condition" not in one for one in every)
    assert any(one["scope"] == "/" for one in every)
    assert any(one.get("condition") for one in every)


def test_an_assignment_at_the_root_names_a_role_of_a_subscription():
    found, _ = everybodys(body("roleAssignments-list", "environment-operations-dataplane-scenario-01"))
    assert found.items[0] == RoleAssignment(
        id="/providers/Microsoft.Authorization/roleAssignments/8415443c-b8fc-4eab-83d9-2d8a6db06b50",
        scope="/",
        role_guid="18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        principal_id="0369b076-8f31-42d5-b189-a6043c78cf1b",
        principal_type="User",
        created_on=datetime(2022, 3, 3, 17, 59, 50, 532822, tzinfo=UTC),
        updated_on=datetime(2022, 3, 3, 17, 59, 50, 532822, tzinfo=UTC),
    )


def test_an_assignment_with_a_condition():
    found, _ = everybodys({"value": [body("roleAssignments", "role-assignment-create-update-01")]})
    (item,) = found.items
    assert item.condition.startswith("@Resource[Microsoft.Storage/")
    assert item.condition_version == "2.0"
    assert item.updated_on > item.created_on


def test_everybodys_list_asks_at_the_registry_and_above():
    _, answers = everybodys({"value": []})
    (url,) = answers.urls()
    assert unquote(url).startswith(
        f"{REGISTRY_ID[1:]}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()&"
    )


def test_all_pages_of_everybodys_list():
    one, other = body("roleAssignments-list", "acrcssc-workflow-01")["value"][:1], []
    link = f"https://management.azure.com{REGISTRY_ID}/providers/Microsoft.Authorization/roleAssignments?page=2"
    azure, _ = connect({"GET /roleassignments": [{"value": other, "nextLink": link}, {"value": one}]})
    assert len(registry_assignments(azure, choice()).items) == 1


def test_an_assignment_of_nobody_or_of_nothing_is_left_out():
    answer = copy.deepcopy(body("roleAssignments-list", "confluent-scenario-01"))
    whole = len(answer["value"])
    answer["value"][0]["properties"]["principalId"] = None
    del answer["value"][1]["properties"]["roleDefinitionId"]
    found, _ = everybodys(answer)
    assert len(found.items) == whole - 2


def test_the_pullers_list_asks_for_groups_too():
    azure, answers = connect({"GET /roleassignments": body("roleAssignments-list", "confluent-scenario-01")})
    found = puller_assignments(azure, choice(), PULLER, Known(RoleAssignments(())))
    assert found.groups_expanded
    assert found.groups_refused is None
    assert "Group" in {item.principal_type for item in found.items}
    (url,) = answers.urls()
    assert f"$filter=atScope() and assignedTo('{PULLER.object_id}')" in unquote(url)


def test_a_quote_in_an_id_stays_inside_the_filter():
    azure, answers = connect({"GET /roleassignments": {"value": []}})
    puller_assignments(azure, choice(), replace(PULLER, object_id="o'x"), Known(RoleAssignments(())))
    assert "assignedTo('o''x')" in unquote(answers.urls()[0])


def test_roles_are_compared_by_their_guid_in_lower_case():
    one = copy.deepcopy(body("roleAssignments", "role-assignment-create-update-01"))
    one["properties"]["roleDefinitionId"] = f"/providers/Microsoft.Authorization/roleDefinitions/{READER.upper()}"
    found, _ = everybodys({"value": [one]})
    assert found.items[0].role_guid == READER


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (
            refused("Microsoft.Some/thing/read", "/subscriptions/s"),
            Denied("Microsoft.Some/thing/read", "/subscriptions/s"),
        ),
        (
            arm_error(400, "BadRequest", "The filter is not supported."),
            Unavailable(Trouble.BAD_ANSWER, "Azure answered 400 BadRequest: The filter is not supported."),
        ),
    ],
    ids=["403", "400"],
)
def test_where_groups_are_refused_the_direct_assignments_remain(answer, outcome):
    azure, answers = connect({"GET /roleassignments": answer})
    mine = assignment(PULLER.object_id.lower())
    found = puller_assignments(azure, choice(), PULLER, Known(RoleAssignments((assignment("other"), mine))))
    assert found == RoleAssignments((mine,), groups_expanded=False, groups_refused=outcome)
    assert len(answers.asked) == 1


def test_where_both_lists_are_refused_so_is_the_pullers():
    denied = Denied("Microsoft.Authorization/roleAssignments/read", REGISTRY_ID)
    azure, _ = connect({"GET /roleassignments": refused(denied.action, denied.scope)})
    with pytest.raises(NotRead) as caught:
        puller_assignments(azure, choice(), PULLER, denied)
    assert caught.value.outcome == denied


def test_a_lost_answer_is_not_made_up_for_from_everybodys_list():
    azure, _ = connect({"GET /roleassignments": Response(404, {"content-type": "application/json"}, b"{}")})
    with pytest.raises(NotRead) as caught:
        puller_assignments(azure, choice(), PULLER, Known(RoleAssignments((assignment(PULLER.object_id),))))
    assert caught.value.outcome == Missing(REGISTRY_ID)


def test_nobody_is_asked_about_nobody():
    azure, answers = connect({})
    assert puller_assignments(azure, choice(), None, Known(RoleAssignments(()))) == RoleAssignments(())
    assert answers.asked == []


@pytest.mark.parametrize("answer", DEFINITIONS, ids=lambda answer: answer["name"])
def test_recorded_roles_are_read(answer):
    azure, _ = connect({"GET /roledefinitions/": answer})
    guid = answer["id"].split("/")[-1].lower()
    (found,) = registry_role_definitions(
        azure, choice(), Known(RoleAssignments((assignment(role=guid),)))
    ).by_guid.values()
    properties = answer["properties"]
    assert found == Known(
        RoleDefinition(
            guid=guid,
            name=properties["roleName"],
            custom=properties["type"] == "CustomRole",
            blocks=tuple(
                PermissionBlock(
                    *(
                        tuple(block.get(key) or ())
                        for key in ("actions", "notActions", "dataActions", "notDataActions")
                    )
                )
                for block in properties["permissions"]
            ),
        )
    )


def test_each_role_is_read_once_and_a_refused_one_at_the_registry():
    reader = body("roleDefinitions", "built-in-role-definition-scenario-01")
    denied = Denied("Microsoft.Authorization/roleDefinitions/read", "/s")
    azure, answers = connect({f"GET {READER}": reader, f"GET {OWNER}": refused(denied.action, denied.scope)})
    items = (assignment("a"), assignment("b"), assignment("c", OWNER))
    found = registry_role_definitions(azure, choice(), Known(RoleAssignments(items))).by_guid
    asked = sorted(url.partition("?")[0] for url in answers.urls())
    below = "providers/Microsoft.Authorization/roleDefinitions"
    assert asked == sorted(
        [
            f"subscriptions/{SUBSCRIPTION}/{below}/{OWNER}",
            f"subscriptions/{SUBSCRIPTION}/{below}/{READER}",
            f"{REGISTRY_ID.strip('/')}/{below}/{OWNER}",
        ]
    )
    assert isinstance(found[READER], Known)
    assert found[OWNER] == denied


def test_no_roles_where_the_assignments_could_not_be_read():
    azure, answers = connect({})
    assert registry_role_definitions(azure, choice(), Missing(REGISTRY_ID)).by_guid == {}
    assert answers.asked == []


def test_only_roles_that_everybodys_list_does_not_name_are_read_for_the_puller():
    owner = body("roleDefinitions-list", "ams-sp-create-reset-01")["value"][0]
    azure, answers = connect({"GET /roledefinitions/": owner})
    known = RoleDefinitions({READER: Missing("known before")})
    mine = Known(RoleAssignments((assignment(role=READER), assignment(role=OWNER))))
    found = role_definitions(azure, choice(), known, mine).by_guid
    assert found[READER] == Missing("known before")
    assert isinstance(found[OWNER], Known)
    assert len(answers.asked) == 1


def test_a_role_that_was_deleted_is_missing():
    azure, _ = connect({"GET /roledefinitions/": arm_error(404, "RoleDefinitionDoesNotExist", "No such role.")})
    found = registry_role_definitions(azure, choice(), Known(RoleAssignments((assignment(),)))).by_guid
    assert found == {
        READER: Missing(f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{READER}")
    }


def many_roles(listing):
    """Ask for more roles than are read one by one; gives what was found and what was asked."""
    one = body("roleDefinitions", "built-in-role-definition-scenario-01")
    guids = [f"00000000-0000-0000-0000-{number:012}" for number in range(MOST_SINGLY + 1)]
    made = [one | {"id": one["id"].rpartition("/")[0] + f"/{guid}", "name": guid} for guid in guids]
    azure, answers = connect(
        {f"GET {guids[-1]}": made[-1], "GET /roledefinitions/": made[0], "GET /roledefinitions": listing(made[:-1])}
    )
    items = tuple(assignment(role=guid) for guid in guids)
    found = registry_role_definitions(azure, choice(), Known(RoleAssignments(items))).by_guid
    assert set(found) == set(guids)
    assert all(isinstance(role, Known) for role in found.values())
    return guids, answers.urls()


def test_many_roles_are_listed_and_only_those_that_the_list_lacks_are_read():
    guids, asked = many_roles(lambda made: {"value": made})
    assert len(asked) == 2
    assert guids[-1] in asked[1]


def test_where_the_list_is_refused_many_roles_are_read_one_by_one():
    guids, asked = many_roles(lambda _: refused("Microsoft.Authorization/roleDefinitions/read", REGISTRY_ID))
    assert len(asked) == 1 + len(guids)
