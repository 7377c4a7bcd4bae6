"""Do the DNS servers that the cluster's network names find the registry's private names?

https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from __future__ import annotations

from datetime import datetime

from core.checks.check import Check
from core.checks.dns.changed_lately import changed_lately
from core.checks.dns.names import (
    decided_elsewhere,
    forward_fix,
    name_of,
    not_known,
    of,
    servers_of,
    shown,
    values_of,
    with_private_names,
    zones_shown,
)
from core.checks.network.ways import beside
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.firewalls import Firewall
from core.facts.items import Items
from core.facts.networks import ScaleSet, VirtualNetwork
from core.facts.paths import HostRole, NodePath
from core.facts.private_dns import DnsServer, PrivateZones, ServerKind
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.dns_servers import AZURE_DNS
from core.network.name_faults import NameFault, NameFinding, name_findings

_IN_WORDS = {
    ServerKind.AZURE: "Azure's own DNS",
    ServerKind.MACHINE: "machine",
    ServerKind.FIREWALL: "Azure Firewall",
    ServerKind.FIREWALL_WITHOUT_PROXY: "Azure Firewall without DNS proxy",
    ServerKind.RESOLVER: "DNS Private Resolver",
    ServerKind.OUTSIDE: "outside of Azure",
}


def evaluate(
    now: datetime,
    cluster: Cluster,
    node_paths: tuple[NodePath, ...],
    networks: Fact[Items[VirtualNetwork]],
    dns_servers: Fact[Items[DnsServer]],
    firewalls: Fact[Items[Firewall]],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
    network_changes: Fact[Items[datetime | None]],
    scale_sets: Fact[tuple[ScaleSet, ...]],
) -> Verdict:
    """Say who answers the nodes' questions for names; what a machine forwards to nobody can read.

    Whose zone links count follows from it: `dns.vnet-link` tells the missing one.
    """
    verdict = _by_servers_of_now(node_paths, networks, dns_servers, firewalls, private_zones, private_endpoints)
    return changed_lately(verdict, cluster, node_paths, network_changes, scale_sets, now)


def _by_servers_of_now(
    node_paths: tuple[NodePath, ...],
    networks: Fact[Items[VirtualNetwork]],
    dns_servers: Fact[Items[DnsServer]],
    firewalls: Fact[Items[Firewall]],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
) -> Verdict:
    findings = tuple(
        finding
        for finding in name_findings(node_paths, private_zones, private_endpoints)
        if finding.host.role is HostRole.LOGIN
    )
    silent = of(findings, NameFault.NO_ANSWER)
    if silent:
        return _silent(silent, findings, dns_servers, firewalls)
    paths = with_private_names(node_paths)
    if not paths:
        return beside(node_paths)
    for path in paths:
        network = networks.value.get(path.where.network_id) if isinstance(networks, Known) else networks
        if not isinstance(network, Known):
            return unknown(network, (Evidence("virtual-network", path.where.network_id),))
    custom = tuple(one for one in findings if one.path in paths and one.lookup.server not in (None, AZURE_DNS))
    if not custom:
        return Verdict(Status.PASS, "azure-dns", values=values_of(findings), evidence=shown(findings))
    return _judge(custom, dns_servers, private_zones)


def _judge(
    custom: tuple[NameFinding, ...],
    dns_servers: Fact[Items[DnsServer]],
    private_zones: Fact[PrivateZones],
) -> Verdict:
    values = {**values_of(custom), "servers": servers_of(custom)}
    evidence = (*_kinds(custom, dns_servers), *zones_shown(private_zones), *shown(custom))
    wrong = of(custom, NameFault.NOT_LINKED, NameFault.LINK_IN_PROGRESS)
    if wrong:
        values = {**values_of(wrong), "servers": servers_of(wrong)}
        return Verdict(Status.WARNING, "server-network-not-linked", values=values, evidence=evidence)
    out_of_sight = tuple(one for one in custom if decided_elsewhere(one))
    if out_of_sight:
        host = out_of_sight[0].host.host
        command = (
            f"kubectl debug node/<node> -it --image=mcr.microsoft.com/azurelinux/busybox:1.36 -- nslookup {host}"
        )
        asking = (Evidence("command-to-ask", command), *evidence)
        values = {**values_of(out_of_sight), "servers": servers_of(out_of_sight)}
        return Verdict(
            Status.UNKNOWN, "out-of-sight", values=values, evidence=asking, fixes=(forward_fix(out_of_sight),)
        )
    unread = not_known(finding for finding in custom if finding.lookup.zone_id is None)
    if unread is not None:
        return unread
    doubt = next((one.unseen for one in _known(custom, dns_servers) if one.unseen is not None), None)
    if doubt is not None:
        return unknown(doubt, evidence)
    if any(one.lookup.kind is ServerKind.MACHINE for one in custom):
        return Verdict(Status.PASS, "machine", values=values, evidence=evidence)
    return Verdict(Status.PASS, "in-azure", values=values, evidence=evidence)


def _silent(
    silent: tuple[NameFinding, ...],
    findings: tuple[NameFinding, ...],
    dns_servers: Fact[Items[DnsServer]],
    firewalls: Fact[Items[Firewall]],
) -> Verdict:
    """Judge firewalls that are asked for names and do not listen: without another server nothing resolves at all."""
    values = {**values_of(silent), "servers": servers_of(silent)}
    evidence = (*_kinds(silent, dns_servers), *shown(silent))
    fixes = _proxy_fixes(silent, dns_servers, firewalls)
    helped = {one.path.where.subnet_id for one in findings if one.fault is not NameFault.NO_ANSWER}
    if all(one.path.where.subnet_id in helped for one in silent):
        return Verdict(Status.WARNING, "slow-server", values=values, evidence=evidence, fixes=fixes)
    return Verdict(
        Status.FAIL,
        "firewall-without-proxy",
        certainty=Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=fixes,
    )


def _proxy_fixes(
    silent: tuple[NameFinding, ...], dns_servers: Fact[Items[DnsServer]], firewalls: Fact[Items[Firewall]]
) -> tuple[FixRef, ...]:
    fixes: dict[str, FixRef] = {}
    for finding in silent:
        server = dns_servers.value.get(finding.lookup.server or "") if isinstance(dns_servers, Known) else dns_servers
        id_ = server.value.resource_id if isinstance(server, Known) else None
        firewall = firewalls.value.get(id_) if isinstance(firewalls, Known) and id_ else None
        fix = _proxy_fix(firewall.value) if isinstance(firewall, Known) else _proxy_by_hand(id_)
        fixes.setdefault(str(sorted(fix.values.items())), fix)
    return tuple(fixes.values())


def _proxy_fix(firewall: Firewall) -> FixRef:
    """Give the command that turns a DNS proxy on; DNS servers that a policy names already stay."""
    if firewall.policy is None:
        own = {
            "firewall_id": firewall.id,
            "firewall": firewall.name,
            "firewall_group": firewall.resource_group,
            "firewall_subscription": firewall.subscription_id,
        }
        return FixRef("turn-on-dns-proxy-of-firewall", own)
    if not isinstance(firewall.policy, Known):
        return _proxy_by_hand(firewall.id)
    policy = firewall.policy.value
    names = {
        "policy_id": policy.id,
        "policy_name": policy.name,
        "policy_group": policy.resource_group,
        "policy_subscription": policy.subscription_id,
    }
    kept = bool(policy.dns_servers)
    return FixRef("turn-on-dns-proxy-beside-servers" if kept else "turn-on-dns-proxy-of-policy", names)


def _proxy_by_hand(firewall_id: str | None) -> FixRef:
    names = {
        "firewall": name_of(firewall_id) if firewall_id else "<firewall>",
        "firewall_id": firewall_id or "<firewall-id>",
    }
    return FixRef("turn-on-dns-proxy", names)


def _known(findings: tuple[NameFinding, ...], dns_servers: Fact[Items[DnsServer]]) -> tuple[DnsServer, ...]:
    servers = dns_servers.value if isinstance(dns_servers, Known) else Items[DnsServer]()
    asked = (servers.get(finding.lookup.server or "") for finding in findings)
    return tuple(server.value for server in asked if isinstance(server, Known))


def _kinds(findings: tuple[NameFinding, ...], dns_servers: Fact[Items[DnsServer]]) -> tuple[Evidence, ...]:
    """Show what each server is, and in which network."""
    entries: dict[Evidence, None] = {}
    for finding in findings:
        address = finding.lookup.server
        if address is None:
            continue
        server = dns_servers.value.get(address) if isinstance(dns_servers, Known) else dns_servers
        what = _IN_WORDS[server.value.kind] if isinstance(server, Known) else "not readable"
        where = name_of(finding.lookup.network_id) if finding.lookup.network_id else "no network in Azure"
        entries[Evidence("dns-server", f"{address} | {what} | {where}")] = None
    return tuple(entries)


CHECK = Check("dns.custom-servers", Branch.NETWORK, evaluate)
