"""One verdict out of those of several node subnets: the worst, with what was seen of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.checks.net.ends import goes_to_endpoint
from core.checks.network.ways import beside, pools
from core.checks.unread import unknown
from core.facts.paths import NodePath, Way
from core.model import Certainty, FixRef, Status, Verdict

_ORDER = (Status.FAIL, Status.UNKNOWN, Status.WARNING, Status.PASS, Status.NOT_APPLICABLE)
_CERTAINTY = tuple(Certainty)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of one node subnet."""

    path: NodePath
    verdict: Verdict


def merged(judged: Iterable[Judged], paths: Sequence[NodePath]) -> Verdict:
    """Give the verdict of the worst subnet; the value `pools` names the pools of all for which the same was said.

    `paths` are those of all node subnets: one whose way is not known, and that has no endpoint to judge by, leaves
    the whole open.
    """
    found = list(judged)
    for path in paths:
        if path.way is Way.UNKNOWN and path.why is not None and not goes_to_endpoint(path):
            found.append(Judged(path, unknown(path.why)))
    if not found:
        return beside(paths)
    found.sort(key=lambda one: _rank(one.verdict))
    worst = found[0].verdict
    same = [one.path for one in found if one.verdict.reason == worst.reason and one.verdict.status is worst.status]
    fixes: list[FixRef] = []
    for one in found:
        if one.verdict.status is worst.status:
            fixes += [fix for fix in one.verdict.fixes if fix not in fixes]
    evidence = tuple(dict.fromkeys(item for one in found for item in one.verdict.evidence))
    values = {**worst.values, "pools": pools(same)}
    return replace(worst, values=values, evidence=evidence, fixes=tuple(fixes))


def _rank(verdict: Verdict) -> tuple[int, int]:
    return _ORDER.index(verdict.status), _CERTAINTY.index(verdict.certainty) if verdict.certainty else 0
