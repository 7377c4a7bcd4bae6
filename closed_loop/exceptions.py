"""Scenarios that the real Azure CLI cannot repair here, and why.

An entry whose scenario can be repaired after all is an error, so that the list stays as short as it can be.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources


def load() -> Mapping[str, str]:
    """Give the reason by the scenario's name."""
    return {
        name: str(entry["reason"])
        for name, entry in tomllib.loads(
            resources.files("closed_loop").joinpath("exceptions.toml").read_text("utf-8")
        ).items()
    }
