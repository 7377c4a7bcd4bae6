"""Whether the real Azure CLI's own parser takes every command of the catalogue, executed or not."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from core.fixes.catalogue import load
from core.fixes.quoting import fields_of, fill_line, quote_bash

_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n"
_SAMPLES = {
    "access": "Allow",
    "body": "{}",
    "condition": "(true)",
    "direction": "Outbound",
    "os_sku": "Windows2022",
    "password_name": "password2",
    "principal_type": "ServicePrincipal",
    "protocol": "Tcp",
}
"""Values for placeholders whose content the parser looks at."""


def _sample(name: str) -> str:
    if name.endswith("_id"):
        return _ID
    if any(switch in name for switch in ("forward", "transit", "gateways")):
        return "true"
    return _SAMPLES.get(name, "200" if "priority" in name or name == "moved_to" else "sample")


class ParserFailed(Exception):
    """The CLI's parser could not be run at all; the message is what it printed."""


def lines_of_catalogue() -> Iterator[tuple[str, str]]:
    """Give every command line of the Azure CLI that a fix may print, with sample values, and the fix's key."""
    for key, recipe in load().items():
        for template in recipe.azure_cli:
            if not template.startswith("az "):
                continue
            values = {name: _sample(name) for name in fields_of(template)}
            yield key, fill_line(template, values, quote_bash)


def refused(python: Path) -> tuple[list[str], str]:
    """Give the lines that the parser refuses, each with its fix's key, and what it said about them.

    `python` is the interpreter of the Azure CLI's environment. Raises ParserFailed.
    """
    lines = list(lines_of_catalogue())
    words = [shlex.split(line)[1:] for _, line in lines]
    script = Path(__file__).with_name("parser_script.py")
    done = subprocess.run(
        [str(python), str(script)], input=json.dumps(words), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ParserFailed(done.stderr.strip())
    taken = json.loads(done.stdout)
    bad = [f"{key}: {line}" for (key, line), good in zip(lines, taken, strict=True) if not good]
    return bad, done.stderr.strip()
