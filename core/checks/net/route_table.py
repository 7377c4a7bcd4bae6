"""Where does the traffic go when it leaves the nodes?

https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from core.checks.check import Check
from core.checks.identity.evidence import few
from core.checks.net.node_traffic import Stretch, Traffic, next_hop
from core.checks.net.route_fixes import fixes_for, forwarding_fixes, peering_fixes
from core.checks.network.ways import beside, pools, subnet_name, subnets, whole
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Denied, Fact, Known, Missing, NotKnown
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath
from core.facts.registry import Registry
from core.facts.routing import HopKind, NextHop, RouteTable
from core.model import Branch, Certainty, Evidence, FixRef, Status, Symptom, Verdict
from core.network.addresses import is_private
from core.network.next_hop import DEFAULTS, Hop, HopType, learns_routes
from core.network.peering import by_virtual_hub
from core.network.targets import Serves, Target

DIRECT = frozenset({HopType.LOCAL, HopType.PEERING, HopType.ENDPOINT, HopType.SERVICE_ENDPOINT})


@dataclass(frozen=True, slots=True)
class Finding:
    """What becomes of one stretch: how it ends and by which next hop; `outcome` is why that is not known."""

    status: Status
    reason: str
    stretch: Stretch
    hop: Hop | None = None
    certainty: Certainty | None = None
    outcome: NotKnown | None = None
    found: NextHop | None = None


_IN_WORDS = {
    HopKind.FIREWALL: "Azure Firewall",
    HopKind.APPLIANCE: "appliance",
    HopKind.LOAD_BALANCER: "load balancer",
    HopKind.NOTHING: "nobody has this address",
    HopKind.NOT_SEEN: "nobody that you can see has this address",
}


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    cluster: Cluster,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    networks: Fact[Items[VirtualNetwork]],
    route_tables: Fact[Items[RouteTable]],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    next_hops: Fact[Items[NextHop]],
    firewalls: Fact[Items[Firewall]],
    service_tags: Fact[Mapping[str, tuple[str, ...]]],
) -> Verdict:
    """Follow the packets of every node subnet over one hop: to the endpoint, the login server, the layers, Entra."""
    traffic = Traffic(
        choice, cloud, cluster, registry, node_paths, networks, route_tables, private_endpoints, service_tags
    )
    findings = [_judged(stretch, cluster, next_hops, choice.symptom) for stretch in traffic.stretches()]
    if not findings:
        left = beside(node_paths)
        return left if cluster.http_proxy is None else whole(_proxied(registry, node_paths), node_paths)
    findings += _cut_off_from_names(traffic)
    worst = min(findings, key=_order)
    same = [finding for finding in findings if (finding.status, finding.reason) == (worst.status, worst.reason)]
    notable = [finding for finding in findings if finding.status not in (Status.PASS, Status.NOT_APPLICABLE)]
    evidence = few((*_where(same), *_shown(notable or same)))
    if worst.outcome is not None:
        return unknown(worst.outcome, evidence)
    verdict = Verdict(
        worst.status,
        worst.reason,
        worst.certainty,
        values=_values(worst, same, registry),
        evidence=evidence,
        fixes=_fixes(worst, same, cluster, list(firewalls.value.known()) if isinstance(firewalls, Known) else []),
    )
    return whole(verdict, node_paths)


def _fixes(worst: Finding, same: list[Finding], cluster: Cluster, firewalls: list[Firewall]) -> tuple[FixRef, ...]:
    if worst.status is not Status.FAIL:
        return ()
    if worst.reason == "does-not-forward":
        return forwarding_fixes((finding.found for finding in same if finding.found is not None), cluster)
    if worst.reason == "names-unconnected":
        return peering_fixes([finding.stretch for finding in same])
    found = [(finding.stretch, finding.hop) for finding in same]
    return fixes_for(worst.reason, found, cluster, worst.found, firewalls)


def _judged(stretch: Stretch, cluster: Cluster, next_hops: Fact[Items[NextHop]], symptom: Symptom | None) -> Finding:
    """Judge one stretch; where several next hops are possible and not all of them drop it, nothing is sure."""
    if stretch.why is not None:
        return Finding(Status.UNKNOWN, "unread", stretch, outcome=stretch.why)
    found = [_of_hop(stretch, hop, cluster, next_hops, symptom) for hop in stretch.hops]
    worst = min(found, key=_order)
    if worst.status is Status.FAIL and any(other.status is not Status.FAIL for other in found):
        return replace(worst, status=Status.WARNING, reason="may-be-dropped", certainty=None)
    if worst.status is Status.FAIL and stretch.target.spare:
        return replace(worst, status=Status.WARNING, reason="spare-region", certainty=None)
    return worst


def _cut_off_from_names(traffic: Traffic) -> list[Finding]:
    """Give the ways to DNS servers where what a subnet's nodes send arrives at none of them.

    That nothing leads there counts only if the text says that names are not found: who brings routes may be unseen.
    """
    lookups, symptom = traffic.lookups(), traffic.choice.symptom
    silent = symptom is not None and symptom.kind == "DNS_FAIL"
    reached = {stretch.path for stretch in lookups if not _dropped(stretch) and not (silent and _unled(stretch))}
    return [_unheard(stretch) for stretch in lookups if stretch.path not in reached]


def _dropped(stretch: Stretch) -> bool:
    return all(hop.type is HopType.NONE for hop in stretch.hops)


def _unled(stretch: Stretch) -> bool:
    """Say whether no route leads to a private address: Azure's own routes then drop what goes there."""
    unrouted = all(hop.type is HopType.UNROUTED for hop in stretch.hops) and not _may_learn_default(stretch)
    return unrouted and is_private(stretch.address or "")


def _unheard(stretch: Stretch) -> Finding:
    hop = stretch.hops[0]
    if hop.type is HopType.NONE:
        return _fails("names-dropped", stretch, hop, Certainty.DEFINITE)
    return _fails("names-unconnected", stretch, hop, Certainty.LIKELY)


def _of_hop(
    stretch: Stretch, hop: Hop, cluster: Cluster, next_hops: Fact[Items[NextHop]], symptom: Symptom | None
) -> Finding:
    if hop.type is HopType.NONE:
        return _fails("dropped", stretch, hop, Certainty.DEFINITE)
    if hop.type is HopType.UNROUTED:
        return Finding(Status.NOT_APPLICABLE, "not-connected", stretch, hop)
    if hop.type is HopType.GATEWAY:
        return Finding(Status.UNKNOWN, "gateway", stretch, hop)
    if hop.type is HopType.APPLIANCE:
        return _of_appliance(stretch, hop, next_hops)
    if hop.type is HopType.INTERNET and stretch.address is not None:
        return _fails("sent-out", stretch, hop, Certainty.DEFINITE)
    if hop.type is HopType.INTERNET and hop.route is None:
        needed = _needs_default_route(stretch, cluster)
        if _may_learn_default(stretch) and (needed or _may_tell_of(symptom, stretch.target)):
            return Finding(Status.UNKNOWN, "gateway", stretch, hop)
        if needed:
            return _fails("no-default-route", stretch, hop, Certainty.DEFINITE)
    return Finding(Status.PASS, "direct", stretch, hop)


def _fails(reason: str, stretch: Stretch, hop: Hop, certainty: Certainty, found: NextHop | None = None) -> Finding:
    return Finding(status=Status.FAIL, reason=reason, stretch=stretch, hop=hop, certainty=certainty, found=found)


def _of_appliance(stretch: Stretch, hop: Hop, next_hops: Fact[Items[NextHop]]) -> Finding:
    fact = next_hop(hop, next_hops)
    if not isinstance(fact, Known):
        if isinstance(fact, Missing):
            return Finding(Status.UNKNOWN, "appliance", stretch, hop)
        return Finding(Status.UNKNOWN, "unread", stretch, hop, outcome=fact)
    found = fact.value
    if found.kind is HopKind.FIREWALL:
        return Finding(Status.PASS, "via-firewall", stretch, hop, found=found)
    if found.kind is HopKind.NOTHING:
        return _fails("hop-gone", stretch, hop, Certainty.LIKELY, found=found)
    if found.kind is HopKind.APPLIANCE and found.forwards is False:
        return _fails("does-not-forward", stretch, hop, Certainty.LIKELY, found=found)
    return Finding(Status.UNKNOWN, "appliance", stretch, hop, found=found)


def _may_learn_default(stretch: Stretch) -> bool:
    """Say whether a gateway or a virtual hub may bring a default route, which goes before Azure's own.

    https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#how-azure-selects-a-route
    """
    network = stretch.network
    return network is not None and (by_virtual_hub(network) or learns_routes(stretch.table, network))


_CUT_SHORT = frozenset({"TIMEOUT_443", "BLOB_NET", "TLS_TIMEOUT", "RESET_REFUSED"})
"""The kinds of texts in which a connection came to nothing."""


def _may_tell_of(symptom: Symptom | None, target: Target) -> bool:
    """Say whether a pasted text may tell of a connection to a public target that came to nothing on its way."""
    if symptom is None or symptom.kind not in _CUT_SHORT or is_private(symptom.address or ""):
        return False
    return (target.serves is Serves.LAYERS) == symptom.kind.startswith("BLOB")


def _needs_default_route(stretch: Stretch, cluster: Cluster) -> bool:
    """Say whether nodes leave by nothing but a route that the subnet has to have."""
    if (cluster.network.outbound_type or "").lower() != "userdefinedrouting":
        return False
    if stretch.subnet is not None and stretch.subnet.nat_gateway_id:
        return False
    own = [pool for pool in cluster.agent_pools if pool.name in stretch.path.where.pools]
    return not own or not all(pool.node_public_address for pool in own)


def _proxied(registry: Registry, paths: tuple[NodePath, ...]) -> Verdict:
    values = {"registry_name": registry.name}
    return Verdict(Status.NOT_APPLICABLE, "web-proxy", values=values, evidence=subnets(paths))


_STATUSES = (Status.FAIL, Status.UNKNOWN, Status.WARNING, Status.PASS, Status.NOT_APPLICABLE)


def _order(finding: Finding) -> tuple[int, bool, bool, bool]:
    """Worst first; what a permission would show before what nobody can look at."""
    return (
        _STATUSES.index(finding.status),
        finding.certainty is Certainty.LIKELY,
        not isinstance(finding.outcome, Denied),
        finding.reason == "direct",
    )


def _values(worst: Finding, same: list[Finding], registry: Registry) -> dict[str, str]:
    stretch, hop = worst.stretch, worst.hop
    paths = list(dict.fromkeys(finding.stretch.path for finding in same))
    return {
        "registry_name": registry.name,
        "pools": pools(paths),
        "subnet": subnet_name(stretch.path.where.subnet_id),
        "network": stretch.network.name if stretch.network else "-",
        "hosts": ", ".join(dict.fromkeys(finding.stretch.target.host for finding in same)),
        "table": stretch.table.name if stretch.table else "-",
        "route": hop.route.name if hop and hop.route else "-",
        "prefix": hop.prefix if hop else "-",
        "hop_address": (hop.address if hop else None) or "-",
        "now_there": ", ".join(worst.found.firewalls_there if worst.found else ()) or "none",
    }


def _where(findings: Iterable[Finding]) -> tuple[Evidence, ...]:
    return subnets(dict.fromkeys(finding.stretch.path for finding in findings))


def _shown(findings: Iterable[Finding]) -> Iterable[Evidence]:
    """Show the routes that decide, and the traffic that they are for: what a network team has to let through."""
    findings = list(findings)
    yield from dict.fromkeys(Evidence("route", _route(finding)) for finding in findings if finding.hop)
    label = "to-allow" if any(finding.status is Status.UNKNOWN for finding in findings) else "traffic"
    yield from dict.fromkeys(Evidence(label, finding.stretch.flow) for finding in findings)


def _route(finding: Finding) -> str:
    hop, table = finding.hop, finding.stretch.table
    if hop is None:
        return "-"
    route, own = hop.route, table.name if table else "-"
    target = f"{hop.type.value} {hop.address}" if hop.address else hop.type.value
    if route is None:
        return f"{hop.prefix} -> {target} | Azure's own"
    place = f" | {_IN_WORDS[finding.found.kind]}" if finding.found else ""
    default = " (default route)" if route.prefix in DEFAULTS else ""
    return f"{own} > {route.name}: {route.prefix}{default} -> {target}{place}"


CHECK = Check("net.route-table", Branch.NETWORK, evaluate)
