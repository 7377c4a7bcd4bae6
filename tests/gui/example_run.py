"""A small tree with its texts, and runs over it: what the tests of the diagnose page look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.model import (
    Certainty,
    CheckFinished,
    CheckResult,
    CheckStarted,
    Conclusion,
    Event,
    Evidence,
    Fix,
    MissingPermission,
    Named,
    Outcome,
    Report,
    Risk,
    RunFinished,
    RunStarted,
    Status,
    Verdict,
)
from core.texts import Texts, load
from core.tree_shape import Edge, Lane, Tree

TREE = Tree(
    entry="cluster.signed-in",
    lanes=(
        Lane("cluster", ("cluster.signed-in", "cluster.running")),
        Lane("image", ("image.name", "image.registry")),
        Lane("identity", ("identity.kind", "identity.tenant", "identity.present", "identity.attached")),
        Lane("service-principal", ("sp.exists",)),
        Lane("permission", ("role.mode", "role.granted", "role.condition")),
    ),
    edges=(
        Edge("cluster.signed-in", "cluster.running"),
        Edge("cluster.signed-in", "image.name"),
        Edge("cluster.signed-in", "image.registry"),
        Edge("cluster.signed-in", "identity.kind"),
        Edge("image.registry", "identity.tenant"),
        Edge("identity.kind", "identity.present"),
        Edge("identity.kind", "sp.exists"),
        Edge("identity.present", "identity.attached"),
        Edge("identity.present", "role.mode"),
        Edge("sp.exists", "role.mode"),
        Edge("role.mode", "role.granted"),
        Edge("role.granted", "role.condition"),
    ),
    moots=(),
)
CAME_FROM = {
    "cluster.running": "cluster.signed-in",
    "image.name": "cluster.signed-in",
    "image.registry": "cluster.signed-in",
    "identity.kind": "cluster.signed-in",
    "identity.tenant": "image.registry",
    "identity.present": "identity.kind",
    "identity.attached": "identity.present",
    "role.mode": "identity.present",
    "role.granted": "role.mode",
    "role.condition": "role.granted",
}
PATH = ("cluster.signed-in", "identity.kind", "identity.present", "role.mode", "role.granted")
TITLES = {
    "cluster.signed-in": "Signed in to the right place",
    "cluster.running": "Cluster is running",
    "image.name": "Image name is written correctly",
    "image.registry": "Registry is healthy",
    "identity.kind": "Sign-in of the nodes is known",
    "identity.tenant": "Both are in one directory",
    "identity.present": "Kubelet identity is set",
    "identity.attached": "Nodes carry the identity",
    "sp.exists": "Service principal exists",
    "role.mode": "Registry honours the role",
    "role.granted": "Kubelet identity may pull images",
    "role.condition": "Condition allows the repository",
}
SCOPE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/x/registries/contosoreg"
COMMAND = f"az role assignment create --assignee-object-id 6f0c2c1e-0000-4000-8000-0000000091d2 --scope {SCOPE}"
FIX = Fix(
    key="grant",
    title="Grant AcrPull",
    changes="Adds one role assignment.",
    risk=Risk.WIDENS_ACCESS,
    permission="Microsoft.Authorization/roleAssignments/write",
    scope=SCOPE,
    you_may_apply=False,
    ask="Please run: " + COMMAND,
    azure_cli=(COMMAND, "az role assignment list"),
    powershell=("New-AzRoleAssignment -ObjectId 6f0c2c1e",),
    portal=("Open the registry.", "Access control (IAM) > Add."),
    docs="https://learn.microsoft.com/azure/aks/cluster-container-registry-integration",
    wait_minutes=10,
)


def texts(titles: dict[str, str] | None = None) -> Texts:
    """Make the texts: real words around made-up checks."""
    real = load("en")
    shown = {**TITLES, **(titles or {})}
    checks = {
        check: {
            "title": title,
            "question": f"Is it so that {title}?",
            "why": "Nothing is pulled without it.",
            "docs": "https://learn.microsoft.com/azure/aks/",
            "reasons": {"seen": {"summary": "{text}"}, "noticed": {"summary": "{text}", "headline": "{text}"}},
        }
        for check, title in shown.items()
    }
    tables = {name: real.table(name) for name in ("words", "window_chart", "lanes")}
    labels = {"identity": "Identity", "scope": "Scope", "very-long": "Berechtigungszuweisungsart"}
    return Texts({**tables, "checks": checks, "labels": labels})


def result(
    check: str,
    status: Status = Status.PASS,
    text: str = "As it should be.",
    *,
    certainty: Certainty | None = None,
    reason: str = "seen",
    moot: str | None = None,
    fixes: tuple[Fix, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    missing: MissingPermission | None = None,
    fault: str | None = None,
) -> CheckResult:
    """Make one check's result."""
    if status is Status.FAIL and certainty is None:
        certainty = Certainty.DEFINITE
    by = {"by": "identity.kind"} if reason in {"not-on-path", "gated"} else {}
    verdict = Verdict(status, reason, certainty, {"text": text, **by}, evidence, missing)
    return CheckResult(check, verdict, moot, fixes, 5, fault)


def results(*changed: CheckResult) -> tuple[CheckResult, ...]:
    """Make the results of a whole run: all is well on a managed-identity cluster, but for what is changed."""
    made = {check: result(check) for check in TREE.checks()}
    made["sp.exists"] = result("sp.exists", Status.NOT_APPLICABLE, reason="not-on-path")
    made |= {one.check: one for one in changed}
    return tuple(made[check] for check in TREE.checks())


def role_missing() -> tuple[CheckResult, ...]:
    """Make the results of the main job: the kubelet identity has no role."""
    return results(
        result(
            "role.granted",
            Status.FAIL,
            "The kubelet identity aks-app-agentpool holds no role that allows a pull.",
            fixes=(FIX, replace(FIX, title="Attach the registry", risk=Risk.NONE, ask=None, you_may_apply=True)),
            evidence=(Evidence("identity", "aks-app-agentpool"), Evidence("scope", SCOPE)),
        ),
        result("role.condition", Status.NOT_RUN, reason="gated", moot="role.granted"),
    )


def report(
    all_results: Sequence[CheckResult],
    headline: str = "aks-app cannot pull from contosoreg: no pull permission.",
    *,
    outcome: Outcome | None = None,
    causes: tuple[str, ...] | None = None,
    notes: tuple[str, ...] = (),
    cancelled: bool = False,
) -> Report:
    """Make the report of a run; the failed checks that nothing makes moot are the causes."""
    if causes is None:
        causes = tuple(r.check for r in all_results if r.verdict.status is Status.FAIL and r.moot is None)
    if outcome is None:
        outcome = Outcome.CAUSE_FOUND if causes else Outcome.NO_CAUSE_FOUND
    return Report(
        started_at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
        duration_ms=2400,
        practice=False,
        cloud="AzureCloud",
        tenant_id="t",
        account="maria@contoso.com",
        cluster=Named("c", "aks-app"),
        registry=Named("r", "contosoreg"),
        image=None,
        symptom=None,
        conclusion=Conclusion(outcome, headline, causes),
        results=tuple(all_results),
        notes=notes,
        cancelled=cancelled,
    )


def events(all_results: Iterable[CheckResult], end: Report | None = None) -> Iterator[Event]:
    """Give the events of a run, in order."""
    made = tuple(all_results)
    yield RunStarted(tuple(r.check for r in made))
    for one in made:
        if one.verdict.reason not in {"not-on-path", "gated"}:
            yield CheckStarted(one.check)
        yield CheckFinished(one, CAME_FROM.get(one.check))
    yield RunFinished(end if end is not None else report(made))
