"""Of several logins that fit an image, a refused one is a cause only if none of the others can work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from secret_worlds import MADE, NOW, REGISTRY, SERVER, choice, login, secret, user

from core.checks.secret import account_kind
from core.collect.pull_accounts import accounts_of
from core.facts.fact import Denied, Fact, Known, Missing
from core.facts.pull_secret import AccountKind, PullAccount, RegistryToken, ScopeMap, TokenPassword
from core.facts.registry import Registry
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.facts.secret_login import SecretLogin
from core.model import Evidence, Status, Verdict
from core.tree import TREE

DENIED = Denied("Microsoft.ContainerRegistry/registries/tokens/read", REGISTRY)
MAP = ScopeMap(f"{REGISTRY}/scopeMaps/m", "m", ("repositories/web/api/content/read",))
OTHER_MAP = replace(MAP, actions=("repositories/other/content/read",))
EVERY = ("repositories/*/content/read",)
GIVEN = choice(secret(login(f"{SERVER}/web", "long"), login(SERVER, "short")))


def token(name: str, *, ends_in: int | None = None, made_after: bool = False) -> RegistryToken:
    made = MADE + timedelta(days=1 if made_after else -1)
    password = TokenPassword("password1", made, None if ends_in is None else NOW + timedelta(days=ends_in))
    return RegistryToken(f"{REGISTRY}/tokens/{name}", name, True, MAP.id, (password,))


def found(
    name: str,
    server: str,
    token: Fact[RegistryToken | None],
    scope_map: ScopeMap = MAP,
    kind: AccountKind = AccountKind.TOKEN,
) -> SecretLogin:
    none = Known(None)
    account = PullAccount(name, kind, MADE)
    roles, held = Known(RoleDefinitions({})), Known(RoleAssignments(()))
    return SecretLogin(server, account, token, Known(scope_map), none, none, none, none, held, roles)


EXPIRED = found("long", f"{SERVER}/web", Known(token("long", ends_in=-1)))
SOUND = found("short", SERVER, Known(token("short")))


def judge(registry: Registry, *logins: SecretLogin) -> Verdict:
    return account_kind.evaluate(GIVEN, registry, DENIED, DENIED, logins[0].account, NOW, DENIED, logins)


def test_a_sound_shorter_path_behind_a_refused_longer_one_lets_the_node_in(registry: Registry, show) -> None:
    verdict = judge(registry, EXPIRED, SOUND)
    assert (verdict.status, verdict.reason) == (Status.PASS, "another-login")
    assert (verdict.values["username"], verdict.values["server"]) == ("short", SERVER)
    assert "short at contosoreg.azurecr.io" in show(account_kind.CHECK, verdict)
    followed = {
        edge.target for edge in TREE.edges if edge.source == "secret.account-kind" and verdict.reason in edge.reasons
    }
    assert not followed, "nothing asks for the login that was refused"


@pytest.mark.parametrize(
    "other",
    [
        found("short", SERVER, Missing("x")),
        found("short", SERVER, Known(token("short", ends_in=-2))),
        found("short", SERVER, Known(token("short")), OTHER_MAP),
        found("short", SERVER, Known(None), kind=AccountKind.SHORT_LIVED),
    ],
)
def test_where_all_are_refused_the_first_one_is_meant_by_name(other: SecretLogin, registry: Registry) -> None:
    verdict = judge(registry, EXPIRED, other)
    assert (verdict.reason, verdict.values["username"]) == ("token", "long")
    assert {one.value for one in verdict.evidence} == {f"{SERVER}/web", "long"}


@pytest.mark.parametrize(
    ("other", "status"),
    [
        (found("short", SERVER, DENIED), Status.UNKNOWN),
        (found("short", SERVER, Known(token("short", made_after=True))), Status.WARNING),
    ],
)
def test_an_open_one_leaves_the_cause_open(other: SecretLogin, status: Status, registry: Registry, show) -> None:
    verdict = judge(registry, EXPIRED, other)
    assert (verdict.status, verdict.reason) == (status, "another-open")
    assert (verdict.missing is None) == (status is Status.WARNING)
    assert show(account_kind.CHECK, verdict)


@pytest.mark.parametrize("other", [EXPIRED, found("short", SERVER, DENIED), SOUND])
def test_a_first_one_that_works_needs_no_other(other: SecretLogin, registry: Registry) -> None:
    first = found("long", f"{SERVER}/web", Known(token("long")))
    assert judge(registry, first, other).reason == "token"


def test_one_that_could_not_be_judged_needs_one_that_works(registry: Registry) -> None:
    hidden = found("long", f"{SERVER}/web", DENIED)
    assert judge(registry, hidden, found("short", SERVER, Known(token("short", made_after=True)))).reason == "token"
    verdict = judge(registry, hidden, SOUND)
    assert (verdict.status, verdict.reason, verdict.missing) == (Status.PASS, "another-login", None)
    assert Evidence("missing-permission", DENIED.action) in verdict.evidence, "it is told all the same"
    assert [entry.value for entry in verdict.evidence if entry.label == "secret-user"] == ["short", "long"]


def test_a_secret_that_nobody_gave_may_let_the_nodes_in_unless_the_pull_failed(registry: Registry, show) -> None:
    def verdict(text: str, *logins: SecretLogin) -> Verdict:
        pod = user("Pod", "acr-cred", "other-cred")
        given = choice(secret(login(f"{SERVER}/web", "long"), login(SERVER, "short")), users=(pod,), text=text)
        return account_kind.evaluate(given, registry, DENIED, DENIED, logins[0].account, NOW, DENIED, logins)

    refused = found("short", SERVER, Missing("x"))
    for logins in ((EXPIRED,), (EXPIRED, refused)):
        open_one = verdict("", *logins)
        assert (open_one.status, open_one.reason) == (Status.UNKNOWN, "others-not-given")
        assert "The pod names other-cred as well" in show(account_kind.CHECK, open_one)
        assert verdict("401", *logins).reason == "token"
    assert verdict("", EXPIRED, SOUND).reason == "another-login"
    assert verdict("", SOUND).reason == "token"


def test_what_was_not_read_of_any_login_is_told(registry: Registry) -> None:
    hidden = [found(name, SERVER, DENIED) for name in ("one", "two")]
    verdict = judge(registry, hidden[0], SOUND, hidden[1])
    assert verdict.reason == "another-login"
    assert [entry.label for entry in verdict.evidence].count("missing-permission") == 2


def test_a_token_of_some_repositories_is_open_where_nobody_knows_which_one_is_pulled(registry: Registry) -> None:
    unnamed = choice(secret(), image=None)
    for scope_map, status in ((MAP, Status.UNKNOWN), (replace(MAP, actions=EVERY), Status.PASS)):
        second = found("short", SERVER, Known(token("short")), scope_map)
        logins = (EXPIRED, second)
        verdict = account_kind.evaluate(unnamed, registry, DENIED, DENIED, EXPIRED.account, NOW, DENIED, logins)
        assert verdict.status is status


@pytest.mark.parametrize(
    ("servers", "names"),
    [
        ((SERVER, f"{SERVER}/web"), ["b", "a"]),
        ((f"{SERVER.upper()}:443", f"https://{SERVER}:443/web"), ["b", "a"]),
        ((f"{SERVER}/other", f"{SERVER}/web"), ["b"]),
        (("*.azurecr.io", SERVER), ["b", "a"]),
    ],
)
def test_every_login_that_fits_the_image_is_tried(servers, names: list[str], registry: Registry) -> None:
    logins = [login(server, name) for server, name in zip(servers, "ab", strict=True)]
    assert [account.username for _, account in accounts_of(choice(secret(*logins)), registry)] == names


def test_a_node_tries_every_secret_that_the_pod_names(registry: Registry) -> None:
    one, two = secret(login(username="one"), name="one"), secret(login(username="two"), name="two")
    abroad = secret(login(username="three"), name="three", namespace="elsewhere")
    named = choice(one, two, abroad, users=[user("Pod", "one", "two", "three")])
    assert [account.username for _, account in accounts_of(named, registry)] == ["one", "two"]
    assert [account.username for _, account in accounts_of(choice(one, two), registry)] == ["one"]


def test_the_same_account_is_tried_once(registry: Registry) -> None:
    assert len(accounts_of(choice(secret(login(), login(f"{SERVER}/web"))), registry)) == 1
