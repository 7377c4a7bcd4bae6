"""A small, honest part of the Resource Graph query language.

`resources` or `resourcecontainers`, then any chain of `where`, `extend`, `project`, `order by` and `take`. A `where`
compares columns and dotted paths with text by `==`, `!=`, `=~`, `!~`, `in`, `in~`, `has`, `contains`, `startswith`
and `endswith`, joined by `and`, `or` and parentheses. A `project` or `extend` names columns, dotted paths, and
`tostring(...)`, `tolower(...)` or `toupper(...)` of them. Anything else is refused, as Resource Graph refuses what
it cannot parse. https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from core.practice.http import Json

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<word>[A-Za-z_][\w.]*~?)|(?P<number>\d+)|(?P<sign>==|!=|=~|!~|[=(),|]))"
)
_FUNCTIONS: dict[str, Callable[[object], object]] = {
    "tostring": lambda value: "" if value is None else str(value),
    "tolower": lambda value: str(value).lower(),
    "toupper": lambda value: str(value).upper(),
}
_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "=~": lambda left, right: left.lower() == right.lower(),
    "!~": lambda left, right: left.lower() != right.lower(),
    "has": lambda left, right: re.search(rf"\b{re.escape(right)}\b", left, re.IGNORECASE) is not None,
    "contains": lambda left, right: right.lower() in left.lower(),
    "startswith": lambda left, right: left.lower().startswith(right.lower()),
    "endswith": lambda left, right: left.lower().endswith(right.lower()),
}

Row = Json
Value = Callable[[Row], object]
Test = Callable[[Row], bool]


class QueryError(Exception):
    """The query is none that this part of the language knows."""


class _Reader:
    """The tokens of a query, read from the front."""

    def __init__(self, query: str) -> None:
        self.tokens: list[str] = []
        position = 0
        query = query.strip()
        while position < len(query):
            found = _TOKEN.match(query, position)
            if found is None:
                raise QueryError(f"cannot read {query[position : position + 20]!r}")
            self.tokens.append(found.group().strip())
            position = found.end()

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def next(self) -> str:
        if not self.tokens:
            raise QueryError("the query ends too early")
        return self.tokens.pop(0)

    def accept(self, *words: str) -> bool:
        if self.peek().lower() in words:
            self.tokens.pop(0)
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise QueryError(f"expected {word!r} before {self.peek()!r}")


def table_of(query: str) -> str:
    """The table that a query reads, lower-case; raises QueryError for an empty query."""
    return _Reader(query).next().lower()


def run(query: str, rows: Iterable[Row]) -> list[Row]:
    """The rows that a query makes of its table's rows; raises QueryError for what it cannot read."""
    reader = _Reader(query)
    reader.next()
    found = list(rows)
    while reader.tokens:
        reader.expect("|")
        found = _operator(reader, found)
    return found


def _operator(reader: _Reader, rows: list[Row]) -> list[Row]:
    word = reader.next().lower()
    if word == "where":
        test = _any_of(reader)
        return [row for row in rows if test(row)]
    if word == "extend":
        columns = _columns(reader)
        return [row | {name: value(row) for name, value in columns} for row in rows]
    if word == "project":
        columns = _columns(reader)
        return [{name: value(row) for name, value in columns} for row in rows]
    if word in ("take", "limit"):
        count = reader.next()
        if not count.isdigit():
            raise QueryError(f"no number: {count!r}")
        return rows[: int(count)]
    if word in ("order", "sort"):
        reader.expect("by")
        return _order(reader, rows)
    raise QueryError(f"unknown operator {word!r}")


def _order(reader: _Reader, rows: list[Row]) -> list[Row]:
    keys: list[tuple[Value, bool]] = []
    while True:
        value = _value(reader)[1]
        descending = not reader.accept("asc") if reader.peek().lower() in ("asc", "desc") else True
        reader.accept("desc")
        keys.append((value, descending))
        if not reader.accept(","):
            break
    for value, descending in reversed(keys):
        rows = sorted(rows, key=_sort_key(value), reverse=descending)
    return rows


def _sort_key(value: Value) -> Callable[[Row], str]:
    return lambda row: _text(value(row)).lower()


def _columns(reader: _Reader) -> list[tuple[str, Value]]:
    columns: list[tuple[str, Value]] = []
    while True:
        if len(reader.tokens) > 1 and reader.tokens[1] == "=":
            name = reader.next()
            reader.expect("=")
            columns.append((name, _value(reader)[1]))
        else:
            name, value = _value(reader)
            columns.append((name.replace(".", "_"), value))
        if not reader.accept(","):
            return columns


def _value(reader: _Reader) -> tuple[str, Value]:
    word = reader.next()
    if word[0] in "'\"":
        return word, lambda row: word[1:-1]
    if word.lower() in _FUNCTIONS and reader.accept("("):
        function = _FUNCTIONS[word.lower()]
        name, inner = _value(reader)
        reader.expect(")")
        return name, lambda row: function(inner(row))
    if not re.fullmatch(r"[A-Za-z_][\w.]*", word):
        raise QueryError(f"no column: {word!r}")
    return word, lambda row: _dig(row, word.split("."))


def _dig(value: object, path: list[str]) -> object:
    for part in path:
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def _any_of(reader: _Reader) -> Test:
    tests = [_all_of(reader)]
    while reader.accept("or"):
        tests.append(_all_of(reader))
    return lambda row: any(test(row) for test in tests)


def _all_of(reader: _Reader) -> Test:
    tests = [_one(reader)]
    while reader.accept("and"):
        tests.append(_one(reader))
    return lambda row: all(test(row) for test in tests)


def _one(reader: _Reader) -> Test:
    if reader.accept("("):
        inner = _any_of(reader)
        reader.expect(")")
        return inner
    left = _value(reader)[1]
    sign = reader.next().lower()
    if sign in ("in", "in~"):
        return _in(reader, left, ignore_case=sign == "in~")
    if sign not in _COMPARE:
        raise QueryError(f"unknown comparison {sign!r}")
    compare = _COMPARE[sign]
    right = _value(reader)[1]
    return lambda row: compare(_text(left(row)), _text(right(row)))


def _in(reader: _Reader, left: Value, *, ignore_case: bool) -> Test:
    reader.expect("(")
    options = [_value(reader)[1]]
    while reader.accept(","):
        options.append(_value(reader)[1])
    reader.expect(")")

    def fold(value: object) -> str:
        return _text(value).lower() if ignore_case else _text(value)

    return lambda row: fold(left(row)) in {fold(option(row)) for option in options}


def _text(value: object) -> str:
    return "" if value is None else str(value)
