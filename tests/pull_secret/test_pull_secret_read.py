"""Pull secrets are read in every form that kubectl prints, and nothing else is."""

from __future__ import annotations

import json
import pickle
import traceback
from dataclasses import fields
from datetime import UTC, datetime

import pytest
import yaml
from kubectl_secrets import b64, config, entry, secret

from core.facts.pull_secret import Flaw, Login, PullSecret
from core.pull_secret.document import LARGEST
from core.pull_secret.fingerprint import fingerprint
from core.pull_secret.read import NotAPullSecret, read_pull_secrets, read_pull_secrets_of

SERVER = "contosoreg.azurecr.io"
GOOD = secret(config((SERVER, entry())))
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "api", "namespace": "shop"},
    "spec": {"containers": [{"name": "api"}], "imagePullSecrets": [{"name": "acr-cred"}, {"name": "other"}]},
}


def one(text: str) -> PullSecret:
    (found,) = read_pull_secrets(text).secrets
    return found


def read(content: str, **how: str) -> PullSecret:
    return one(json.dumps(secret(content, **how)))


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
def test_a_secret_is_read_off_what_kubectl_prints(write) -> None:
    found = one(write(GOOD))
    assert (found.name, found.namespace, found.flaw) == ("acr-cred", "shop", None)
    assert found.type == "kubernetes.io/dockerconfigjson"
    assert found.made_at == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert found.logins == (Login(SERVER, "shop-pull", None, fingerprint("pass-word-1")),)


def test_a_list_and_several_documents_hold_several() -> None:
    other = secret(config((SERVER, entry())), name="second")
    listed = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [GOOD, other, POD]})
    parted = "---\n".join(yaml.safe_dump(each) for each in (GOOD, other, POD))
    for text in (listed, parted):
        found = read_pull_secrets(text)
        assert [each.name for each in found.secrets] == ["acr-cred", "second"]
        assert [(user.kind, user.secret_names) for user in found.users] == [("Pod", ("acr-cred", "other"))]


def test_what_pods_are_made_from_and_service_accounts_name_secrets_too() -> None:
    template = {"spec": {"containers": [], "imagePullSecrets": [{"name": "a"}]}}
    objects = [
        {"kind": "Deployment", "metadata": {"name": "d"}, "spec": {"template": template}},
        {"kind": "CronJob", "metadata": {"name": "c"}, "spec": {"jobTemplate": {"spec": {"template": template}}}},
        {"kind": "ServiceAccount", "metadata": {"name": "default"}, "imagePullSecrets": [{"name": "b"}]},
        {"kind": "Service", "metadata": {"name": "s"}, "spec": {}},
    ]
    found = read_pull_secrets(json.dumps({"items": objects}))
    assert found.secrets == ()
    assert [(user.kind, user.name, user.secret_names) for user in found.users] == [
        ("Deployment", "d", ("a",)),
        ("CronJob", "c", ("a",)),
        ("ServiceAccount", "default", ("b",)),
    ]


def test_a_prompt_before_it_and_the_encoding_of_powershell_do_not_matter() -> None:
    text = "PS> kubectl get secret acr-cred -o yaml\n" + yaml.safe_dump(GOOD)
    assert one(text).logins
    assert read_pull_secrets_of(text.encode("utf-16")).secrets[0].logins
    assert read_pull_secrets_of(b"\xef\xbb\xbf" + yaml.safe_dump(GOOD).encode()).secrets[0].logins


def test_the_legacy_type_has_no_auths_around_its_servers() -> None:
    legacy = secret(json.dumps({SERVER: entry()}), type_="kubernetes.io/dockercfg")
    assert one(json.dumps(legacy)).logins[0].username == "shop-pull"
    assert one(json.dumps(legacy)).flaw is None


def test_a_manifest_with_plain_data_is_read() -> None:
    manifest = {**GOOD, "stringData": {".dockerconfigjson": config((SERVER, entry(user="plain")))}}
    del manifest["data"]
    assert one(yaml.safe_dump(manifest)).logins[0].username == "plain"


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b64(config((SERVER, entry()))), Flaw.ENCODED_TWICE),
        ("{'auths': {}}", Flaw.NOT_JSON),
        ("[1, 2]", Flaw.NOT_JSON),
        ("{}", Flaw.NO_SERVERS),
        ('{"auths": {}}', Flaw.NO_SERVERS),
        (json.dumps({SERVER: entry()}), Flaw.NO_SERVERS),
    ],
)
def test_what_is_wrong_with_the_whole(content: str, flaw: Flaw) -> None:
    assert read(content).flaw is flaw
    assert read(content).logins == ()


def test_type_and_data_are_judged_too() -> None:
    opaque = read(config((SERVER, entry())), type_="Opaque")
    assert (opaque.flaw, opaque.type) == (Flaw.WRONG_TYPE, "Opaque")
    assert opaque.logins
    assert one(json.dumps({**GOOD, "data": {}})).flaw is Flaw.NO_DATA
    assert one(json.dumps({**GOOD, "data": {".dockerconfigjson": "%%%"}})).flaw is Flaw.NOT_BASE64


@pytest.mark.parametrize(
    ("login", "flaw"),
    [
        (entry(), None),
        ({"auth": b64("u:p")}, None),
        ({"auth": b64("u:p").rstrip("=")}, None),
        ({"username": "u", "password": "p"}, None),
        ({"auth": b64("u:with:colons")}, None),
        (entry(auth=b64("shop-pull:another")), Flaw.AUTH_DIFFERS),
        (entry(auth=b64("shop-pull:pass-word-1\n")), Flaw.LINE_BREAK),
        ({"username": "u", "password": "p\n"}, Flaw.LINE_BREAK),
        ({"auth": b64("no colon")}, Flaw.AUTH_NOT_READABLE),
        ({"auth": "&&&"}, Flaw.AUTH_NOT_READABLE),
        ({}, Flaw.NO_PASSWORD),
        ({"username": "u"}, Flaw.NO_PASSWORD),
        ({"identitytoken": "x"}, Flaw.NO_PASSWORD),
    ],
)
def test_what_is_wrong_with_a_login(login: dict[str, str], flaw: Flaw | None) -> None:
    assert read(config((SERVER, login))).logins[0].flaw is flaw


def test_nodes_go_by_auth_where_it_is_there() -> None:
    found = read(config((SERVER, entry(auth=b64("other:another"))))).logins[0]
    assert (found.username, found.fingerprint) == ("other", fingerprint("another"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Failed to pull image",
        "kind: [",
        "apiVersion: v1\nkind: Pod\nmetadata: {}\n",
        "{" * 100_000,
        "kind: Secret\na: " + "[" * 100_000,
        "a: &x [1]\nkind: Secret\nb: *x\n",
        "kind: !!python/object/apply:os.system ['true']\n",
        "kind: Secret\n" + "- a\n" * 10,
        "kind: Secret " + "x" * LARGEST,
        "\x00kind: Secret",
    ],
)
def test_hostile_or_foreign_text_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(NotAPullSecret) as refused:
        read_pull_secrets(text)
    assert len(str(refused.value)) < 200
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_an_error_never_quotes_what_could_not_be_read() -> None:
    mark = "".join(["kAn", "ArY"])
    with pytest.raises(NotAPullSecret) as refused:
        read_pull_secrets(f"apiVersion: v1\nkind: Secret\ndata:\n  password: {mark}\n bad: [\n")
    assert mark not in "".join(traceback.format_exception(refused.value))


def test_a_thousand_aliases_are_not_laughed_at() -> None:
    bomb = "apiVersion: v1\na: &a ['x']\n" + "".join(f"{n}: &{n} [*a, *a, *a]\n" for n in "bcdef") + "kind: Secret\n"
    with pytest.raises(NotAPullSecret, match="aliases"):
        read_pull_secrets(bomb)


def test_no_password_is_kept_anywhere() -> None:
    password = "kAnArY-pass-word"
    found = read_pull_secrets(
        json.dumps(secret(config((f"https://u:{password}@{SERVER}", entry(password=password)))))
    )
    for kept in (repr(found), repr(found.secrets[0].logins), str(pickle.dumps(found))):
        assert password not in kept
        assert b64(f"shop-pull:{password}") not in kept
    assert "fingerprint" in {field.name for field in fields(Login)}
    assert "fingerprint" not in repr(found.secrets[0].logins[0])


def test_a_login_in_the_server_s_address_is_no_part_of_the_server() -> None:
    found = read(config((f"https://user:pw@{SERVER}/v1/", entry()), (f"user@{SERVER}", entry())))
    assert [login.server for login in found.logins] == [f"https://{SERVER}/v1/", SERVER]


def test_equal_passwords_have_equal_fingerprints_and_others_do_not() -> None:
    assert fingerprint("a") == fingerprint("a")
    assert fingerprint("a") != fingerprint("a\n")


def test_names_show_on_one_line() -> None:
    found = read(config(("evil\n\x1b[31m", entry(user="a\nb\u202ec"))), name="x\ny")
    assert "\n" not in (found.name or "") + found.logins[0].server + found.logins[0].username
