"""Rules that every entry of the fix catalogue keeps, whoever wrote it."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import core.checks
from core.fixes.catalogue import BadCatalogue, UnknownFix, _recipe, find, load
from core.fixes.quoting import fields_of, fill_line, quote_bash, quote_either
from core.texts import load as load_texts

CATALOGUE = load()
TEXTS = load_texts().table("fixes")
CHECKS = Path(core.checks.__file__).parent

WITHOUT_SUBSCRIPTION = {
    "az ad": "the directory has no subscriptions",
    "az login": "signs in, before there is a subscription",
    "docker ": "names the registry by its login server",
}
"""Commands of the Azure CLI that act on no subscription, and why."""

SPECIAL = {
    "condition": "(@Request[a:b] StringLike 'c*')",
    "hosts": "contosoreg.azurecr.io,*.blob.core.windows.net",
    "body": '{"name":"a b","rules":[{"hosts":["*.azurecr.io"],"port":443}]}',
}
"""Values that are no names of Azure."""

PLACEHOLDER = r"\{[a-z_]+\}|<[a-z][a-z0-9-]*>"


BY_MODE = {key: recipe.abac for key, recipe in CATALOGUE.items() if recipe.abac}
"""What holds where each repository of a registry has its own permissions."""


def commands(key: str) -> list[str]:
    return [
        line
        for recipe in (CATALOGUE[key], BY_MODE.get(key))
        if recipe
        for line in (*recipe.azure_cli, *recipe.powershell, *recipe.kubectl)
    ]


def test_data_and_texts_name_the_same_fixes() -> None:
    assert CATALOGUE.keys() == TEXTS.keys()


def test_checks_ask_for_every_fix_and_for_no_other() -> None:
    """Every key is written out in the checks, as the first argument of a FixRef or where one is chosen."""
    words = {
        node.value
        for file in CHECKS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    asked = {
        node.args[0].value
        for file in CHECKS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "FixRef"
        and isinstance(node.args[0], ast.Constant)
    }
    unknown, idle = asked - CATALOGUE.keys(), CATALOGUE.keys() - words
    assert not unknown, f"checks ask for fixes that are not in resources/fixes/: {sorted(unknown)}"
    assert not idle, f"no check asks for {sorted(idle)}"


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_an_entry_is_complete(key: str) -> None:
    assert key in TEXTS, f"no table [{key}] in resources/texts/en/fixes/"
    recipe, texts = CATALOGUE[key], TEXTS[key]
    assert texts.keys() == {"title", "changes", "because", "portal"}
    assert texts["portal"], "every fix can be done in the portal, or the portal can be told to look"
    assert texts["changes"].endswith(".")
    assert texts["title"][0].isupper()
    assert not texts["title"].endswith(".")
    assert not texts["because"].endswith(".")
    assert recipe.docs.startswith("https://")
    assert bool(recipe.permission) == bool(recipe.roles) or not recipe.permission.startswith("Microsoft.")
    assert recipe.wait_minutes >= 0


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_a_command_is_one_plain_line(key: str) -> None:
    for line in commands(key):
        assert not re.search(r"\$\(|`|\n|\\$|&&|;|\s$|^\s|  ", line), line
        for quoted in re.findall(r"'[^']*'|\"[^\"]*\"", line):
            assert not re.search(PLACEHOLDER, quoted), "a placeholder is quoted by the renderer, not by the author"
    for line in CATALOGUE[key].azure_cli:
        assert line.startswith(("az ", "docker buildx "))
    for line in CATALOGUE[key].kubectl:
        assert line.startswith("kubectl ")


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_the_azure_cli_is_told_the_subscription(key: str) -> None:
    for line in CATALOGUE[key].azure_cli:
        if not line.startswith(tuple(WITHOUT_SUBSCRIPTION)):
            assert re.search(rf" --subscription ({PLACEHOLDER})( |$)", line), line


@pytest.mark.parametrize("key", sorted(BY_MODE))
def test_where_repositories_have_their_own_permissions_a_role_has_to_have_the_data_action(key: str) -> None:
    recipe = BY_MODE[key]
    built_in = resources.files("resources").joinpath("practice/built-in-roles.toml").read_text("utf-8")
    holders = {
        role["name"] for role in tomllib.loads(built_in)["role"] if recipe.permission in role.get("data_actions", ())
    }
    if recipe.data:
        assert {role.partition(" beside ")[0] for role in recipe.roles} <= holders
        assert " --subscription {registry_subscription}" in recipe.azure_cli[0]
    else:
        assert " " in recipe.scope, "nobody reads that they may where that is not known"


def test_placeholders_are_words_that_the_renderer_fills() -> None:
    for key in CATALOGUE:
        for text in (*commands(key), CATALOGUE[key].scope, *TEXTS[key]["portal"], TEXTS[key]["changes"]):
            assert set(re.findall(r"\{(?! )([^{}:]*)\}", text)) == fields_of(text), text


@pytest.mark.parametrize("value", ["rg-app", "rg (größe).x_1", "contosoreg.azurecr.io/web@sha256:ab"])
def test_a_real_bash_hands_over_the_words_that_are_meant(value: str) -> None:
    recipes = (*CATALOGUE.values(), *BY_MODE.values())
    templates = [line for recipe in recipes for line in (*recipe.azure_cli, *recipe.kubectl)]
    values = dict.fromkeys(fields_of(" ".join(templates)), value) | SPECIAL
    meant = [
        [re.sub(r"\{([a-z_]+)\}", lambda field: values[field[1]], word) for word in shlex.split(line)[1:]]
        for line in templates
    ]
    lines = [
        fill_line(line, values, quote_bash if line.startswith(("az", "docker")) else quote_either)
        for line in templates
    ]
    script = (
        'az() { printf \'%s\\0\' "$@"; printf \'\\1\'; }; kubectl() { az "$@"; }; docker() { az "$@"; }\n'
        + "\n".join(lines)
    )
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, check=True, timeout=30)
    handed = [part.decode().split("\0")[:-1] for part in done.stdout.split(b"\1")[:-1]]
    assert done.stderr == b""
    assert handed == meant


def test_an_unknown_fix_is_refused() -> None:
    with pytest.raises(UnknownFix, match="no-such-fix"):
        find("no-such-fix")


@pytest.mark.parametrize(
    "data",
    [
        {"risk": "none", "permission": "", "scope": "", "roles": [], "docs": "", "comand": []},
        {"risk": "huge", "permission": "", "scope": "", "roles": [], "docs": ""},
        {"risk": "none", "permission": "", "scope": "", "docs": ""},
        {},
        {"risk": "none", "permission": "", "scope": "", "roles": [], "docs": "", "abac": {"comand": []}},
    ],
)
def test_an_entry_that_cannot_be_read_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(BadCatalogue, match=r"^here"):
        _recipe("here", data)
