"""Is the registry itself healthy?

https://learn.microsoft.com/rest/api/containerregistry/registries/get
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.picked import not_found
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known, Missing
from core.facts.registry import Registry
from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(choice: Choice, registry: Fact[Registry], subscriptions: Fact[Subscriptions]) -> Verdict:
    """Look at the state of the registry. Where Azure knows no such registry, first ask whether it would tell."""
    if isinstance(registry, Known):
        return _state(registry.value)
    if isinstance(registry, Missing):
        return _missing(choice.registry_id, subscriptions)
    return unknown(registry, (Evidence("registry", choice.registry_id.text),))


def _missing(picked: ResourceId, subscriptions: Fact[Subscriptions]) -> Verdict:
    where = {
        "registry_id": picked.text,
        "registry_name": picked.name,
        "registry_group": picked.resource_group,
        "registry_subscription": picked.subscription_id,
    }
    evidence = (Evidence("registry", picked.text),)
    find = FixRef("find-registry", where)
    return not_found(picked, subscriptions, evidence, {"registry_name": picked.name}, find)


def _state(registry: Registry) -> Verdict:
    state = registry.provisioning_state
    values = {"registry_name": registry.name, "state": state or ""}
    evidence = _evidence(registry)
    inspect = (FixRef("inspect-registry", registry_values(registry)),)
    match state and state.lower():
        case None:
            return Verdict(Status.UNKNOWN, "not-told", values=values, evidence=evidence)
        case "succeeded":
            return Verdict(Status.PASS, "succeeded", values=values, evidence=evidence)
        case "deleting":
            return Verdict(
                Status.FAIL,
                "deleting",
                certainty=Certainty.DEFINITE,
                values=values,
                evidence=evidence,
                fixes=(FixRef("replace-registry", registry_values(registry)),),
            )
        case "failed":
            return Verdict(
                Status.FAIL,
                "failed",
                certainty=Certainty.LIKELY,
                values=values,
                evidence=evidence,
                fixes=inspect,
            )
        case "canceled":
            return Verdict(Status.WARNING, "canceled", values=values, evidence=evidence, fixes=inspect)
        case _:
            return Verdict(Status.WARNING, "busy", values=values, evidence=evidence)


def _evidence(registry: Registry) -> tuple[Evidence, ...]:
    told = (
        ("registry", registry.id),
        ("login-server", registry.login_server),
        ("provisioning-state", registry.provisioning_state),
        ("status-message", registry.status_message),
        ("created", registry.created_on.isoformat(timespec="seconds") if registry.created_on else None),
    )
    return tuple(Evidence(label, value) for label, value in told if value)


CHECK = Check("registry.health", Branch.REGISTRY, evaluate)
