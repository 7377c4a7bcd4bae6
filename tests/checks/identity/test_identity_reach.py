"""What stands in the way of a right role: directories, deny assignments, its age; and a role on somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from identity_world import (
    ABAC,
    ACRPULL,
    ADDON,
    APP_ID,
    APP_OBJECT,
    CHOICE,
    CLIENT,
    CLUSTER,
    CONTROL_PLANE,
    GRAPH_REFUSED,
    GROUP,
    HEALTHY,
    HEALTHY_ABAC,
    HEALTHY_SP,
    IDENTITY,
    KUBELET,
    MANAGEMENT_GROUP,
    NEIGHBOUR,
    NO_KUBELET,
    NOW,
    OTHER_TENANT,
    OWNER,
    REGISTRY,
    REGISTRY_ID,
    REPOSITORY_READER,
    SP,
    SP_UNSEEN,
    STRANGER,
    SUBSCRIPTION,
    TENANT,
    Case,
    ask,
    assigned,
    deny,
    grant,
    prove,
    symptom,
    unreadable,
)

from core.checks.identity import cross_tenant, deny_assignments, role_propagation, wrong_principal
from core.facts.cluster import ControlPlaneIdentity
from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.identities import DirectoryNames, ManagedIdentity
from core.facts.resource_id import ResourceId
from core.facts.roles import DenyAssignment, DenyAssignments, PermissionBlock
from core.facts.subscriptions import Subscription, Subscriptions
from core.fixes.render import render
from core.model import Certainty, Status
from core.texts import load

PASS, WARNING, FAIL, UNKNOWN, NA = Status.PASS, Status.WARNING, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
DEFINITE, LIKELY = Certainty.DEFINITE, Certainty.LIKELY
WRONG, AGE = wrong_principal.CHECK, role_propagation.CHECK
DENY, TENANTS = deny_assignments.CHECK, cross_tenant.CHECK

GRANTS = ("grant-acrpull", "attach-acr")
MOVED = (*GRANTS, "remove-wrong-assignment")
NAMES = {KUBELET: "aks-app-agentpool", STRANGER: "build-agents", SP: "aks-app-sp"}


def held_by(*principals: str, names: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    others = tuple(grant(ACRPULL, principal, **more) for principal in principals)
    directory = DirectoryNames({**NAMES, **(names or {})})
    return {**HEALTHY, **assigned(others=others), "directory_names": directory}


def sp_held_by(*principals: str, **more: Any) -> dict[str, Any]:
    roles = ("puller_assignments", "registry_assignments", "directory_names")
    return {**HEALTHY_SP, **{fact: held_by(*principals, **more)[fact] for fact in roles}}


def wrong(world: dict[str, Any], reason: str, certainty: Certainty = DEFINITE, shows: tuple[str, ...] = ()) -> Case:
    return Case(WRONG, world, FAIL, reason, certainty, shows, MOVED)


GONE = {"directory_names": DirectoryNames(NAMES, frozenset({STRANGER}))}
OWN = replace(CLUSTER, control_plane_identities=(ControlPlaneIdentity(CONTROL_PLANE, f"{IDENTITY}-control"),))

CASES = [
    wrong(held_by(CONTROL_PLANE), "granted-to-control-plane", shows=(CONTROL_PLANE, "aks-app", KUBELET)),
    wrong(held_by(CONTROL_PLANE.upper()), "granted-to-control-plane"),
    wrong({**held_by(CONTROL_PLANE), "cluster": OWN}, "granted-to-control-plane", shows=("agentpool-control",)),
    wrong(held_by(CONTROL_PLANE, scope=f"/subscriptions/{SUBSCRIPTION}"), "granted-to-control-plane"),
    wrong(held_by(CLIENT), "granted-to-client-id", shows=(CLIENT,)),
    wrong({**held_by(CLIENT), "directory_names": GRAPH_REFUSED}, "granted-to-client-id"),
    wrong(held_by(ADDON), "granted-to-addon", shows=("azurepolicy",)),
    wrong(held_by(NEIGHBOUR), "granted-to-node-group-identity", shows=("aks-app-neighbour",)),
    wrong({**held_by(STRANGER), **GONE}, "granted-to-deleted", shows=(STRANGER,)),
    wrong({**held_by(STRANGER, kind="Unknown"), "directory_names": GRAPH_REFUSED}, "granted-to-deleted"),
    wrong(sp_held_by(APP_OBJECT), "granted-to-application", shows=(APP_OBJECT,)),
    wrong(sp_held_by(APP_ID), "granted-to-application"),
    wrong(sp_held_by(STRANGER, names={STRANGER: "AKS-APP-SP"}), "granted-to-namesake", LIKELY, (STRANGER,)),
    wrong(held_by(STRANGER, names={STRANGER: "aks-appSP-20250101"}), "granted-to-namesake", LIKELY),
    wrong(held_by(STRANGER, names={STRANGER: "aks-app-agentpool"}), "granted-to-namesake", LIKELY),
    Case(
        WRONG,
        {**held_by(STRANGER, CONTROL_PLANE), **GONE},
        FAIL,
        "granted-to-control-plane",
        DEFINITE,
        (STRANGER,),
        (*MOVED, "remove-wrong-assignment"),
    ),
    Case(
        WRONG,
        {**HEALTHY, "registry": ABAC, **assigned(others=(grant(REPOSITORY_READER, CONTROL_PLANE),))},
        FAIL,
        "granted-to-control-plane",
        DEFINITE,
        fixes=("grant-repository-reader", "remove-wrong-assignment"),
    ),
    Case(
        WRONG, {**HEALTHY, "registry": ABAC, **assigned(others=(grant(ACRPULL, CONTROL_PLANE),))}, PASS, "nobody-else"
    ),
    Case(WRONG, held_by(), PASS, "nobody-else"),
    Case(WRONG, HEALTHY, PASS, "nobody-else"),
    Case(WRONG, held_by(STRANGER), PASS, "nobody-else", shows=("build-agents", STRANGER)),
    Case(WRONG, {**held_by(CONTROL_PLANE), "role_definitions": unreadable(ACRPULL)}, UNKNOWN, "denied"),
    Case(WRONG, {**held_by(STRANGER, kind="User"), "role_definitions": unreadable(ACRPULL)}, PASS, "nobody-else"),
    Case(WRONG, held_by(STRANGER, kind="User", names={STRANGER: "aks-app-agentpool"}), PASS, "nobody-else"),
    Case(WRONG, held_by(CONTROL_PLANE, scope=f"{REGISTRY_ID}2"), PASS, "nobody-else"),
    Case(WRONG, {**HEALTHY, **assigned(others=(grant(OWNER, CONTROL_PLANE),))}, PASS, "nobody-else"),
    Case(WRONG, {**held_by(STRANGER, kind="User"), "directory_names": GRAPH_REFUSED}, PASS, "nobody-else"),
    Case(WRONG, {**held_by(STRANGER), "directory_names": GRAPH_REFUSED}, UNKNOWN, "denied", shows=(STRANGER,)),
    Case(
        WRONG,
        {**held_by(NEIGHBOUR), "node_group_identities": Denied("x/read", "rg")},
        PASS,
        "nobody-else",
        shows=(NEIGHBOUR,),
    ),
    Case(WRONG, NO_KUBELET, NA, "no-kubelet-identity"),
]


def aged(minutes: float, principal: str = KUBELET, scope: str = REGISTRY_ID, **more: Any) -> dict[str, Any]:
    kind = "Group" if principal == GROUP else "ServicePrincipal"
    return {**HEALTHY, **assigned(grant(ACRPULL, principal, scope, minutes, kind=kind)), **more}


RETRY = ("retry-pull",)
UI_ONLY = "@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWith 'ui/'"

CASES += [
    Case(AGE, HEALTHY, PASS, "settled"),
    Case(AGE, aged(10), PASS, "settled"),
    Case(AGE, aged(9), WARNING, "new", shows=("9 min", "2026-11-24 10:01 UTC"), fixes=RETRY),
    Case(AGE, aged(-2), WARNING, "new", shows=("0 min", "10:12"), fixes=RETRY),
    Case(AGE, {**HEALTHY, **assigned(grant(ACRPULL, minutes=2), grant(OWNER, minutes=60))}, PASS, "settled"),
    Case(
        AGE,
        {**HEALTHY, **assigned(replace(grant(ACRPULL), updated_on=NOW - timedelta(minutes=4)))},
        WARNING,
        "new",
        shows=("4 min", "changed 2026-11-24 09:56 UTC"),
        fixes=RETRY,
    ),
    Case(AGE, {**HEALTHY, **assigned(replace(grant(ACRPULL), created_on=None, updated_on=None))}, PASS, "settled"),
    Case(AGE, aged(24 * 60, GROUP), PASS, "settled"),
    Case(AGE, aged(4, GROUP), WARNING, "new-through-group", shows=("2026-11-25 09:56 UTC", "4 min"), fixes=RETRY),
    Case(AGE, aged(23 * 60, GROUP), WARNING, "new-through-group", shows=("23 h", "2026-11-24 11:00"), fixes=RETRY),
    Case(AGE, {**HEALTHY_SP, **assigned(grant(ACRPULL, GROUP, minutes=60, kind="Group"))}, PASS, "settled"),
    Case(AGE, aged(30, scope=MANAGEMENT_GROUP), WARNING, "new-at-management-group", shows=("10:30",), fixes=RETRY),
    Case(AGE, aged(61, scope="/"), PASS, "settled"),
    Case(AGE, aged(59, scope="/"), WARNING, "new-at-management-group", fixes=RETRY),
    Case(
        AGE,
        {**HEALTHY_ABAC, **assigned(grant(REPOSITORY_READER, scope=MANAGEMENT_GROUP, minutes=61))},
        WARNING,
        "new-at-management-group",
        shows=("20:59",),
        fixes=RETRY,
    ),
    Case(
        AGE,
        {
            **HEALTHY_ABAC,
            **assigned(grant(REPOSITORY_READER, condition=UI_ONLY), grant(REPOSITORY_READER, minutes=3)),
        },
        WARNING,
        "new",
        fixes=RETRY,
    ),
    Case(AGE, {**HEALTHY, **assigned()}, NA, "no-grant"),
    Case(AGE, NO_KUBELET, NA, "no-grant"),
    Case(AGE, SP_UNSEEN, UNKNOWN, "denied"),
]


def denied(*items: DenyAssignment, groups: Any = None, **more: Any) -> dict[str, Any]:
    return {**HEALTHY, "deny_assignments": DenyAssignments(items, groups or Known(frozenset())), **more}


HIDDEN = Denied("GroupMember.Read.All", "Microsoft Entra ID")
DELETES = (PermissionBlock(("*/delete", "*/write")),)
REVIEW = ("review-deny-assignment",)

CASES += [
    Case(DENY, HEALTHY, PASS, "none"),
    Case(DENY, denied(deny()), FAIL, "denied-to-pull", DEFINITE, ("stack-lock", KUBELET), REVIEW),
    Case(DENY, denied(deny(scope=f"/subscriptions/{SUBSCRIPTION}")), FAIL, "denied-to-pull", DEFINITE, (), REVIEW),
    Case(DENY, {**denied(deny()), "registry": ABAC}, FAIL, "denied-to-pull", DEFINITE, fixes=REVIEW),
    Case(
        DENY,
        denied(deny(principals=frozenset({GROUP})), groups=Known(frozenset({GROUP}))),
        FAIL,
        "denied-to-pull",
        DEFINITE,
        fixes=REVIEW,
    ),
    Case(DENY, denied(deny(blocks=DELETES)), PASS, "does-not-apply"),
    Case(DENY, denied(deny(excluded_principals=frozenset({KUBELET}))), PASS, "does-not-apply"),
    Case(DENY, denied(deny(principals=frozenset({STRANGER}))), PASS, "does-not-apply"),
    Case(
        DENY, denied(deny(scope=f"/subscriptions/{SUBSCRIPTION}", not_for_child_scopes=True)), PASS, "does-not-apply"
    ),
    Case(DENY, denied(deny(principals=frozenset({GROUP})), groups=HIDDEN), UNKNOWN, "depends-on-groups"),
    Case(DENY, denied(deny(excluded_principals=frozenset({GROUP})), groups=HIDDEN), UNKNOWN, "depends-on-groups"),
    Case(DENY, denied(deny(), groups=HIDDEN), FAIL, "denied-to-pull", DEFINITE, fixes=REVIEW),
    Case(DENY, denied(deny(), puller=None), NA, "no-kubelet-identity"),
    Case(DENY, denied(deny(), puller=GRAPH_REFUSED), UNKNOWN, "denied", shows=("stack-lock",)),
]


def directories(**by_id: str | None) -> Subscriptions:
    ids = {"ours": SUBSCRIPTION, "theirs": "22222222-2222-2222-2222-222222222222"}
    return Subscriptions({ids[key]: Subscription(ids[key], key, "Enabled", tenant) for key, tenant in by_id.items()})


FAR_ID = REGISTRY_ID.replace(SUBSCRIPTION, "22222222-2222-2222-2222-222222222222")
FAR_CHOICE = replace(CHOICE, registry_id=ResourceId.parse(FAR_ID))
FAR = {**HEALTHY, "choice": FAR_CHOICE, "registry": replace(REGISTRY, id=FAR_ID)}
FAR_SP = {**FAR, **{fact: HEALTHY_SP[fact] for fact in ("cluster", "kubelet_managed_identity")}}
REFUSED = Unavailable(Trouble.WRONG_TENANT, "", OTHER_TENANT)
WAYS = ("cross-tenant-pull-secret", "cross-tenant-import", "cross-tenant-application")
FOREIGN_IDENTITY = ManagedIdentity(IDENTITY, "aks-app-agentpool", KUBELET, CLIENT, OTHER_TENANT)
DIFFERENT = "different-directories"

CASES += [
    Case(TENANTS, HEALTHY, PASS, "same-directory", shows=(TENANT,)),
    Case(TENANTS, {**FAR, "subscriptions": directories(ours=TENANT, theirs=TENANT.upper())}, PASS, "same-directory"),
    Case(
        TENANTS,
        {**FAR, "subscriptions": directories(ours=TENANT, theirs=OTHER_TENANT)},
        FAIL,
        DIFFERENT,
        DEFINITE,
        (TENANT, OTHER_TENANT),
        WAYS,
    ),
    Case(
        TENANTS,
        {**FAR, "subscriptions": directories(ours=TENANT), "registry": REFUSED},
        FAIL,
        DIFFERENT,
        DEFINITE,
        (OTHER_TENANT,),
        WAYS,
    ),
    Case(
        TENANTS,
        {**FAR, "subscriptions": directories(), "registry": replace(REGISTRY, tenant_id=OTHER_TENANT)},
        FAIL,
        DIFFERENT,
        DEFINITE,
        fixes=WAYS,
    ),
    Case(
        TENANTS,
        {**HEALTHY, "kubelet_managed_identity": FOREIGN_IDENTITY},
        FAIL,
        DIFFERENT,
        DEFINITE,
        ("kubelet identity",),
        WAYS,
    ),
    Case(
        TENANTS,
        {
            **FAR,
            "cluster": replace(CLUSTER, tenant_id=None),
            "kubelet_managed_identity": Missing(IDENTITY),
            "subscriptions": directories(ours=OTHER_TENANT, theirs=TENANT),
        },
        FAIL,
        DIFFERENT,
        DEFINITE,
        fixes=WAYS,
    ),
    Case(
        TENANTS,
        {**HEALTHY_SP, "choice": FAR_CHOICE, "subscriptions": directories(ours=TENANT, theirs=OTHER_TENANT)},
        WARNING,
        "service-principal-must-be-multitenant",
        shows=(OTHER_TENANT,),
        fixes=("cross-tenant-pull-secret", "cross-tenant-application"),
    ),
    Case(TENANTS, HEALTHY_SP, PASS, "same-directory"),
    Case(TENANTS, {**FAR, "subscriptions": directories(ours=TENANT)}, UNKNOWN, "directory-not-known"),
    Case(TENANTS, {**FAR_SP, "subscriptions": directories(theirs=TENANT)}, UNKNOWN, "directory-not-known"),
    Case(TENANTS, {**HEALTHY, "subscriptions": Subscriptions({})}, PASS, "same-subscription"),
    Case(TENANTS, {**HEALTHY_SP, "subscriptions": Denied("x/read", "/")}, PASS, "same-subscription"),
    Case(TENANTS, {**FAR, "subscriptions": Denied("x/read", "/")}, UNKNOWN, "denied"),
    Case(
        TENANTS,
        {**HEALTHY, "subscriptions": Denied("x/read", "/"), "registry": replace(REGISTRY, tenant_id=TENANT)},
        PASS,
        "same-directory",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_stands_in_the_way(case: Case, show: Any) -> None:
    verdict = ask(case.check, case.world)
    prove(case, verdict)
    assert show(case.check, verdict)


def test_the_right_identity_gets_the_role_and_the_wrong_one_loses_it() -> None:
    wide = f"/subscriptions/{SUBSCRIPTION}"
    verdict = ask(WRONG, held_by(CONTROL_PLANE, scope=wide))
    assert verdict.fixes[0].values["principal_id"] == KUBELET
    assert verdict.fixes[-1].values["holder_id"] == CONTROL_PLANE
    assert verdict.fixes[-1].values["scope"] == wide


def test_the_copy_is_of_the_image_that_the_text_names() -> None:
    world = {**FAR, "subscriptions": directories(ours=TENANT), "registry": REFUSED}
    named = replace(FAR_CHOICE, image="contosoreg.azurecr.io/shop/cart:5.3.0", namespace="shop")
    verdict = ask(TENANTS, world, choice=named)
    copy = next(fix for fix in verdict.fixes if fix.key == "cross-tenant-import")
    (command,) = render(copy, load(), {}).azure_cli
    assert "--source contosoreg.azurecr.io/shop/cart:5.3.0 " in command


def test_the_pod_of_the_text_is_tried_again() -> None:
    world = aged(4, choice=symptom("ANON_401", pod="api-6c9d7f5b84-x2kqz", namespace="shop"))
    values = ask(AGE, world).fixes[0].values
    assert (values["pod"], values["namespace"]) == ("api-6c9d7f5b84-x2kqz", "shop")
    values = ask(AGE, aged(4)).fixes[0].values
    assert (values["pod"], values["namespace"]) == ("<pod>", "<namespace>")
