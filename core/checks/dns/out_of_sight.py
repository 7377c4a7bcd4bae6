"""Whether a private DNS zone may stand where the signed-in user cannot look.

Lists and Resource Graph leave out, without a word, what one may not see. Without a sign that there is more, a zone
that nobody sees is taken to be missing, which is likely and never sure. Signs are a subscription whose zones could
not be listed, a network beside the nodes' in a subscription that is not visible, where the people who look after DNS
may have the zone, and a pasted text in which the name was not answered with its public address. A text in which it
was settles that no such zone answers the nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.checks.unread import unknown
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.private_dns import PrivateZones
from core.facts.resource_id import NotAResourceId, ResourceId
from core.facts.subscriptions import Subscriptions
from core.model import Evidence, MissingPermission, Status, Symptom, Verdict
from core.network.addresses import is_private
from core.network.name_faults import NameFinding
from core.network.peering import is_virtual_hub
from core.network.told_answer import CONNECTED, led_outside


def in_doubt(
    findings: Sequence[NameFinding],
    zones: Fact[PrivateZones],
    networks: Fact[Items[VirtualNetwork]],
    subscriptions: Fact[Subscriptions],
    symptom: Symptom | None,
    values: dict[str, str],
    evidence: tuple[Evidence, ...],
) -> Verdict | None:
    """Give the verdict where a zone out of sight may answer for some findings; None where no sign says so."""
    if led_outside(symptom):
        return None
    if symptom is not None and _answered_by_a_zone(symptom, findings):
        told = symptom.address or "no address at all"
        return Verdict(Status.UNKNOWN, "answered-out-of-sight", values={**values, "told": told}, evidence=evidence)
    unlisted = zones.value.doubt if isinstance(zones, Known) else None
    if unlisted is not None:
        return unknown(unlisted, evidence)
    if not isinstance(subscriptions, Known):
        return unknown(subscriptions, evidence)
    hidden = tuple(dict.fromkeys(_hidden(findings, networks, subscriptions.value)))
    if not hidden:
        return None
    scope, *others = (f"/subscriptions/{id_}" for id_ in hidden)
    return Verdict(
        Status.UNKNOWN,
        "may-be-out-of-sight",
        values={**values, "subscriptions": ", ".join(hidden)},
        evidence=(*(Evidence("hidden-subscription", id_) for id_ in hidden), *evidence),
        missing=MissingPermission("Microsoft.Network/privateDnsZones/read", scope, "Reader", tuple(others)),
    )


def _answered_by_a_zone(symptom: Symptom, findings: Iterable[NameFinding]) -> bool:
    """Say whether a text shows an answer that the public DNS does not give: a private address, or no such name."""
    if symptom.kind == "NXDOMAIN":
        hosts = {one.host.host for one in findings}
        return symptom.registry is not None and symptom.registry.lower() in hosts
    return symptom.kind in CONNECTED and is_private(symptom.address or "")


def _hidden(
    findings: Iterable[NameFinding], networks: Fact[Items[VirtualNetwork]], visible: Subscriptions
) -> Iterator[str]:
    """Give the subscriptions out of sight that have a network beside the nodes'."""
    for network_id in _networks_beside(findings, networks):
        try:
            subscription = ResourceId.parse(network_id).subscription_id
        except NotAResourceId:
            continue
        if visible.find(subscription) is None and not is_virtual_hub(network_id):
            yield subscription.lower()


def _networks_beside(findings: Iterable[NameFinding], networks: Fact[Items[VirtualNetwork]]) -> Iterator[str]:
    """Give the networks that carry the traffic or answer names, and all that the nodes' own networks peer with."""
    known = networks.value if isinstance(networks, Known) else Items[VirtualNetwork]()
    yield from known.by_id
    for finding in findings:
        if finding.lookup.network_id:
            yield finding.lookup.network_id
        own = known.get(finding.path.where.network_id)
        if isinstance(own, Known):
            yield from (half.remote_network_id for half in own.value.peerings)
