"""Private DNS zones that the registry's names may be answered from.

https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints,
https://learn.microsoft.com/rest/api/dns/privatedns/private-zones
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.azure.clients import Azure
from core.collect.asking import NotRead, ask, not_offered, outcome_of
from core.collect.each import distinct, key_of, taken_apart
from core.collect.graph_rows import graph_rows
from core.collect.reading import listed, parsed_id, parts, required, text
from core.collect.zone_names import RegistryNamesInDns, hosts_of, is_zone_of
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import EndpointConnection, PrivateEndpoint, ZoneConfig
from core.facts.fact import Fact, Known, Missing, NotKnown, Trouble, Unavailable, together
from core.facts.items import Items
from core.facts.networks import NodeSubnet
from core.facts.private_dns import PrivateZone, PrivateZones, ZoneLink
from core.facts.registry import Registry, Replica
from core.facts.resource_id import NotAResourceId, ResourceId
from core.facts.subscriptions import Subscriptions

READ_ZONES = "Microsoft.Network/privateDnsZones/read"
READ_LINKS = "Microsoft.Network/privateDnsZones/virtualNetworkLinks/read"
READ_RECORDS = "Microsoft.Network/privateDnsZones/A/read"


def visible_zones(
    azure: Azure,
    cloud: CloudNames,
    subscriptions: Subscriptions,
    registry: Registry,
    endpoint_connections: Fact[tuple[EndpointConnection, ...]],
) -> tuple[str, ...]:
    """Find the ids of all zones for registries that the user sees, by Resource Graph.

    Nothing is asked where the registry has no endpoint and needs none: then its public name leads past every zone.
    """
    if _needs_none(registry, endpoint_connections):
        return ()
    suffix = cloud.registry_suffix
    query = (
        "resources | where type =~ 'microsoft.network/privatednszones'"
        f" | where name =~ 'privatelink.{suffix}' or name endswith '.data.privatelink.{suffix}'"
        " | project id, name"
    )
    ids = graph_rows(azure, query, sorted(subscriptions.by_id), READ_ZONES, lambda rows: map(_id_in, rows))
    return tuple(ids)


def private_zones(
    azure: Azure,
    cloud: CloudNames,
    cluster: Cluster,
    registry: Registry,
    node_subnets: Fact[tuple[NodeSubnet, ...]],
    endpoint_connections: Fact[tuple[EndpointConnection, ...]],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    zone_groups: Fact[Items[tuple[ZoneConfig, ...]]],
    replications: Fact[tuple[Replica, ...]],
    visible_zones: Fact[tuple[str, ...]],
    subscriptions: Fact[Subscriptions],
) -> PrivateZones:
    """Read the links of each zone, and of its records those that the registry's names would be.

    Where Resource Graph cannot be asked, the zones in every visible subscription are listed, and in those of the
    cluster, the registry, the endpoints and their networks. A zone that only a zone group names and that cannot be
    read, or that is gone, is hidden.
    """
    if _needs_none(registry, endpoint_connections):
        return PrivateZones(())
    endpoints = list(private_endpoints.value.known()) if isinstance(private_endpoints, Known) else []
    unlisted: Mapping[str, NotKnown] = {}
    if isinstance(visible_zones, Known):
        visible = visible_zones.value
    else:
        places = [endpoint.network_id for endpoint in endpoints] + [endpoint.id for endpoint in endpoints]
        places += [where.network_id for where in node_subnets.value] if isinstance(node_subnets, Known) else []
        wanted = {taken_apart(id_).subscription_id.lower() for id_ in (cluster.id, registry.id, *places)}
        wanted |= subscriptions.value.by_id.keys() if isinstance(subscriptions, Known) else set()
        visible, unlisted = _listed(azure, sorted(wanted), cloud.registry_suffix)
    named = _named_by_groups(zone_groups, cloud.registry_suffix)
    names = RegistryNamesInDns(
        cloud.registry_suffix,
        hosts_of(registry, replications.value if isinstance(replications, Known) else (), endpoints),
    )
    zones = _read(azure, [taken_apart(id_) for id_ in distinct((*visible, *named))], names)
    seen, in_groups = {key_of(id_) for id_ in visible}, {key_of(id_) for id_ in named}
    shown: list[PrivateZone] = []
    hidden: dict[str, Fact[PrivateZone]] = {}
    for key, zone in zones.items():
        if isinstance(zone.links, Known) or (key in seen and not isinstance(zone.links, Missing)):
            shown.append(zone)
        elif key in in_groups:
            hidden[key] = zone.links
    return PrivateZones(tuple(shown), hidden, unlisted)


def to_link(model: object) -> ZoneLink | None:
    """Read a virtual network link off Azure's answer; one that names no network is None."""
    network = text(model, "properties", "virtualNetwork", "id")
    if network is None:
        return None
    policy = (text(model, "properties", "resolutionPolicy") or "").lower()
    return ZoneLink(
        id=text(model, "id") or "",
        name=text(model, "name") or "",
        network_id=network,
        state=text(model, "properties", "virtualNetworkLinkState"),
        falls_back=policy == "nxdomainredirect",
    )


def to_addresses(model: object) -> tuple[str, ...]:
    """Read the addresses of a set of A records off Azure's answer.

    Raises azure.core.exceptions.DeserializationError where the answer has no id.
    """
    required(model, "id")
    found = (text(one, "ipv4Address") for one in parts(model, "properties", "aRecords"))
    return tuple(address for address in found if address)


def _needs_none(registry: Registry, connections: Fact[tuple[EndpointConnection, ...]]) -> bool:
    return connections == Known(()) and registry.public_access is not False


def _id_in(row: object) -> str:
    return parsed_id(row).text


def _named_by_groups(zone_groups: Fact[Items[tuple[ZoneConfig, ...]]], suffix: str) -> tuple[str, ...]:
    """The zones for registries that zone groups name; an id that is none is left out."""
    if not isinstance(zone_groups, Known):
        return ()
    found = []
    for config in (one for configs in zone_groups.value.known() for one in configs):
        try:
            id_ = ResourceId.parse(config.zone_id)
        except NotAResourceId:
            continue
        if is_zone_of(id_.name, suffix):
            found.append(config.zone_id)
    return distinct(found)


def _listed(
    azure: Azure, subscription_ids: Sequence[str], suffix: str
) -> tuple[tuple[str, ...], Mapping[str, NotKnown]]:
    """The zones for registries in some subscriptions, and why those of others could not be listed.

    Raises NotRead where every list is refused.
    """

    def read(subscription_id: str) -> Fact[list[str]]:
        def call() -> list[str]:
            return [_id_in(model) for model in listed(azure.private_dns(subscription_id).private_zones.list())]

        return outcome_of(lambda: ask(READ_ZONES, f"/subscriptions/{subscription_id}", call))

    outcomes = azure.map(read, subscription_ids)
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Known)]
    every = together(refused) if len(refused) == len(outcomes) else None
    if every is not None:
        raise NotRead(every)
    ids = (id_ for outcome in outcomes if isinstance(outcome, Known) for id_ in outcome.value)
    unlisted = {
        id_: outcome
        for id_, outcome in zip(subscription_ids, outcomes, strict=True)
        if not isinstance(outcome, (Known, Missing)) and not not_offered(outcome)
    }
    return tuple(id_ for id_ in ids if is_zone_of(id_.rpartition("/")[2], suffix)), unlisted


@dataclass(frozen=True, slots=True)
class _Question:
    """Something to ask of a zone: the addresses of one record, or its links (`record` is None)."""

    zone: ResourceId
    record: str | None


def _read(azure: Azure, ids: Iterable[ResourceId], names: RegistryNamesInDns) -> Mapping[str, PrivateZone]:
    """The zones by their keys; everything is asked at the same time."""
    wanted = list(ids)
    questions = list(_questions(wanted, names))
    outcomes = azure.map(lambda question: _answer(azure, question), questions)
    links: dict[str, Fact[Any]] = {}
    records: dict[str, dict[str, Fact[tuple[str, ...]]]] = {}
    for question, outcome in zip(questions, outcomes, strict=True):
        if question.record is None:
            links[key_of(question.zone.text)] = outcome
        else:
            records.setdefault(key_of(question.zone.text), {})[question.record] = outcome
    return {
        key_of(id_.text): PrivateZone(
            id=id_.text,
            name=id_.name.lower(),
            resource_group=id_.resource_group,
            subscription_id=id_.subscription_id,
            links=links[key_of(id_.text)],
            records=records.get(key_of(id_.text), {}),
        )
        for id_ in wanted
    }


def _questions(zones: Iterable[ResourceId], names: RegistryNamesInDns) -> Iterator[_Question]:
    for zone in zones:
        yield _Question(zone, None)
        for record in names.in_zone(zone.name):
            yield _Question(zone, record)


def _answer(azure: Azure, question: _Question) -> Fact[Any]:
    zone, record = question.zone, question.record
    client = azure.private_dns(zone.subscription_id)

    def links() -> tuple[ZoneLink, ...]:
        found = listed(client.virtual_network_links.list(zone.resource_group, zone.name))
        return tuple(link for link in (to_link(model) for model in found) if link is not None)

    if record is None:
        found = outcome_of(lambda: ask(READ_LINKS, zone.text, links))
        return _confirmed(azure, zone) if isinstance(found, Missing) else found

    def addresses() -> tuple[str, ...]:
        return to_addresses(client.record_sets.get(zone.resource_group, zone.name, "A", record))

    return outcome_of(lambda: ask(READ_RECORDS, zone.text, addresses, f"{zone.text}/A/{record}"))


def _confirmed(azure: Azure, zone: ResourceId) -> NotKnown:
    """Whether a zone is gone of which Azure has no links: only where Azure says so of the zone itself."""
    client = azure.private_dns(zone.subscription_id).private_zones
    found = outcome_of(lambda: ask(READ_ZONES, zone.text, lambda: client.get(zone.resource_group, zone.name)))
    if isinstance(found, Known):
        return Unavailable(Trouble.BAD_ANSWER, "The zone is there, but Azure does not find its links.")
    return found
