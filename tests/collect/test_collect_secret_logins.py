"""Every login that a node tries is read, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from collect_answers import REGISTRY_ID, bodies, choice, connect

from core.azure.clients import Azure
from core.collect.clusters import to_cluster
from core.collect.pull_accounts import accounts_of
from core.collect.registries import to_registry
from core.collect.secret_logins import MOST_LOGINS, secret_logins
from core.facts.fact import Denied, Known
from core.facts.identities import Puller, ServicePrincipal
from core.facts.pull_secret import Login, PullSecret, PullSecrets, RegistryToken, ScopeMap, SecretUser
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.practice.http import arm_error

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
REGISTRY = to_registry(next(iter(bodies("registries").values())))
TOKEN_BODY = next(iter(bodies("tokens").values()))
APP = "aaaaaaaa-1111-4111-8111-111111111111"
MAP = ScopeMap(TOKEN_BODY["properties"]["scopeMapId"], "m", ())
FIRST = RegistryToken(f"{REGISTRY_ID}/tokens/first", "first", True, MAP.id, ())

NONE = Known(None)
NOTHING = Known(RoleAssignments(()))
NO_CLUSTER = Denied("Microsoft.ContainerService/managedClusters/read", "x")


def given(*usernames: str, image: str | None = None):
    """A choice whose secret has a login for each name, each for a shorter path than the one before."""
    paths = [f"/{'web'[: 3 - at]}" if at < 3 else "" for at in range(len(usernames))]
    logins = tuple(
        Login(f"{REGISTRY.login_server}{path}", name, None, f"{at}".encode())
        for at, (path, name) in enumerate(zip(paths, usernames, strict=True))
    )
    secrets = PullSecrets((PullSecret("s", "n", "t", NOW, logins),))
    return replace(choice(image=image or f"{REGISTRY.login_server}/web/api:1"), pull_secret=secrets)


def collect(azure: Azure, picked, *, cluster=NO_CLUSTER, principal=NONE, application=NONE, puller=NONE, held=NOTHING):
    none = NONE
    accounts = accounts_of(picked, REGISTRY)
    return secret_logins(
        azure,
        picked,
        NOW,
        REGISTRY,
        accounts[0][1],
        Known(FIRST),
        Known(MAP),
        none,
        none,
        none,
        none,
        NOTHING,
        Known(RoleDefinitions({})),
        cluster,
        principal,
        application,
        puller,
        held,
        NOTHING,
        Known(RoleDefinitions({})),
    )


def test_a_single_login_asks_for_nothing():
    azure, answers = connect({})
    assert collect(azure, given("first")) == ()
    assert answers.asked == []


def test_a_single_login_is_looked_at_where_the_pod_names_a_secret_that_nobody_gave():
    azure, answers = connect({})
    picked = given("first")
    pod = SecretUser("Pod", "api", "n", ("s", "other"))
    (only,) = collect(azure, replace(picked, pull_secret=replace(picked.pull_secret, users=(pod,))))
    assert (only.account.username, only.token) == ("first", Known(FIRST))
    assert answers.asked == []


def test_the_second_token_is_read_and_a_shared_scope_map_only_once():
    azure, answers = connect({"GET /tokens/": TOKEN_BODY})
    first, second = collect(azure, given("first", "second"))
    assert (first.account.username, first.token, first.scope_map) == ("first", Known(FIRST), Known(MAP))
    assert (second.server, second.account.username) == (f"{REGISTRY.login_server}/we", "second")
    assert second.token.value.scope_map_id == MAP.id
    assert second.scope_map == Known(MAP)
    assert len(answers.asked) == 1


def test_another_password_of_the_same_account_asks_for_nothing():
    azure, answers = connect({})
    first, second = collect(azure, given("first", "FIRST"))
    assert (second.token, second.account.fingerprint) == (first.token, b"1")
    assert answers.asked == []


def test_a_refusal_stays_with_its_login():
    azure, _ = connect({"GET /tokens/": arm_error(403, "AuthorizationFailed", "No.")})
    first, second = collect(azure, given("first", "second"))
    assert first.token == Known(FIRST)
    assert isinstance(second.token, Denied)
    assert second.scope_map == second.token


def test_a_principal_is_looked_up_with_its_passwords_and_roles():
    nobody = {"value": []}
    azure, answers = connect({"GET /servicePrincipals": nobody, "GET /applications": nobody})
    _, second = collect(azure, given("first", APP))
    assert second.token == Known(None)
    assert not isinstance(second.service_principal, Known)
    assert second.assignments == second.service_principal
    assert answers.asked


def test_what_the_clusters_own_principal_was_asked_for_is_not_asked_again():
    azure, answers = connect({})
    own = to_cluster(next(iter(bodies("managedClusters").values())))
    principal = ServicePrincipal("object-1", APP, "aks-sp", enabled=True)
    held = Known(RoleAssignments((), groups_expanded=False))
    refused = Denied("Application.Read.All", "directory")
    _, second = collect(
        azure,
        given("first", APP),
        cluster=Known(replace(own, service_principal_client_id=APP.upper())),
        principal=Known(principal),
        application=refused,
        puller=Known(Puller("OBJECT-1", "aks-sp", APP, managed_identity=False)),
        held=held,
    )
    assert (second.service_principal, second.application, second.assignments) == (Known(principal), refused, held)
    assert answers.asked == []


def test_of_many_logins_some_are_read():
    azure, _ = connect({"GET /tokens/": TOKEN_BODY})
    many = given(*("first", *(f"token-{number}" for number in range(MOST_LOGINS + 3))))
    assert len(collect(azure, many)) == MOST_LOGINS
