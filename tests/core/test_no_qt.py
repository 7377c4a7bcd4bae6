"""The core needs no Qt: every module of it is imported where Qt cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

IMPORT_ALL = """
import importlib, pkgutil, sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('PySide6', 'shiboken6'):
            raise ImportError(f'{name} is not here')
sys.meta_path.insert(0, NoQt())
import core
names = [module.name for module in pkgutil.walk_packages(core.__path__, 'core.')]
for name in names:
    importlib.import_module(name)
print(len(names), any(name.split('.')[0] in ('PySide6', 'gui') for name in sys.modules))
"""


def test_every_module_of_the_core_is_imported_without_qt() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    count, found_qt = done.stdout.split()
    assert int(count) > 50
    assert found_qt == "False"
