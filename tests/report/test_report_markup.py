"""Names and texts from outside never become markup, and commands arrive letter by letter."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hostile_report import with_text
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from scenario_reports import NAMES, report_of

from core.model import Fix, Report
from core.report import FORMATS, render
from core.texts import load

PLAIN = report_of("role-and-identity-missing")
ASKING = report_of("role-missing-operator-contributor")
_TAGS = "html head meta title style body h1 h2 h3 p span pre table tr td ol li a"
TAGS = set(_TAGS.split())

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</pre><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "&lt;b&gt; &#60;b&#62;",
    "`` ` ```\n```\n# out\n",
    "[here](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "a | b | c\n|---|---|---|",
    "- one\n- two\n1. three\n> four\n# five\n---\n===",
    "1. numbered",
    "--- ",
    "**bold** __bold__ ~~gone~~ $x$",
    "\x1b[31mred\x1b[0m \x9b31m \x07\x00",
    "\u202egnp.exe \u2066 \u200f \u2028 next",
    "https://evil.example/\n[PROBLEM] All is lost\n",
    "x" * 4_000,
]


class Skeleton(HTMLParser):
    """The tags of a page in their order, and what stands in each <pre>."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.code: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))
        self._open = tag
        if tag == "pre":
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "pre":
            self.code[-1] += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", ()))


def html_of(report: Report) -> Skeleton:
    skeleton = Skeleton()
    skeleton.feed(render(report, "html", load()))
    skeleton.close()
    return skeleton


def markdown_of(report: Report) -> list[tuple[str, str]]:
    """The kinds of Markdown's tokens in their order, with the text of code."""
    found = []
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in parser.parse(render(report, "markdown", load())):
        for one in (token, *(token.children or ())):
            if one.type not in ("inline", "text"):
                found.append((one.type, one.content if one.type in ("fence", "code_block") else ""))
    return found


def kinds(report: Report) -> list[str]:
    return [kind for kind, _ in markdown_of(report)]


def harmless(text: str) -> str:
    """The same text with a letter in the place of everything that shows."""
    return re.sub(r"[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]", "x", text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("report", [PLAIN, ASKING], ids=["plain", "asking"])
def test_hostile_names_change_no_markup(text: str, report: Report) -> None:
    hostile, meek = with_text(report, text), with_text(report, harmless(text))
    assert html_of(hostile).tags == html_of(meek).tags
    assert kinds(hostile) == kinds(meek)


def test_a_pipe_stays_in_its_cell() -> None:
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(render(with_text(PLAIN, "a | b"), "markdown", load()))
    opened = [number for number, token in enumerate(tokens) if token.type == "td_open"]
    cells = [tokens[number + 1].content for number in opened]
    failed = "a | b holds no role that allows pulling from a | b"
    assert any(text.startswith(failed) for text in cells)


@settings(max_examples=40)
@given(st.text(alphabet="<>&\"'`|\\*_~[]()!#-+=.:1 \nab$@/{}\u202e\x1b", min_size=1, max_size=24))
def test_no_text_changes_markup(text: str) -> None:
    hostile, meek = with_text(ASKING, text), with_text(ASKING, harmless(text))
    assert html_of(hostile).tags == html_of(meek).tags
    assert kinds(hostile) == kinds(meek)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_adds_no_line_of_its_own_to_the_text_report(text: str) -> None:
    hostile = render(with_text(PLAIN, text), "text", load())
    meek = render(with_text(PLAIN, harmless(text)), "text", load())
    starts = [line[:1] in (" ", "") for line in hostile.splitlines()]
    assert starts == [line[:1] in (" ", "") for line in meek.splitlines()]
    assert len(re.findall(r"^\[PROBLEM\]", hostile, re.MULTILINE)) == 2


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_steers_a_terminal_or_turns_a_line(format_: str, text: str) -> None:
    written = render(with_text(PLAIN, text), format_, load())
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", written) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_json_keeps_every_letter(text: str) -> None:
    document = json.loads(render(with_text(PLAIN, text), "json", load()))
    assert document["cluster"]["name"] == text
    assert document["checks"][0]["evidence"][0]["value"] == text


def test_only_addresses_of_documentation_are_links() -> None:
    for address in ("javascript:alert(1)", "http://plain.example", 'https://x.example/"><b>', "https://x y"):
        report = with_docs(PLAIN, address)
        assert not [tag for tag, _ in html_of(report).tags if tag == "a"]
        assert "link_open" not in kinds(report)
    good = with_docs(PLAIN, "https://learn.microsoft.com/azure")
    assert {attrs for tag, attrs in html_of(good).tags if tag == "a"} == {
        (("href", "https://learn.microsoft.com/azure"),)
    }
    assert "link_open" in kinds(good)


def with_docs(report: Report, address: str) -> Report:
    results = tuple(
        replace(result, fixes=tuple(replace(fix, docs=address) for fix in result.fixes)) for result in report.results
    )
    return replace(report, results=results)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_of_every_scenario_is_whole(name: str) -> None:
    report = report_of(name)
    page = html_of(report)
    assert {tag.removeprefix("/") for tag, _ in page.tags} <= TAGS
    assert page.tags.count(("/html", ())) == 1
    fences = [content for kind, content in markdown_of(report) if kind == "fence"]
    in_fences = {line for content in fences for line in content.splitlines()}
    in_text = {line.strip() for line in render(report, "text", load()).splitlines()}
    for command in (line for result in report.results for fix in result.fixes for line in lines_of(fix)):
        assert command in in_fences
        assert command in page.code
        assert command in in_text


def lines_of(fix: Fix) -> tuple[str, ...]:
    return (*fix.azure_cli, *fix.powershell, *fix.kubectl)


@pytest.mark.parametrize("format_", FORMATS)
def test_practice_is_unmistakable(format_: str) -> None:
    watermark = '"practice": true' if format_ == "json" else "PRACTICE: simulated resources, not your Azure."
    assert watermark in render(PLAIN, format_, load())
    assert watermark not in render(replace(PLAIN, practice=False), format_, load())
