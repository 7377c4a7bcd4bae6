"""`pull-doctor checks`: every check, what it needs and where it stands in the tree."""

from __future__ import annotations

import argparse
import json

from core.checks.table import ALL
from core.cli.exit_codes import Exit
from core.cli.output import say
from core.collect.table import permissions_for
from core.texts import load


def run(options: argparse.Namespace) -> int:
    """Print the list of checks."""
    texts = load()
    rows = [
        {
            "id": check.id,
            "title": texts.title(check.id),
            "permissions": list(permissions_for([need.fact for need in check.needs])),
            "branch": check.branch.value,
        }
        for check in ALL
    ]
    if options.format == "json":
        say(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        say("\n".join(f"{row['id']:32} {row['title']}\n{'':32} {', '.join(row['permissions'])}" for row in rows))
    return Exit.NOTHING_WRONG
