"""What a person fills in between two commands: the secrets that the one before printed."""

from __future__ import annotations

import json
import re

_PLACEHOLDER = re.compile(r"<([a-z][a-z0-9-]*)>")

_PRINTED = (
    ("ad sp create-for-rbac", {"new-app-id": "appId", "new-secret": "password"}),
    ("credential reset", {"new-secret": ""}),
    ("acr token create", {"token-password": ""}),
    ("acr token credential generate", {"token-password": ""}),
)
"""By a piece of the command: which placeholders its output fills, from which key (the whole output without a key)."""


class Placeholders:
    """Fills `<like-this>` as far as earlier commands printed it."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def learn(self, line: str, output: str) -> None:
        """Remember what a command printed."""
        for piece, wanted in _PRINTED:
            if piece in line:
                for placeholder, key in wanted.items():
                    self._values[placeholder] = json.loads(output)[key] if key else output.strip()

    def fill(self, line: str) -> str | None:
        """Give the line with everything filled in; None where only a person knows what belongs there."""
        if any(name not in self._values for name in _PLACEHOLDER.findall(line)):
            return None
        return _PLACEHOLDER.sub(lambda match: self._values[match[1]], line)
