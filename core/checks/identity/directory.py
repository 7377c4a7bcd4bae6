"""What to run by hand where the directory would not tell the program: the Azure CLI is often let in."""

from __future__ import annotations

import re
import shlex

from core.model import Evidence

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_application_id(app_id: str) -> bool:
    """Say whether the directory can be asked by this id.

    Old clusters were made with another name of the service principal (`http://my-cluster`), and Azure reports that.
    """
    return _GUID.fullmatch(app_id) is not None


def _by_hand(command: str) -> Evidence:
    return Evidence("command-to-ask", command)


def service_principal_command(app_id: str) -> Evidence:
    """Show how to see whether a service principal exists and is enabled."""
    return _by_hand(
        f'az ad sp show --id {shlex.quote(app_id)} --query "{{id:id, enabled:accountEnabled}}" --output table'
    )


def password_command(app_id: str) -> Evidence:
    """Show how to list when an application's passwords end."""
    return _by_hand(f'az ad app credential list --id {shlex.quote(app_id)} --query "[].endDateTime" --output table')


def role_list_command(app_id: str, registry_id: str) -> Evidence:
    """Show how to list a service principal's roles on a registry, inherited and through groups."""
    return _by_hand(
        f"az role assignment list --assignee {shlex.quote(app_id)} --scope {registry_id} "
        "--include-inherited --include-groups --output table"
    )
