"""Every finding that a check can make has its sentences, every sentence has a finding, and every fix exists.

The reasons are read off the source: from `evaluate`, through every function of core.checks that it uses, to the
`Verdict(...)` that are made there. Most are literals, one of two literals, a local name for these, or an entry of a
table of literals. Of a computed reason only this much is proved: it is written out in the check's folder; that
each of them has its sentences is proved by the tests that run the check.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from importlib import resources
from operator import or_
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from core.checks import unread
from core.checks.check import Check
from core.checks.table import ALL
from core.fixes import catalogue
from core.model import Verdict
from core.texts import Texts, load
from core.tree import TREE

LONGEST_TITLE = 34

TEXTS = load()
RESOURCES = resources.files("resources")


@cache
def tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def body_of(function: FunctionType) -> ast.AST:
    """The function in its module's source, found by name and line."""
    line = function.__code__.co_firstlineno
    for node in ast.walk(tree_of(sys.modules[function.__module__])):
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__ and node.lineno == line:
            return node
    raise AssertionError(f"{function.__qualname__} is not in its module")


def used_by(function: FunctionType) -> Iterator[FunctionType]:
    """The functions and methods of core.checks that a function names."""
    for node in ast.walk(body_of(function)):
        if not isinstance(node, ast.Name):
            continue
        found = function.__globals__.get(node.id)
        if isinstance(found, FunctionType) and found.__module__.startswith("core.checks."):
            yield found
        elif inspect.isclass(found) and found.__module__.startswith("core.checks."):
            yield from (item for item in vars(found).values() if isinstance(item, FunctionType) and has_source(item))


def has_source(function: FunctionType) -> bool:
    """Dataclasses have methods that no source file holds."""
    return inspect.getsourcefile(function) == inspect.getsourcefile(sys.modules[function.__module__])


def reachable(check: Check) -> set[FunctionType]:
    """Every function that a check may come through; what could not be read has shared sentences."""
    assert isinstance(check.evaluate, FunctionType)
    found: set[FunctionType] = set()
    waiting = [check.evaluate]
    while waiting:
        function = waiting.pop()
        if function in found or function is unread.unknown:
            continue
        found.add(function)
        waiting.extend(used_by(function))
    return found


@dataclass(frozen=True)
class Reasons:
    """What a check may answer: whole reasons, patterns of reasons, and whether some are computed in other ways."""

    exact: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    computed: bool = False

    def __or__(self, other: Reasons) -> Reasons:
        return Reasons(self.exact | other.exact, self.patterns | other.patterns, self.computed or other.computed)


def stands_for(node: ast.AST, function: FunctionType) -> Reasons:
    """What an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Reasons(frozenset({node.value}))
    if isinstance(node, ast.IfExp):
        return stands_for(node.body, function) | stands_for(node.orelse, function)
    if isinstance(node, ast.JoinedStr):
        pieces = (re.escape(one.value) if isinstance(one, ast.Constant) else ".+" for one in node.values)
        return Reasons(patterns=frozenset({"".join(pieces)}))
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        table = function.__globals__.get(node.value.id)
        if isinstance(table, Mapping):
            return Reasons(frozenset(table.values()))
    if isinstance(node, ast.Name):
        values = [
            one.value
            for one in ast.walk(body_of(function))
            if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets)
        ]
        if values:
            return reduce(or_, (stands_for(value, function) for value in values))
    return Reasons(computed=True)


def verdicts_of(check: Check) -> Iterator[tuple[FunctionType, ast.Call]]:
    """Every `Verdict(...)` that a check may answer, with the function that makes it."""
    for function in reachable(check):
        for node in ast.walk(body_of(function)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if function.__globals__.get(node.func.id) is Verdict:
                yield function, node


def argument(call: ast.Call, place: int, name: str) -> ast.expr:
    """What a call gives for a parameter, by its name or by its place."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return named[0] if named else call.args[place]


def reasons_of(check: Check, *, only_failing: bool = False) -> Reasons:
    found = Reasons()
    for function, call in verdicts_of(check):
        if not only_failing or ast.unparse(argument(call, 0, "status")) == "Status.FAIL":
            found |= stands_for(argument(call, 1, "reason"), function)
    return found


def literals_near(check: Check) -> set[str]:
    """Every text that stands in the source of a check's folder, as a whole."""
    folder = Path(inspect.getfile(check.evaluate)).parent
    nodes = (node for file in folder.glob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def written(check: Check, texts: Texts = TEXTS) -> dict[str, Any]:
    found = texts.table("checks").get(check.id)
    assert found is not None, f"no table [{check.id!r}] in resources/texts/en/checks/"
    return dict(found)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_findings_and_sentences_are_the_same(check: Check) -> None:
    made, sentences = reasons_of(check), set(written(check)["reasons"])
    unsaid = sorted(made.exact - sentences)
    assert not unsaid, f"reasons without a summary in resources/texts/en/checks/: {unsaid}"
    rest = {reason for reason in sentences - made.exact if not any(re.fullmatch(p, reason) for p in made.patterns)}
    assert not rest or (made.computed and rest <= literals_near(check)), (
        f"no verdict has these reasons: {sorted(rest)}"
    )
    for pattern in made.patterns:
        assert any(re.fullmatch(pattern, reason) for reason in sentences), pattern


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_every_failure_has_its_headline(check: Check) -> None:
    failing = reasons_of(check, only_failing=True)
    silent = [
        reason
        for reason, found in written(check)["reasons"].items()
        if "headline" not in found
        and (reason in failing.exact or any(re.fullmatch(p, reason) for p in failing.patterns))
    ]
    assert not silent, f"failing reasons without a headline in resources/texts/en/checks/: {silent}"


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_no_finding_takes_the_name_of_a_shared_one(check: Check) -> None:
    assert not set(written(check)["reasons"]) & set(TEXTS.table("words")["reasons"])


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_a_check_says_what_it_asks_and_why(check: Check) -> None:
    sentences = written(check)
    assert set(sentences) == {"title", "question", "why", "docs", "reasons"}
    assert 0 < len(sentences["title"]) <= LONGEST_TITLE
    assert sentences["question"].endswith("?")
    assert sentences["why"].endswith(".")
    assert sentences["docs"].startswith("https://")
    for name, found in sentences["reasons"].items():
        assert set(found) <= {"summary", "headline"}, name
        assert found["summary"].strip(), name


def test_every_check_of_the_texts_exists() -> None:
    gone = set(TEXTS.table("checks")) - {check.id for check in ALL}
    assert not gone, f"texts of checks that are not in ALL of core/checks/table.py: {sorted(gone)}"


def test_every_check_is_in_the_table_once_and_in_the_file_of_its_name() -> None:
    assert len({check.id for check in ALL}) == len(ALL)
    for check in ALL:
        folder, name = check.id.split(".")
        assert check.evaluate.__module__ == f"core.checks.{folder}.{name.replace('-', '_')}"


def keys_by_file(*folder: str) -> dict[str, set[str]]:
    """Give what the files of a folder of resources hold, by their names without the ending."""
    files = [one for one in RESOURCES.joinpath(*folder).iterdir() if one.name.endswith(".toml")]
    return {file.name.removesuffix(".toml"): set(tomllib.loads(file.read_text("utf-8"))) for file in files}


def test_the_texts_of_a_check_are_in_the_file_of_its_first_word_and_lane() -> None:
    files = keys_by_file("texts", "en", "checks")
    for lane in TREE.lanes:
        for check in lane.checks:
            word = check.partition(".")[0]
            own = f"{word}-{lane.key}"
            file = own if own in files else word
            assert check in files[file], f"the texts of {check} belong in resources/texts/en/checks/{file}.toml"
    names = [check for keys in files.values() for check in keys]
    twice = sorted({check for check in names if names.count(check) > 1})
    assert not twice, f"these have texts in two files: {twice}"


def test_the_words_of_a_fix_are_in_the_file_that_is_called_like_that_of_its_commands() -> None:
    files, sentences = keys_by_file("fixes"), keys_by_file("texts", "en", "fixes")
    for name in files.keys() | sentences.keys():
        alone = sorted(files.get(name, set()) ^ sentences.get(name, set()))
        assert not alone, f"only in one of resources/fixes/{name}.toml and texts/en/fixes/{name}.toml: {alone}"
    words = {check.id.partition(".")[0] for check in ALL}
    assert set(files) <= words | {f"{word}-{lane.key}" for word in words for lane in TREE.lanes}


def test_every_evidence_label_has_its_words() -> None:
    """As far as labels are written out where the evidence is made."""
    folder = Path(inspect.getfile(Check)).parent
    labels = {
        node.args[0].value
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Evidence"
        and isinstance(node.args[0], ast.Constant)
    }
    assert labels
    unnamed = sorted(labels - set(TEXTS.table("labels")))
    assert not unnamed, f"evidence without words in resources/texts/en/labels.toml: {unnamed}"


def test_every_fix_has_commands_and_sentences() -> None:
    commands, words = set(catalogue.load()), set(TEXTS.table("fixes"))
    assert not commands - words, f"no words in resources/texts/en/fixes/ for {sorted(commands - words)}"
    assert not words - commands, f"no commands in resources/fixes/ for {sorted(words - commands)}"
    for key, sentences in TEXTS.table("fixes").items():
        assert set(sentences) == {"title", "changes", "because", "portal"}, key


def test_every_failure_has_a_way_on() -> None:
    folder = Path(inspect.getfile(Check)).parent
    failures = [
        (file.name, call)
        for file in folder.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and "Status.FAIL" in [ast.unparse(one) for one in call.args]
    ]
    assert failures
    without = [
        (name, ast.unparse(call))
        for name, call in failures
        if "fixes" not in {keyword.arg for keyword in call.keywords}
    ]
    assert not without, f"a failing verdict names its fixes: {without}"


def test_a_sentence_about_one_part_of_the_way_does_not_say_how_far_a_pull_gets() -> None:
    """Another check may have found that it does not even get there."""
    how_far = re.compile(
        r"(layers|image) (arrives|is found)|login server is found|The nodes of \{pools\} reach .*, but"
    )
    said = {
        f"{check.id} {reason}"
        for check in ALL
        if check.branch.value == "network"
        for reason, sentences in TEXTS.table("checks")[check.id]["reasons"].items()
        if how_far.search(sentences["summary"])
    }
    assert said == set()
