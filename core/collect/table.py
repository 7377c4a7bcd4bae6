"""Every fact that can be read from Azure, and what reading it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, get_type_hints

from core.azure.clients import Azure
from core.collect.activity import READ_ACTIVITY
from core.collect.admin_rules import LIST_ADMIN_RULES, admin_rules
from core.collect.asking import outcome_of
from core.collect.clusters import READ_CLUSTER, cluster
from core.collect.denials import READ_DENY_ASSIGNMENTS, READ_GROUPS, deny_assignments, registry_denials
from core.collect.directory import (
    READ_APPLICATIONS,
    application,
    puller,
    service_principal,
)
from core.collect.dns_servers import READ_RESOLVERS, dns_servers
from core.collect.egress import READ_NAT_GATEWAYS, egress
from core.collect.endpoints import (
    READ_CONNECTIONS,
    READ_ENDPOINTS,
    READ_INTERFACES,
    READ_ZONE_GROUPS,
    endpoint_connections,
    private_endpoints,
    zone_groups,
)
from core.collect.firewall_lists import READ_FIREWALLS, firewall_lists
from core.collect.firewalls import READ_POLICIES, READ_RULE_GROUPS, firewalls
from core.collect.identities import (
    READ_IDENTITIES,
    READ_INSTANCES,
    key_identity,
    kubelet_managed_identity,
    node_group_identities,
    node_identities,
)
from core.collect.images import (
    PULL,
    READ_CATALOG,
    READ_CONTENT,
    READ_DELETED,
    READ_METADATA,
    deleted_images,
    image_repository,
    image_tag,
    namesake_repository,
    repository_names,
    tag_names,
)
from core.collect.ip_groups import READ_IP_GROUPS
from core.collect.machines import READ_MACHINES, READ_SCALE_SETS, scale_sets
from core.collect.manifests import READ_SIZES, image_manifest, image_sizes, vm_sizes
from core.collect.names import CHECK_NAME, listed_registries, name_availability, registry_names
from core.collect.network_changes import network_changes
from core.collect.networks import endpoint_networks, managed_networks, networks, node_networks, node_subnets
from core.collect.next_hops import READ_LOAD_BALANCERS, next_hops
from core.collect.node_addresses import READ_NODE_ADDRESSES
from core.collect.paths import node_paths
from core.collect.permissions import READ_PERMISSIONS, cluster_permissions, registry_permissions
from core.collect.principals import READ_DIRECTORY, directory_names
from core.collect.private_zones import READ_LINKS, READ_RECORDS, READ_ZONES, private_zones, visible_zones
from core.collect.public_addresses import READ_ADDRESSES, READ_PREFIXES
from core.collect.pull_accounts import (
    pull_account,
    secret_application,
    secret_assignments,
    secret_role_definitions,
    secret_service_principal,
)
from core.collect.registries import READ_REGISTRY, registry
from core.collect.registry_extras import registry_extras
from core.collect.registry_parts import (
    READ_CACHE_RULES,
    READ_CREDENTIAL_SETS,
    READ_USAGES,
    cache_rules,
    credential_sets,
    registry_usages,
)
from core.collect.registry_tokens import (
    LIST_CREDENTIALS,
    READ_SCOPE_MAPS,
    READ_TOKENS,
    admin_comparison,
    admin_regenerated,
    registry_token,
    token_scope_map,
)
from core.collect.replications import READ_REPLICATIONS, replications
from core.collect.roles import (
    READ_ASSIGNMENTS,
    READ_DEFINITIONS,
    puller_assignments,
    registry_assignments,
    registry_role_definitions,
    role_definitions,
)
from core.collect.routes import READ_ROUTE_TABLES, exit_networks, hop_addresses, route_tables
from core.collect.secret_logins import secret_logins
from core.collect.security_groups import READ_SECURITY_GROUPS, security_groups
from core.collect.service_tags import READ_SERVICE_TAGS, service_tags
from core.collect.subscriptions import READ_SUBSCRIPTIONS, subscriptions
from core.collect.virtual_networks import READ_NETWORKS, READ_PEERINGS, READ_SUBNETS
from core.facts.fact import Fact, is_outcome
from core.facts.provider import Provider

COLLECTORS: Mapping[Callable[..., Any], tuple[str, ...]] = {
    subscriptions: (READ_SUBSCRIPTIONS,),
    cluster: (READ_CLUSTER,),
    registry: (READ_REGISTRY,),
    registry_extras: (READ_REGISTRY,),
    registry_usages: (READ_USAGES,),
    cache_rules: (READ_CACHE_RULES,),
    credential_sets: (READ_CREDENTIAL_SETS,),
    replications: (READ_REPLICATIONS,),
    key_identity: (READ_IDENTITIES,),
    cluster_permissions: (READ_PERMISSIONS,),
    registry_permissions: (READ_PERMISSIONS,),
    kubelet_managed_identity: (READ_IDENTITIES,),
    scale_sets: (READ_SCALE_SETS, READ_MACHINES, READ_INTERFACES),
    node_identities: (READ_INSTANCES,),
    node_group_identities: (READ_IDENTITIES,),
    service_principal: (READ_APPLICATIONS,),
    application: (READ_APPLICATIONS,),
    puller: (),
    registry_assignments: (READ_ASSIGNMENTS,),
    puller_assignments: (READ_ASSIGNMENTS,),
    registry_role_definitions: (READ_DEFINITIONS,),
    role_definitions: (READ_DEFINITIONS,),
    registry_denials: (READ_DENY_ASSIGNMENTS,),
    deny_assignments: (READ_GROUPS,),
    directory_names: (READ_DIRECTORY,),
    listed_registries: (),
    registry_names: (READ_REGISTRY,),
    name_availability: (CHECK_NAME,),
    endpoint_connections: (READ_CONNECTIONS,),
    private_endpoints: (READ_ENDPOINTS, READ_INTERFACES),
    zone_groups: (READ_ZONE_GROUPS,),
    managed_networks: (READ_NETWORKS,),
    node_subnets: (READ_INTERFACES, READ_SCALE_SETS),
    node_networks: (READ_NETWORKS, READ_SUBNETS, READ_PEERINGS),
    endpoint_networks: (READ_NETWORKS, READ_SUBNETS, READ_PEERINGS),
    networks: (READ_NETWORKS, READ_SUBNETS, READ_PEERINGS),
    route_tables: (READ_ROUTE_TABLES,),
    hop_addresses: (),
    exit_networks: (),
    firewall_lists: (READ_FIREWALLS,),
    firewalls: (READ_POLICIES, READ_RULE_GROUPS, READ_IP_GROUPS, READ_ADDRESSES),
    next_hops: (READ_INTERFACES, READ_LOAD_BALANCERS),
    dns_servers: (READ_RESOLVERS, READ_NETWORKS),
    egress: (READ_NAT_GATEWAYS, READ_ADDRESSES, READ_PREFIXES, READ_NODE_ADDRESSES),
    security_groups: (READ_SECURITY_GROUPS,),
    admin_rules: (LIST_ADMIN_RULES,),
    service_tags: (READ_SERVICE_TAGS,),
    visible_zones: (READ_ZONES,),
    private_zones: (READ_ZONES, READ_LINKS, READ_RECORDS),
    node_paths: (),
    network_changes: (READ_ACTIVITY,),
    image_repository: (PULL, READ_METADATA),
    namesake_repository: (PULL, READ_METADATA),
    image_tag: (PULL, READ_METADATA),
    image_manifest: (PULL, READ_METADATA, READ_CONTENT),
    image_sizes: (PULL, READ_CONTENT),
    repository_names: (PULL, READ_CATALOG),
    tag_names: (PULL, READ_METADATA),
    deleted_images: (READ_DELETED,),
    vm_sizes: (READ_SIZES,),
    pull_account: (),
    secret_service_principal: (READ_APPLICATIONS,),
    secret_application: (READ_APPLICATIONS,),
    secret_assignments: (READ_ASSIGNMENTS,),
    secret_role_definitions: (READ_DEFINITIONS,),
    registry_token: (READ_TOKENS,),
    token_scope_map: (READ_SCOPE_MAPS,),
    admin_comparison: (LIST_CREDENTIALS,),
    admin_regenerated: (READ_ACTIVITY,),
    secret_logins: (),
}
"""The collectors, each named for its fact, and the ARM actions or Microsoft Graph permissions that its calls take."""


def providers(azure: Azure) -> Mapping[str, Provider]:
    """How each fact is had over this connection, by the fact's name."""
    return {collect.__name__: _provider(azure, collect) for collect in COLLECTORS}


def permissions_for(facts: Iterable[str]) -> tuple[str, ...]:
    """The permissions that reading these facts takes, those of the facts they need included, sorted."""
    by_name = {collect.__name__: collect for collect in COLLECTORS}
    found: set[str] = set()
    seen: set[str] = set()
    todo = [name for name in facts if name in by_name]
    while todo:
        collect = by_name[todo.pop()]
        if collect.__name__ not in seen:
            seen.add(collect.__name__)
            found.update(COLLECTORS[collect])
            todo += [name for name in inspect.signature(collect).parameters if name in by_name]
    return tuple(sorted(found))


def _provider(azure: Azure, collect: Callable[..., Any]) -> Provider:
    def fetch(**facts: Any) -> Fact[Any]:
        return outcome_of(lambda: collect(azure, **facts))

    needs, raw = _needs(collect)
    return Provider(fact=collect.__name__, needs=needs, raw=raw, fetch=fetch)


@cache
def _needs(collect: Callable[..., Any]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The facts that a collector takes, and those of them that it takes with every way of not knowing."""
    _, *needs = inspect.signature(collect).parameters
    hints = get_type_hints(collect)
    return tuple(needs), frozenset(need for need in needs if is_outcome(hints[need]))
