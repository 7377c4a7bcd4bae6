"""Can the registry still read the key that it is encrypted with?

https://learn.microsoft.com/azure/container-registry/tutorial-troubleshoot-customer-managed-keys
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.facts.registry import Encryption, Registry, RegistryIdentity
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

SYSTEM = "system"


def evaluate(registry: Registry) -> Verdict:
    """Look for the identity that the key is read with among those that the registry has.

    Whether the key vault lets that identity in is not read.
    """
    key = registry.encryption
    if key is None:
        return Verdict(Status.NOT_APPLICABLE, "azures-key")
    values = {"registry_name": registry.name, "identity": key.identity or "?"}
    evidence = _evidence(key, registry.identity)
    if key.identity is None:
        return Verdict(Status.UNKNOWN, "identity-not-told", values=values, evidence=evidence)
    holds = _holds(key.identity, registry.identity)
    if holds is None:
        return Verdict(Status.UNKNOWN, "identities-not-told", values=values, evidence=evidence)
    if holds:
        return Verdict(Status.PASS, "identity-there", values=values, evidence=evidence)
    return Verdict(
        Status.FAIL,
        "identity-gone",
        certainty=Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=(FixRef("give-key-identity", registry_values(registry)),),
    )


def _holds(wanted: str, identity: RegistryIdentity | None) -> bool | None:
    """Whether the registry has the identity; None where an identity of its does not tell its client id."""
    if wanted.lower() == SYSTEM:
        return identity is not None and identity.principal_id is not None
    client_ids = () if identity is None else tuple(identity.client_ids.values())
    if wanted.lower() in {one.lower() for one in client_ids if one}:
        return True
    return None if None in client_ids else False


def _evidence(key: Encryption, identity: RegistryIdentity | None) -> tuple[Evidence, ...]:
    named = () if identity is None else tuple(identity.client_ids)
    return (
        *((Evidence("encryption-key", key.key_id),) if key.key_id else ()),
        Evidence("key-identity", key.identity or "?"),
        *(Evidence("registry-identity", one) for one in named),
    )


CHECK = Check("registry.cmk", Branch.REGISTRY, evaluate)
