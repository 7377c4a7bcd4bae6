"""The verdict for a fact that could not be read."""

from __future__ import annotations

from core.facts.fact import Denied, Missing, NotKnown, Unavailable
from core.facts.resource_id import ResourceId
from core.model import MOST_SCOPES, Evidence, MissingPermission, Status, Verdict


def missing_of(outcome: object) -> MissingPermission | None:
    """Give the permission that a refused fact would have taken; None for every other outcome."""
    if not isinstance(outcome, Denied):
        return None
    return MissingPermission(outcome.action, outcome.scope, outcome.role, outcome.also)


def hidden(picked: ResourceId) -> MissingPermission:
    """Give what it takes to see a picked resource whose subscription is not visible."""
    scope = f"/subscriptions/{picked.subscription_id}"
    return MissingPermission("Microsoft.Resources/subscriptions/read", scope, "Reader")


def unknown(outcome: NotKnown, evidence: tuple[Evidence, ...] = ()) -> Verdict:
    """Say why a check could not look: which permission is missing, what is not there, or what went wrong.

    The reasons are shared by all checks; their sentences stand in the table `words`. `evidence` is what the check
    can show all the same.
    """
    match outcome:
        case Denied(action, scope, role, also):
            missing = MissingPermission(action, scope, role, also)
            scopes = (scope, *also)[:MOST_SCOPES]
            return Verdict(
                Status.UNKNOWN,
                "denied",
                values={"action": action, "scope": missing.where, "role": role},
                evidence=(
                    Evidence("missing-permission", action),
                    *(Evidence("scope", one) for one in scopes),
                    *evidence,
                ),
                missing=missing,
            )
        case Missing(resource):
            return Verdict(
                Status.UNKNOWN,
                "missing-resource",
                values={"resource": resource},
                evidence=(Evidence("resource", resource), *evidence),
            )
        case Unavailable(trouble, detail):
            details = (Evidence("detail", detail),) if detail else ()
            return Verdict(
                Status.UNKNOWN,
                f"unavailable-{trouble.value}",
                values={"detail": detail},
                evidence=(*details, *evidence),
            )
