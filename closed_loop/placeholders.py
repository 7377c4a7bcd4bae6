"""What a person fills in between two commands: the secrets that the one before printed."""

from __future__ import annotations

import json
import re

_PLACEHOLDER = re.compile(r"<([a-z][a-z0-9-]*)>")

_PRINTED = (
    ("ad sp create-for-rbac", ("new-app-id", "new-secret"), ("new-application-id", "new-password")),
    ("credential reset", ("new-secret",), ("new-password",)),
    ("acr token create", ("token-password",)),
    ("acr token credential generate", ("token-password",)),
)
"""By a piece of the command: the placeholders that the lines of its output fill, by every name that fixes use."""

_OF_JSON = ("appId", "password")


class Placeholders:
    """Fills `<like-this>` as far as earlier commands printed it."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def learn(self, line: str, output: str) -> None:
        """Remember what a command printed: a JSON object, or one value a line."""
        for piece, *names in _PRINTED:
            if piece in line and output.strip():
                values = _values(output)
                for group in names:
                    self._values |= dict(zip(group, values, strict=False))

    def fill(self, line: str) -> str | None:
        """Give the line with everything filled in; None where only a person knows what belongs there."""
        if any(name not in self._values for name in _PLACEHOLDER.findall(line)):
            return None
        return _PLACEHOLDER.sub(lambda match: self._values[match[1]], line)


def _values(output: str) -> list[str]:
    if output.lstrip().startswith("{"):
        found = json.loads(output)
        return [str(found[key]) for key in _OF_JSON]
    return output.split()
