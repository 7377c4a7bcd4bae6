"""One signed-in connection to Azure: every SDK client of a run, made when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from azure.core.credentials import TokenCredential
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.pipeline.transport import HttpTransport
from azure.core.settings import settings

from core.azure.clouds import Cloud
from core.azure.fan_out import fan_out
from core.azure.graph import GraphClient, Json
from core.azure.own_host import OwnHostPolicy
from core.azure.retry import BoundedRetryPolicy
from core.azure.transport import RegistryTransport, WatchedTransport
from core.azure.trust import WIRE_LIMIT
from core.cancel import CancelToken
from core.imports import import_now

if TYPE_CHECKING:
    from azure.mgmt.authorization import AuthorizationManagementClient
    from azure.mgmt.compute import ComputeManagementClient
    from azure.mgmt.containerregistry import ContainerRegistryManagementClient
    from azure.mgmt.containerservice import ContainerServiceClient
    from azure.mgmt.msi import ManagedServiceIdentityClient
    from azure.mgmt.network import NetworkManagementClient
    from azure.mgmt.privatedns import PrivateDnsManagementClient
    from azure.mgmt.resource.subscriptions import SubscriptionClient
    from azure.mgmt.resourcegraph import ResourceGraphClient

    from core.azure.registry_data import RegistryData

USER_AGENT = "pull-doctor"

REGISTRY_PREVIEW = "2026-09-01-preview"
"""The api-version that tells what the stable one leaves out of a registry; not every cloud serves it."""

PACKAGES: Mapping[str, tuple[str, ...]] = {
    "containerservice": ("azure.mgmt.containerservice",),
    "containerregistry": ("azure.mgmt.containerregistry",),
    "containerregistrypreview": ("azure.mgmt.containerregistry",),
    "authorization": ("azure.mgmt.authorization", "azure.mgmt.authorization.v2022_04_01"),
    "compute": ("azure.mgmt.compute",),
    "msi": ("azure.mgmt.msi", "azure.mgmt.msi.v2024_11_30"),
    "network": ("azure.mgmt.network",),
    "privatedns": ("azure.mgmt.privatedns",),
    "subscriptions": ("azure.mgmt.resource.subscriptions",),
    "resourcegraph": ("azure.mgmt.resourcegraph",),
    "registrydata": ("azure.containerregistry",),
}
"""What each client is made of, with the version that a client of many versions imports at its first call."""

T = TypeVar("T")
R = TypeVar("R")


class Azure:
    """The SDK clients of one run, all through one `WatchedTransport`.

    Make one for each run: the credential and `transport` (which really sends, see `core.azure.trust.new_transport`)
    are shared between runs and belong to whoever made them; the counts and the cancel belong to this object.
    The client packages are slow to import, so each is imported when its client is first asked for. All methods may
    be called from any thread. `consented` are the paths of calls that read a secret and that the person agreed to.

    The SDK calls raise `azure.core.exceptions.AzureError`, `core.cancel.Cancelled` and
    `core.azure.transport.RefusedRequest`; `core.azure.errors.fact_of_error` turns them into facts.
    """

    def __init__(
        self,
        cloud: Cloud,
        credential: TokenCredential,
        transport: HttpTransport[Any, Any],
        cancel: CancelToken,
        consented: Collection[str] = (),
    ) -> None:
        settings.tracing_enabled = False
        self.cloud = cloud
        self.cancel = cancel
        self.transport = WatchedTransport(transport, cancel, cloud.token_hosts, consented)
        self._credential = credential
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}

    def container_service(self, subscription_id: str) -> ContainerServiceClient:
        """Clusters and node pools of a subscription."""

        def make() -> ContainerServiceClient:
            from azure.mgmt.containerservice import ContainerServiceClient

            return ContainerServiceClient(self._credential, subscription_id, **self._options())

        return self._client("containerservice", subscription_id, make)

    def container_registry(self, subscription_id: str) -> ContainerRegistryManagementClient:
        """Registries of a subscription."""

        def make() -> ContainerRegistryManagementClient:
            from azure.mgmt.containerregistry import ContainerRegistryManagementClient

            return ContainerRegistryManagementClient(self._credential, subscription_id, **self._options())

        return self._client("containerregistry", subscription_id, make)

    def container_registry_preview(self, subscription_id: str) -> ContainerRegistryManagementClient:
        """Registries of a subscription, as the api-version `REGISTRY_PREVIEW` tells of them."""

        def make() -> ContainerRegistryManagementClient:
            from azure.mgmt.containerregistry import ContainerRegistryManagementClient

            return ContainerRegistryManagementClient(
                self._credential, subscription_id, api_version=REGISTRY_PREVIEW, **self._options()
            )

        return self._client("containerregistrypreview", subscription_id, make)

    def authorization(self, subscription_id: str) -> AuthorizationManagementClient:
        """Role assignments, role definitions, deny assignments and permissions, api-version 2022-04-01."""

        def make() -> AuthorizationManagementClient:
            from azure.mgmt.authorization import AuthorizationManagementClient

            return AuthorizationManagementClient(self._credential, subscription_id, **self._options())

        return self._client("authorization", subscription_id, make)

    def compute(self, subscription_id: str) -> ComputeManagementClient:
        """Scale sets and virtual machines of a subscription."""

        def make() -> ComputeManagementClient:
            from azure.mgmt.compute import ComputeManagementClient

            return ComputeManagementClient(self._credential, subscription_id, **self._options())

        return self._client("compute", subscription_id, make)

    def managed_identity(self, subscription_id: str) -> ManagedServiceIdentityClient:
        """User-assigned managed identities of a subscription."""

        def make() -> ManagedServiceIdentityClient:
            from azure.mgmt.msi import ManagedServiceIdentityClient

            return ManagedServiceIdentityClient(self._credential, subscription_id, **self._options())

        return self._client("msi", subscription_id, make)

    def network(self, subscription_id: str) -> NetworkManagementClient:
        """Virtual networks, private endpoints, security groups, routes, addresses and firewalls of a subscription.

        Its package takes about two seconds to import.
        """

        def make() -> NetworkManagementClient:
            from azure.mgmt.network import NetworkManagementClient

            return NetworkManagementClient(self._credential, subscription_id, **self._options())

        return self._client("network", subscription_id, make)

    def private_dns(self, subscription_id: str) -> PrivateDnsManagementClient:
        """Private DNS zones of a subscription."""

        def make() -> PrivateDnsManagementClient:
            from azure.mgmt.privatedns import PrivateDnsManagementClient

            return PrivateDnsManagementClient(self._credential, subscription_id, **self._options())

        return self._client("privatedns", subscription_id, make)

    def subscriptions(self) -> SubscriptionClient:
        """Subscriptions and tenants of the signed-in user."""

        def make() -> SubscriptionClient:
            from azure.mgmt.resource.subscriptions import SubscriptionClient

            return SubscriptionClient(self._credential, **self._options())

        return self._client("subscriptions", "", make)

    def resource_graph(self) -> ResourceGraphClient:
        """Resource Graph: one query over many subscriptions; it lags minutes behind ARM."""

        def make() -> ResourceGraphClient:
            from azure.mgmt.resourcegraph import ResourceGraphClient

            return ResourceGraphClient(self._credential, **self._options())

        return self._client("resourcegraph", "", make)

    def registry_data(self, login_server: str) -> RegistryData:
        """What a registry holds. `login_server` is the one that the resource manager named, never a pasted one.

        Raises RefusedHost where that is no host.
        """

        def make() -> RegistryData:
            from core.azure.registry_data import RegistryData

            transport = RegistryTransport(self.transport, login_server)
            return RegistryData(login_server, self._credential, transport, USER_AGENT)

        return self._client("registrydata", login_server, make)

    def graph_get(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Json:
        """One object of Microsoft Graph, for example `graph_get("/servicePrincipals/{id}")`."""
        return self._graph().get(path, params, headers)

    def graph_pages(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[Json]:
        """The items of a Microsoft Graph list, over all pages."""
        return self._graph().pages(path, params, headers)

    def graph_post(self, path: str, body: Json) -> Json:
        """A Microsoft Graph action that only reads, for example `/directoryObjects/getByIds`."""
        return self._graph().post(path, body)

    def map(self, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """`fn` of every item, called at the same time, results in the order of the items.

        The first error is raised and the rest dropped; a cancel raises `Cancelled` at once.
        """
        found = dict(fan_out(fn, items, cancel=self.cancel, workers=WIRE_LIMIT))
        return [found[index] for index in sorted(found)]

    def close(self) -> None:
        """Forget the clients. The wrapped transport and the credential stay open for their owner."""
        with self._lock:
            clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            client.close()

    def _graph(self) -> GraphClient:
        if not self.cloud.graph_endpoint:
            raise HttpResponseError(
                "This cloud does not say where its Microsoft Graph is (microsoftGraphResourceId), so that its "
                "directory cannot be asked."
            )
        return self._client(
            "graph", "", lambda: GraphClient(self.cloud, self._credential, self.transport, USER_AGENT)
        )

    def _client(self, kind: str, subscription_id: str, make: Callable[[], R]) -> R:
        key = (kind, subscription_id.lower())
        if key in self._clients:
            return cast("R", self._clients[key])
        with self._lock:
            if key not in self._clients:
                import_now(*PACKAGES.get(kind, ()))
                self._clients[key] = make()
            return cast("R", self._clients[key])

    def _options(self) -> dict[str, Any]:
        silent: SansIOHTTPPolicy[Any, Any] = SansIOHTTPPolicy()
        return {
            "base_url": self.cloud.arm_endpoint,
            "credential_scopes": list(self.cloud.credential_scopes),
            "transport": self.transport,
            "retry_policy": BoundedRetryPolicy(),
            "per_retry_policies": [OwnHostPolicy(self.cloud.arm_endpoint)],
            "http_logging_policy": silent,
            "logging_policy": silent,
            "user_agent": USER_AGENT,
        }
