"""Whether the puller may pull: roles, scopes, groups, custom roles and the registry's permission mode."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from identity_world import (
    ABAC,
    ACRDELETE,
    ACRPULL,
    ALL_BUT_PULL,
    APP_NAME,
    CUSTOM,
    DEFINITIONS,
    GRAPH_REFUSED,
    GROUP,
    HEALTHY,
    HEALTHY_ABAC,
    HEALTHY_SP,
    IN,
    KUBELET,
    MANAGEMENT_GROUP,
    NO_KUBELET,
    OLD_NAME,
    OTHER_TENANT,
    OWNER,
    READER,
    REGISTRY,
    REGISTRY_ID,
    REPOSITORY_READER,
    SP,
    SP_UNSEEN,
    STRANGER,
    SUBSCRIPTION,
    TENANT,
    WILDCARD,
    Case,
    ask,
    assigned,
    grant,
    prove,
    unreadable,
)

from core.checks.identity import acrpull_role, role_mode, sp_role
from core.facts.fact import Denied, Missing, Trouble, Unavailable
from core.facts.roles import RoleDefinitions
from core.facts.subscriptions import Subscription, Subscriptions
from core.model import Certainty, MissingPermission, Status

PULL, SP_PULL, MODE = acrpull_role.CHECK, sp_role.CHECK, role_mode.CHECK
PASS, WARNING, FAIL, UNKNOWN, NA = Status.PASS, Status.WARNING, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
DEFINITE = Certainty.DEFINITE

LEGACY_FIXES = ("grant-acrpull", "attach-acr")
ABAC_FIXES = ("grant-repository-reader",)
NOT_SEEN = Denied("Microsoft.Authorization/roleAssignments/read", REGISTRY_ID)


def mi(*mine: Any, **more: Any) -> dict[str, Any]:
    return {**HEALTHY, **assigned(*mine, **more)}


def abac(*mine: Any, **more: Any) -> dict[str, Any]:
    return {**mi(*mine, **more), "registry": ABAC}


def sp(*mine: Any, **more: Any) -> dict[str, Any]:
    return {**HEALTHY_SP, **assigned(*mine, **more)}


def elsewhere(tenant: str) -> dict[str, Any]:
    """The registry in a subscription of this directory, and nobody with a role."""
    far = "22222222-2222-2222-2222-222222222222"
    both = {
        SUBSCRIPTION: Subscription(SUBSCRIPTION, "ours", "Enabled", TENANT),
        far: Subscription(far, "theirs", "Enabled", tenant),
    }
    return {**sp(), "registry": replace(REGISTRY, subscription_id=far), "subscriptions": Subscriptions(both)}


CASES = [
    Case(PULL, HEALTHY, PASS, "granted", shows=("this registry", "direct", "2026-09-15 23:20 UTC", KUBELET)),
    Case(PULL, mi(grant(ACRPULL, KUBELET.upper())), PASS, "granted"),
    Case(PULL, mi(grant(ACRPULL, scope=f"{IN}/RG-REG".replace("resourceGroups", "resourcegroups"))), PASS, "granted"),
    Case(PULL, mi(grant(ACRPULL, scope=f"/subscriptions/{SUBSCRIPTION}")), PASS, "granted", shows=("subscription",)),
    Case(PULL, mi(grant(ACRPULL, scope=MANAGEMENT_GROUP)), PASS, "granted", shows=("management group contoso",)),
    Case(PULL, mi(grant(ACRPULL, scope="/")), PASS, "granted", shows=("the root",)),
    Case(PULL, mi(grant(CUSTOM)), PASS, "granted"),
    Case(PULL, mi(grant(WILDCARD), grant(ACRPULL)), PASS, "granted"),
    Case(PULL, mi(grant(ACRPULL, condition="whatever")), PASS, "granted", shows=("condition: whatever",)),
    Case(PULL, mi(grant(ACRPULL), definitions=unreadable(READER)), PASS, "granted"),
    Case(PULL, mi(grant(OWNER, scope=f"/subscriptions/{SUBSCRIPTION}")), PASS, "granted-broadly"),
    Case(PULL, mi(grant(READER)), PASS, "granted-broadly"),
    Case(PULL, mi(grant(ACRPULL, GROUP, kind="Group")), PASS, "granted-through-group", shows=(f"group {GROUP}",)),
    Case(PULL, mi(grant(ACRPULL, GROUP, kind="Group"), grant(OWNER)), PASS, "granted-broadly"),
    Case(PULL, mi(grant(WILDCARD)), WARNING, "wildcard-only", fixes=LEGACY_FIXES),
    Case(PULL, mi(), FAIL, "no-role", DEFINITE, fixes=LEGACY_FIXES),
    Case(PULL, mi(grant(ACRDELETE), grant(ALL_BUT_PULL)), FAIL, "no-role", DEFINITE, ("AcrDelete",), LEGACY_FIXES),
    Case(PULL, mi(grant(ACRPULL, scope=f"{IN}/rg-reg2")), FAIL, "no-role", DEFINITE, ("rg-reg2",), LEGACY_FIXES),
    Case(
        PULL, mi(grant(ACRPULL, scope=f"{REGISTRY_ID}/repositories/web")), FAIL, "no-role", DEFINITE, (), LEGACY_FIXES
    ),
    Case(PULL, mi(grant(REPOSITORY_READER)), FAIL, "no-role", DEFINITE, fixes=LEGACY_FIXES),
    Case(PULL, mi(others=(grant(ACRPULL, STRANGER),)), FAIL, "no-role", DEFINITE, (STRANGER,), LEGACY_FIXES),
    Case(PULL, {**mi(), "registry_assignments": NOT_SEEN}, FAIL, "no-role", DEFINITE, fixes=LEGACY_FIXES),
    Case(PULL, abac(grant(ACRPULL), grant(OWNER)), FAIL, "no-repository-role", DEFINITE, fixes=ABAC_FIXES),
    Case(PULL, HEALTHY_ABAC, PASS, "granted"),
    Case(
        PULL, mi(grant(CUSTOM), definitions=unreadable(CUSTOM)), UNKNOWN, "role-not-readable", shows=("role-pullers",)
    ),
    Case(PULL, mi(groups_expanded=False), FAIL, "no-role", DEFINITE, fixes=LEGACY_FIXES),
    Case(
        PULL, mi(groups_expanded=False, others=(grant(ACRPULL, GROUP, kind="Group"),)), UNKNOWN, "groups-not-readable"
    ),
    Case(PULL, mi(groups_expanded=False, others=(grant(ACRPULL, GROUP, kind=None),)), UNKNOWN, "groups-not-readable"),
    Case(
        PULL,
        mi(groups_expanded=False, others=(grant(ACRPULL, GROUP, kind="Group"),), definitions=unreadable(ACRPULL)),
        UNKNOWN,
        "groups-not-readable",
    ),
    Case(PULL, {**mi(groups_expanded=False), "registry_assignments": NOT_SEEN}, UNKNOWN, "groups-not-readable"),
    Case(PULL, mi(grant(ACRPULL), groups_expanded=False), PASS, "granted"),
    Case(PULL, {**HEALTHY, "puller_assignments": NOT_SEEN}, UNKNOWN, "denied"),
    Case(PULL, {**HEALTHY, "registry": Missing(REGISTRY_ID)}, UNKNOWN, "missing-resource"),
    Case(PULL, {**HEALTHY, "role_definitions": Unavailable(Trouble.TIMEOUT)}, UNKNOWN, "unavailable-timeout"),
    Case(PULL, NO_KUBELET, NA, "no-kubelet-identity"),
    Case(PULL, {**SP_UNSEEN, "registry": NOT_SEEN}, NA, "service-principal"),
    Case(SP_PULL, HEALTHY_SP, PASS, "granted"),
    Case(SP_PULL, sp(grant(OWNER, SP)), PASS, "granted-broadly"),
    Case(SP_PULL, sp(grant(ACRPULL, GROUP, kind="Group")), PASS, "granted-through-group"),
    Case(SP_PULL, sp(grant(WILDCARD, SP)), WARNING, "wildcard-only", fixes=LEGACY_FIXES),
    Case(SP_PULL, sp(), FAIL, "no-role", DEFINITE, fixes=LEGACY_FIXES),
    Case(
        SP_PULL, {**sp(grant(ACRPULL, SP)), "registry": ABAC}, FAIL, "no-repository-role", DEFINITE, fixes=ABAC_FIXES
    ),
    Case(SP_PULL, sp(grant(CUSTOM, SP), definitions=unreadable(CUSTOM)), UNKNOWN, "role-not-readable"),
    Case(
        SP_PULL,
        sp(groups_expanded=False, others=(grant(ACRPULL, GROUP, kind="Group"),)),
        UNKNOWN,
        "groups-not-readable",
    ),
    Case(SP_PULL, elsewhere(OTHER_TENANT), UNKNOWN, "other-directory", shows=("az role assignment list --assignee",)),
    Case(SP_PULL, elsewhere(TENANT.upper()), FAIL, "no-role", DEFINITE, fixes=LEGACY_FIXES),
    Case(SP_PULL, {**elsewhere(OTHER_TENANT), "subscriptions": NOT_SEEN}, UNKNOWN, "denied", shows=(SP,)),
    Case(SP_PULL, {**sp(), "subscriptions": NOT_SEEN}, FAIL, "no-role", DEFINITE, fixes=LEGACY_FIXES),
    Case(SP_PULL, {**sp(grant(ACRPULL, SP)), "subscriptions": NOT_SEEN}, PASS, "granted"),
    Case(SP_PULL, HEALTHY, NA, "managed-identity"),
    Case(SP_PULL, NO_KUBELET, NA, "managed-identity"),
    Case(SP_PULL, SP_UNSEEN, UNKNOWN, "denied", shows=("az role assignment list --assignee", SP)),
    Case(
        SP_PULL,
        {**SP_UNSEEN, **{k: v for k, v in sp().items() if k == "registry_assignments"}},
        FAIL,
        "no-role",
        DEFINITE,
        ("az role assignment list --assignee",),
        LEGACY_FIXES,
    ),
    Case(
        SP_PULL,
        {
            **SP_UNSEEN,
            "registry": ABAC,
            "registry_assignments": assigned(grant(REPOSITORY_READER, STRANGER, kind="User"))["registry_assignments"],
        },
        FAIL,
        "no-repository-role",
        DEFINITE,
        fixes=ABAC_FIXES,
    ),
    Case(SP_PULL, {**SP_UNSEEN, "role_definitions": unreadable(ACRPULL)}, UNKNOWN, "denied"),
    Case(SP_PULL, {**SP_UNSEEN, "registry": Missing(REGISTRY_ID)}, UNKNOWN, "denied"),
    Case(SP_PULL, {**SP_UNSEEN, "registry_assignments": NOT_SEEN}, UNKNOWN, "denied", shows=("az role assignment",)),
    Case(SP_PULL, {**SP_UNSEEN, **assigned(), "puller": Missing("sp")}, UNKNOWN, "missing-resource"),
    Case(SP_PULL, {**OLD_NAME, **assigned()}, FAIL, "no-role", DEFINITE, (APP_NAME,), LEGACY_FIXES),
    Case(SP_PULL, OLD_NAME, UNKNOWN, "not-an-application-id", shows=(f"--assignee {APP_NAME}",)),
    Case(SP_PULL, {**OLD_NAME, "registry_assignments": NOT_SEEN}, UNKNOWN, "not-an-application-id"),
    Case(MODE, HEALTHY, PASS, "registry-permissions"),
    Case(MODE, {**SP_UNSEEN}, PASS, "registry-permissions"),
    Case(MODE, HEALTHY_ABAC, PASS, "repository-role-held"),
    Case(MODE, abac(), PASS, "repository-permissions"),
    Case(MODE, {**NO_KUBELET, "registry": ABAC}, PASS, "repository-permissions"),
    Case(MODE, abac(grant(ACRDELETE)), PASS, "repository-permissions"),
    Case(
        MODE,
        abac(grant(ACRPULL), grant(OWNER)),
        FAIL,
        "abac-ignores-role",
        DEFINITE,
        ("AcrPull, Owner",),
        (*ABAC_FIXES, "revert-role-mode"),
    ),
    Case(
        MODE,
        {**abac(grant(ACRPULL)), "registry": replace(ABAC, anonymous_pull_enabled=True)},
        WARNING,
        "abac-ignores-role-but-anonymous",
    ),
    Case(
        PULL, {**mi(), "registry": replace(REGISTRY, anonymous_pull_enabled=True)}, WARNING, "no-role-but-anonymous"
    ),
    Case(
        SP_PULL,
        {**HEALTHY_SP, **assigned(), "registry": replace(REGISTRY, anonymous_pull_enabled=True)},
        WARNING,
        "no-role-but-anonymous",
    ),
    Case(MODE, abac(grant(ACRPULL), grant(CUSTOM), definitions=unreadable(CUSTOM)), UNKNOWN, "roles-not-all-seen"),
    Case(MODE, abac(grant(ACRPULL), groups_expanded=False), UNKNOWN, "roles-not-all-seen"),
    Case(MODE, {**SP_UNSEEN, "registry": ABAC}, UNKNOWN, "denied"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_the_roles_allow(case: Case, show: Any) -> None:
    verdict = ask(case.check, case.world)
    prove(case, verdict)
    assert show(case.check, verdict)


def test_a_refusal_names_what_is_missing() -> None:
    missing = ask(SP_PULL, SP_UNSEEN).missing
    assert missing is not None
    assert (missing.action, missing.scope, missing.role) == (
        GRAPH_REFUSED.action,
        GRAPH_REFUSED.scope,
        GRAPH_REFUSED.role,
    )


def test_attaching_is_never_offered_for_repository_permissions() -> None:
    for case in CASES:
        if case.world["registry"] == ABAC:
            assert "attach-acr" not in [ref.key for ref in ask(case.check, case.world).fixes]


def test_the_grant_goes_to_the_puller_on_the_registry() -> None:
    first = ask(PULL, mi()).fixes[0]
    assert first.values["principal_id"] == KUBELET
    assert first.values["registry_id"] == REGISTRY_ID
    assert first.values["registry_subscription"] == SUBSCRIPTION


def test_the_grant_leaves_an_unknown_object_id_to_the_user() -> None:
    world = {**SP_UNSEEN, "registry_assignments": assigned()["registry_assignments"]}
    assert ask(SP_PULL, world).fixes[0].values["principal_id"] == "<service-principal-object-id>"


def test_a_direct_narrow_role_is_the_one_that_is_named() -> None:
    mine = (grant(ACRPULL, GROUP, kind="Group"), grant(OWNER), grant(CUSTOM))
    assert ask(PULL, mi(*mine)).values["role"] == "Pullers"


@pytest.mark.parametrize(
    ("check", "world"),
    [
        (PULL, mi(grant(CUSTOM), definitions=unreadable(CUSTOM))),
        (SP_PULL, sp(grant(CUSTOM, SP), definitions=unreadable(CUSTOM))),
        (MODE, abac(grant(ACRPULL), grant(CUSTOM), definitions=unreadable(CUSTOM))),
    ],
    ids=["acrpull-role", "sp-role", "role-mode"],
)
def test_a_refused_role_names_the_permission_to_read_it(check: Any, world: Any) -> None:
    missing = MissingPermission("Microsoft.Authorization/roleDefinitions/read", REGISTRY_ID, "Reader")
    assert ask(check, world).missing == missing


def test_a_role_that_was_not_refused_names_no_permission() -> None:
    unread = RoleDefinitions({**DEFINITIONS.by_guid, CUSTOM.guid: Unavailable(Trouble.TIMEOUT)})
    assert ask(PULL, mi(grant(CUSTOM), definitions=unread)).missing is None


def test_a_missing_definition_counts_as_unread() -> None:
    stray = replace(grant(ACRPULL), role_guid="not-in-the-list")
    assert ask(PULL, mi(stray)).reason == "role-not-readable"
