"""What is pasted reaches the program as it was meant: asked of a real bash, and of PowerShell's own rules."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.fixes.quoting import (
    MissingValue,
    UnsafeValue,
    checked,
    fill_line,
    plain,
    quote_bash,
    quote_either,
    quote_powershell,
)

HOSTILE = [
    "a b",
    "$(touch x)",
    "`id`",
    "'",
    "''",
    '"',
    "a'b\"c",
    ";reboot",
    "|x",
    "&& x",
    "> x",
    "< x",
    "*",
    "?",
    "[a]",
    "{a,b}",
    "~",
    "!!",
    "#x",
    "\\",
    "$HOME",
    "%PATH%",
    "--%",
    "@splat",
    "-x",
    "é’‘‚‛",
    "",
    "=ls",
    "<like-this>",
    "1e5",
]
lines = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30)

WORDS_OF_BASH = "az() { printf '%s\\0' \"$@\"; }; "


def bash_reads(lines_of_code: list[str]) -> list[list[str]]:
    """Give the words that bash hands to `az` for each of several lines, in one process."""
    script = WORDS_OF_BASH + "\n" + "\n".join(f"{line}\nprintf '\\1'" for line in lines_of_code)
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, check=True, timeout=30)
    assert done.stderr == b""
    return [[word.decode() for word in part.split(b"\0")[:-1]] for part in done.stdout.split(b"\1")[:-1]]


def powershell_reads(word: str) -> str:
    """Read one argument by the rules of PowerShell: bare, or single-quoted with doubled quotes."""
    quote = "'‘’‚‛"
    if word[:1] in tuple(quote):
        body = re.fullmatch(f"[{quote}]((?:[^{quote}]|[{quote}]{{2}})*)[{quote}]", word, re.DOTALL)
        assert body, f"unbalanced: {word}"
        return re.sub(f"([{quote}])[{quote}]", r"\1", body[1])
    assert re.fullmatch(r"[A-Za-z0-9_./:-]+", word), f"not safe when bare: {word}"
    assert not re.fullmatch(r"[0-9.]+([eE][0-9]+)?([kKmMgGtTpP][bB])?|0[xX].*|-.*", word), f"read as a number: {word}"
    return word


@settings(max_examples=30)
@given(st.lists(lines.filter(lambda text: "\x01" not in text), min_size=1, max_size=20))
def test_bash_reads_what_was_quoted(words: list[str]) -> None:
    assert bash_reads([f"az {quote_bash(word)}" for word in words]) == [[word] for word in words]


def test_bash_reads_hostile_words() -> None:
    assert bash_reads([f"az {quote_bash(word)} x" for word in HOSTILE]) == [[word, "x"] for word in HOSTILE]


@given(st.one_of(lines, st.sampled_from(HOSTILE)))
def test_powershell_reads_what_was_quoted(word: str) -> None:
    assert powershell_reads(quote_powershell(word)) == word


@given(st.one_of(lines.filter(lambda text: "\x01" not in text), st.sampled_from(HOSTILE)))
@settings(max_examples=30)
def test_words_for_either_shell_are_read_alike(word: str) -> None:
    try:
        quoted = quote_either(word)
    except UnsafeValue:
        assert re.search("['‘’‚‛]", word)
        return
    assert powershell_reads(quoted) == word
    assert bash_reads([f"az {quoted}"]) == [[word]]


@pytest.mark.parametrize("word", ["aks-app", "/subscriptions/1/resourceGroups/rg", "contosoreg.azurecr.io/web:1"])
def test_what_needs_no_quotes_gets_none(word: str) -> None:
    assert quote_bash(word) == quote_powershell(word) == quote_either(word) == word


TEMPLATE = "az aks update --resource-group {group} --name {name} --tag k={name} --secret <new-secret> --yes"
names = st.one_of(
    st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd"), include_characters="-_.()/ @:,+"), max_size=40),
    lines,
    st.sampled_from(HOSTILE),
)


@settings(max_examples=60)
@given(names, names)
def test_a_filled_line_hands_over_its_values_or_is_refused(group: str, name: str) -> None:
    try:
        line = fill_line(TEMPLATE, {"group": group, "name": name}, quote_bash)
    except UnsafeValue:
        return
    assert "\n" not in line
    assert bash_reads([line]) == [
        [
            "aks",
            "update",
            "--resource-group",
            group,
            "--name",
            name,
            "--tag",
            f"k={name}",
            "--secret",
            "<new-secret>",
            "--yes",
        ]
    ]


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "a ",
        "-x",
        "a\nb",
        "a\x00b",
        "a\x1b[0m",
        "a\u202eb",
        "$(id)",
        "`id`",
        "a;b",
        "a|b",
        "a&b",
        "a'b",
        'a"b',
        "a’b",
        "<x y>",
        "a<b>",
        "x" * 2049,
        "~",
        "!!",
        "\\",
        "--%",
    ],
)
def test_values_that_no_name_can_hold_are_refused(value: str) -> None:
    with pytest.raises(UnsafeValue, match="value for name"):
        checked("name", {"name": value})


@pytest.mark.parametrize(
    "value",
    [
        "rg-app",
        "rg (test).prod_1",
        "größe",
        "contosoreg.azurecr.io/web/api:1@sha256:ab",
        "/",
        "<new-secret>",
        "Container Registry Repository Reader",
    ],
)
def test_names_of_azure_are_taken(value: str) -> None:
    assert checked("name", {"name": value}) == value


CONDITION = (
    "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})) OR "
    "(@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringLike 'web/*' && !(x)))"
)


def test_a_condition_of_a_role_reaches_both_shells_whole() -> None:
    line = fill_line("az role assignment create --condition {condition}", {"condition": CONDITION}, quote_bash)
    assert bash_reads([line]) == [["role", "assignment", "create", "--condition", CONDITION]]
    quoted = fill_line("{condition}", {"condition": CONDITION}, quote_powershell)
    assert powershell_reads(quoted) == CONDITION


@pytest.mark.parametrize(
    "value", ["(a\nb)", "(`id`)", "($(id))", "(a;b)", '("a")', "(a\\b)", "('é')", "-x", "(" + "x" * 2048]
)
def test_what_no_condition_holds_is_refused(value: str) -> None:
    with pytest.raises(UnsafeValue, match="value for condition"):
        checked("condition", {"condition": value})


BODY = (
    '{"properties":{"priority":300,"rules":[{"sourceAddresses":["10.10.0.0/22","fd00::/64"],"hosts":["*.b.net"]}]}}'
)


def test_a_body_and_hosts_reach_both_shells_whole() -> None:
    values = {"body": BODY, "hosts": "contosoreg.azurecr.io,*.blob.core.windows.net"}
    line = fill_line("az rest --body {body} --hosts {hosts}", values, quote_bash)
    assert bash_reads([line]) == [["rest", "--body", BODY, "--hosts", values["hosts"]]]
    assert powershell_reads(fill_line("{body}", values, quote_powershell)) == BODY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("body", "[]"),
        ("body", '{"a":"$(id)"}'),
        ("body", '{"a":"it\'s"}'),
        ("body", '{"a":\n1}'),
        ("body", '{"a":"b"} x'),
        ("body", "{" + "x" * 2048 + "}"),
        ("hosts", ""),
        ("hosts", "a b"),
        ("hosts", "-x"),
        ("hosts", "a;b"),
        ("hosts", "a.io,$(id)"),
        ("name", "*.azurecr.io"),
    ],
)
def test_what_no_body_and_no_list_of_hosts_holds_is_refused(name: str, value: str) -> None:
    with pytest.raises(UnsafeValue, match=f"value for {name}"):
        checked(name, {name: value})


def test_parentheses_of_powershell_are_left_alone() -> None:
    filled = fill_line("(Get-AzContainerRegistry -Name {name}).LoginServer", {"name": "a (b)"}, quote_powershell)
    assert filled == "(Get-AzContainerRegistry -Name 'a (b)').LoginServer"


def test_a_value_that_begins_an_expression_is_a_string_for_powershell() -> None:
    template = "New-AzThing -Fqdn ({hosts} -split ',') -Name {name}"
    filled = fill_line(template, {"hosts": "contosoreg.azurecr.io", "name": "a"}, quote_powershell)
    assert filled == "New-AzThing -Fqdn ('contosoreg.azurecr.io' -split ',') -Name a"


def test_a_value_that_nobody_gave_is_a_fault() -> None:
    with pytest.raises(MissingValue, match="group"):
        fill_line(TEMPLATE, {"name": "x"}, quote_bash)


def test_a_value_is_filled_once() -> None:
    with pytest.raises(UnsafeValue):
        fill_line("az x {name}", {"name": "{group}", "group": "y"}, quote_bash)


@given(st.text())
def test_sentences_get_values_on_one_printable_line(text: str) -> None:
    shown = plain(text)
    assert shown == " ".join(shown.split())
    assert all(letter.isprintable() for letter in shown)
