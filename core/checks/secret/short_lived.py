"""What to say of a pull secret that holds an access token: such a token ends after three hours.

https://learn.microsoft.com/azure/container-registry/container-registry-authentication
"""

from __future__ import annotations

from core.checks.fix_values import token_name
from core.checks.identity.evidence import moment
from core.checks.secret.given import grant_instead, token_values
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact
from core.facts.identities import Puller
from core.facts.meant_secret import MeantSecret
from core.facts.pull_secret import PullAccount
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry
from core.model import Certainty, Evidence, FixRef, Status, Verdict


def short_lived(
    choice: Choice,
    registry: Registry,
    meant: MeantSecret,
    cluster: Fact[Cluster],
    puller: Fact[Puller | None],
    account: PullAccount,
    evidence: tuple[Evidence, ...] = (),
) -> Verdict:
    """Give the verdict on an account of three hours; `evidence` names its login."""
    age = (Evidence("created", moment(account.made_at)),) if account.made_at else ()
    name = token_name(choice.cluster_id.name, meant.namespace or "<namespace>")
    token = token_values(meant, registry, name, repository_in(choice, registry))
    return Verdict(
        Status.FAIL,
        "short-lived",
        Certainty.DEFINITE,
        values={"username": account.username, "registry_name": registry.name},
        evidence=(*evidence, *age),
        fixes=(*grant_instead(registry, cluster, puller), FixRef("make-registry-token", token)),
    )
