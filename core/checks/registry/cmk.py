"""Can the registry still read the key that it is encrypted with?

https://learn.microsoft.com/azure/container-registry/tutorial-troubleshoot-customer-managed-keys
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.unread import hidden, unknown
from core.facts.fact import Fact, Known, Missing
from core.facts.identities import ManagedIdentity
from core.facts.registry import Encryption, Registry, RegistryIdentity
from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscriptions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

SYSTEM = "system"


def evaluate(
    registry: Registry, key_identity: Fact[ManagedIdentity | None], subscriptions: Fact[Subscriptions]
) -> Verdict:
    """Look for the identity that the key is read with: among those that the registry has, and whether it exists.

    A registry goes on listing an identity that was deleted. Whether the key vault lets that identity in is not read.
    """
    key = registry.encryption
    if key is None:
        return Verdict(Status.NOT_APPLICABLE, "azures-key")
    values = {"registry_name": registry.name, "identity": key.identity or "?"}
    evidence = _evidence(key, registry.identity)
    if key.identity is None:
        return Verdict(Status.UNKNOWN, "identity-not-told", values=values, evidence=evidence)
    holds = _holds(key.identity, registry)
    if holds is None:
        return Verdict(Status.UNKNOWN, "identities-not-told", values=values, evidence=evidence)
    if not holds:
        system = key.identity.lower() == SYSTEM
        fix = "give-system-key-identity" if system else "give-key-identity"
        return Verdict(
            Status.FAIL,
            "system-identity-gone" if system else "identity-gone",
            certainty=Certainty.DEFINITE,
            values=values,
            evidence=evidence,
            fixes=(FixRef(fix, registry_values(registry)),),
        )
    if registry.key_identity_id is None:
        return Verdict(Status.PASS, "identity-there", values=values, evidence=evidence)
    return _of_existing(registry, key, registry.key_identity_id, key_identity, subscriptions, evidence)


def _of_existing(
    registry: Registry,
    key: Encryption,
    named: str,
    found: Fact[ManagedIdentity | None],
    subscriptions: Fact[Subscriptions],
    evidence: tuple[Evidence, ...],
) -> Verdict:
    """Judge a user-assigned identity that the registry lists; Azure says "not found" also of what is out of sight."""
    if not isinstance(found, (Known, Missing)):
        return unknown(found, evidence)
    at = ResourceId.parse(named)
    wanted = key.identity or ""
    values = {"registry_name": registry.name, "identity": wanted, "identity_name": at.name}
    now = found.value.client_id if isinstance(found, Known) and found.value is not None else None
    if isinstance(found, Known) and (now is None or now.lower() == wanted.lower()):
        return Verdict(Status.PASS, "identity-there", values=values, evidence=evidence)
    if isinstance(found, Missing) and not _in_sight(registry, at, subscriptions):
        return Verdict(Status.UNKNOWN, "identity-hidden", values=values, evidence=evidence, missing=hidden(at))
    replacement = {
        **registry_values(registry),
        "identity_name": at.name,
        "identity_group": at.resource_group,
        "identity_subscription": at.subscription_id,
        "key": key.key_id or "<key>",
    }
    return Verdict(
        Status.FAIL,
        "identity-deleted" if now is None else "identity-made-again",
        certainty=Certainty.DEFINITE,
        values=values,
        evidence=evidence if now is None else (*evidence, Evidence("new-client-id", now)),
        fixes=(FixRef("replace-key-identity", replacement),),
    )


def _holds(wanted: str, registry: Registry) -> bool | None:
    """Whether the registry has the identity; None where an identity of its does not tell its client id."""
    identity = registry.identity
    if wanted.lower() == SYSTEM:
        return identity is not None and identity.principal_id is not None
    if registry.key_identity_id is not None:
        return True
    return None if identity is not None and None in identity.client_ids.values() else False


def _in_sight(registry: Registry, at: ResourceId, subscriptions: Fact[Subscriptions]) -> bool:
    listed = isinstance(subscriptions, Known) and subscriptions.value.find(at.subscription_id) is not None
    return listed or at.subscription_id.lower() == registry.subscription_id.lower()


def _evidence(key: Encryption, identity: RegistryIdentity | None) -> tuple[Evidence, ...]:
    named = () if identity is None else tuple(identity.client_ids)
    return (
        *((Evidence("encryption-key", key.key_id),) if key.key_id else ()),
        Evidence("key-identity", key.identity or "?"),
        *(Evidence("registry-identity", one) for one in named),
    )


CHECK = Check("registry.cmk", Branch.REGISTRY, evaluate)
