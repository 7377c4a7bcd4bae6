"""What scripts rely on: words, exit codes, what goes to which stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from cli_program import ROOT, Run

ANONYMOUS = (
    'Failed to pull image "contosoreg.azurecr.io/web/api:1.4.2": failed to authorize: failed to fetch anonymous '
    "token: unexpected status from GET request to https://contosoreg.azurecr.io/oauth2/token: 401 Unauthorized"
)


def test_the_version_is_printed(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, "pull-doctor 0.1.0\n")


def test_wrong_words_are_explained_without_a_traceback(run: Run) -> None:
    for words in (("diagnose",), ("nonsense",), ("classify",), ("practice", "run"), ("checks", "--format", "html")):
        done = run(*words)
        assert done.returncode == 64, words
        assert done.stdout == ""
        assert "usage:" in done.stderr
        assert "Traceback" not in done.stderr


def test_what_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    for words in (("practice", "run", "nowhere"), ("classify", str(tmp_path / "nowhere"))):
        done = run(*words)
        assert done.returncode == 64
        assert "nowhere" in done.stderr
        assert "Traceback" not in done.stderr


def test_an_error_text_is_classified_from_standard_input(run: Run) -> None:
    done = run("classify", "-", "--format", "json", text=ANONYMOUS)
    assert done.returncode == 0
    symptom = json.loads(done.stdout)
    names = "kind branch excerpt httpStatus address image registry pod namespace node others"
    assert list(symptom) == names.split()
    assert (symptom["kind"], symptom["httpStatus"], symptom["image"]) == (
        "ANON_401",
        401,
        "contosoreg.azurecr.io/web/api:1.4.2",
    )


def test_an_error_text_is_explained_to_people(run: Run) -> None:
    done = run("classify", "-", text=ANONYMOUS)
    assert done.returncode == 0
    assert "ANON_401" in done.stdout
    assert "contosoreg.azurecr.io/web/api:1.4.2" in done.stdout


def test_every_check_is_listed_with_what_it_needs(run: Run) -> None:
    rows = json.loads(run("checks", "--format", "json").stdout)
    assert {tuple(row) for row in rows} == {("id", "title", "permissions", "branch")}
    by_id = {row["id"]: row for row in rows}
    assert "Microsoft.Authorization/roleAssignments/read" in by_id["identity.acrpull-role"]["permissions"]
    assert by_id["image.reference"]["permissions"] == []


def test_scenarios_are_listed_and_shown(run: Run) -> None:
    names = [row["name"] for row in json.loads(run("practice", "list", "--format", "json").stdout)]
    assert "healthy-public" in names
    assert "401 Unauthorized" in run("practice", "show", "role-missing").stdout


def test_a_practice_run_says_what_it_found_by_its_exit_code(run: Run) -> None:
    assert run("practice", "run", "healthy-public").returncode == 0
    assert run("practice", "run", "role-missing").returncode == 1
    assert run("practice", "run", "reader-without-role-list").returncode == 2


def test_a_report_goes_to_a_file_and_nowhere_else(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    done = run("practice", "run", "role-missing", "--format", "html", "--output", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert file.read_text("utf-8").startswith("<!doctype html>")


def test_a_report_that_cannot_be_written_is_no_crash(run: Run, tmp_path: Path) -> None:
    done = run("practice", "run", "role-missing", "--output", str(tmp_path / "no" / "folder"))
    assert done.returncode == 64
    assert "Traceback" not in done.stderr


def test_a_redacted_report_names_nobody(run: Run) -> None:
    plain = json.loads(run("practice", "run", "role-missing", "--format", "json").stdout)
    masked = run("practice", "run", "role-missing", "--format", "json", "--redact").stdout
    for secret in (
        plain["account"],
        plain["tenantId"],
        plain["cluster"]["name"],
        plain["registry"]["name"],
        "web/api",
    ):
        assert secret not in masked
    document = json.loads(masked)
    assert document["conclusion"]["causes"] == plain["conclusion"]["causes"]
    assert [check["id"] for check in document["checks"]] == [check["id"] for check in plain["checks"]]
    assert document["cluster"]["name"] in document["cluster"]["id"]


def test_without_a_display_the_terminal_is_named(run: Run) -> None:
    bare = {name: "" for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = run(environment=bare)
    assert (done.returncode, done.stdout) == (64, "")
    assert "pull-doctor diagnose" in done.stderr


def test_without_qt_the_terminal_is_named() -> None:
    program = "import sys; sys.modules['PySide6'] = None; import pull_doctor; sys.exit(pull_doctor.main([]))"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (64, "")
    assert "needs PySide6" in done.stderr
    assert "Traceback" not in done.stderr
