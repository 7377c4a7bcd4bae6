"""Which addresses does the private endpoint have for each host name of the registry?

https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.dns.names import endpoint_of, name_of, of, values_of, with_private_names
from core.checks.network.endpoint_fixes import renew_endpoint
from core.checks.network.ways import beside, pools
from core.checks.unread import unknown
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.paths import NodePath
from core.facts.private_dns import PrivateZones
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, Status, Verdict
from core.network.name_faults import NameFault, name_findings


def evaluate(
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    private_zones: Fact[PrivateZones],
    private_endpoints: Fact[Items[PrivateEndpoint]],
) -> Verdict:
    """Give the table that records are held to; an endpoint needs an address for every region that serves."""
    paths = with_private_names(node_paths)
    if not any(path.endpoint_id for path in paths):
        return beside(node_paths)
    findings = name_findings(paths, private_zones, private_endpoints)
    missing = of(findings, NameFault.NO_ADDRESS)
    evidence: list[Evidence] = []
    for path in paths:
        endpoint = endpoint_of(path, private_endpoints)
        if not isinstance(endpoint, Known):
            return unknown(endpoint, (Evidence("private-endpoint", path.endpoint_id or "-"),))
        if not isinstance(endpoint.value.addresses, Known):
            return unknown(endpoint.value.addresses, (Evidence("private-endpoint", endpoint.value.id),))
        evidence += _table(path, endpoint.value)
    told = tuple(dict.fromkeys(evidence))
    if not missing:
        # Without an address only a host whose name is known to lead nowhere is missed.
        open_ = (one.lookup.why for one in of(findings, NameFault.UNKNOWN) if not one.host.expected)
        why = next((outcome for outcome in open_ if outcome is not None), None)
        return Verdict(Status.PASS, "known", evidence=told) if why is None else unknown(why, told)
    endpoint = endpoint_of(missing[0].path, private_endpoints)
    renew = (renew_endpoint(registry, endpoint.value, private_zones),) if isinstance(endpoint, Known) else ()
    return Verdict(
        Status.FAIL,
        "host-without-address",
        certainty=Certainty.LIKELY,
        values={**values_of(missing), "endpoint_name": name_of(missing[0].path.endpoint_id or "-")},
        evidence=told,
        fixes=renew,
    )


def _table(path: NodePath, endpoint: PrivateEndpoint) -> list[Evidence]:
    return [
        Evidence(
            "expected-record",
            f"{host.host} | {', '.join(host.expected) or 'no address'} | {endpoint.id} | pools: {pools((path,))}",
        )
        for host in path.hosts
    ]


CHECK = Check("dns.expected-records", Branch.NETWORK, evaluate)
