"""What a pull need not fail of: while one way to its credentials is known to be open, the others matter little.

What could not be checked opens no way, so that an unknown never makes a failure look harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.model import CheckResult, Status
from core.tree_shape import Tree, Way

_FINE = frozenset({Status.PASS, Status.NOT_APPLICABLE})


def softened(tree: Tree, results: Mapping[str, CheckResult]) -> dict[str, CheckResult]:
    """Give the results that change: failures on one way that another one, known to be open, makes a warning."""
    changed: dict[str, CheckResult] = {}
    for way in tree.ways:
        proof = _proof(way, results)
        if proof is None:
            continue
        for check in (check for other in tree.ways if other is not way for check in other.checks):
            result = results.get(check)
            if result is not None and result.verdict.status is Status.FAIL:
                changed[check] = _softer(result, proof)
    return changed


def hardened(result: CheckResult) -> CheckResult:
    """Give a result as it was before another way made it a warning."""
    if result.softened_by is None:
        return result
    verdict = replace(result.verdict, status=Status.FAIL, certainty=result.certainty_alone)
    return replace(result, verdict=verdict, softened_by=None, certainty_alone=None)


def _proof(way: Way, results: Mapping[str, CheckResult]) -> str | None:
    """Give the check that shows that a way is open; None where that is not known."""
    if not all(_is_fine(way, results.get(check)) for check in way.checks):
        return None
    return next((proof[0] for proof in way.proofs if all(_proves(way, results.get(one)) for one in proof)), None)


def _is_fine(way: Way, result: CheckResult | None) -> bool:
    if result is None:
        return False
    verdict = result.verdict
    harmless = verdict.status is Status.WARNING and verdict.reason in way.harmless.get(result.check, ())
    return (verdict.status in _FINE or harmless) and result.moot is None


def _proves(way: Way, result: CheckResult | None) -> bool:
    if result is None or result.moot is not None or result.verdict.status is not Status.PASS:
        return False
    return result.verdict.reason == way.saying.get(result.check, result.verdict.reason)


def _softer(result: CheckResult, proof: str) -> CheckResult:
    verdict = replace(result.verdict, status=Status.WARNING, certainty=None)
    return replace(result, verdict=verdict, softened_by=proof, certainty_alone=result.verdict.certainty)
