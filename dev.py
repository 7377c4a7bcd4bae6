#!/usr/bin/env python3
"""Every command that a contributor needs, on a machine that has only Python 3.11 or newer and git.

python3 dev.py setup    make .venv and install the locked dependencies
python3 dev.py run      open the wizard on the practice world (with no display: the same diagnosis in the terminal)
python3 dev.py test     set up and pass the whole test suite (further words go to pytest)
python3 dev.py lint     formatting, lint, types and import contracts
python3 dev.py bench    the benchmark: a diagnosis against its limit, growth, start-up, the longest stall
python3 dev.py fixes    execute every fix with the real Azure CLI (further words name scenarios)
python3 dev.py lock     write the lock files anew
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = "installed-lock.sha256"

CLI_ENVIRONMENT = ROOT / ".venv-azure-cli"
"""The Azure CLI pins versions that the program does not want, so that it has an environment of its own."""
CLI_LOCK = ROOT / "requirements-azure-cli.lock"
AZURE_CLI = "azure-cli==2.91.0"

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""What Qt needs on Linux to start at all, and the Debian package that has it."""

XCB_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window on an X display needs besides."""

FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
FONT_PACKAGE = "fonts-dejavu-core"
"""Without any font Qt draws boxes in the place of letters."""


class SetupFailed(Exception):
    """The environment cannot be made; the message says what to do."""


def main(words: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    commands: dict[str, Callable[[Sequence[str]], int]] = {
        "setup": setup,
        "run": run,
        "test": test,
        "lint": lint,
        "bench": bench,
        "fixes": fixes,
        "lock": lock,
    }
    if not words or words[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 0 if words and words[0] in ("-h", "--help", "help") else 64
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is the one that an older Python may be asked to run
        print("Pull Doctor needs Python 3.11 or newer.", file=sys.stderr)
        return 1
    try:
        return commands[words[0]](words[1:])
    except SetupFailed as problem:
        print(problem, file=sys.stderr)
        return 1


def setup(_words: Sequence[str] = ()) -> int:
    """Make the environment, or bring it up to the lock file; does nothing when it is current."""
    own = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    _environment(ENVIRONMENT, (LOCK, ROOT / "pyproject.toml"), ["--require-hashes", "--requirement", str(LOCK)], own)
    return 0


def _environment(folder: Path, described_by: Sequence[Path], *installs: Sequence[str]) -> Path:
    """Have an environment that holds what pip installs; gives the folder of its programs."""
    programs = folder / PYTHON.parent.name
    python = programs / PYTHON.name
    stamp = folder / STAMP
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in described_by)).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return programs
    print(f"Setting up {folder.name}: one moment.", file=sys.stderr)
    try:
        if not python.exists():
            if sys.platform.startswith("linux") and importlib.util.find_spec("ensurepip") is None:
                _install([f"python3.{sys.version_info.minor}-venv"], "Python")
            venv.EnvBuilder(with_pip=True, clear=True).create(folder)
    except (subprocess.CalledProcessError, OSError) as error:
        raise SetupFailed(f"The virtual environment could not be made: {error}.") from error
    for words in installs:
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *words]
        _checked(pip, f"What belongs into {folder.name} could not be installed.")
    stamp.write_text(wanted)
    return programs


def run(words: Sequence[str]) -> int:
    """Open the wizard on the practice world; with no display, diagnose it in the terminal."""
    setup()
    scenario = words[0] if words else "role-on-control-plane-identity"
    problem = _no_window_because()
    if problem is None:
        return subprocess.call([str(PYTHON), "-m", "gui.app", "--practice", scenario], cwd=ROOT)
    print(f"No window: {problem} The same diagnosis in the terminal:\n", file=sys.stderr)
    code = subprocess.call([str(PYTHON), "-m", "pull_doctor", "practice", "run", scenario], cwd=ROOT)
    return 0 if code in (0, 1, 2) else code


def test(words: Sequence[str]) -> int:
    """Pass the test suite, with windows that need no display."""
    setup()
    _need_libraries(QT_LIBRARIES)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    parallel = [] if words else ["-n", "auto"]
    return subprocess.call([str(PYTHON), "-m", "pytest", *parallel, *words], cwd=ROOT, env=environment)


def lint(_words: Sequence[str]) -> int:
    """Check formatting, lint, types and import contracts; all are run, the first failure's code is given."""
    setup()
    scripts = PYTHON.parent
    tools = (["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"], ["lint-imports"])
    codes = [subprocess.call([str(scripts / tool), *words], cwd=ROOT) for tool, *words in tools]
    return next((code for code in codes if code), 0)


def bench(words: Sequence[str]) -> int:
    """Measure, and print what was measured."""
    setup()
    _need_libraries(QT_LIBRARIES)
    return subprocess.call([str(PYTHON), "-m", "bench", *words], cwd=ROOT)


def fixes(words: Sequence[str]) -> int:
    """Execute the fixes of all scenarios, or of those that are named, with the real Azure CLI."""
    setup()
    programs = _environment(CLI_ENVIRONMENT, (CLI_LOCK,), ["--require-hashes", "--requirement", str(CLI_LOCK)])
    return subprocess.call([str(PYTHON), "-m", "closed_loop", "--az", str(programs / "az"), *words], cwd=ROOT)


def lock(_words: Sequence[str]) -> int:
    """Resolve the dependencies anew, with hashes and without the address of any index. Needs uv on the PATH."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetupFailed("Writing the lock files needs uv: pip install uv")
    options = ["--python-version", "3.11", "--universal", "--generate-hashes", "--no-annotate", "--no-emit-index-url"]
    command = [uv, "pip", "compile", *options, "--no-header", "--quiet", "--output-file"]
    _checked([*command, LOCK.name, "pyproject.toml", "--extra", "dev"], f"{LOCK.name} was not written.")
    done = subprocess.run([*command, CLI_LOCK.name, "-"], input=AZURE_CLI, text=True, cwd=ROOT, check=False)
    return done.returncode


def _checked(command: Sequence[str], problem: str) -> None:
    if subprocess.call(command, cwd=ROOT) != 0:
        raise SetupFailed(f"{problem} The lines above say why.")


def _no_window_because() -> str | None:
    if not sys.platform.startswith("linux"):
        return None
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    try:
        _need_libraries({**QT_LIBRARIES, **XCB_LIBRARIES})
    except SetupFailed as problem:
        return str(problem)
    return None


def _need_libraries(libraries: dict[str, str]) -> None:
    """Have Qt's system libraries: installed by root on Debian, named for everybody else."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for library, package in libraries.items() if not _has_library(library)]
    if not any(next(folder.rglob("*.[to]t[fc]"), None) for folder in FONTS):
        missing.append(FONT_PACKAGE)
    if missing:
        _install(missing, "Qt")


def _install(packages: Sequence[str], wanting: str) -> None:
    """Have Debian packages installed where root can do so, and say otherwise what to install."""
    command = f"apt-get install --yes {' '.join(packages)}"
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise SetupFailed(
            f"{wanting} needs system packages that are not here. On Debian and Ubuntu, as root: {command}"
        )
    print(f"Installing what {wanting} needs: {' '.join(packages)}", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.call([apt, "update", "--quiet", "--quiet"], env=quiet, stdout=sys.stderr)
    if subprocess.call([apt, "install", "--yes", "--quiet", "--quiet", *packages], env=quiet, stdout=sys.stderr) != 0:
        raise SetupFailed(f"What {wanting} needs could not be installed: {command}")


def _has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
