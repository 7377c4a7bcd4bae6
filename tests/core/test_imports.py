import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.azure.clients import PACKAGES
from core.imports import import_now

ROOT = Path(__file__).parents[2]

RACE = """
import sys, threading, time
from core.imports import import_now

errors = []
def run(module):
    try:
        import_now(module)
    except Exception as error:
        errors.append(error)
whole, part = (threading.Thread(target=run, args=[module]) for module in ("halves", "halves.part"))
whole.start()
while "halves" not in sys.modules:
    time.sleep(0.001)
part.start()
whole.join()
part.join()
sys.exit(str(errors) if errors else 0)
"""
"""The second thread begins while the first is in the middle of a package that the second one's module needs."""


def test_threads_that_import_the_same_package_all_get_it_whole(tmp_path: Path) -> None:
    package = tmp_path / "halves"
    package.mkdir()
    waits = "import time\nNAME = 'halves'\ntime.sleep(0.2)\nfrom halves.part import PART\n"
    (package / "__init__.py").write_text(waits)
    (package / "part.py").write_text("from halves import NAME\nPART = NAME\n")
    done = subprocess.run(
        [sys.executable, "-c", RACE],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(ImportError):
        import_now("core.no_such_module")


def test_every_package_of_a_client_exists() -> None:
    import_now(*(package for packages in PACKAGES.values() for package in packages))
