"""The program as it is run: with pastes, environment and Azure full of secrets, none is printed or written."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import CLIENT_SECRET, IN_TEXTS, leaks, plant
from leaky_azure import LeakySimulator

from core.cli import _COMMANDS, main
from core.practice.scenario import build, load_scenario
from core.practice.server import Server, serve

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = load_scenario("sp-some-expired")
PASTE = "\n".join((*IN_TEXTS.values(), SCENARIO.symptom, *IN_TEXTS.values()))


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Server, LeakySimulator]]:
    world = build(SCENARIO)
    plant(world)
    simulator = LeakySimulator(world)
    with serve(simulator) as server:
        yield server, simulator


def run(server: Server, *words: str, text: str = "", secret: str = "") -> subprocess.CompletedProcess[str]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "SSL_", "REQUESTS_"))
    }
    environment = {
        "SSL_CERT_FILE": str(server.ca_file),
        "AZURE_TENANT_ID": server.tenant,
        "AZURE_CLIENT_ID": server.reader.client_id,
        "AZURE_CLIENT_SECRET": secret or server.reader.client_secret,
    }
    return subprocess.run(
        [sys.executable, "-m", "pull_doctor", *words],
        input=text,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**clean, **environment},
        timeout=100,
        check=False,
    )


def diagnose(server: Server, *more: str) -> tuple[str, ...]:
    names = ("--cluster", "aks-app", "--registry", "contosoreg.azurecr.io", "--error-text", "-")
    return ("diagnose", *names, "--arm-endpoint", server.arm_endpoint, "--sign-in", "environment", *more)


@pytest.mark.parametrize("echoes", ["", "*/roleassignments*"], ids=["answers", "errors"])
def test_a_diagnosis_prints_no_secret(echoes: str, served: tuple[Server, LeakySimulator]) -> None:
    server, simulator = served
    simulator.echoes, simulator.text = echoes, "\n".join(IN_TEXTS.values())
    done = run(server, *diagnose(server, "--format", "json"), text=PASTE)
    assert done.returncode in (0, 1, 2), done.stderr
    assert "identity.acrpull-role" in done.stdout
    assert ("Azure answered 400" in done.stdout) == bool(echoes)
    tokens = simulator.tokens()
    assert tokens
    assert leaks(done.stdout + done.stderr, server.reader.client_secret, *tokens) == []


def test_a_sign_in_that_is_refused_prints_no_secret(served: tuple[Server, LeakySimulator]) -> None:
    server, _ = served
    done = run(server, *diagnose(server), text=PASTE, secret=CLIENT_SECRET)
    assert (done.returncode, done.stdout) == (3, "")
    assert leaks(done.stderr) == []


def test_a_report_in_a_file_holds_no_secret(served: tuple[Server, LeakySimulator], tmp_path: Path) -> None:
    server, simulator = served
    simulator.echoes = ""
    file = tmp_path / "report.html"
    done = run(server, *diagnose(server, "--format", "html", "--output", str(file)), text=PASTE)
    assert done.stdout == ""
    assert "contosoreg" in file.read_text("utf-8")
    written = file.read_text("utf-8") + done.stderr
    assert leaks(written, server.reader.client_secret, *simulator.tokens()) == []


def test_classify_prints_no_secret(served: tuple[Server, LeakySimulator]) -> None:
    done = run(served[0], "classify", "-", text=PASTE)
    assert done.returncode == 0
    assert "OAUTH_401" in done.stdout
    assert leaks(done.stdout + done.stderr) == []


def test_a_crash_of_the_program_prints_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(_options: object) -> int:
        raise RuntimeError("\n".join(IN_TEXTS.values()))

    monkeypatch.setitem(_COMMANDS, "checks", crash)
    monkeypatch.setattr(sys.stdout, "reconfigure", lambda **_words: None, raising=False)
    before = logging.root.manager.disable
    try:
        assert main(["checks"]) == 70
    finally:
        logging.disable(before)
    said = capsys.readouterr()
    assert "Pull Doctor itself failed" in said.err
    assert "RuntimeError" in said.err
    assert leaks(said.out + said.err) == []
