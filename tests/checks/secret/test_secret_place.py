"""Which secret it is, where it is, whether it can be read, and whom it is for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from secret_worlds import MISSED, NOW, SERVER, choice, login, secret, user

from core.checks.secret import account_kind, exists, in_use, server_match
from core.checks.secret import format as format_
from core.facts.cloud import CloudNames
from core.facts.fact import Denied, Known
from core.facts.pull_secret import AccountKind, Flaw, PullAccount
from core.facts.registry import Registry
from core.model import Certainty, Status

GONE = Denied("Microsoft.ContainerRegistry/registries/read", "/x")


@pytest.mark.parametrize(
    ("given", "status", "reason"),
    [
        (choice(), "not-applicable", "no-secret"),
        (choice(text="401"), "not-applicable", "no-secret"),
        (choice(secret()), "pass", "given"),
        (choice(secret(), users=[user("Pod", "acr-cred")]), "pass", "named"),
        (choice(secret(), users=[user("Pod")]), "warning", "names-none"),
        (choice(secret(), users=[user("ServiceAccount")]), "pass", "given"),
        (choice(secret(), users=[user("ServiceAccount"), user("Pod", "acr-cred")]), "pass", "named"),
        (choice(text=MISSED), "pass", "named-in-text"),
        (choice(others=[MISSED], text="401"), "pass", "named-in-text"),
    ],
)
def test_in_use(given, status, reason, registry: Registry, show) -> None:
    verdict = in_use.evaluate(given, Known(registry))
    assert (verdict.status.value, verdict.reason) == (status, reason)
    assert show(in_use.CHECK, verdict)


@pytest.mark.parametrize(
    ("given", "status", "reason", "certainty"),
    [
        (choice(), "not-applicable", "no-secret", None),
        (choice(secret()), "pass", "same-namespace", None),
        (choice(secret(namespace="default")), "fail", "other-namespace", Certainty.DEFINITE),
        (choice(secret(namespace="default"), secret(namespace="shop")), "pass", "same-namespace", None),
        (choice(secret(namespace="default"), text=MISSED), "fail", "other-namespace", Certainty.DEFINITE),
        (choice(secret(namespace="default"), namespace=None), "warning", "namespace-not-known", None),
        (choice(secret(namespace=None)), "warning", "namespace-not-in-secret", None),
        (choice(secret(name="acr-cert"), users=[user("Pod", "acr-cred")]), "fail", "other-name", Certainty.LIKELY),
        (choice(secret(name="acr-cert"), text=MISSED), "fail", "other-name", Certainty.LIKELY),
        (choice(text=MISSED), "fail", "not-retrieved", Certainty.LIKELY),
        (choice(users=[user("Pod", "acr-cred")]), "unknown", "not-given", None),
        (choice(secret(), users=[user("Pod", "acr-cred", namespace="other")], namespace=None), "fail",
         "other-namespace", Certainty.DEFINITE),
    ],
)  # fmt: skip
def test_exists(given, status, reason, certainty, registry: Registry, show) -> None:
    verdict = exists.evaluate(given, Known(registry))
    assert (verdict.status.value, verdict.reason, verdict.certainty) == (status, reason, certainty)
    assert show(exists.CHECK, verdict)
    if verdict.status is Status.FAIL:
        values = verdict.fixes[0].values
        assert (values["secret_name"], values["login_server"]) == (
            "acr-cert" if reason == "other-name" else "acr-cred",
            SERVER,
        )


def test_the_event_names_the_secret_and_the_namespace(registry: Registry, show) -> None:
    verdict = exists.evaluate(choice(text=MISSED), Known(registry))
    assert show(exists.CHECK, verdict).startswith("The node could not get the pull secret acr-cred in shop")
    two = choice(text=MISSED.replace("(acr-cred)", "(acr-cred, other)"))
    assert exists.evaluate(two, GONE).evidence[0].value == "acr-cred, other"


def test_of_many_secrets_the_one_for_pulling_counts(registry: Registry) -> None:
    helm = replace(secret(name="sh.helm.release.v1"), type="helm.sh/release.v1", logins=(), flaw=Flaw.WRONG_TYPE)
    given = choice(helm, secret(name="acr-cred"))
    assert exists.evaluate(given, Known(registry)).values["secret"] == "acr-cred"
    assert in_use.evaluate(choice(helm, helm), Known(registry)).values["secret"] == "<secret-name>"


def test_of_several_named_secrets_the_one_for_the_registry_counts(registry: Registry, cloud: CloudNames) -> None:
    hub = secret(login("docker.io"), name="hub")
    for secrets in ((hub, secret()), (secret(), hub)):
        given = choice(*secrets, users=(user("Pod", "hub", "acr-cred"),))
        assert server_match.evaluate(given, cloud, registry).status is Status.PASS
    broken = replace(secret(flaw=Flaw.NOT_JSON), logins=())
    assert format_.evaluate(choice(hub, broken), Known(registry)).reason == "not-json"
    elsewhere = choice(secret(namespace="other"), hub, users=(user("Pod", "hub", "acr-cred"),))
    assert server_match.evaluate(elsewhere, cloud, registry).reason == "docker-hub"


def test_a_secret_that_nobody_gave_may_be_the_right_one(registry: Registry, cloud: CloudNames, show) -> None:
    hub = secret(login("docker.io"), name="hub")
    verdict = server_match.evaluate(choice(hub, users=(user("Pod", "hub", "acr-cred"),)), cloud, registry)
    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, "others-not-given")
    show(server_match.CHECK, verdict)
    alone = server_match.evaluate(choice(hub, users=(user("Pod", "hub"),)), cloud, registry)
    assert alone.status is Status.FAIL


@pytest.mark.parametrize(
    ("image", "servers", "told"),
    [
        (f"{SERVER}/web/api:1.4.2", ["contosoreg-b7gz.azurecr.io"], SERVER),
        (None, ["ghcr.io", "https://ContosoReg.azurecr.io/v1/"], SERVER),
        (
            "web/api:1.4.2",
            ["contosoreg-b7gz.azurecr.io", "contosoreg-b7gz.azurecr.io/web"],
            "contosoreg-b7gz.azurecr.io",
        ),
        (None, [SERVER, "contosoreg-b7gz.azurecr.io"], "<login-server>"),
        (None, ["*.azurecr.io", "contosoreg.azurecr.com", f"{SERVER}:5000", "otherreg.azurecr.io"], "<login-server>"),
    ],
)
def test_the_server_of_a_registry_that_cannot_be_read_is_told_by_image_or_secret(image, servers, told: str) -> None:
    logins = [login(server) for server in servers]
    here, elsewhere = secret(*logins, flaw=Flaw.WRONG_TYPE), secret(*logins, namespace="default")
    for verdict in (
        format_.evaluate(choice(here, image=image), GONE),
        exists.evaluate(choice(elsewhere, image=image), GONE),
        in_use.evaluate(choice(here, users=[user("Pod")], image=image), GONE),
    ):
        assert verdict.fixes[0].values["login_server"] == told


def test_a_secret_that_nobody_gave_tells_no_server() -> None:
    (fix,) = exists.evaluate(choice(text=MISSED, image=None), GONE).fixes
    assert fix.values["login_server"] == "<login-server>"


def test_the_way_to_make_it_again_has_the_real_names(registry: Registry) -> None:
    (fix,) = exists.evaluate(choice(secret(namespace="default")), Known(registry)).fixes
    assert fix.values == {
        "secret_name": "acr-cred",
        "namespace": "shop",
        "login_server": SERVER,
        "username": "shop-pull",
    }


@pytest.mark.parametrize("flaw", list(Flaw))
def test_every_flaw_is_a_finding(flaw: Flaw, registry: Registry, show) -> None:
    whole = format_.evaluate(choice(secret(flaw=flaw)), Known(registry))
    single = format_.evaluate(choice(secret(login(flaw=flaw))), Known(registry))
    for verdict in (whole, single):
        assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, flaw.value, Certainty.DEFINITE)
        assert show(format_.CHECK, verdict)


def test_only_the_login_for_the_registry_is_judged(registry: Registry) -> None:
    bad, good = login("other.azurecr.io", flaw=Flaw.NO_PASSWORD), login()
    assert format_.evaluate(choice(secret(bad, good)), Known(registry)).status is Status.PASS
    bad_here = login(flaw=Flaw.NO_PASSWORD)
    assert format_.evaluate(choice(secret(bad_here, login("b.io"))), Known(registry)).reason == "no-password"
    assert format_.evaluate(choice(secret(bad, login("b.io"))), GONE).status is Status.PASS
    assert format_.evaluate(choice(text=MISSED), Known(registry)).reason == "not-given"
    assert format_.evaluate(choice(), Known(registry)).reason == "no-secret"


@pytest.mark.parametrize(
    "server",
    [
        SERVER,
        "ContosoReg.AzureCR.io",
        f"https://{SERVER}",
        f"https://{SERVER}/v1/",
        f"https://{SERVER}:443/v2/",
        f"http://{SERVER}/v2",
        "*.azurecr.io",
        f"{SERVER}/web",
    ],
)
def test_the_same_server_in_other_words(server: str, registry: Registry, cloud: CloudNames, show) -> None:
    verdict = server_match.evaluate(choice(secret(login("a.io"), login(server))), cloud, registry)
    assert (verdict.status, verdict.reason) == (Status.PASS, "same")
    assert show(server_match.CHECK, verdict)


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        ("https://index.docker.io/v1/", "docker-hub"),
        ("docker.io", "docker-hub"),
        ("contosoreg.azureacr.io", "misspelt"),
        ("contosoregg.azurecr.io", "other-registry"),
        ("contosoreg.azurecr.com", "misspelt"),
        ("contosoreg", "misspelt"),
        ("contosoreg.privatelink.azurecr.io", "misspelt"),
        ("contosodev.azurecr.io", "other-registry"),
        ("ghcr.io", "other-registry"),
        (f"{SERVER}:5000", "other-registry"),
        (f"{SERVER}/team", "other-path"),
        ("", "other-registry"),
        ("*.example.com", "other-registry"),
    ],
)
def test_another_server(server: str, reason: str, registry: Registry, cloud: CloudNames, show) -> None:
    verdict = server_match.evaluate(choice(secret(login(server))), cloud, registry)
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, reason, Certainty.DEFINITE)
    assert verdict.fixes[0].values["login_server"] == SERVER
    if server:
        assert show(server_match.CHECK, verdict)


def test_the_hash_in_the_login_server_belongs_to_it(registry: Registry, cloud: CloudNames, show) -> None:
    hashed = replace(registry, login_server="contosoreg-abc123def456.azurecr.io")
    for server in ("contosoreg.azurecr.io", "contosoreg-fff123def456.azurecr.io"):
        verdict = server_match.evaluate(choice(secret(login(server))), cloud, hashed)
        assert (verdict.status, verdict.reason) == (Status.FAIL, "hash-missing")
        assert show(server_match.CHECK, verdict)
    right = choice(secret(login(hashed.login_server)))
    assert server_match.evaluate(right, cloud, hashed).status is Status.PASS


def test_the_nearest_of_several_wrong_servers_is_named(registry: Registry, cloud: CloudNames) -> None:
    verdict = server_match.evaluate(
        choice(secret(login("ghcr.io"), login("contosoreg.azurecr.com"))), cloud, registry
    )
    assert (verdict.reason, verdict.values["server"]) == ("misspelt", "contosoreg.azurecr.com")
    assert [each.value for each in verdict.evidence if each.label == "secret-server"] == [
        "contosoreg.azurecr.com",
        "ghcr.io",
    ]


def test_without_logins_there_is_nothing_to_compare(registry: Registry, cloud: CloudNames) -> None:
    empty = replace(secret(), logins=(), flaw=Flaw.NOT_JSON)
    assert server_match.evaluate(choice(empty), cloud, registry).reason == "no-logins"
    assert server_match.evaluate(choice(), cloud, registry).reason == "no-secret"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (AccountKind.SERVICE_PRINCIPAL, Status.PASS),
        (AccountKind.ADMIN, Status.PASS),
        (AccountKind.TOKEN, Status.PASS),
        (AccountKind.SHORT_LIVED, Status.FAIL),
    ],
)
def test_account_kind(kind: AccountKind, status: Status, registry: Registry, show) -> None:
    account = PullAccount("somebody", kind, None)
    verdict = account_kind.evaluate(choice(secret()), registry, GONE, GONE, account, NOW, GONE, ())
    assert (verdict.status, verdict.reason) == (status, kind.value)
    assert show(account_kind.CHECK, verdict)


def test_no_login_is_no_account(registry: Registry) -> None:
    assert account_kind.evaluate(choice(secret()), registry, GONE, GONE, None, NOW, GONE, ()).reason == "no-login"
    assert account_kind.evaluate(choice(), registry, GONE, GONE, None, NOW, GONE, ()).reason == "no-secret"
