"""How the rows of the two lists are asked for and read, from Resource Graph and from the lists of a subscription."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure
from core.facts.inventory import ClusterRow, RegistryRow
from core.facts.resource_id import NotAResourceId, ResourceId
from core.facts.subscriptions import Subscription

CLUSTER_TYPE = "Microsoft.ContainerService/managedClusters"
REGISTRY_TYPE = "Microsoft.ContainerRegistry/registries"

R = TypeVar("R", ClusterRow, RegistryRow)
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """One kind of resource to pick.

    `words` name it in the plural, `action` is what listing it needs, `query` is in Resource Graph's language.
    `row` makes a row of a resource's JSON, `models` gives the SDK's paged list of a subscription.
    """

    type: str
    words: str
    action: str
    query: str
    row: Callable[[ResourceId, Fields], R]
    models: Callable[[Azure, str], Iterator[Any]]

    def from_query(self, data: Any) -> list[R]:
        """The rows of one page of a Resource Graph answer.

        Raises DeserializationError where the answer is no list of objects with ids.
        """
        if not isinstance(data, list) or not all(isinstance(item, Mapping) for item in data):
            raise DeserializationError("a Resource Graph answer that is no list of objects")
        return [self.row(_id(item.get("id")), item) for item in data if self._is_own(item)]

    def from_list(self, azure: Azure, subscription_id: str) -> Iterator[R]:
        """The rows of a subscription's own list; raises what the SDK raises."""
        for model in self.models(azure, subscription_id):
            fields = _fields(model)
            yield self.row(_id(fields.get("id")), fields)

    def _is_own(self, item: Fields) -> bool:
        return str(item.get("type", self.type)).lower() == self.type.lower()


def subscription_of(model: object) -> Subscription:
    """Read a subscription off Azure's list; old api-versions tell no directory.

    Raises DeserializationError where it has no id.
    """
    fields = _fields(model)
    id_ = _at(fields, "subscriptionId")
    if not id_:
        raise DeserializationError("a subscription without an id")
    managers = fields.get("managedByTenants")
    tenants = (_at(one, "tenantId") for one in (managers if isinstance(managers, list) else ()))
    return Subscription(
        id=id_,
        name=_at(fields, "displayName") or id_,
        state=_at(fields, "state"),
        tenant_id=_at(fields, "tenantId") or None,
        managed_by_tenants=tuple(tenant for tenant in tenants if tenant),
    )


def _fields(model: object) -> Fields:
    if not isinstance(model, Mapping):
        raise DeserializationError("a list that holds something that is no object")
    return model


def _id(text: Any) -> ResourceId:
    try:
        return ResourceId.parse(text if isinstance(text, str) else "")
    except NotAResourceId as error:
        raise DeserializationError(str(error)) from error


def _at(fields: object, *path: str) -> str:
    """The text at a path of keys, or an empty text."""
    value = fields
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return str(value) if isinstance(value, str) else ""


def _cluster(id_: ResourceId, fields: Fields) -> ClusterRow:
    return ClusterRow(
        id=id_,
        name=_at(fields, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        location=_at(fields, "location"),
        version=_at(fields, "version")
        or _at(fields, "properties", "currentKubernetesVersion")
        or _at(fields, "properties", "kubernetesVersion"),
        power_state=_at(fields, "powerState") or _at(fields, "properties", "powerState", "code"),
    )


def _registry(id_: ResourceId, fields: Fields) -> RegistryRow:
    return RegistryRow(
        id=id_,
        name=_at(fields, "name") or id_.name,
        resource_group=id_.resource_group,
        subscription_id=id_.subscription_id,
        location=_at(fields, "location"),
        sku=_at(fields, "skuName") or _at(fields, "sku", "name"),
        login_server=_at(fields, "loginServer") or _at(fields, "properties", "loginServer"),
    )


_QUERY = "resources | where type =~ '{type}' | project id, name, type, location, {more} | order by id asc"

CLUSTERS: Kind[ClusterRow] = Kind(
    type=CLUSTER_TYPE,
    words="clusters",
    action=f"{CLUSTER_TYPE}/read",
    query=_QUERY.format(
        type=CLUSTER_TYPE.lower(),
        more="version = properties.currentKubernetesVersion, powerState = properties.powerState.code",
    ),
    row=_cluster,
    models=lambda azure, subscription_id: azure.container_service(subscription_id).managed_clusters.list(),
)
REGISTRIES: Kind[RegistryRow] = Kind(
    type=REGISTRY_TYPE,
    words="registries",
    action=f"{REGISTRY_TYPE}/read",
    query=_QUERY.format(type=REGISTRY_TYPE.lower(), more="skuName = sku.name, loginServer = properties.loginServer"),
    row=_registry,
    models=lambda azure, subscription_id: azure.container_registry(subscription_id).registries.list(),
)
