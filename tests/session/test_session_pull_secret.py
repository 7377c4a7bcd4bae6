"""Pull secrets in whole runs: nothing asked twice, nothing asked without need or consent, both ways weighed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from session_worlds import open_world, result_of

from core.model import Outcome, Status
from core.practice.names import scope
from core.report import render
from core.session import _consented
from core.texts import load


def asked(opened, part: str) -> list[str]:
    return [f"{each.method} {each.url}" for each in opened.simulator.log if part in each.url.lower()]


def test_the_cluster_s_own_principal_is_not_looked_up_again() -> None:
    opened = open_world("secret-principal-of-cluster")
    report = opened.diagnose()
    gets = Counter(f"{each.method} {each.url}" for each in opened.simulator.log if each.method == "GET")
    assert max(gets.values()) == 1
    assert len(asked(opened, "/serviceprincipals(")) == 1
    assert len(asked(opened, "assignedto")) == 1
    assert result_of(report, "secret.sp-credential").verdict.status is Status.FAIL


def test_without_a_pull_secret_nothing_of_it_is_asked() -> None:
    opened = open_world("healthy-public")
    report = opened.diagnose()
    for part in ("/tokens/", "/scopemaps/", "listcredentials", "microsoft.insights", "graph"):
        assert asked(opened, part) == []
    assert result_of(report, "secret.in-use").verdict.reason == "no-secret"
    assert result_of(report, "secret.acr-token").verdict.status is Status.NOT_APPLICABLE


def test_passwords_are_listed_with_consent_only() -> None:
    opened = open_world("secret-admin-current")
    opened.diagnose()
    assert len(asked(opened, "listcredentials")) == 1
    opened = open_world("secret-admin-current")
    opened.choice = replace(opened.choice, may_list_passwords=False)
    report = opened.diagnose()
    assert asked(opened, "listcredentials") == []
    assert result_of(report, "secret.admin-account").verdict.reason == "not-compared"
    assert report.conclusion.causes == ("identity.acrpull-role",)


def test_what_nobody_agreed_to_is_refused_on_the_way_out() -> None:
    opened = open_world("secret-admin-current")
    assert _consented(opened.choice) == (f"{opened.choice.registry_id}/listCredentials",)
    assert _consented(replace(opened.choice, may_list_passwords=False)) == ()


def test_situation_8_names_the_place_of_the_secret_first() -> None:
    report = open_world("secret-in-other-namespace").diagnose()
    assert report.conclusion.causes == ("secret.exists", "identity.acrpull-role")
    assert "acr-cred is in default, but the pod runs in shop" in report.conclusion.headline


def test_an_open_way_is_said_in_every_report() -> None:
    report = open_world("secret-admin-current").diagnose()
    role = result_of(report, "identity.acrpull-role")
    assert (role.verdict.status, role.softened_by) == (Status.WARNING, "secret.admin-account")
    assert report.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    texts = load()
    said = texts.fill("words", "report", "softened", values={"by": texts.title("secret.admin-account")})
    for format_ in ("text", "json", "markdown"):
        assert said in render(report, format_, texts)
    assert "cannot pull" not in report.conclusion.headline


def test_the_role_that_comes_makes_the_bad_secret_harmless_at_a_second_look() -> None:
    opened = open_world("secret-token-expired")
    report = opened.diagnose()
    assert report.conclusion.causes == ("secret.acr-token", "identity.acrpull-role")
    whole = open_world("secret-expired-role-good")
    opened.world.role_assignments.update(whole.world.role_assignments)
    for body in opened.world.role_assignments.values():
        body["properties"]["createdOn"] = body["properties"]["updatedOn"] = "2024-01-01T00:00:00.0000000Z"
    again = opened.check_again(report, "identity.acrpull-role")
    assert again.conclusion.causes == ()
    token = result_of(again, "secret.acr-token")
    assert (token.verdict.status, token.softened_by) == (Status.WARNING, "identity.acrpull-role")
    assert asked(opened, "/tokens/") == asked(opened, "/tokens/")[:1]
    for key in [key for key, body in opened.world.role_assignments.items() if scope("registry") in body["id"]]:
        del opened.world.role_assignments[key]
    back = opened.check_again(again, "identity.acrpull-role")
    assert back.conclusion.causes == ("secret.acr-token", "identity.acrpull-role")
