"""Is the person signed in to the right directory and cloud for both resources?

https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.unread import hidden
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Unavailable
from core.facts.image_name import split
from core.facts.registry import Registry
from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscription, Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

UNKNOWN_TENANT = "<tenant-id>"
OVER = frozenset({"disabled", "deleted"})
AT_RISK = frozenset({"warned", "pastdue"})


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    subscriptions: Subscriptions,
    cluster: Fact[Cluster],
    registry: Fact[Registry],
) -> Verdict:
    """Compare names with the cloud, then look at both subscriptions.

    Two directories are no fault here: what that means for the pull is the question of identity.cross-tenant.
    A subscription that is not listed counts as hidden only if its resource could not be read either; somebody with
    a role on one resource alone may see no subscription, and then nobody says whether it is active.
    """
    evidence = _evidence(choice, cloud, subscriptions)
    if isinstance(registry, Known) and (suffix := _foreign(registry.value.login_server, cloud)):
        return Verdict(
            Status.FAIL,
            "registry-other-cloud",
            certainty=Certainty.DEFINITE,
            values={"login_server": registry.value.login_server, "suffix": suffix, "cloud": cloud.name},
            evidence=evidence,
            fixes=(_registry_of_this_cloud(choice, registry.value, cloud),),
        )
    picked = (("cluster", choice.cluster_id, cluster), ("registry", choice.registry_id, registry))
    found = [(kind, picked_id, subscriptions.find(picked_id.subscription_id)) for kind, picked_id, _ in picked]
    for kind, picked_id, subscription in found:
        if subscription is not None and subscription.state.lower() in OVER:
            return Verdict(
                Status.FAIL,
                f"{kind}-subscription-over",
                certainty=Certainty.DEFINITE,
                values=_state_values(subscription, picked_id),
                evidence=evidence,
                fixes=(_renew(subscription),),
            )
    for kind, picked_id, fact in picked:
        if subscriptions.find(picked_id.subscription_id) is None and not isinstance(fact, Known):
            return _hidden(kind, picked_id, fact, evidence)
    for kind, picked_id, subscription in found:
        if subscription is not None and subscription.state.lower() in AT_RISK:
            return Verdict(
                Status.WARNING,
                f"{kind}-subscription-at-risk",
                values=_state_values(subscription, picked_id),
                evidence=evidence,
                fixes=(_renew(subscription),),
            )
    host = split(choice.image).host if choice.image else None
    if host and (suffix := _foreign(host, cloud)):
        return Verdict(
            Status.WARNING,
            "image-other-cloud",
            values={"host": host, "suffix": suffix, "cloud": cloud.name},
            evidence=evidence,
        )
    unlisted = [picked_id.subscription_id for _, picked_id, subscription in found if subscription is None]
    if unlisted:
        values = {"cloud": cloud.name, "subscriptions": ", ".join(dict.fromkeys(unlisted))}
        return Verdict(Status.PASS, "not-listed", values=values, evidence=evidence)
    return Verdict(Status.PASS, "right-place", values={"cloud": cloud.name}, evidence=evidence)


def _registry_of_this_cloud(choice: Choice, registry: Registry, cloud: CloudNames) -> FixRef:
    values = {
        "cloud": cloud.name,
        "cluster_name": choice.cluster_id.name,
        "cluster_subscription": choice.cluster_id.subscription_id,
        "login_server": registry.login_server,
    }
    return FixRef("use-registry-of-this-cloud", values)


def _hidden(
    kind: str, picked: ResourceId, fact: Fact[Cluster] | Fact[Registry], evidence: tuple[Evidence, ...]
) -> Verdict:
    """Say that a subscription cannot be seen from here; Azure may have told in which directory to look."""
    told = fact.tenant_id if isinstance(fact, Unavailable) else None
    return Verdict(
        Status.UNKNOWN,
        f"{kind}-subscription-hidden",
        values={"name": picked.name, "subscription": picked.subscription_id},
        evidence=(*evidence, Evidence("directory", told)) if told else evidence,
        missing=hidden(picked),
        fixes=(FixRef("sign-in-to-tenant", {"tenant_id": told or UNKNOWN_TENANT}),),
    )


def _foreign(host: str, cloud: CloudNames) -> str | None:
    """Give the suffix of another cloud that a host ends with, None where it has none."""
    host = host.lower()
    return next((suffix for suffix in cloud.other_registry_suffixes if host.endswith(f".{suffix.lower()}")), None)


def _state_values(subscription: Subscription, picked: ResourceId) -> dict[str, str]:
    return {
        "name": picked.name,
        "subscription_name": subscription.name,
        "subscription": subscription.id,
        "state": subscription.state,
    }


def _renew(subscription: Subscription) -> FixRef:
    return FixRef("renew-subscription", {"subscription": subscription.id, "subscription_name": subscription.name})


def _evidence(choice: Choice, cloud: CloudNames, subscriptions: Subscriptions) -> tuple[Evidence, ...]:
    lines = [Evidence("cloud", cloud.name)]
    for kind, picked in (("cluster", choice.cluster_id), ("registry", choice.registry_id)):
        subscription = subscriptions.find(picked.subscription_id)
        if subscription is None:
            lines.append(Evidence(f"{kind}-subscription-not-listed", picked.subscription_id))
            continue
        lines.append(
            Evidence(f"{kind}-subscription", f"{subscription.name} ({subscription.id}), {subscription.state}")
        )
        if subscription.tenant_id:
            lines.append(Evidence(f"{kind}-directory", subscription.tenant_id))
        if subscription.managed_by_tenants:
            lines.append(Evidence("managed-by", ", ".join(subscription.managed_by_tenants)))
    return tuple(lines)


CHECK = Check("context.tenant-and-cloud", Branch.CLUSTER, evaluate)
