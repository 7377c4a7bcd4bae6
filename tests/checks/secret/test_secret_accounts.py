"""What a pull secret signs in as, and whether that login counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from secret_worlds import MADE, NOW, REGISTRY, choice, login, secret

from core.checks.identity.evidence import moment
from core.checks.secret import acr_token, admin_account, scope_map, sp_credential
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.identities import Application, PasswordCredential, Puller, ServicePrincipal
from core.facts.pull_secret import (
    AccountKind,
    AdminComparison,
    PullAccount,
    RegistryToken,
    ScopeMap,
    TokenPassword,
)
from core.facts.registry import Registry
from core.facts.roles import PermissionBlock, RoleAssignment, RoleAssignments, RoleDefinition, RoleDefinitions
from core.facts.subscriptions import Subscriptions
from core.fixes.render import render
from core.model import Certainty, Status, Verdict
from core.texts import load

APP = "aaaaaaaa-1111-4111-8111-111111111111"
ACRPULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
TOKEN = PullAccount("shop-pull", AccountKind.TOKEN, MADE)
ADMIN = PullAccount("contosoreg", AccountKind.ADMIN, MADE)
PRINCIPAL = PullAccount(APP, AccountKind.SERVICE_PRINCIPAL, MADE)
GIVEN = choice(secret(login()))
REFUSED = choice(secret(login()), text="401")
OLD, DAY = MADE - timedelta(days=400), timedelta(days=1)


def key(ends: datetime | None, starts: datetime | None = OLD) -> PasswordCredential:
    return PasswordCredential("key", starts, ends, "a key")


def token_password(ends: datetime | None, made: datetime | None = OLD, name: str = "password1") -> TokenPassword:
    return TokenPassword(name, made, ends)


def token(*passwords: TokenPassword, enabled: bool = True) -> RegistryToken:
    return RegistryToken(f"{REGISTRY}/tokens/shop-pull", "shop-pull", enabled, f"{REGISTRY}/scopeMaps/m", passwords)


@pytest.mark.parametrize(
    ("found", "given", "status", "reason", "certainty"),
    [
        (Known(token(token_password(None))), GIVEN, "pass", "valid", None),
        (Known(token(token_password(NOW + DAY), token_password(None))), REFUSED, "pass", "valid", None),
        (Known(token(token_password(NOW - DAY), token_password(None))), GIVEN, "warning", "one-expired", None),
        (Known(token(token_password(NOW - DAY))), GIVEN, "fail", "expired", Certainty.DEFINITE),
        (Known(token()), GIVEN, "fail", "no-password", Certainty.DEFINITE),
        (Known(token(token_password(None), enabled=False)), GIVEN, "fail", "disabled", Certainty.DEFINITE),
        (Known(token(token_password(None, MADE + DAY))), GIVEN, "warning", "newer-than-secret", None),
        (Known(token(token_password(None, MADE + DAY))), REFUSED, "fail", "replaced", Certainty.LIKELY),
        (Known(token(token_password(None, None))), REFUSED, "pass", "valid", None),
        (Known(token(token_password(None, MADE + DAY), token_password(None))), REFUSED, "pass", "valid", None),
        (Missing("x"), GIVEN, "fail", "gone", Certainty.DEFINITE),
        (Denied("a", "b"), GIVEN, "unknown", "denied", None),
        (Unavailable(Trouble.TIMEOUT), GIVEN, "unknown", "unavailable-timeout", None),
        (Known(None), GIVEN, "not-applicable", "no-token", None),
    ],
)
def test_the_token(found, given, status, reason, certainty, registry: Registry, show) -> None:
    verdict = acr_token.evaluate(given, registry, NOW, TOKEN, found)
    assert (verdict.status.value, verdict.reason, verdict.certainty) == (status, reason, certainty)
    assert show(acr_token.CHECK, verdict)


def test_a_secret_of_unknown_age_holds_no_old_password(registry: Registry) -> None:
    newer = Known(token(token_password(None, MADE + DAY)))
    assert acr_token.evaluate(REFUSED, registry, NOW, replace(TOKEN, made_at=None), newer).status is Status.PASS


def test_a_new_password_comes_with_the_way_into_the_secret(registry: Registry) -> None:
    (fix,) = acr_token.evaluate(GIVEN, registry, NOW, TOKEN, Known(token())).fixes
    assert (fix.key, fix.values["token"], fix.values["secret_name"]) == (
        "renew-token-password",
        "shop-pull",
        "acr-cred",
    )
    (fix,) = acr_token.evaluate(GIVEN, registry, NOW, TOKEN, Missing("x")).fixes
    assert (fix.key, fix.values["repository"]) == ("make-registry-token", "web/api")


@pytest.mark.parametrize(
    ("passwords", "renewed"),
    [
        ((), "password1"),
        ((token_password(NOW - DAY, name="password2"),), "password2"),
        ((token_password(NOW - DAY), token_password(NOW + DAY, name="password2")), "password1"),
        ((token_password(NOW + DAY), token_password(NOW - DAY, name="password2")), "password2"),
        ((token_password(NOW + DAY, MADE + DAY),), "password2"),
        ((token_password(NOW + DAY, MADE + DAY, "password2"),), "password1"),
        ((token_password(None, MADE + DAY), token_password(NOW + DAY, MADE + DAY, "password2")), "password2"),
    ],
)
def test_a_password_that_counts_is_renewed_only_where_both_do(passwords, renewed: str, registry: Registry) -> None:
    verdict = acr_token.evaluate(GIVEN, registry, NOW, TOKEN, Known(token(*passwords)))
    fix = render(verdict.fixes[0], load(), {})
    assert f" --{renewed} " in fix.azure_cli[0]
    assert f" -Name {renewed} " in fix.powershell[1]


@pytest.mark.parametrize(
    ("actions", "repository", "covered"),
    [
        (["repositories/web/api/content/read"], "web/api", True),
        (["repositories/*/content/read"], "web/api", True),
        (["repositories/web/*/content/read"], "web/api", True),
        (["repositories/web*/content/read"], "web/api", True),
        (["repositories/WEB/api/content/read"], "web/api", False),
        (["repositories/web/api/Content/Read"], "web/api", True),
        (["repositories/web/api/metadata/read"], "web/api", False),
        (["repositories/web/api/content/write"], "web/api", False),
        (["repositories/web/ap/content/read"], "web/api", False),
        (["repositories/web/api2/content/read"], "web/api", False),
        (["repositories/web/*/content/read"], "web", False),
        (["repositories/*/api/content/read"], "web/api", False),
        (["repositories/w*b/api/content/read"], "web/api", False),
        (["repositories/a/content/read", "repositories/web/api/content/read"], "web/api", True),
        ([], "web/api", False),
        (["gateway/a/config/read"], "web/api", False),
    ],
)
def test_what_a_scope_map_covers(actions: list[str], repository: str, covered: bool) -> None:
    assert scope_map.covers(ScopeMap("id", "m", tuple(actions)), repository) is covered


def scoped(*actions: str, name: str = "shop") -> ScopeMap:
    return ScopeMap(f"{REGISTRY}/scopeMaps/{name}", name, actions)


def judged(given, registry: Registry, found: ScopeMap) -> Verdict:
    return scope_map.evaluate(given, registry, TOKEN, Known(token()), Known(found))


def test_the_scope_map(registry: Registry, show) -> None:
    good = judged(GIVEN, registry, scoped("repositories/web/*/content/read"))
    bad = judged(GIVEN, registry, scoped("repositories/ui/content/read"))
    own = judged(GIVEN, registry, scoped("repositories/*/metadata/read", name="_repositories_x"))
    assert [verdict.reason for verdict in (good, bad, own)] == ["covers", "leaves-out", "leaves-out"]
    assert bad.certainty is Certainty.DEFINITE
    assert [verdict.fixes[0].key for verdict in (bad, own)] == ["add-repository-to-scope-map", "use-pull-scope-map"]
    for verdict in (good, bad, own):
        assert show(scope_map.CHECK, verdict)


def test_without_a_repository_only_a_map_of_all_is_judged(registry: Registry, show) -> None:
    nothing = choice(secret(), image=None)
    every = judged(nothing, registry, scoped("repositories/*/content/read"))
    some = judged(nothing, registry, scoped("repositories/web/content/read"))
    assert (every.reason, some.reason) == ("covers", "repository-not-known")
    assert show(scope_map.CHECK, some)


def test_what_is_not_there_covers_nothing_and_is_no_second_fault(registry: Registry) -> None:
    there, none = Known(token()), Known(None)
    assert scope_map.evaluate(GIVEN, registry, None, there, none).reason == "no-token"
    assert scope_map.evaluate(GIVEN, registry, TOKEN, none, none).reason == "no-token"
    assert scope_map.evaluate(GIVEN, registry, TOKEN, Missing("t"), Missing("t")).reason == "no-token"
    assert scope_map.evaluate(GIVEN, registry, TOKEN, there, Denied("a", "b")).reason == "denied"
    assert scope_map.evaluate(GIVEN, registry, TOKEN, there, Missing("m")).reason == "missing-resource"
    assert scope_map.evaluate(choice(), registry, None, none, none).reason == "no-secret"


UNASKED = Known(None)
KUBELET = Known(Puller("object-1", "aks-app-agentpool", "client-1", managed_identity=True))


def admin(
    registry: Registry,
    cluster: Cluster,
    *,
    comparison=UNASKED,
    renewed=UNASKED,
    on: bool | None = True,
    given=GIVEN,
    account: PullAccount | None = ADMIN,
) -> Verdict:
    switched = replace(registry, admin_user_enabled=on)
    return admin_account.evaluate(given, switched, Known(cluster), KUBELET, account, comparison, renewed)


@pytest.mark.parametrize(
    ("how", "status", "reason", "certainty"),
    [
        ({"on": False}, "fail", "disabled", Certainty.DEFINITE),
        ({"on": False, "comparison": Denied("a", "b")}, "fail", "disabled", Certainty.DEFINITE),
        ({"comparison": Known(AdminComparison("password2"))}, "pass", "current", None),
        ({"comparison": Known(AdminComparison(None))}, "fail", "matches-neither", Certainty.DEFINITE),
        ({}, "unknown", "not-compared", None),
        ({"on": None}, "unknown", "not-compared", None),
        ({"comparison": Denied("a", "b")}, "unknown", "denied", None),
        ({"renewed": Known(MADE + DAY)}, "fail", "regenerated-since", Certainty.POSSIBLE),
        ({"renewed": Known(MADE + DAY), "given": REFUSED}, "fail", "regenerated-since", Certainty.LIKELY),
        ({"renewed": Known(MADE - DAY), "given": REFUSED}, "unknown", "not-compared", None),
        ({"renewed": Denied("a", "b")}, "unknown", "not-compared", None),
        ({"renewed": Known(MADE + DAY), "comparison": Known(AdminComparison("password"))}, "pass", "current", None),
        ({"account": TOKEN}, "not-applicable", "no-admin", None),
        ({"given": choice()}, "not-applicable", "no-secret", None),
    ],
)
def test_the_admin_account(how, status, reason, certainty, registry: Registry, cluster: Cluster, show) -> None:
    verdict = admin(registry, cluster, **how)
    assert (verdict.status.value, verdict.reason, verdict.certainty) == (status, reason, certainty)
    assert show(admin_account.CHECK, verdict)


def test_a_role_for_the_nodes_is_better_than_the_admin_account(registry: Registry, cluster: Cluster) -> None:
    assert [fix.key for fix in admin(registry, cluster, on=False).fixes] == [
        "grant-acrpull",
        "enable-admin-account",
        "copy-admin-password",
    ]


def principal(*passwords: PasswordCredential, enabled: bool = True) -> ServicePrincipal:
    return ServicePrincipal("object-sp", APP, "sp-pull", enabled, passwords=passwords)


def application(*passwords: PasswordCredential) -> Known[Application]:
    return Known(Application("object-app", APP, passwords))


def assigned(role: str = ACRPULL, condition: str | None = None, expanded: bool = True) -> Known[RoleAssignments]:
    item = RoleAssignment("id", REGISTRY, role, "object-sp", "ServicePrincipal", condition, "2.0", OLD, OLD)
    return Known(RoleAssignments((item,), groups_expanded=expanded))


NOTHING = Known(RoleAssignments(()))
ROLES = Known(
    RoleDefinitions(
        {
            ACRPULL: Known(
                RoleDefinition(
                    ACRPULL,
                    "AcrPull",
                    custom=False,
                    blocks=(PermissionBlock(("Microsoft.ContainerRegistry/registries/pull/read",)),),
                )
            )
        }
    )
)

FOUND = Known(principal())
VALID = (key(NOW + DAY),)


def sp(
    registry: Registry,
    cluster: Cluster,
    *,
    found=FOUND,
    keys: Sequence[PasswordCredential] | None = VALID,
    app=None,
    roles=None,
    definitions=ROLES,
    given=GIVEN,
    account: PullAccount | None = PRINCIPAL,
    directories: Subscriptions | Denied | None = None,
) -> Verdict:
    return sp_credential.evaluate(
        given,
        registry,
        NOW,
        Known(cluster),
        directories if isinstance(directories, Denied) else Known(directories or Subscriptions({})),
        account,
        found,
        app or application(*(keys or ())),
        roles or assigned(),
        definitions,
    )


@pytest.mark.parametrize(
    ("how", "status", "reason", "certainty"),
    [
        ({}, "pass", "may-pull", None),
        ({"keys": (key(None),)}, "pass", "may-pull", None),
        ({"found": Missing("x")}, "fail", "gone", Certainty.DEFINITE),
        ({"found": Denied("a", "b")}, "unknown", "denied", None),
        ({"found": Known(None)}, "not-applicable", "no-service-principal", None),
        ({"found": Known(principal(enabled=False))}, "fail", "disabled", Certainty.DEFINITE),
        ({"keys": (key(NOW - DAY),)}, "fail", "expired", Certainty.DEFINITE),
        ({"keys": (key(NOW - DAY),), "roles": Denied("a", "b")}, "fail", "expired", Certainty.DEFINITE),
        ({"keys": ()}, "fail", "no-password", Certainty.DEFINITE),
        ({"app": Denied("a", "b")}, "unknown", "denied", None),
        ({"app": Missing("x")}, "unknown", "application-elsewhere", None),
        ({"app": Denied("a", "b"), "found": Known(principal(key(None)))}, "pass", "may-pull", None),
        ({"app": Denied("a", "b"), "roles": NOTHING}, "fail", "no-role", Certainty.DEFINITE),
        ({"roles": NOTHING}, "fail", "no-role", Certainty.DEFINITE),
        ({"roles": Denied("a", "b")}, "unknown", "denied", None),
        ({"definitions": Denied("a", "b")}, "unknown", "denied", None),
        ({"definitions": Known(RoleDefinitions({}))}, "unknown", "role-not-known", None),
        ({"roles": Known(RoleAssignments((), groups_expanded=False))}, "unknown", "role-not-known", None),
        ({"keys": (key(NOW - DAY), key(NOW + DAY))}, "warning", "some-expired", None),
        (
            {"keys": (key(NOW - DAY), key(NOW + DAY)), "given": REFUSED},
            "fail",
            "holds-an-expired-one",
            Certainty.LIKELY,
        ),
        ({"keys": (key(NOW + DAY, MADE + DAY),)}, "warning", "newer-than-secret", None),
        ({"keys": (key(NOW + DAY, MADE + DAY),), "given": REFUSED}, "fail", "holds-an-old-one", Certainty.LIKELY),
        ({"keys": (key(NOW - DAY), key(None)), "roles": NOTHING}, "fail", "no-role", Certainty.DEFINITE),
        ({"account": TOKEN}, "not-applicable", "no-service-principal", None),
        ({"given": choice()}, "not-applicable", "no-secret", None),
    ],
)
def test_the_principal(how, status, reason, certainty, registry: Registry, cluster: Cluster, show) -> None:
    verdict = sp(registry, cluster, **how)
    assert (verdict.status.value, verdict.reason, verdict.certainty) == (status, reason, certainty)
    assert show(sp_credential.CHECK, verdict)


@pytest.mark.parametrize("roles", [assigned(), NOTHING])
@pytest.mark.parametrize("given", [GIVEN, choice(secret(login()), text="AADSTS7000222", kind="SP_EXPIRED")])
@pytest.mark.parametrize("keys", [(key(NOW + DAY),), (key(NOW - DAY), key(NOW + 2 * DAY)), (key(NOW - DAY),)])
def test_how_long_passwords_last_is_shown_whatever_the_finding(
    keys, given, roles, registry: Registry, cluster: Cluster, show
) -> None:
    verdict = sp(registry, cluster, keys=keys, given=given, roles=roles)
    ends = {entry.value.rpartition(" to ")[2] for entry in verdict.evidence if entry.label.startswith("password-")}
    assert ends == {moment(one.ends) for one in keys}
    if verdict.reason == "holds-an-expired-one":
        assert f"the last one on {moment(NOW - DAY)}" in show(sp_credential.CHECK, verdict)


def test_many_passwords_leave_room_for_what_a_pull_takes(registry: Registry, cluster: Cluster) -> None:
    verdict = sp(registry, cluster, keys=(key(NOW + DAY),) * 12, roles=NOTHING)
    labels = [entry.label for entry in verdict.evidence]
    assert (verdict.reason, labels.count("password-valid"), "needed-permission" in labels) == ("no-role", 10, True)


def test_what_cannot_be_seen_from_another_directory_is_no_fault(
    registry: Registry, cluster: Cluster, subscriptions: Subscriptions, show
) -> None:
    (home,) = subscriptions.by_id.values()
    abroad = replace(registry, subscription_id="other", tenant_id="tenant-fabrikam")
    known = Subscriptions({home.id: home})
    for how in ({"found": Missing("x")}, {"roles": NOTHING}):
        verdict = sp(abroad, cluster, directories=known, **how)
        assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "other-directory")
        assert show(sp_credential.CHECK, verdict)
        refused = Denied("Microsoft.Resources/subscriptions/read", "/subscriptions")
        verdict = sp(replace(abroad, tenant_id=None), cluster, directories=refused, **how)
        assert (verdict.status, verdict.missing is not None) == (Status.UNKNOWN, True)


def test_a_registry_with_repository_permissions_takes_another_role(registry: Registry, cluster: Cluster) -> None:
    verdict = sp(replace(registry, abac=True), cluster)
    assert (verdict.reason, verdict.fixes[0].key) == ("no-role", "let-principal-read-repositories")
    assert verdict.fixes[0].values["principal_id"] == "object-sp"


@pytest.mark.parametrize(("abac", "role"), [(False, "AcrPull"), (True, "Container Registry Repository Reader")])
def test_a_new_principal_gets_the_role_that_counts(
    abac: bool, role: str, registry: Registry, cluster: Cluster
) -> None:
    (fix,) = sp(replace(registry, abac=abac), cluster, found=Missing("x")).fixes
    assert (fix.key, fix.values["pull_role"]) == ("make-secret-principal", role)
