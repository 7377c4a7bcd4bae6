"""Whoever works with PowerShell is served like whoever works with the Azure CLI, or it stands here why not."""

from __future__ import annotations

from core.fixes.catalogue import load

REASONS: dict[str, str] = {
    "attach-acr": (
        "Set-AzAksCluster -AcrNameToAttach gives the role to a service principal, not to the kubelet identity "
        "(https://github.com/Azure/azure-powershell/issues/23812); grant-acrpull beside it has New-AzRoleAssignment."
    ),
    "build-for-platform": "No cmdlet packs a source directory and sends it to the registry, which az acr build does.",
    "build-for-platforms": (
        "Docker builds and pushes, in any shell; only az acr login has a cmdlet, Connect-AzContainerRegistry."
    ),
    "restore-image": "Restoring is a call to the registry itself, for which there is no cmdlet.",
}
"""Fixes that have lines for the Azure CLI and none for PowerShell, with what keeps PowerShell from doing it."""


def test_what_the_azure_cli_does_is_done_by_powershell_unless_a_reason_is_given() -> None:
    without = {
        key
        for key, recipe in load().items()
        for each in (recipe, recipe.abac)
        if each and each.azure_cli and not each.powershell
    }
    assert sorted(without - REASONS.keys()) == [], "no lines for PowerShell, and no reason"
    assert sorted(REASONS.keys() - without) == [], "a reason for what is there"
    assert all(reason.endswith(".") for reason in REASONS.values())
