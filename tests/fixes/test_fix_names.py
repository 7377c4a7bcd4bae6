"""What a fix makes has a name that nothing else has: to make what is there already would replace or empty it."""

from __future__ import annotations

import re

import pytest

from core.checks.fix_values import token_name
from core.fixes.catalogue import load

CATALOGUE = load()

MAKES = re.compile(r"^az .* (create|add) ")

NAMED = re.compile(r" (?:--name|--display-name|--nodepool-name) (\S+)")

ONLY_ONE = {
    ("create-zone-group", "default"): "an endpoint has one zone group at most, and this one has none",
    ("create-endpoint", "default"): "the endpoint was made a moment ago",
    ("create-endpoint-in-zone", "default"): "the endpoint was made a moment ago",
    ("create-endpoint-in-linked-zone", "default"): "the endpoint was made a moment ago",
    ("renew-endpoint-with-records", "default"): "the endpoint was made a moment ago",
}
"""Names that are the same everywhere and replace nothing all the same, and why."""


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_what_is_made_has_no_name_that_is_the_same_everywhere(key: str) -> None:
    lines = [line for line in CATALOGUE[key].azure_cli if MAKES.match(line)]
    fixed = {name for line in lines for name in NAMED.findall(line) if "{" not in name and "<" not in name}
    assert fixed == {name for own, name in ONLY_ONE if own == key}


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_no_application_loses_its_passwords(key: str) -> None:
    """With a name, `create-for-rbac` takes an application of that name that is there and deletes its passwords.

    https://learn.microsoft.com/cli/azure/ad/sp#az-ad-sp-create-for-rbac
    """
    for line in CATALOGUE[key].azure_cli:
        if line.startswith("az ad sp create-for-rbac"):
            assert not re.search(r" (--name|--display-name|-n) ", line), line
        if re.match(r"az ad (app|sp) credential reset", line):
            assert " --append " in line, line


@pytest.mark.parametrize(
    ("cluster", "namespace", "name"),
    [
        ("store-prod-01", "shop", "store-prod-01-shop"),
        ("store_prod", "<namespace>", "store-prod-pull"),
        ("k", "a", "k-a-pull"),
        ("c" * 63, "shop", f"{'c' * 35}-shop"),
        ("store", "n" * 63, f"store-{'n' * 34}"),
    ],
)
def test_a_new_token_is_named_for_the_cluster_and_the_namespace(cluster: str, namespace: str, name: str) -> None:
    assert token_name(cluster, namespace) == name
    assert re.fullmatch(r"[a-zA-Z0-9-]{5,40}", name)
