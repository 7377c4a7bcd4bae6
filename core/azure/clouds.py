"""The Azure clouds, as data: where their endpoints are and how their names end.

The known clouds are those of the Azure CLI's `core/cloud.py`; every other cloud is found by
`core.azure.discovery` from its ARM endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

ENTRA_HOSTS = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoft.com",
        "login.windows.net",
        "sts.windows.net",
        "login.microsoftonline.us",
        "login-us.microsoftonline.com",
        "login.chinacloudapi.cn",
        "login.partner.microsoftonline.cn",
        "login.sovcloud-identity.fr",
        "login.sovcloud-identity.de",
        "login.sovcloud-identity.sg",
    }
)
"""Hosts of Entra's public authorities, the only ones that MSAL's instance discovery can vouch for.

https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
"""


@dataclass(frozen=True, slots=True)
class Cloud:
    """One Azure cloud.

    Endpoints are https URLs without a trailing slash, suffixes have no leading dot ("azurecr.io").
    `arm_audience` is who an ARM token is for, exactly as the cloud writes it.
    `graph_endpoint` is empty where the cloud has no Microsoft Graph.
    `instance_discovery` is false where the authority is none of Entra's public ones.
    """

    name: str
    arm_endpoint: str
    arm_audience: str
    authority: str
    graph_endpoint: str
    portal: str
    acr_suffix: str
    storage_suffix: str = "core.windows.net"
    instance_discovery: bool = True

    @property
    def credential_scopes(self) -> tuple[str, ...]:
        """The scopes of an ARM token, as the SDK clients take them."""
        return (f"{self.arm_audience}/.default",)

    @property
    def graph_scope(self) -> str:
        """The scope of a Microsoft Graph token."""
        return f"{self.graph_endpoint}/.default"

    @property
    def token_hosts(self) -> frozenset[str]:
        """Where a bearer token of this cloud may be sent: `host` or `host:port`, lower case."""
        return frozenset(host_of(url) for url in (self.arm_endpoint, self.graph_endpoint) if url)


def host_of(url: str) -> str:
    """`host` of an https URL, lower case, with `:port` where it is not 443."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    return host if parts.port in (None, 443) else f"{host}:{parts.port}"


AZURE_PUBLIC = Cloud(
    name="AzureCloud",
    arm_endpoint="https://management.azure.com",
    arm_audience="https://management.azure.com",
    authority="https://login.microsoftonline.com",
    graph_endpoint="https://graph.microsoft.com",
    portal="https://portal.azure.com",
    acr_suffix="azurecr.io",
)
AZURE_US_GOVERNMENT = Cloud(
    name="AzureUSGovernment",
    arm_endpoint="https://management.usgovcloudapi.net",
    arm_audience="https://management.usgovcloudapi.net",
    authority="https://login.microsoftonline.us",
    graph_endpoint="https://graph.microsoft.us",
    portal="https://portal.azure.us",
    acr_suffix="azurecr.us",
    storage_suffix="core.usgovcloudapi.net",
)
AZURE_CHINA = Cloud(
    name="AzureChinaCloud",
    arm_endpoint="https://management.chinacloudapi.cn",
    arm_audience="https://management.chinacloudapi.cn",
    authority="https://login.chinacloudapi.cn",
    graph_endpoint="https://microsoftgraph.chinacloudapi.cn",
    portal="https://portal.azure.cn",
    acr_suffix="azurecr.cn",
    storage_suffix="core.chinacloudapi.cn",
)

KNOWN_CLOUDS: dict[str, Cloud] = {cloud.name: cloud for cloud in (AZURE_PUBLIC, AZURE_US_GOVERNMENT, AZURE_CHINA)}
"""The clouds that `--cloud` accepts, by their name in the Azure CLI."""
