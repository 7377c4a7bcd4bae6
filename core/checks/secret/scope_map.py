"""Does the registry token of the pull secret cover the image's repository?

https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.identity.evidence import few
from core.checks.secret.given import no_secret, token_values
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known, Missing
from core.facts.meant_secret import MeantSecret, meant_secret
from core.facts.pull_secret import PullAccount, RegistryToken, ScopeMap
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

_PREFIX = "repositories/"
_READ = "/content/read"


def evaluate(
    choice: Choice,
    registry: Registry,
    pull_account: PullAccount | None,
    registry_token: Fact[RegistryToken | None],
    token_scope_map: Fact[ScopeMap | None],
) -> Verdict:
    """Look for an action that lets the token read the repository's content; a token that is gone covers nothing."""
    meant = meant_secret(choice, registry)
    if meant is None:
        return no_secret()
    if pull_account is None or isinstance(registry_token, Missing):
        return Verdict(Status.NOT_APPLICABLE, "no-token")
    if not isinstance(token_scope_map, Known):
        return unknown(token_scope_map)
    if token_scope_map.value is None:
        return Verdict(Status.NOT_APPLICABLE, "no-token")
    return _judge(choice, registry, pull_account, token_scope_map.value, meant)


def _judge(
    choice: Choice, registry: Registry, account: PullAccount, scope_map: ScopeMap, meant: MeantSecret
) -> Verdict:
    repository = repository_in(choice, registry)
    values = {
        "token": account.username,
        "scope_map": scope_map.name,
        "repository": repository or "",
        "registry_name": registry.name,
    }
    evidence = (
        Evidence("scope-map", scope_map.id),
        *few(Evidence("scope-map-action", action) for action in scope_map.actions),
    )
    if repository is None and not covers(scope_map, ""):
        return Verdict(Status.NOT_APPLICABLE, "repository-not-known", values=values, evidence=evidence)
    if covers(scope_map, repository or ""):
        return Verdict(Status.PASS, "covers", values=values, evidence=evidence)
    fix_values = {
        **token_values(meant, registry, account.username, repository),
        "scope_map": scope_map.name,
    }
    system = scope_map.name.startswith("_")
    return Verdict(
        Status.FAIL,
        "leaves-out",
        Certainty.DEFINITE,
        values=values,
        evidence=evidence,
        fixes=(FixRef("use-pull-scope-map" if system else "add-repository-to-scope-map", fix_values),),
    )


def covers(scope_map: ScopeMap, repository: str) -> bool:
    """Say whether a scope map lets a repository be pulled; a star counts at the end of a name only."""
    for action in scope_map.actions:
        if not action.lower().startswith(_PREFIX) or not action.lower().endswith(_READ):
            continue
        pattern = action[len(_PREFIX) : -len(_READ)]
        if pattern == repository or (pattern.endswith("*") and repository.startswith(pattern[:-1])):
            return True
    return False


CHECK = Check("secret.scope-map", Branch.SECRET, evaluate)
