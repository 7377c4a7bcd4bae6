"""The sentences that people read, kept as data in resources/texts/<language>/*.toml.

Every table key is stable; only the sentences differ between languages. A placeholder `{name}` in a sentence is
filled from the values that came with the finding.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from core.model import Certainty, Verdict

FALLBACK_LANGUAGE = "en"


class UnknownLanguage(Exception):
    """There are no texts in the wanted language; the message names those that exist."""


class MissingText(Exception):
    """A text that the program needs is not in the table: a fault of the program, found by its tests."""


def languages() -> tuple[str, ...]:
    """Give the languages that have texts, sorted."""
    return tuple(
        sorted(entry.name for entry in resources.files("resources").joinpath("texts").iterdir() if entry.is_dir())
    )


class Texts:
    """All sentences of one language, by file: `checks/*`, `labels`, `symptoms`, `fixes`, `words`, `window`."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        self._tables = tables

    def table(self, name: str) -> Mapping[str, Any]:
        """Give a whole table by the name of its file without the ending; all check files make one table, `checks`."""
        try:
            return self._tables[name]
        except KeyError:
            raise MissingText(f"no table {name!r}") from None

    def get(self, table: str, *keys: str) -> str:
        """Give one sentence as written, its placeholders unfilled."""
        found: Any = self.table(table)
        for key in keys:
            if not isinstance(found, Mapping) or key not in found:
                raise MissingText(f"no text {table}: {' > '.join(keys)}")
            found = found[key]
        if not isinstance(found, str):
            raise MissingText(f"{table}: {' > '.join(keys)} is no sentence")
        return found

    def fill(self, table: str, *keys: str, values: Mapping[str, str]) -> str:
        """Give one sentence with its placeholders filled."""
        sentence = self.get(table, *keys)
        try:
            return sentence.format_map(values)
        except KeyError as error:
            raise MissingText(f"{table}: {' > '.join(keys)} wants the value {error}") from None

    def title(self, check: str) -> str:
        """Give a check's title: a positive statement, at most two short lines."""
        return self.get("checks", check, "title")

    def summary(self, check: str, verdict: Verdict) -> str:
        """Say in a sentence or two what a check found, or why it could not look or was not asked."""
        values = dict(verdict.values)
        if "by" in values:
            values["by_title"] = self.title(values["by"])
        table = ("words",) if verdict.reason in self.table("words")["reasons"] else ("checks", check)
        return self.fill(*table, "reasons", verdict.reason, "summary", values=values).strip()

    def headline(self, check: str, verdict: Verdict, values: Mapping[str, str]) -> str:
        """Give the one sentence that stands above everything when this finding is the first cause.

        Its `{cannot}` says how sure the finding is.
        """
        sure = verdict.certainty in (None, Certainty.DEFINITE)
        cannot = self.get("words", "cannot", "sure" if sure else "likely")
        filled = {**verdict.values, **values, "cannot": cannot}
        return self.fill("checks", check, "reasons", verdict.reason, "headline", values=filled)

    def has_headline(self, check: str, reason: str) -> bool:
        """Say whether a finding may stand above everything."""
        return "headline" in self.table("checks").get(check, {}).get("reasons", {}).get(reason, {})

    def label(self, key: str) -> str:
        """Give the words of an evidence label."""
        return self.get("labels", key)


IN_SEVERAL_FILES = ("checks", "fixes")
"""Tables that are folders of files, whose names say nothing to the program: who changes a text goes by them.

A check's texts are in `<first word>-<lane>.toml` where there is such a file, else in `<first word>.toml`; the words
of a fix are in the file that is called like the one of its commands.
"""


@cache
def load(language: str = FALLBACK_LANGUAGE) -> Texts:
    """Read all texts of a language.

    Raises UnknownLanguage.
    """
    if language not in languages():
        raise UnknownLanguage(f"There are no texts in {language!r}. Languages: {', '.join(languages())}.")
    folder = resources.files("resources").joinpath("texts", language)
    tables: dict[str, Any] = {}
    for entry in folder.iterdir():
        if entry.name.endswith(".toml"):
            tables[entry.name.removesuffix(".toml")] = tomllib.loads(entry.read_text("utf-8"))
    for name in IN_SEVERAL_FILES:
        tables[name] = {}
        for entry in folder.joinpath(name).iterdir():
            if entry.name.endswith(".toml"):
                tables[name].update(tomllib.loads(entry.read_text("utf-8")))
    return Texts(tables)
