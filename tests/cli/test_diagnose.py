"""`pull-doctor diagnose` against a served Azure: discovery, sign-in, look-up by name, report, exit codes."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import pytest
from cli_program import ROOT, Run, Served

from core.practice.scenario import load_scenario
from core.practice.server import Server


def words_for(endpoint: str, cluster: str, registry: str, *more: str) -> tuple[str, ...]:
    where = ("--arm-endpoint", endpoint, "--sign-in", "environment")
    return ("diagnose", "--cluster", cluster, "--registry", registry, *where, *more)


def words(server: Server, cluster: str, registry: str, *more: str) -> tuple[str, ...]:
    return words_for(server.arm_endpoint, cluster, registry, *more)


@pytest.mark.parametrize("served", ["role-on-control-plane-identity"], indirect=True)
def test_a_cause_is_found_by_name_and_nothing_is_asked_twice(run: Run, served: Served) -> None:
    server, simulator, environment = served
    text = load_scenario("role-on-control-plane-identity").symptom
    more = ("--error-text", "-", "--format", "json")
    done = run(*words(server, "aks-app", "contosoreg.azurecr.io", *more), text=text, environment=environment)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["conclusion"]["causes"][0] == "identity.acrpull-role"
    assert report["practice"] is False
    assert report["account"] == server.reader.client_id
    assert report["symptom"]["kind"] == "ANON_401"
    assert report["image"]["tag"] == "1.4.2"
    asked = [request.url for request in simulator.log if request.method == "GET"]
    assert sorted(asked) == sorted(set(asked))
    assert simulator.unknown == []
    assert report["requests"]["repeated"] == 0
    for stream in (done.stdout, done.stderr):
        assert server.reader.client_secret not in stream
        assert "eyJ" not in stream


@pytest.mark.parametrize("served", ["tag-missing"], indirect=True)
def test_images_are_looked_up_in_a_served_registry(run: Run, served: Served) -> None:
    server, simulator, environment = served
    more = ("--image", "contosoreg.azurecr.io/web/api:1.4.3", "--format", "json")
    done = run(*words(server, "aks-app", "contosoreg", *more), environment=environment)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["conclusion"]["causes"] == ["image.tag"]
    assert "the nearest is 1.4.2" in report["conclusion"]["headline"]
    assert any(request.host == "contosoreg.azurecr.io" for request in simulator.log)
    assert simulator.unknown == []


@pytest.mark.parametrize("served", ["healthy-public"], indirect=True)
def test_a_healthy_pair_is_silent(run: Run, served: Served) -> None:
    server, _, environment = served
    done = run(*words(server, "aks-app", "contosoreg", "--format", "json"), environment=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["conclusion"] == {
        "outcome": "no-cause-found",
        "headline": "Nothing is wrong in what was checked: aks-app should be able to pull from contosoreg.",
        "causes": [],
    }
    assert done.stderr == ""


@pytest.mark.parametrize("served", ["healthy-public"], indirect=True)
def test_an_unknown_name_is_answered_with_near_ones(run: Run, served: Served) -> None:
    server, _, environment = served
    done = run(*words(server, "aks-ap", "contosoreg"), environment=environment)
    assert (done.returncode, done.stdout) == (64, "")
    assert "aks-app" in done.stderr


@pytest.mark.parametrize("served", ["healthy-public"], indirect=True)
def test_a_refused_sign_in_has_its_own_exit_code(run: Run, served: Served) -> None:
    server, _, environment = served
    wrong = {**environment, "AZURE_CLIENT_SECRET": "not-the-secret-at-all"}
    done = run(*words(server, "aks-app", "contosoreg"), environment=wrong)
    assert (done.returncode, done.stdout) == (3, "")
    assert "secret is wrong" in done.stderr
    assert "not-the-secret-at-all" not in done.stderr
    assert (
        run(*words(server, "aks-app", "contosoreg"), environment={"SSL_CERT_FILE": str(server.ca_file)}).returncode
        == 3
    )


@pytest.mark.parametrize("served", ["healthy-public"], indirect=True)
def test_a_cloud_that_is_not_trusted_is_named(run: Run, served: Served) -> None:
    server, _, environment = served
    untrusted = {name: value for name, value in environment.items() if name != "SSL_CERT_FILE"}
    done = run(*words(server, "aks-app", "contosoreg"), environment=untrusted)
    assert (done.returncode, done.stdout) == (3, "")
    assert "certificate" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_the_wait_for_a_cloud_that_does_not_answer() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        endpoint = f"https://127.0.0.1:{silent.getsockname()[1]}"
        command = [sys.executable, "-m", "pull_doctor", *words_for(endpoint, "aks-app", "contosoreg")]
        program = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        connection, _ = silent.accept()
        program.send_signal(signal.SIGINT)
        _, told = program.communicate(timeout=20)
        connection.close()
    assert program.returncode == 2
    assert told == "Cancelled.\n"
