"""The PowerShell lines of the fixes name cmdlets and parameters that exist, and do what they are there for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from powershell_lines import Command, Line, NotUnderstood, take_apart

from core.fixes.catalogue import load
from core.fixes.quoting import fields_of, fill_line, quote_powershell

CMDLETS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).resolve().parents[1] / "data" / "powershell" / "cmdlets.toml").read_text("utf-8")
)
COMMON = """
    Debug? ErrorAction ErrorVariable InformationAction InformationVariable OutBuffer OutVariable PipelineVariable
    ProgressAction Verbose? WarningAction WarningVariable
"""
"""https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_commonparameters"""

SPECIAL = {
    "condition": "(@Request[a:b] StringLike 'c*')",
    "hosts": "contosoreg.azurecr.io",
    "body": '{"name":"a b"}',
}
"""Values that are no names of Azure."""

IN_NO_SUBSCRIPTION = {"Connect-AzAccount", "Update-AzADServicePrincipal", "New-AzADAppCredential"} | {
    "Add-DnsServerConditionalForwarderZone"
}
"""Cmdlets that act on a directory or on a server of one's own: a fix of nothing else chooses no subscription."""

FIXES = {key: recipe.powershell for key, recipe in load().items() if recipe.powershell}


@dataclass(frozen=True, slots=True)
class Parameters:
    """One parameter set: each name with whether it is mandatory and whether it is a switch."""

    mandatory: frozenset[str]
    switches: frozenset[str]
    names: frozenset[str]


def parameters(words: str) -> Parameters:
    names = words.split()
    return Parameters(
        frozenset(name.strip("!") for name in names if name.endswith("!")),
        frozenset(name.strip("?") for name in names if name.endswith("?")),
        frozenset(name.strip("!?") for name in names),
    )


def sets_of(cmdlet: str) -> list[Parameters]:
    entry = CMDLETS[cmdlet]
    return [parameters(f"{COMMON} {entry.get('every', '')} {words}") for words in entry["sets"]]


def lines_of(key: str, value: str = "rg-app") -> list[Line]:
    return [
        take_apart(fill_line(line, dict.fromkeys(fields_of(line), value) | SPECIAL, quote_powershell))
        for line in FIXES[key]
    ]


def commands_of(key: str) -> list[Command]:
    return [command for line in lines_of(key) for command in line.commands]


def piped_in(command: Command) -> list[str]:
    """The parameter that an object from the pipeline may fill, or none."""
    return CMDLETS[command.name].get("piped", []) if command.piped else []


def test_every_cmdlet_of_the_list_is_used() -> None:
    assert {command.name for key in FIXES for command in commands_of(key)} == CMDLETS.keys()


@pytest.mark.parametrize("key", sorted(FIXES))
@pytest.mark.parametrize("value", ["rg-app", "10.0.0.0", "rg (größe).x_1", "<put-in>"])
def test_a_line_is_read_whatever_its_values_are(key: str, value: str) -> None:
    assert lines_of(key, value) == lines_of(key)


@pytest.mark.parametrize("key", sorted(FIXES))
def test_a_parameter_set_takes_what_is_given(key: str) -> None:
    """Of the mandatory parameters that are not given, at most one may be left to the pipeline."""
    for command in commands_of(key):
        given = set(command.given)
        assert given <= set().union(*(each.names for each in sets_of(command.name))), command
        fitting = [
            each
            for each in sets_of(command.name)
            if given <= each.names
            and (each.mandatory <= given or each.mandatory - given in [{name} for name in piped_in(command)])
        ]
        assert fitting, command
        if command.piped:
            assert any(name in each.names - given for each in fitting for name in piped_in(command)), command


@pytest.mark.parametrize("key", sorted(FIXES))
def test_switches_have_no_value_and_others_have_one(key: str) -> None:
    """A switch may have one behind a colon, which the reader of lines gives like any other."""
    for command in commands_of(key):
        switches = set().union(*(each.switches for each in sets_of(command.name)))
        for name, value in command.given.items():
            behind_colon = any(f"-{name}:" in text for text in FIXES[key])
            assert (value is not None) is (name not in switches or behind_colon), f"-{name} of {command}"


@pytest.mark.parametrize("key", sorted(FIXES))
def test_nothing_waits_for_an_answer(key: str) -> None:
    for command in commands_of(key):
        assert "Confirm" not in command.given, "asks back"
        assert "WhatIf" not in command.given, "changes nothing"
        assert not CMDLETS[command.name].get("force") or "Force" in command.given, command


@pytest.mark.parametrize("key", sorted(FIXES))
def test_the_subscription_is_chosen_first(key: str) -> None:
    names = [command.name for command in commands_of(key)]
    if not set(names) <= IN_NO_SUBSCRIPTION:
        first, *_ = commands_of(key)
        assert first.name in ("Set-AzContext", "Connect-AzAccount")
        assert "Subscription" in first.given
    starts = ["".join(command.name for command in line.commands[:1]) for line in lines_of(key)]
    assert ("Set-AzContext", "Set-AzContext") not in pairwise(starts)
    assert starts[-1] != "Set-AzContext", "chosen for nothing"


@pytest.mark.parametrize("key", sorted(FIXES))
def test_variables_are_set_before_and_used_after(key: str) -> None:
    known: list[str] = []
    used: set[str] = set()
    for line in lines_of(key):
        assert set(line.reads) <= set(known), line
        used |= set(line.reads)
        known += [line.sets] if line.sets else []
    assert set(known) == used


@pytest.mark.parametrize("key", sorted(FIXES))
def test_what_is_changed_in_memory_is_written_back(key: str) -> None:
    lines = lines_of(key)
    for position, line in enumerate(lines):
        for command in line.commands:
            if saved_by := CMDLETS[command.name].get("saved_by"):
                assert [after.name for after in line.commands if after.piped == command.name] == [saved_by]
        if line.changes:
            whole = (part_of(line.changes, lines[:position]),)
            written = [
                command
                for after in lines[position + 1 :]
                for command in after.commands
                if command.name.startswith("Set-") or CMDLETS[command.name].get("saved_by")
                if whole in command.given.values()
            ]
            assert written, line


def part_of(variable: str, before: list[Line]) -> str:
    """The variable whose object holds that of another one: a `Get-…Config` gives a part of the object it is given."""
    for line in before:
        if line.sets == variable and line.reads and line.commands[-1].name.endswith("Config"):
            return line.reads[0]
    return variable


@pytest.mark.parametrize("key", sorted(FIXES))
def test_what_is_added_to_a_resource_is_sent_where_it_was_read(key: str) -> None:
    """A PUT replaces a resource, so that it sends all that a GET of the same path and version gave."""
    lines, read, added = lines_of(key), dict[str, str](), set[str]()
    for text, line in zip(FIXES[key], lines, strict=True):
        if line.sets and (path := re.search(r" -Method GET -Path (\S+)\)", text)):
            read[line.sets] = path[1]
        for command in line.commands:
            if command.name == "Add-Member":
                added.add(command.piped.split()[0])
            sent = command.given.get("Payload") or ()
            if command.name == "Invoke-AzRestMethod" and sent:
                assert f" -Path {read[sent[0]]} " in text, text
                assert " -Method PATCH " in text or text.endswith(f"-InputObject {sent[0]} -Depth 100)"), text
                added -= set(sent)
    assert not added, "changed in memory only"


@pytest.mark.parametrize(
    "text",
    [
        "Get-AzThing @splat",
        "Get-AzThing -Name $(Get-AzOther)",
        "Get-AzThing -Name `x",
        'Get-AzThing -Name "a"',
        "Get-AzThing a",
        "gat -Name a",
        "Get-AzThing -Name a -Name b",
        "Get-AzThing -Name (a -split ',')",
        "Get-AzThing | select",
        "Get-AzThing -Name a; Get-AzThing",
        "Get-AzThing -Name a > b",
        "Get-AzThing -Name (Get-AzOther",
        "Get-AzThing -Name @{ 'a' = 1 }",
        "Get-AzThing -Name @{ a = $b",
        "$a + b",
        "$a = $b = 1",
        "& x",
    ],
)
def test_what_no_fix_may_use_is_not_understood(text: str) -> None:
    with pytest.raises(NotUnderstood):
        take_apart(text)


def test_a_line_is_taken_apart() -> None:
    line = take_apart("$a = Get-AzThing -Name 'x''y' | Add-AzPart -Of ($b -split ','), $c.Id -All | Set-AzThing")
    assert line.sets == "$a"
    assert line.reads == ["$b", "$c"]
    assert line.commands == [
        Command("Get-AzThing", {"Name": ()}),
        Command("Add-AzPart", {"Of": ("$b", "$c"), "All": None}, "Get-AzThing"),
        Command("Set-AzThing", {}, "Add-AzPart"),
    ]


def test_a_method_of_what_a_cmdlet_gives_is_read() -> None:
    line = take_apart("Get-AzThing -On ($a.Kind -like 'x*') -Until (Get-Date).AddDays(90)")
    assert line == Line(
        commands=[Command("Get-AzThing", {"On": ("$a",), "Until": ()}), Command("Get-Date")], reads=["$a"]
    )


def test_hash_tables_and_lists_are_read() -> None:
    line = take_apart("Add-AzThing -Part @{ id = $a.Id } -All ($b.Parts + (, @{ id = 'c' }))")
    assert line.reads == ["$a", "$b"]
    assert line.commands == [Command("Add-AzThing", {"Part": ("$a",), "All": ("$b",)})]


def test_changes_of_an_object_are_seen() -> None:
    assert take_apart("$a.Part.On = $true") == Line(reads=["$a"], changes="$a")
    assert take_apart("$a.Add($b)") == Line(reads=["$a", "$b"], changes="$a")
    assert take_apart("(Get-AzThing -Name a).Part") == Line(commands=[Command("Get-AzThing", {"Name": ()})])
