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
    bare = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"), "")
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


def shell(command: str) -> subprocess.CompletedProcess[str]:
    line = command.replace("pull-doctor", f"{sys.executable} -m pull_doctor")
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=ROOT, check=False)


def test_closed_and_broken_streams_are_no_crash() -> None:
    run_it = "pull-doctor practice run role-missing"
    assert shell(f"{run_it} >&-").returncode == 1
    assert shell(f"{run_it} 2>&-").returncode == 1
    gone = shell(f"set -o pipefail; {run_it} | true")
    assert (gone.returncode, gone.stderr) == (1, "")
    full = shell(f"{run_it} >/dev/full")
    assert full.returncode == 64
    assert "could not be printed" in full.stderr
    closed = shell("pull-doctor classify - <&-")
    assert closed.returncode == 64
    for done in (full, closed):
        assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_written_is_refused_before_the_work_and_an_old_one_is_kept(
    run: Run, tmp_path: Path
) -> None:
    for path in (str(tmp_path), "", str(tmp_path / "no" / "folder")):
        done = run("practice", "run", "role-missing", "--output", path)
        assert (done.returncode, done.stdout) == (64, ""), path
    old = tmp_path / "report.txt"
    old.write_text("precious")
    assert run("practice", "run", "nowhere", "--output", str(old)).returncode == 64
    assert old.read_text() == "precious"
    assert run("practice", "run", "role-missing", "--output", str(old)).returncode == 1
    assert "cannot pull" in old.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_an_empty_name_is_wrong_usage(run: Run) -> None:
    assert run("diagnose", "--cluster", "", "--registry", "r").returncode == 64
