"""Reading the condition of a role assignment, as far as it decides over one action on one repository.

The grammar is that of the documented format. What this cannot decide stays undecided, and an undecided part matters
only where it decides the whole: `false AND anything` is false.
https://learn.microsoft.com/azure/role-based-access-control/conditions-format
https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from core.facts.actions import action_matches

_REPOSITORY = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]"
REPOSITORY_ATTRIBUTE = _REPOSITORY.lower()

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>&&|\|\||[(){},!])|(?P<text>'[^']*')|(?P<attribute>@\w+\s*\[[^\]]*\])|(?P<word>[\w:.\-]+))"
)
_OPERATOR = re.compile(
    r"(?:For(?:Any|All)Of(?P<values>Any|All)Values:)?"
    r"String(?P<negated>Not)?(?P<kind>Equals|StartsWith|Like)(?P<any_case>IgnoreCase)?",
    re.IGNORECASE,
)
_AND = frozenset({"and", "&&"})
_OR = frozenset({"or", "||"})
_NOT = frozenset({"not", "!"})
_DEEPEST = 40


class Effect(Enum):
    """What a condition does to an action on a repository."""

    ALLOWS = "allows"
    EXCLUDES = "excludes"
    NOT_UNDERSTOOD = "not-understood"
    NEEDS_REPOSITORY = "needs-repository"


class _NotUnderstood(Exception):
    """The condition is written in a way that this module does not read."""


def effect(condition: str, action: str, repository: str | None) -> Effect:
    """Say what a condition does to `action` on `repository`; None stands for a repository that is not known."""
    try:
        reader = _Reader(condition, action, repository)
        holds = reader.whole()
    except _NotUnderstood:
        return Effect.NOT_UNDERSTOOD
    if holds is None:
        return Effect.NOT_UNDERSTOOD if reader.met_something_else else Effect.NEEDS_REPOSITORY
    return Effect.ALLOWS if holds else Effect.EXCLUDES


def speaks_of_repositories(condition: str) -> bool:
    """Say whether a condition asks for a repository's name."""
    return REPOSITORY_ATTRIBUTE in _squeezed(condition)


def with_repository(condition: str, repository: str) -> str:
    """Give a condition, on one line, that holds where the old one does and for one repository besides."""
    return f"({' '.join(condition.split())}) OR ({_REPOSITORY} StringEqualsIgnoreCase '{repository}')"


def _squeezed(text: str) -> str:
    return "".join(text.split()).lower()


class _Reader:
    """Recursive descent over the tokens; every part is True, False or None (undecided)."""

    def __init__(self, condition: str, action: str, repository: str | None) -> None:
        self._tokens = _tokens(condition)
        self._place = 0
        self._depth = 0
        self._action = action
        self._repository = repository
        self.met_something_else = False

    def whole(self) -> bool | None:
        """Decide the condition to its end."""
        holds = self._joined()
        if self._peek():
            raise _NotUnderstood
        return holds

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._place += 1
        return token

    def _expect(self, mark: str) -> None:
        if self._next() != mark:
            raise _NotUnderstood

    def _joined(self) -> bool | None:
        """Parts joined by one kind of operator: the format wants parentheses where AND and OR meet."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotUnderstood
        parts = [self._part()]
        kind = next((kind for kind in (_AND, _OR) if self._peek().lower() in kind), frozenset())
        while self._peek().lower() in kind:
            self._next()
            parts.append(self._part())
        self._depth -= 1
        return _any(parts) if kind is _OR else _all(parts)

    def _part(self) -> bool | None:
        token = self._next()
        lowered = token.lower()
        if lowered in _NOT:
            self._depth += 1
            if self._depth > _DEEPEST:
                raise _NotUnderstood
            holds = self._part()
            self._depth -= 1
            return None if holds is None else not holds
        if token == "(":
            holds = self._joined()
            self._expect(")")
            return holds
        if lowered == "actionmatches":
            return _any([action_matches(pattern, self._action) for pattern in self._listed()])
        if lowered == "suboperationmatches":
            self._listed()
            self.met_something_else = True
            return None
        if token.startswith("@"):
            return self._comparison(token)
        raise _NotUnderstood

    def _comparison(self, attribute: str) -> bool | None:
        operator = self._next()
        values = self._listed() if self._peek() == "{" else [_unquoted(self._next())]
        if _squeezed(attribute) != REPOSITORY_ATTRIBUTE:
            self.met_something_else = True
            return None
        match = _OPERATOR.fullmatch(operator)
        if match is None or (match["values"] is None and len(values) != 1):
            raise _NotUnderstood
        if self._repository is None:
            return None
        holds = [_compares(match, self._repository, value) for value in values]
        return all(holds) if (match["values"] or "").lower() == "all" else any(holds)

    def _listed(self) -> list[str]:
        self._expect("{")
        values = [_unquoted(self._next())]
        while self._peek() == ",":
            self._next()
            values.append(_unquoted(self._next()))
        self._expect("}")
        return values


def _tokens(condition: str) -> list[str]:
    found: list[str] = []
    place, text = 0, condition.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _NotUnderstood
        found.append(match[match.lastgroup or 0])
        place = match.end()
    return found


def _unquoted(token: str) -> str:
    if len(token) >= 2 and token.startswith("'"):
        return token[1:-1]
    if token and (token[0].isalnum() or token[0] == "-"):
        return token
    raise _NotUnderstood


def _all(parts: list[bool | None]) -> bool | None:
    if any(part is False for part in parts):
        return False
    return None if None in parts else True


def _any(parts: list[bool | None] | list[bool]) -> bool | None:
    if any(part is True for part in parts):
        return True
    return None if None in parts else False


def _compares(operator: re.Match[str], repository: str, value: str) -> bool:
    if operator["any_case"]:
        repository, value = repository.lower(), value.lower()
    holds = _COMPARISONS[operator["kind"].lower()](repository, value)
    return not holds if operator["negated"] else holds


def _is_like(text: str, pattern: str) -> bool:
    r"""Match with `*` for any text and `?` for any one character; `\*` and `\?` are the characters themselves.

    Only the last `*` is ever widened, so that no pattern takes long.
    """
    pieces: list[str] = re.findall(r"\\[*?]|[^\\]|\\", pattern, re.DOTALL)
    place, piece, star, after = 0, 0, -1, 0
    while place < len(text):
        if piece < len(pieces) and pieces[piece] == "*":
            star, after = piece, place
            piece += 1
        elif piece < len(pieces) and pieces[piece] in ("?", text[place], f"\\{text[place]}"):
            place, piece = place + 1, piece + 1
        elif star >= 0:
            after += 1
            place, piece = after, star + 1
        else:
            return False
    return all(left == "*" for left in pieces[piece:])


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "equals": str.__eq__,
    "startswith": str.startswith,
    "like": _is_like,
}
