"""The address ranges of IP groups, which rules of firewalls name.

https://learn.microsoft.com/azure/firewall/ip-groups, https://learn.microsoft.com/rest/api/virtualnetwork/ip-groups/list
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from azure.core.exceptions import DeserializationError

from core.azure.clients import Azure
from core.collect.asking import ask, outcome_of
from core.collect.each import distinct, each, key_of, taken_apart
from core.collect.reading import listed, required, texts
from core.facts.fact import Fact, Known
from core.facts.items import Items

READ_IP_GROUPS = "Microsoft.Network/ipGroups/read"

MOST_SINGLY = 20
"""IP groups that are read one by one; of more than these all of their subscriptions are listed."""


def read_ip_groups(azure: Azure, ids: Iterable[str]) -> Items[tuple[str, ...]]:
    """Read the ranges of IP groups by their ids.

    What the lists do not hold is read by itself, and every group of a subscription that refuses its list.
    """
    wanted = distinct(ids)
    there = _listed(azure, wanted) if len(wanted) > MOST_SINGLY else {}
    rest = each(
        azure,
        (id_ for id_ in wanted if key_of(id_) not in there),
        READ_IP_GROUPS,
        lambda id_: _ranges(azure.network(id_.subscription_id).ip_groups.get(id_.resource_group, id_.name)),
    )
    return Items({**there, **rest.by_id})


def _listed(azure: Azure, wanted: Sequence[str]) -> dict[str, Fact[tuple[str, ...]]]:
    """Those of the groups that the lists of their subscriptions hold, by their keys."""

    def read(subscription: str) -> Fact[Mapping[str, Fact[tuple[str, ...]]]]:
        def call() -> Mapping[str, Fact[tuple[str, ...]]]:
            found = listed(azure.network(subscription).ip_groups.list())
            return {key_of(required(model, "id")): Known(_ranges(model)) for model in found}

        return outcome_of(lambda: ask(READ_IP_GROUPS, f"/subscriptions/{subscription}", call))

    lists = azure.map(read, distinct(_subscription_of(id_) for id_ in wanted))
    every = {key: one for answer in lists if isinstance(answer, Known) for key, one in answer.value.items()}
    return {key_of(id_): every[key_of(id_)] for id_ in wanted if key_of(id_) in every}


def _subscription_of(id_: str) -> str | None:
    try:
        return taken_apart(id_).subscription_id
    except DeserializationError:
        return None


def _ranges(model: object) -> tuple[str, ...]:
    required(model, "id")
    return texts(model, "properties", "ipAddresses")
