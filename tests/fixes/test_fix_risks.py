"""What a fix of the catalogue says of its risk and of who may apply it fits to what its commands do."""

from __future__ import annotations

import re

import pytest

from core.fixes.catalogue import Recipe, load
from core.model import Risk

CATALOGUE = load()

INTERRUPTS = (
    r" delete |^kubectl (drain|edit|patch|set image)",
    r"^az aks (upgrade|update-credentials|nodepool upgrade)",
    r"--outbound-type|--assign-kubelet-identity|--enable-managed-identity|--load-balancer-managed",
    r"httpProxyConfig|--data-endpoint-enabled|serviceEndpoints",
    r"^az aks update .* --yes |^az resource update --ids \{cluster_id\} --subscription",
    r"private-dns (zone create|link vnet create)|additionalProperties=|^az acr build |^docker buildx ",
)
"""Commands that replace nodes or pods, break connections, take something away or hide names that others look up."""

WIDENS = (
    r"--public-network-enabled true|network-rule add",
    r"--admin-enabled true|az acr credential show",
    r"quarantinePolicy.status=disabled|authentication-as-arm update .*enabled|--role-assignment-mode rbac",
    r"accountEnabled=true|token update .*--status enabled|--read-enabled true",
    r"_repositories_pull|scope-map update .*--add-repository",
    r"0\.0\.0\.0/0|--next-hop-type Internet",
    r"private-endpoint-connection approve",
    r"vnet peering (create|update)|--role Reader",
    r"RuleCollections \{body\}|--method put .*/ruleCollectionGroups/",
)
"""Commands by which more people, addresses or networks get in than before."""

INTERRUPTS_NOTHING = {
    "renew-zone-group": "the records that go were in a zone that is gone",
    "retry-pull": "a pod that cannot start serves nobody",
}

NO_EXTENSION = r"^az (network (firewall|manager|perimeter)|graph|dns-resolver|aks-preview|acrtransfer|alb)\b"
"""Command groups that the Azure CLI fetches an extension for. https://learn.microsoft.com/cli/azure/azure-cli-extensions-list"""

READS = r"^az( [a-z-]+)+ (show|list|list-[a-z-]+|show-[a-z-]+|get-upgrades)( |$)|^az rest --method (get|post .*/list)"


def commands(recipe: Recipe) -> list[str]:
    return [*recipe.azure_cli, *recipe.kubectl]


def matches(patterns: tuple[str, ...], recipe: Recipe) -> bool:
    return any(re.search(pattern, line) for pattern in patterns for line in commands(recipe))


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_a_command_that_interrupts_is_no_harmless_fix(key: str) -> None:
    if matches(INTERRUPTS, CATALOGUE[key]):
        assert (CATALOGUE[key].risk is Risk.NONE) is (key in INTERRUPTS_NOTHING)
    else:
        assert key not in INTERRUPTS_NOTHING


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_a_command_that_lets_more_in_says_so(key: str) -> None:
    if matches(WIDENS, CATALOGUE[key]):
        assert CATALOGUE[key].risk is Risk.WIDENS_ACCESS


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_looking_takes_the_right_to_look_and_changes_nothing(key: str) -> None:
    recipe = CATALOGUE[key]
    if recipe.permission.endswith("/read"):
        assert recipe.risk is Risk.NONE
        assert all(re.search(READS, line) for line in recipe.azure_cli), recipe.azure_cli
        assert recipe.kubectl == ()


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_no_command_needs_an_extension(key: str) -> None:
    assert not [line for line in CATALOGUE[key].azure_cli if re.search(NO_EXTENSION, line)]


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_roles_have_the_right_that_is_asked_for(key: str) -> None:
    """Of the roles that many people hold, each is named only where it has the right."""
    recipe = CATALOGUE[key]
    roles = set(recipe.roles)
    assert len(roles) == len(recipe.roles)
    if recipe.permission.startswith("Microsoft.Authorization/"):
        assert roles == {"Role Based Access Control Administrator", "User Access Administrator", "Owner"}
    if recipe.permission.startswith("Microsoft."):
        assert "Owner" in roles or recipe.permission.endswith("/read") or key == "retry-pull"
    if not recipe.permission.endswith("/read"):
        assert "Reader" not in roles
    for role, provider in (
        ("Network Contributor", "Microsoft.Network/"),
        ("Private DNS Zone Contributor", "Microsoft.Network/privateDnsZones/"),
        ("Azure Kubernetes Service Contributor Role", "Microsoft.ContainerService/"),
    ):
        assert role not in roles or recipe.permission.startswith(provider), role


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_only_one_fix_attaches_the_registry_to_the_cluster(key: str) -> None:
    """Attaching gives AcrPull, which counts for nothing in a registry with repository permissions."""
    assert any("--attach-acr" in line for line in CATALOGUE[key].azure_cli) is (key == "attach-acr")
