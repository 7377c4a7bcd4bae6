"""From all results to one answer: which failed checks are causes, in which order, and one sentence.

The ranking is that of decision-tree.md, 0.2: what the pasted text points at comes first, then the surer finding,
then what comes earlier in a pull.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model import Certainty, CheckResult, Conclusion, Outcome, Status, Symptom
from core.symptoms.kinds import CHECK_TOOL, lead
from core.texts import Texts
from core.tree_shape import Tree

NAME_FIRST = ("image.reference", "image.login-server")
"""A name that leads elsewhere is the answer, whatever else is wrong with the registry that was picked."""

WAIT_FIRST = "identity.role-propagation"
"""The warning that asks for patience: acting on any other one first would only start the clock again."""

NOT_A_PULL = "NOT_PULL"
"""The kind of a text that is about something else than a pull."""

THE_IMAGE = ("image.repository", "image.tag")
"""What says whether an image is there at all."""

WAY = ("network.", "dns.", "net.")
"""How the ids of checks begin that judge each node subnet on its own."""

OPT_IN = ("active.", "logs.")
"""How the ids of checks begin that a person has to ask for: their absence leaves no question open."""

_CERTAINTY = {Certainty.DEFINITE: 0, Certainty.LIKELY: 1, Certainty.POSSIBLE: 2}


@dataclass(frozen=True, slots=True)
class Answer:
    """The conclusion and the remarks that belong under it."""

    conclusion: Conclusion
    notes: tuple[str, ...]


def rank(results: Sequence[CheckResult], symptom: Symptom | None, tree: Tree) -> tuple[CheckResult, ...]:
    """Give the failed checks that explain the failure, most likely first."""
    order = {check: place for place, check in enumerate(tree.in_pull_order())}
    pointed_at = lead(symptom).checks if symptom else ()

    def key(result: CheckResult) -> tuple[int, int, int, int]:
        certainty = result.verdict.certainty or Certainty.POSSIBLE
        return (
            0 if result.check in NAME_FIRST else 1,
            0 if result.check in pointed_at else 1,
            _CERTAINTY[certainty],
            order[result.check],
        )

    failed = (result for result in results if result.verdict.status is Status.FAIL and result.moot is None)
    return tuple(sorted(failed, key=key))


def conclude(
    results: Sequence[CheckResult],
    symptom: Symptom | None,
    tree: Tree,
    texts: Texts,
    names: Mapping[str, str],
    cancelled: bool = False,
    again: bool = False,
    image_named: bool = False,
    pools: Sequence[str] = (),
) -> Answer:
    """Give the answer of a run. `names` holds `cluster`, `registry` and `image` as they are to be shown.

    Whoever named an image (`image_named`) asked whether it is there: without that there is no all-clear. `pools` are
    the node pools that pods can land on: where only some of them cannot pull, the sentence is about those. When
    something is checked `again`, after a fix say, the pasted text still ranks causes but proves no failure.
    """
    causes = rank(results, symptom, tree)
    if again and symptom is not None and symptom.kind != NOT_A_PULL:
        symptom = None
    ids = tuple(cause.check for cause in causes)
    notes = _notes(results, symptom, tree, texts, cancelled, found=bool(causes))
    if causes:
        said_best = _explanation(causes, tree)
        headline = _headline(said_best, texts, names, pools)
        return Answer(Conclusion(Outcome.CAUSE_FOUND, headline, ids), notes)
    needed = THE_IMAGE if image_named else ()
    outcome, key = _outcome_without_cause(results, symptom, tree, cancelled, needed)
    noticed = _noticed(results, texts) if key in ("no-cause-found", "undecided", "nothing-for-the-text") else None
    if noticed is not None:
        headline = _headline(noticed, texts, names, pools)
    else:
        headline = texts.fill("words", "headlines", key, values=names)
    return Answer(Conclusion(outcome, headline), notes)


def _headline(result: CheckResult, texts: Texts, names: Mapping[str, str], pools: Sequence[str]) -> str:
    """Give the sentence of a result; one about the way of some nodes only names their pools."""
    of = result.verdict.values.get("pools", "")
    if result.check.startswith(WAY) and of and set(of.split(", ")) < set(pools):
        names = {**names, "cluster": texts.fill("words", "headlines", "some-pools", values={**names, "pools": of})}
    return texts.headline(result.check, result.verdict, names)


def _explanation(causes: Sequence[CheckResult], tree: Tree) -> CheckResult:
    """Give the cause whose sentence says most about the first one."""
    for cause in causes:
        if cause.verdict.certainty is Certainty.DEFINITE and causes[0].check in tree.explains.get(cause.check, ()):
            return cause
    return causes[0]


def _outcome_without_cause(
    results: Sequence[CheckResult], symptom: Symptom | None, tree: Tree, cancelled: bool, needed: Sequence[str]
) -> tuple[Outcome, str]:
    if cancelled:
        return Outcome.INCONCLUSIVE, "cancelled"
    if symptom is not None and symptom.kind == NOT_A_PULL:
        return Outcome.NO_CAUSE_FOUND, "not-a-pull-failure"
    if open_questions(results, tree, symptom, needed):
        return Outcome.INCONCLUSIVE, "inconclusive"
    if _is_settling(results):
        return Outcome.NO_CAUSE_FOUND, "no-cause-found"
    if _undecided(results, tree):
        return Outcome.INCONCLUSIVE, "undecided"
    if unbuilt_checks(symptom, tree):
        return Outcome.INCONCLUSIVE, "inconclusive-branch"
    if symptom is not None and lead(symptom) == CHECK_TOOL:
        return Outcome.NO_CAUSE_FOUND, "check-tool-only"
    if symptom is not None and lead(symptom).checks:
        return Outcome.NO_CAUSE_FOUND, "nothing-for-the-text"
    return Outcome.NO_CAUSE_FOUND, "no-cause-found"


def _is_settling(results: Sequence[CheckResult]) -> bool:
    """Say whether a permission is so new that the pull may just not have been tried again: that explains the text."""
    return any(result.check == WAIT_FIRST and result.verdict.status is Status.WARNING for result in results)


def _undecided(results: Sequence[CheckResult], tree: Tree) -> bool:
    return any(result.verdict.reason in tree.undecided.get(result.check, ()) for result in results)


def open_questions(
    results: Sequence[CheckResult], tree: Tree, symptom: Symptom | None, needed: Sequence[str] = ()
) -> tuple[CheckResult, ...]:
    """Give the results that could not be had and matter.

    An optional one matters only where the text points at it, or where it is among the `needed` ones. A text that
    nobody understands tells of a failure all the same, and may be about anything.
    """
    wanted = {*needed, *((lead(symptom).checks or tree.checks()) if symptom else ())}
    return tuple(
        result
        for result in results
        if result.verdict.status is Status.UNKNOWN
        and result.moot is None
        and (result.check not in tree.optional or result.check in wanted)
    )


def unbuilt_checks(symptom: Symptom | None, tree: Tree) -> tuple[str, ...]:
    """Give the checks that the symptom points at and the tree has not: any of them may hold the cause."""
    if symptom is None:
        return ()
    built = tree.checks()
    return tuple(check for check in lead(symptom).checks if check not in built and not check.startswith(OPT_IN))


def _noticed(results: Sequence[CheckResult], texts: Texts) -> CheckResult | None:
    """Give the warning that has a headline of its own; something that only needs time comes before all others."""
    warnings = [
        result
        for result in results
        if result.verdict.status is Status.WARNING
        and result.softened_by is None
        and texts.has_headline(result.check, result.verdict.reason)
    ]
    return min(warnings, key=lambda result: result.check != WAIT_FIRST, default=None)


def _notes(
    results: Sequence[CheckResult], symptom: Symptom | None, tree: Tree, texts: Texts, cancelled: bool, found: bool
) -> tuple[str, ...]:
    notes: list[str] = []
    if cancelled:
        notes.append(texts.get("words", "notes", "cancelled"))
    unbuilt = unbuilt_checks(symptom, tree)
    if unbuilt and not found:
        areas = dict.fromkeys(texts.get("words", "areas", check.partition(".")[0]) for check in unbuilt)
        notes.append(texts.fill("words", "notes", "not-built", values={"areas": ", ".join(areas)}))
    if symptom is not None and lead(symptom) == CHECK_TOOL:
        notes.append(texts.get("words", "notes", "check-tool"))
    faults = [result.check for result in results if result.fault]
    if faults:
        notes.append(texts.fill("words", "notes", "fault", values={"checks": ", ".join(faults)}))
    return (*notes, *_permissions_to_ask_for(results, texts))


def _permissions_to_ask_for(results: Sequence[CheckResult], texts: Texts) -> tuple[str, ...]:
    """Say once for each role and scope what would let the rest be checked; Azure spells one id in several ways."""
    wanted: dict[tuple[str, str], str] = {}
    for result in results:
        missing = result.verdict.missing
        if missing is not None:
            wanted.setdefault((missing.role, missing.where.lower()), missing.where)
    return tuple(
        texts.fill("words", "notes", "missing-permission", values={"role": role, "scope": scope})
        for (role, _), scope in wanted.items()
    )
