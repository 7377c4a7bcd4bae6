"""`pull-doctor diagnose --pull-secret`: from a file or standard input, and without a trace of its content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_program import Run, Served

from core.practice.scenario import load_scenario

OTHER_NAMESPACE = "secret-in-other-namespace"


def words(served: Served, *more: str) -> tuple[str, ...]:
    endpoint = served[0].arm_endpoint
    where = ("--arm-endpoint", endpoint, "--sign-in", "environment", "--format", "json")
    return ("diagnose", "--cluster", "aks-app", "--registry", "contosoreg", *where, *more)


@pytest.mark.parametrize("served", [OTHER_NAMESPACE], indirect=True)
def test_a_secret_in_another_namespace_comes_first(run: Run, served: Served, tmp_path: Path) -> None:
    scenario = load_scenario(OTHER_NAMESPACE)
    content = scenario.pull_secret.partition("---")[0]
    file, text = tmp_path / "secret.yaml", tmp_path / "event.txt"
    text.write_text(scenario.symptom, "utf-8")
    file.write_text(content, "utf-16")
    given = ("--pull-secret", str(file), "--namespace", "shop", "--error-text", str(text))
    done = run(*words(served, *given), environment=served[2])
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["conclusion"]["causes"] == ["secret.exists", "identity.acrpull-role"]
    assert served[1].unknown == []
    coded = content.partition(".dockerconfigjson: ")[2].partition("\n")[0]
    for stream in (done.stdout, done.stderr):
        assert "practice-admin-password" not in stream
        assert coded[:40] not in stream


@pytest.mark.parametrize("served", ["secret-admin-old-password"], indirect=True)
def test_consent_is_a_word_of_its_own(run: Run, served: Served) -> None:
    content = load_scenario("secret-admin-old-password").pull_secret
    quiet = run(*words(served, "--pull-secret", "-"), text=content, environment=served[2])
    assert not [request for request in served[1].log if "listcredentials" in request.url.lower()]
    found = {check["id"]: check for check in json.loads(quiet.stdout)["checks"]}
    assert found["secret.admin-account"]["reason"] == "not-compared"
    agreed = ("--pull-secret", "-", "--compare-admin-password")
    done = run(*words(served, *agreed), text=content, environment=served[2])
    found = {check["id"]: check for check in json.loads(done.stdout)["checks"]}
    assert len([request for request in served[1].log if "listcredentials" in request.url.lower()]) == 1
    assert found["secret.admin-account"]["missingPermission"]["action"].endswith("/listCredentials/action")


@pytest.mark.parametrize(
    ("text", "said"),
    [("Failed to pull image kAnArY", "neither YAML nor JSON"), ("kind: Secret\na: &x kAnArY\nb: *x\n", "aliases")],
)
def test_what_is_no_secret_is_wrong_usage_and_is_not_repeated(run: Run, text: str, said: str) -> None:
    done = run("diagnose", "--cluster", "a", "--registry", "b", "--pull-secret", "-", text=text)
    assert (done.returncode, done.stdout) == (64, "")
    assert said in done.stderr
    assert "kAnArY" not in done.stderr


def test_standard_input_holds_one_thing(run: Run) -> None:
    both = ("--pull-secret", "-", "--error-text", "-")
    done = run("diagnose", "--cluster", "a", "--registry", "b", *both, text="x")
    assert done.returncode == 64
    assert "Only one of --error-text and --pull-secret" in done.stderr
