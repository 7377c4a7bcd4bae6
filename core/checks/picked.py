"""The verdict for a picked cluster or registry that Azure says does not exist."""

from __future__ import annotations

from collections.abc import Mapping

from core.checks.unread import hidden
from core.facts.fact import Fact, Known
from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscriptions
from core.model import Certainty, Evidence, FixRef, Status, Verdict


def not_found(
    picked: ResourceId,
    subscriptions: Fact[Subscriptions],
    evidence: tuple[Evidence, ...],
    values: Mapping[str, str],
    find: FixRef,
) -> Verdict:
    """Say that it is gone, or that it stands in a subscription out of sight, of which Azure says the same.

    `values` name it for the sentences, `find` is the way to look where it may be.
    """
    values = {**values, "group": picked.resource_group, "subscription": picked.subscription_id}
    if isinstance(subscriptions, Known) and subscriptions.value.find(picked.subscription_id) is None:
        return Verdict(Status.UNKNOWN, "hidden", values=values, evidence=evidence, missing=hidden(picked))
    return Verdict(
        Status.FAIL, "missing", certainty=Certainty.DEFINITE, values=values, evidence=evidence, fixes=(find,)
    )
