"""Two pools in one subnet that leave it differently: only the one that the registry refuses is named."""

from __future__ import annotations

import pytest

from core.cancel import CancelToken
from core.session import practice_session, scenario_choice


@pytest.mark.parametrize(
    ("name", "refused", "addresses"),
    [
        ("two-pools-leave-differently", "usr", {"20.77.2.4", "20.77.2.5"}),
        ("prefix-listed-load-balancer-not", "sys", {"20.50.1.10"}),
    ],
)
def test_only_the_pool_that_is_refused_is_named(name: str, refused: str, addresses: set[str]) -> None:
    session, scenario = practice_session(name)
    try:
        report = session.diagnose(scenario_choice(scenario), lambda _event: None, CancelToken())
    finally:
        session.close()
    assert report.conclusion.headline.startswith(f"Node pool {refused} of aks-app cannot pull")
    (rules,) = (result for result in report.results if result.check == "network.ip-rules")
    told = rules.verdict.evidence
    assert {one.value for one in told if one.label == "address-not-listed"} == addresses
    assert {one.value.partition(" | ")[0] for one in told if one.label in ("egress", "node-subnet")} == {refused}
    (fix,) = rules.fixes
    assert all(any(address in line for line in fix.azure_cli) for address in addresses)
    assert len(fix.azure_cli) == len(addresses)
