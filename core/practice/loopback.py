"""Between the loopback names of the served Azure and the public names that the simulator knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.practice.http import ARM_HOST, GRAPH_HOST, Json, Request, Response

ARM = f"https://{ARM_HOST}"
GRAPH = f"https://{GRAPH_HOST}"

_LINK = re.compile(
    rb'("(?:nextLink|@odata\.nextLink|@odata\.deltaLink)"\s*:\s*")(https://(?:management\.azure|graph\.microsoft)\.com)'
)
_LINK_HEADERS = ("location", "azure-asyncoperation", "link")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one served Azure: ARM at the root of `base` (https://localhost:port), Graph below `/graph`."""

    base: str

    @property
    def graph(self) -> str:
        """The Microsoft Graph endpoint."""
        return f"{self.base}/graph"

    @property
    def audiences(self) -> dict[str, str]:
        """The audiences that tokens may be asked for by loopback name, and those that the simulator takes."""
        return {self.base: ARM, self.graph: GRAPH}

    def inward(self, request: Request) -> Request:
        """The request as if it had been sent to the public hosts. `url` starts with `base`."""
        url = request.url
        public = GRAPH + url.removeprefix(self.graph) if self._is_graph(url) else ARM + url.removeprefix(self.base)
        body = request.body.replace(self.graph.encode(), GRAPH.encode()).replace(self.base.encode(), ARM.encode())
        return Request(request.method, public, request.headers, body)

    def outward(self, response: Response) -> Response:
        """The response with the links that a client follows pointing back here; other texts stay as they are.

        Works on the bytes, since an answer may be cut off on purpose.
        """
        own = {ARM.encode(): self.base.encode(), GRAPH.encode(): self.graph.encode()}
        body = _LINK.sub(lambda match: match[1] + own[match[2]], response.body)
        headers = {
            name: value.replace(ARM, self.base).replace(GRAPH, self.graph) if name in _LINK_HEADERS else value
            for name, value in response.headers.items()
        }
        if len(body) != len(response.body) and "content-length" in headers:
            grown = int(headers["content-length"]) + len(body) - len(response.body)
            headers["content-length"] = str(grown)
        return Response(response.status, headers, body)

    def metadata(self) -> Json:
        """What the cloud says about itself, with the fields of the real `/metadata/endpoints`.

        https://management.azure.com/metadata/endpoints?api-version=2022-09-01
        """
        return {
            "portal": "https://portal.azure.com",
            "authentication": {
                "loginEndpoint": self.base,
                "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
                "tenant": "common",
                "identityProvider": "AAD",
            },
            "media": "https://rest.media.azure.net",
            "graphAudience": "https://graph.windows.net/",
            "graph": "https://graph.windows.net/",
            "name": "PracticeCloud",
            "suffixes": {
                "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
                "acrLoginServer": "azurecr.io",
                "sqlServerHostname": "database.windows.net",
                "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
                "keyVaultDns": "vault.azure.net",
                "storage": "core.windows.net",
                "azureFrontDoorEndpointSuffix": "azurefd.net",
                "storageSyncEndpointSuffix": "afs.azure.net",
                "mhsmDns": "managedhsm.azure.net",
                "mysqlServerEndpoint": "mysql.database.azure.com",
                "postgresqlServerEndpoint": "postgres.database.azure.com",
                "mariadbServerEndpoint": "mariadb.database.azure.com",
                "synapseAnalytics": "dev.azuresynapse.net",
                "attestationEndpoint": "attest.azure.net",
            },
            "batch": "https://batch.core.windows.net/",
            "resourceManager": f"{self.base}/",
            "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/"
            "arm-compute/quickstart-templates/aliases.json",
            "activeDirectoryDataLake": "https://datalake.azure.net/",
            "sqlManagement": "https://management.core.windows.net:8443/",
            "microsoftGraphResourceId": f"{self.graph}/",
            "appInsightsResourceId": "https://api.applicationinsights.io",
            "appInsightsTelemetryChannelResourceId": "https://dc.applicationinsights.azure.com/v2/track",
            "attestationResourceId": "https://attest.azure.net",
            "synapseAnalyticsResourceId": "https://dev.azuresynapse.net",
            "logAnalyticsResourceId": "https://api.loganalytics.io",
            "ossrDbmsResourceId": "https://ossrdbms-aad.database.windows.net",
        }

    def _is_graph(self, url: str) -> bool:
        return url == self.graph or url.startswith(self.graph + "/")
