"""Are the addresses that the nodes leave from on the registry's list?

https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.network.sources import (
    first_unread,
    goes_through_proxy,
    halves,
    in_words,
    leaves_from,
    refused_address,
)
from core.checks.network.ways import beside, going, pools, subnet_name, subnets, whole
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.registry import Registry, RegistryExtras
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict
from core.network.addresses import contains, is_private
from core.network.allow_list import MOST_RULES, Listing, compare
from core.network.public_access import partly_listed, refuses_by_default
from core.network.told_answer import REFUSED

SHOWN = 20
"""How many of the registry's rules are shown, and for how many addresses a fix is offered."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where nodes come from: their subnet, how they leave, and how that stands to the list (None: not known).

    `unsure` says that the list lacks a part of their range, from which they may have no address.
    """

    path: NodePath
    egress: Fact[Egress]
    listing: Listing | None
    unsure: bool = False


def evaluate(
    choice: Choice,
    cluster: Cluster,
    registry: Registry,
    node_paths: tuple[NodePath, ...],
    egress: Fact[Items[Egress]],
    networks: Fact[Items[VirtualNetwork]],
    registry_extras: Fact[RegistryExtras],
) -> Verdict:
    """Compare what the nodes leave from with the rules, and first what the registry itself says that it refused.

    Nodes that come over a service endpoint have no public address there: `network.service-endpoint` judges them.
    """
    public = going(node_paths, Way.PUBLIC)
    if not public:
        return beside(node_paths)
    if not refuses_by_default(registry):
        return Verdict(Status.NOT_APPLICABLE, "everybody-accepted", evidence=subnets(public))
    judged = [path for path in public if not halves(path, networks, registry_extras).any_seen]
    refused = refused_address(choice)
    if not judged or (refused is not None and is_private(refused)):
        return Verdict(Status.NOT_APPLICABLE, "private-source", evidence=subnets(public))
    proxied = goes_through_proxy(cluster, registry)
    sources = [_source(path, way, registry, proxied=proxied) for path, way in leaves_from(judged, egress)]
    if choice.symptom is not None and choice.symptom.kind in REFUSED:
        sources = [replace(one, unsure=False) for one in sources]
    verdict = _refused(registry, sources, refused) if refused is not None else None
    return verdict or whole(_compared(registry, sources, refused, proxied=proxied), node_paths)


def _source(path: NodePath, egress: Fact[Egress], registry: Registry, *, proxied: bool) -> Source:
    known = isinstance(egress, Known) and bool(egress.value.prefixes) and not proxied
    listing = compare(egress.value.prefixes, registry.ip_rules) if known and isinstance(egress, Known) else None
    unsure = isinstance(egress, Known) and listing is not None and partly_listed(egress.value, registry.ip_rules)
    return Source(path, egress, listing, unsure)


def _refused(registry: Registry, sources: list[Source], refused: str) -> Verdict | None:
    """The registry names the address that it refused: there is no surer finding, unless it is on the list by now."""
    if contains(registry.ip_rules, refused):
        return None
    own = [prefix for one in sources if isinstance(one.egress, Known) for prefix in one.egress.value.prefixes]
    missing = [address for one in sources if one.listing for address in one.listing.missing]
    all_known = all(one.listing is not None for one in sources)
    if all_known and not missing and not contains(own, refused):
        return _lacking("refused-elsewhere", Certainty.LIKELY, registry, sources, (refused,), refused)
    wanted = (refused, *(one for one in missing if not contains((one,), refused)))
    return _lacking("refused-address", Certainty.DEFINITE, registry, sources, wanted, refused)


def _compared(registry: Registry, sources: list[Source], refused: str | None, *, proxied: bool) -> Verdict:
    failing = [one for one in sources if one.listing is not None and one.listing.missing and not one.unsure]
    if failing:
        missing = _missing(failing)
        none = [one for one in failing if one.listing is not None and not one.listing.any_listed]
        if none:
            return _lacking("none-listed", Certainty.DEFINITE, registry, none, missing)
        return _lacking("some-listed", Certainty.LIKELY, registry, failing, missing)
    leaving = [one for one in sources if not _cannot_leave(one)]
    values = {"registry_name": registry.name, "pools": pools(one.path for one in leaving), "address": refused or ""}
    evidence = _evidence(registry, sources)
    if not leaving:
        return Verdict(Status.NOT_APPLICABLE, "no-way-out", evidence=evidence)
    unclear = [one for one in leaving if one.listing is None]
    unsure = [one for one in sources if one.unsure]
    if not unclear and unsure:
        return _lacking("part-of-range", None, registry, unsure, _missing(unsure))
    if not unclear:
        return Verdict(Status.PASS, "listed", values=values, evidence=evidence)
    if refused is not None:
        return Verdict(Status.WARNING, "listed-by-now", values=values, evidence=evidence)
    unread = first_unread(one.egress for one in unclear)
    if proxied or unread is None:
        reason = "through-proxy" if proxied else "address-not-told"
        hidden = pools(one.path for one in unclear)
        return Verdict(Status.UNKNOWN, reason, values={**values, "pools": hidden}, evidence=evidence)
    return unknown(unread, evidence)


def _missing(sources: Iterable[Source]) -> tuple[str, ...]:
    """Give what the list lacks of some sources, each address or range once."""
    return tuple(dict.fromkeys(address for one in sources if one.listing for address in one.listing.missing))


def _cannot_leave(source: Source) -> bool:
    return isinstance(source.egress, Known) and source.egress.value.kind is EgressKind.NONE


def _lacking(
    reason: str,
    certainty: Certainty | None,
    registry: Registry,
    sources: list[Source],
    missing: tuple[str, ...],
    refused: str | None = None,
) -> Verdict:
    """Say what the list lacks: a failure, or a warning without any certainty that nodes need it."""
    full = MOST_RULES - len(registry.ip_rules) < len(missing)
    allow = FixRef(
        "allow-addresses",
        {**registry_values(registry), "addresses": ", ".join(missing[:SHOWN])},
        each=tuple({"address": address} for address in missing[:SHOWN]),
    )
    return Verdict(
        Status.WARNING if certainty is None else Status.FAIL,
        reason,
        certainty=certainty,
        values={
            "registry_name": registry.name,
            "pools": pools(one.path for one in sources),
            "address": refused or "",
            "addresses": ", ".join(missing[:SHOWN]),
        },
        evidence=(
            *((Evidence("refused-address", refused),) if refused else ()),
            *(Evidence("address-not-listed", address) for address in missing[:SHOWN]),
            *((Evidence("ip-rules-full", f"{len(registry.ip_rules)} / {MOST_RULES}"),) if full else ()),
            *_evidence(registry, sources),
        ),
        fixes=(FixRef("list-address-rules", registry_values(registry)), allow) if full else (allow,),
    )


def _evidence(registry: Registry, sources: list[Source]) -> tuple[Evidence, ...]:
    rules = registry.ip_rules[:SHOWN]
    more = len(registry.ip_rules) - len(rules)
    return (
        *(_leaving(one.path, one.egress.value) for one in sources if isinstance(one.egress, Known)),
        Evidence("ip-rules", ", ".join(rules) + (f" (+{more})" if more else "") if rules else "-"),
        *subnets(one.path for one in sources),
    )


def _leaving(path: NodePath, egress: Egress) -> Evidence:
    where = f"{pools((path,))} | {subnet_name(path.where.subnet_id)}"
    return Evidence("egress", f"{where} | {in_words(egress)}")


CHECK = Check("network.ip-rules", Branch.NETWORK, evaluate)
