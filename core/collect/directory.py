"""Service principals and app registrations in Microsoft Entra ID.

https://learn.microsoft.com/graph/api/overview
"""

from __future__ import annotations

from urllib.parse import quote

from core.azure.clients import Azure
from core.collect.asking import DIRECTORY, ask
from core.collect.reading import flag, moment, parts, required, text
from core.facts.cluster import Cluster
from core.facts.identities import Application, PasswordCredential, Puller, ServicePrincipal
from core.facts.resource_id import NotAResourceId, ResourceId

READ_APPLICATIONS = "Application.Read.All"

_SERVICE_PRINCIPAL = (
    "id,appId,displayName,accountEnabled,appOwnerOrganizationId,servicePrincipalType,passwordCredentials"
)
_APPLICATION = "id,appId,passwordCredentials,keyCredentials"


def service_principal(azure: Azure, cluster: Cluster) -> ServicePrincipal | None:
    """Read the service principal that the cluster signs in with; None on a managed-identity cluster."""
    app_id = cluster.service_principal_client_id
    return None if app_id is None else service_principal_of(azure, app_id)


def application(azure: Azure, cluster: Cluster) -> Application | None:
    """Read the app registration behind the service principal; None on a managed-identity cluster.

    It is missing where the service principal stands for an app of another directory.
    """
    app_id = cluster.service_principal_client_id
    return None if app_id is None else application_of(azure, app_id)


def service_principal_of(azure: Azure, app_id: str) -> ServicePrincipal:
    """Look a service principal up by its application's id. Raises NotRead."""
    path = f"/servicePrincipals(appId='{_in_path(app_id)}')"
    return ask(
        READ_APPLICATIONS,
        DIRECTORY,
        lambda: to_service_principal(azure.graph_get(path, {"$select": _SERVICE_PRINCIPAL})),
        resource=app_id,
    )


def application_of(azure: Azure, app_id: str) -> Application:
    """Look an app registration up by its id. Raises NotRead."""
    path = f"/applications(appId='{_in_path(app_id)}')"
    return ask(
        READ_APPLICATIONS,
        DIRECTORY,
        lambda: to_application(azure.graph_get(path, {"$select": _APPLICATION})),
        resource=app_id,
    )


def puller(_azure: Azure, cluster: Cluster, service_principal: ServicePrincipal | None) -> Puller | None:
    """Say who pulls; None on a managed-identity cluster without a kubelet identity."""
    if service_principal is not None:
        return Puller(
            object_id=service_principal.object_id,
            name=service_principal.display_name,
            client_id=service_principal.app_id,
            managed_identity=False,
        )
    kubelet = cluster.kubelet_identity
    if kubelet is None or kubelet.object_id is None:
        return None
    return Puller(
        object_id=kubelet.object_id,
        name=_name_of(kubelet.resource_id) or kubelet.object_id,
        client_id=kubelet.client_id,
        managed_identity=True,
        resource_id=kubelet.resource_id,
    )


def to_service_principal(model: object) -> ServicePrincipal:
    """Read a service principal off Microsoft Graph's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no ids.
    """
    app_id = required(model, "appId")
    return ServicePrincipal(
        object_id=required(model, "id"),
        app_id=app_id,
        display_name=text(model, "displayName") or text(model, "appDisplayName") or app_id,
        enabled=flag(model, "accountEnabled") is not False,
        home_tenant_id=text(model, "appOwnerOrganizationId"),
        type=text(model, "servicePrincipalType"),
        passwords=_passwords(model),
    )


def to_application(model: object) -> Application:
    """Read an app registration off Microsoft Graph's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no ids.
    """
    return Application(
        object_id=required(model, "id"),
        app_id=required(model, "appId"),
        passwords=_passwords(model),
        certificates=len(parts(model, "keyCredentials")),
    )


def to_password(model: object) -> PasswordCredential:
    """Read a client secret's life off Microsoft Graph's answer; the secret itself is never in it."""
    return PasswordCredential(
        key_id=text(model, "keyId") or "",
        starts=moment(model, "startDateTime"),
        ends=moment(model, "endDateTime"),
        display_name=text(model, "displayName"),
    )


def _passwords(model: object) -> tuple[PasswordCredential, ...]:
    return tuple(to_password(password) for password in parts(model, "passwordCredentials"))


def _in_path(app_id: str) -> str:
    """An app id as it stands inside quotes in a path; old clusters name their application by a URL."""
    return quote(app_id.replace("'", "''"), safe="")


def _name_of(resource_id: str | None) -> str | None:
    try:
        return ResourceId.parse(resource_id or "").name
    except NotAResourceId:
        return None
