#!/usr/bin/env python3
"""Every command that a contributor needs, on a machine that has only Python 3.11 or newer and git.

python3 dev.py setup    make .venv and install the locked dependencies
python3 dev.py run      open the wizard on the practice world (with no display: the same diagnosis in the terminal)
python3 dev.py test     set up and pass the whole test suite (further words go to pytest)
python3 dev.py lint     formatting, lint, types and import contracts
python3 dev.py bench    the benchmark: a diagnosis against its limit, start-up, the longest stall
python3 dev.py lock     write requirements.lock anew from pyproject.toml
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
STAMP = ENVIRONMENT / "installed-lock.sha256"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

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
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return 0
    print("Setting up .venv: one moment.", file=sys.stderr)
    try:
        if not PYTHON.exists():
            if sys.platform.startswith("linux") and importlib.util.find_spec("ensurepip") is None:
                _install([f"python3.{sys.version_info.minor}-venv"], "Python")
            venv.EnvBuilder(with_pip=True, clear=True).create(ENVIRONMENT)
    except (subprocess.CalledProcessError, OSError) as error:
        raise SetupFailed(f"The virtual environment could not be made: {error}.") from error
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _checked([*pip, "--require-hashes", "--requirement", str(LOCK)], "The dependencies could not be installed.")
    own = [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    _checked(own, "The project itself could not be installed.")
    STAMP.write_text(wanted)
    return 0


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


def lock(_words: Sequence[str]) -> int:
    """Resolve the dependencies anew, with hashes and without the address of any index. Needs uv on the PATH."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetupFailed("Writing the lock file needs uv: pip install uv")
    command = [uv, "pip", "compile", "pyproject.toml", "--extra", "dev", "--python-version", "3.11", "--universal"]
    options = ["--generate-hashes", "--no-annotate", "--no-emit-index-url", "--no-header", "--quiet"]
    return subprocess.call([*command, *options, "--output-file", LOCK.name], cwd=ROOT)


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
