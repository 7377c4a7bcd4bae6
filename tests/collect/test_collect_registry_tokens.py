"""Tokens, scope maps and the admin account: recorded answers through the real client, nothing asked for nothing."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from collect_answers import REGISTRY_ID, bodies, body, choice, connect, mutations, refused

from core.azure.transport import RefusedWrite
from core.collect.asking import NotRead, outcome_of
from core.collect.pull_accounts import pull_account
from core.collect.registries import to_registry
from core.collect.registry_tokens import (
    admin_comparison,
    admin_regenerated,
    registry_token,
    to_scope_map,
    to_token,
    token_scope_map,
)
from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.pull_secret import AccountKind, Login, PullAccount, PullSecret, PullSecrets
from core.practice.http import arm_error
from core.pull_secret.fingerprint import fingerprint

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
TOKEN = PullAccount("acr-token", AccountKind.TOKEN, None)
ADMIN = PullAccount("contosoreg", AccountKind.ADMIN, None, fingerprint("the second"))
CREDENTIALS = {
    "username": "contosoreg",
    "passwords": [{"name": "password", "value": "the first"}, {"name": "password2", "value": "the second"}],
}
LOG = "GET /providers/microsoft.insights/eventtypes/management/values"
TOKENS = bodies("tokens")


def a_registry(**properties):
    answer = copy.deepcopy(next(iter(bodies("registries").values())))
    answer["properties"] |= properties
    return to_registry(answer)


@pytest.mark.parametrize("name", TOKENS)
def test_a_recorded_token_is_read(name):
    answer = TOKENS[name]
    azure, answers = connect({"GET /tokens/": answer})
    found = registry_token(azure, choice(), TOKEN)
    assert len(answers.asked) == 1
    assert "/registries/contosoreg/tokens/acr-token?" in answers.urls()[0]
    assert (found.id, found.name, found.enabled) == (answer["id"], answer["name"], True)
    assert found.scope_map_id == answer["properties"]["scopeMapId"]
    assert found.passwords == ()


def test_passwords_have_an_age_and_maybe_an_end():
    answer = copy.deepcopy(body("tokens", "repository-token-create-01"))
    made = body("registries-generateCredentials", "repository-token-create-01")["passwords"]
    answer["properties"] |= {
        "status": "Disabled",
        "credentials": {"passwords": [made[0] | {"expiry": "2027-01-01T00:00:00Z"}, made[1]]},
    }
    found = to_token(answer)
    assert not found.enabled
    assert [password.ends for password in found.passwords] == [datetime(2027, 1, 1, tzinfo=UTC), None]
    assert found.passwords[0].made_at.isoformat()[:19] == made[0]["creationTime"][:19]


@pytest.mark.parametrize("name", bodies("scopeMaps"))
def test_a_recorded_scope_map_is_read(name):
    answer = bodies("scopeMaps")[name]
    azure, answers = connect({"GET /scopemaps/": answer})
    token = to_token(TOKENS["repository-token-create-01"])
    found = token_scope_map(azure, choice(), token)
    assert (found.id, found.name) == (answer["id"], answer["name"])
    assert found.actions == ("repositories/foo/content/read",)
    assert f"/scopeMaps/{token.scope_map_id.rpartition('/')[2]}?" in answers.urls()[0]


def test_odd_answers_are_bad_answers_and_no_crash():
    for kind, read in (("tokens", to_token), ("scopeMaps", to_scope_map)):
        for _, odd in mutations(next(iter(bodies(kind).values())), (None, 7, "", [], {}, ["x"])):
            azure, _ = connect({"GET /": odd})
            outcome = outcome_of(lambda azure=azure: registry_token(azure, choice(), TOKEN))
            assert isinstance(outcome, Known | Unavailable), (kind, read)


@pytest.mark.parametrize("account", [None, ADMIN, PullAccount("x", AccountKind.SERVICE_PRINCIPAL, None)])
def test_without_a_token_nothing_is_asked(account):
    azure, answers = connect({})
    assert registry_token(azure, choice(), account) is None
    assert token_scope_map(azure, choice(), None) is None
    assert answers.asked == []


def test_a_refusal_names_the_permission_and_a_404_the_token():
    azure, _ = connect({"GET /tokens/": refused("Microsoft.ContainerRegistry/registries/tokens/read", REGISTRY_ID)})
    outcome = outcome_of(lambda: registry_token(azure, choice(), TOKEN))
    assert outcome == Denied("Microsoft.ContainerRegistry/registries/tokens/read", REGISTRY_ID)
    azure, _ = connect(
        {"GET /tokens/": arm_error(404, "ResourceNotFound", "The resource acr-token could not be found.")}
    )
    assert outcome_of(lambda: registry_token(azure, choice(), TOKEN)) == Missing(f"{REGISTRY_ID}/tokens/acr-token")


def consented(**more):
    return replace(choice(), may_list_passwords=True, **more)


def connect_consented(routes):
    azure, answers = connect(routes)
    azure.transport._consented = frozenset({f"{REGISTRY_ID}/listCredentials".lower()})
    return azure, answers


@pytest.mark.parametrize(("password", "match"), [("the second", "password2"), ("the first", "password"), ("x", None)])
def test_the_passwords_are_compared_with_consent(password, match):
    azure, answers = connect_consented({"POST /listcredentials": CREDENTIALS})
    account = replace(ADMIN, fingerprint=fingerprint(password))
    found = admin_comparison(azure, consented(), a_registry(adminUserEnabled=True), account)
    assert found.matches == match
    assert len(answers.asked) == 1
    assert "the " not in repr(found)


@pytest.mark.parametrize("name", bodies("registries-listCredentials"))
def test_recorded_credentials_are_read(name):
    azure, _ = connect_consented({"POST /listcredentials": bodies("registries-listCredentials")[name]})
    account = replace(ADMIN, fingerprint=fingerprint("REDACTED"))
    assert admin_comparison(azure, consented(), a_registry(adminUserEnabled=True), account).matches == "password"


def test_without_consent_or_need_no_password_is_listed():
    azure, answers = connect_consented({})
    on, off = a_registry(adminUserEnabled=True), a_registry(adminUserEnabled=False)
    assert admin_comparison(azure, choice(), on, ADMIN) is None
    assert admin_comparison(azure, consented(), off, ADMIN) is None
    assert admin_comparison(azure, consented(), on, replace(ADMIN, fingerprint=None)) is None
    assert admin_comparison(azure, consented(), on, TOKEN) is None
    assert admin_comparison(azure, consented(), on, None) is None
    assert answers.asked == []


def test_the_transport_itself_refuses_what_nobody_agreed_to():
    azure, answers = connect({"POST /listcredentials": CREDENTIALS})
    with pytest.raises(RefusedWrite):
        admin_comparison(azure, consented(), a_registry(adminUserEnabled=True), ADMIN)
    other = consented(registry_id=replace(choice().registry_id, text=f"{REGISTRY_ID}2", name="contosoreg2"))
    azure, answers = connect_consented({"POST /listcredentials": CREDENTIALS})
    with pytest.raises(RefusedWrite):
        admin_comparison(azure, other, a_registry(adminUserEnabled=True), ADMIN)
    assert answers.asked == []


def event(day: int, operation: str = "regenerateCredential", status: str = "Succeeded"):
    return {
        "eventTimestamp": f"2026-11-{day:02d}T08:00:00.1234567Z",
        "operationName": {"value": f"Microsoft.ContainerRegistry/registries/{operation}/action"},
        "status": {"value": status},
    }


@pytest.mark.parametrize(
    ("events", "day"),
    [
        ([], None),
        ([event(3), event(9), event(5)], 9),
        ([event(3), event(9, "listCredentials")], 3),
        ([event(3), event(9, status="Failed")], 3),
        ([{}, {"eventTimestamp": 5}, event(4)], 4),
    ],
)
def test_the_last_regeneration_counts(events, day):
    azure, answers = connect({LOG: {"value": events}})
    found = admin_regenerated(azure, choice(), NOW, ADMIN)
    assert (found and found.day) == day
    (url,) = answers.urls()
    assert "resourceUri%20eq" in url
    assert "2026-08-27T10%3A00%3A00Z" in url


NEXT = "https://management.azure.com/subscriptions/s/providers/Microsoft.Insights/eventtypes/management/values?page="


def test_the_log_is_read_page_by_page_until_one_has_the_regeneration():
    others = [{"value": [event(20, "listCredentials")], "nextLink": f"{NEXT}{number}"} for number in (2, 3)]
    azure, answers = connect({LOG: [*others, {"value": [event(9)], "nextLink": f"{NEXT}4"}]})
    assert admin_regenerated(azure, choice(), NOW, ADMIN).day == 9
    assert [url.rpartition("page=")[2] for url in answers.urls()[1:]] == ["2", "3"]


@pytest.mark.parametrize("answer", [{"value": [], "nextLink": f"{NEXT}2"}, {"nextLink": f"{NEXT}2"}, {}])
def test_a_log_without_an_end_or_without_a_list_is_no_answer(answer):
    azure, _ = connect({LOG: answer})
    outcome = outcome_of(lambda: admin_regenerated(azure, choice(), NOW, ADMIN))
    assert isinstance(outcome, Unavailable)
    assert outcome.trouble is Trouble.BAD_ANSWER


def test_the_log_is_not_asked_for_nothing_and_may_be_refused():
    azure, answers = connect({LOG: refused("Microsoft.Insights/eventtypes/values/read", "/subscriptions/s")})
    assert admin_regenerated(azure, consented(), NOW, ADMIN) is None
    assert admin_regenerated(azure, choice(), NOW, TOKEN) is None
    assert answers.asked == []
    outcome = outcome_of(lambda: admin_regenerated(azure, choice(), NOW, ADMIN))
    assert isinstance(outcome, Denied)
    assert outcome.action == "Microsoft.Insights/eventtypes/values/read"
    azure, _ = connect({LOG: arm_error(400, "Oops", "Oops")})
    with pytest.raises(NotRead):
        admin_regenerated(azure, choice(), NOW, ADMIN)


@pytest.mark.parametrize(
    ("username", "kind"),
    [
        ("00000000-0000-0000-0000-000000000000", AccountKind.SHORT_LIVED),
        ("AAAAAAAA-1111-4111-8111-111111111111", AccountKind.SERVICE_PRINCIPAL),
        ("REGISTRY", AccountKind.ADMIN),
        ("shop-pull", AccountKind.TOKEN),
        ("aaaaaaaa-1111-4111-8111-11111111111", AccountKind.TOKEN),
    ],
)
def test_a_user_name_says_what_signs_in(username, kind):
    registry = a_registry()
    username = registry.name.upper() if username == "REGISTRY" else username
    login = Login(registry.login_server, username, None, b"print")
    secret = PullSecret("s", "n", "t", NOW, (Login("other.azurecr.io", "x"), login))
    azure, answers = connect({})
    found = pull_account(azure, replace(choice(), pull_secret=PullSecrets((secret,))), registry)
    assert found == PullAccount(username, kind, NOW, b"print")
    assert pull_account(azure, choice(), registry) is None
    nobody = PullSecrets((replace(secret, logins=(Login(registry.login_server, ""),)),))
    assert pull_account(azure, replace(choice(), pull_secret=nobody), registry) is None
    assert answers.asked == []
