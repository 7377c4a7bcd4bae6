"""The verdict for a fact that could not be read."""

from __future__ import annotations

from core.facts.fact import Denied, Missing, NotKnown, Unavailable
from core.model import Evidence, MissingPermission, Status, Verdict


def unknown(outcome: NotKnown, evidence: tuple[Evidence, ...] = ()) -> Verdict:
    """Say why a check could not look: which permission is missing, what is not there, or what went wrong.

    The reasons are shared by all checks; their sentences stand in the table `words`. `evidence` is what the check
    can show all the same.
    """
    match outcome:
        case Denied(action, scope, role):
            return Verdict(
                Status.UNKNOWN,
                "denied",
                values={"action": action, "scope": scope, "role": role},
                evidence=(Evidence("missing-permission", action), Evidence("scope", scope), *evidence),
                missing=MissingPermission(action, scope, role),
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
