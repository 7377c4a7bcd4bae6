"""What a run says in worlds where nothing is a cause: that it takes patience, or what could not be looked at."""

from __future__ import annotations

import pytest

from core.cancel import CancelToken
from core.model import Outcome, Report, Status
from core.session import practice_session, scenario_choice


def diagnose(name: str) -> Report:
    session, scenario = practice_session(name)
    try:
        return session.diagnose(scenario_choice(scenario), lambda _event: None, CancelToken())
    finally:
        session.close()


def test_an_image_on_its_way_takes_patience() -> None:
    report = diagnose("image-on-its-way")
    assert report.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    assert "was pushed 4 min ago" in report.conclusion.headline
    assert "may not have it yet" in report.conclusion.headline


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("healthy-replicated", 0),
        ("image-on-its-way", 0),
        ("registry-key", 1),
        ("node-disk-full", 0),
        ("node-disk-full-large-image", 2),
    ],
)
def test_only_a_key_and_a_full_node_cost_requests_more(name: str, more: int) -> None:
    assert diagnose(name).requests.count == diagnose("healthy-public").requests.count + more


def test_an_identity_out_of_sight_is_told_with_its_permission() -> None:
    report = diagnose("registry-key-identity-hidden")
    assert report.conclusion.outcome is Outcome.INCONCLUSIVE
    (key,) = (result.verdict for result in report.results if result.check == "registry.cmk")
    assert key.status is Status.UNKNOWN
    assert key.missing is not None
    assert key.missing.action == "Microsoft.ManagedIdentity/userAssignedIdentities/read"
    assert "/rg-reg/" in key.missing.scope


def test_a_hubs_firewall_with_hidden_rules_is_told_with_its_permission() -> None:
    report = diagnose("secured-hub-rules-hidden")
    assert report.conclusion.outcome is Outcome.INCONCLUSIVE
    (rules,) = (result.verdict for result in report.results if result.check == "net.firewall-rules")
    assert rules.missing is not None
    assert rules.missing.action == "Microsoft.Network/firewallPolicies/read"
    assert rules.missing.scope.endswith("/firewallPolicies/afwp-hub")


def test_a_hub_in_a_hidden_subscription_leaves_a_list_for_those_who_look_after_it() -> None:
    report = diagnose("secured-hub-hidden")
    assert report.conclusion.outcome is Outcome.INCONCLUSIVE
    (route,) = (result.verdict for result in report.results if result.check == "net.route-table")
    assert (route.status, route.reason) == (Status.UNKNOWN, "appliance")
    assert any(one.label == "to-allow" and "contosoreg.azurecr.io" in one.value for one in route.evidence)


def test_a_time_out_is_not_over_while_central_rules_are_hidden() -> None:
    report = diagnose("admin-rule-hidden-from-you")
    assert report.conclusion.outcome is Outcome.INCONCLUSIVE
    (central,) = (result.verdict for result in report.results if result.check == "net.avnm")
    assert central.missing is not None
    assert central.missing.action.endswith("/listNetworkManagerEffectiveSecurityAdminRules/action")
