"""The two halves of a service endpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DENIED, NODES, apart, leaving, network, path, unread

from core.checks.check import Check
from core.checks.network.service_endpoint import CHECK, evaluate
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.egress import Egress, EgressKind
from core.facts.fact import Fact, Known, Trouble, Unavailable
from core.facts.items import Items
from core.facts.networks import VirtualNetwork
from core.facts.paths import NodePath, Way
from core.facts.registry import NetworkRule, Registry, RegistryExtras
from core.model import Certainty, Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]
Judge = Callable[..., Verdict]
WITH = network("Microsoft.ContainerRegistry")
PLAIN = network()
LEAVING = leaving("20.61.7.7")
NONE = Known(RegistryExtras((), None, None))
RULE = Known(RegistryExtras((NetworkRule(NODES, "Allow"),), None, None))


@pytest.fixture
def judge(choice: Choice, cloud: CloudNames, registry: Registry, show: Show) -> Judge:
    def judged(
        networks: Fact[Items[VirtualNetwork]] = PLAIN,
        extras: Fact[RegistryExtras] = NONE,
        egress: Items[Egress] = LEAVING,
        paths: tuple[NodePath, ...] = (path(),),
        refused: str | None = None,
        rules: tuple[str, ...] = (),
        action: str = "Deny",
        public: bool = True,
        name: str = "AzureCloud",
    ) -> Verdict:
        verdict = evaluate(
            replace(choice, symptom=Symptom("FW_IP", address=refused) if refused else None),
            replace(cloud, name=name),
            replace(registry, default_action=action, ip_rules=rules, public_access=public),
            paths,
            networks,
            extras,
            Known(egress),
        )
        assert show(CHECK, verdict)
        return verdict

    return judged


def test_both_halves(judge: Judge) -> None:
    verdict = judge(WITH, RULE, paths=(path(Way.SERVICE_ENDPOINT),))
    assert (verdict.status, verdict.reason) == (Status.PASS, "both-halves")


def test_an_endpoint_without_a_rule(judge: Judge) -> None:
    """Not even when the public address is on the list: the registry does not see it."""
    verdict = judge(WITH, rules=("20.61.7.7",))
    assert (verdict.reason, verdict.certainty) == ("endpoint-without-rule", Certainty.DEFINITE)
    assert [fix.key for fix in verdict.fixes] == ["allow-subnet"]


def test_a_rule_without_an_endpoint(judge: Judge) -> None:
    verdict = judge(extras=RULE)
    assert (verdict.reason, verdict.certainty) == ("rule-without-endpoint", Certainty.DEFINITE)
    assert [fix.key for fix in verdict.fixes] == ["add-service-endpoint"]
    assert judge(extras=RULE, egress=unread()).certainty is Certainty.LIKELY
    mixed = apart(sys=DENIED, usr=Known(Egress(EgressKind.NODE_ADDRESSES, ("20.9.0.1/32",))))
    assert judge(extras=RULE, egress=mixed).certainty is Certainty.DEFINITE
    assert judge(extras=RULE, egress=mixed, rules=("20.9.0.1",)).certainty is Certainty.LIKELY
    part = apart(sys=Known(Egress(EgressKind.NODE_PREFIX, ("20.9.0.0/28",))))
    assert judge(extras=RULE, egress=part, rules=("20.9.0.0/29",)).certainty is Certainty.LIKELY
    listed = judge(extras=RULE, rules=("20.61.7.7",))
    assert (listed.status, listed.reason) == (Status.WARNING, "rule-without-use")


def test_what_is_not_known(judge: Judge) -> None:
    untold = Known(RegistryExtras(None, None, None))
    assert judge(WITH, untold).status is Status.UNKNOWN
    assert judge(WITH, DENIED).missing is not None
    assert judge(WITH, untold, refused="10.10.0.7").reason == "endpoint-without-rule"
    assert judge(DENIED).missing is not None
    assert judge(DENIED, RULE).missing is not None
    assert judge(Unavailable(Trouble.TIMEOUT), action="Allow").status is Status.NOT_APPLICABLE


def test_where_it_decides_nothing(judge: Judge) -> None:
    assert judge().reason == "not-used"
    assert judge(network("Microsoft.Storage")).reason == "not-used"
    assert judge(WITH, action="Allow").reason == "not-decisive"
    assert judge(WITH, paths=(path(Way.PRIVATE),)).reason == "not-decisive"
    assert judge(WITH, name="AzureChinaCloud").reason == "not-in-this-cloud"


def test_public_access_off_ends_it(judge: Judge) -> None:
    verdict = judge(WITH, RULE, paths=(path(Way.NONE),), public=False)
    assert (verdict.status, verdict.reason) == (Status.FAIL, "public-access-off")


def test_a_rule_beside_a_private_endpoint(judge: Judge) -> None:
    verdict = judge(WITH, RULE, paths=(path(Way.PRIVATE),))
    assert (verdict.status, verdict.reason) == (Status.WARNING, "beside-private-endpoint")


def test_a_way_that_is_not_known(judge: Judge) -> None:
    assert judge(paths=(path(Way.UNKNOWN),)).missing is not None
