"""Whether a registry takes the nodes of a subnet on its public address.

https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.facts.egress import Egress, EgressKind
from core.facts.fact import Fact, Known, NotKnown
from core.facts.networks import Subnet
from core.facts.registry import Registry, RegistryExtras
from core.facts.resource_id import same_id
from core.network.addresses import covers, overlaps
from core.network.dns_servers import outside

SERVICE = "microsoft.containerregistry"
"""The service that a subnet's service endpoint for registries names."""


def is_public(registry: Registry) -> bool:
    """Say whether public access is on; old answers do not tell and mean that it is."""
    return registry.public_access is not False


def refuses_by_default(registry: Registry) -> bool:
    """Say whether only networks that the registry lists may come in."""
    return (registry.default_action or "Allow").lower() == "deny"


def has_service_endpoint(subnet: Subnet) -> bool:
    """Say whether traffic from a subnet to registries leaves over a service endpoint."""
    return any(endpoint.service.lower() == SERVICE for endpoint in subnet.service_endpoints)


def lets_subnet_in(extras: Fact[RegistryExtras], subnet_id: str) -> bool | None:
    """Say whether a virtual network rule of the registry names a subnet; None where that is not told."""
    if not isinstance(extras, Known) or extras.value.network_rules is None:
        return None
    return any(
        same_id(rule.subnet_id, subnet_id) and rule.action.lower() == "allow" for rule in extras.value.network_rules
    )


def accepts(
    registry: Registry,
    subnet_id: str,
    subnet: Fact[Subnet],
    ways: Iterable[Fact[Egress]],
    extras: Fact[RegistryExtras],
) -> tuple[bool | None, NotKnown | None]:
    """Say whether the registry takes the nodes of a subnet on its public address; None and why where not known.

    `ways` are how they leave: where its pools do not leave alike, the one that is worst off decides.
    Nodes without a way to the internet are not taken, whatever the registry would say.
    """
    judged = [_accepts(registry, subnet_id, subnet, way, extras) for way in ways]
    return min(judged, key=lambda one: (False, None, True).index(one[0]))


def _accepts(
    registry: Registry, subnet_id: str, subnet: Fact[Subnet], egress: Fact[Egress], extras: Fact[RegistryExtras]
) -> tuple[bool | None, NotKnown | None]:
    if not is_public(registry):
        return False, None
    if isinstance(egress, Known) and egress.value.kind is EgressKind.NONE:
        return False, None
    if not refuses_by_default(registry):
        return True, None
    if not isinstance(subnet, Known):
        return None, subnet
    if has_service_endpoint(subnet.value):
        # Over a service endpoint the registry sees private addresses, for which rules of addresses do not count.
        named = lets_subnet_in(extras, subnet_id)
        if named is None:
            return None, outside(f"{registry.name}: virtual network rules") if isinstance(extras, Known) else extras
        return named, None
    if not isinstance(egress, Known):
        return None, egress
    if not egress.value.prefixes:
        return None, outside("the public addresses that nodes leave from")
    if partly_listed(egress.value, registry.ip_rules):
        return None, outside("which addresses of their range the nodes have")
    return all(covers(registry.ip_rules, prefix) for prefix in _prefixes_v4(egress.value)), None


def partly_listed(egress: Egress, rules: Sequence[str]) -> bool:
    """Say whether rules hold only a part of the range that nodes get addresses of their own from.

    Which of these addresses nodes have is not told: all of them may be listed. Elsewhere any address may be used.
    """
    if egress.kind is not EgressKind.NODE_PREFIX:
        return False
    ranges = _prefixes_v4(egress)
    return any(overlaps(rules, one) for one in ranges) and not all(covers(rules, one) for one in ranges)


def _prefixes_v4(egress: Egress) -> tuple[str, ...]:
    """The IPv4 addresses that nodes leave from; a registry has none of the other kind."""
    return tuple(prefix for prefix in egress.prefixes if ":" not in prefix) or egress.prefixes
