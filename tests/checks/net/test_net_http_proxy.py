"""What goes to a web proxy, and what that does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from way_facts import DATA, LOGIN, path

from core.checks.check import Check
from core.checks.net.http_proxy import CHECK, evaluate
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster, HttpProxy
from core.facts.paths import Answer, HostPath, HostRole, NodePath, Way
from core.facts.registry import Registry
from core.model import Certainty, Evidence, Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]
Judge = Callable[..., Verdict]
PROXY = HttpProxy("http://proxy.corp.contoso.com:3128", "http://proxy.corp.contoso.com:3128")
PRIVATE = path(Way.PRIVATE, data=Answer.PRIVATE, endpoint="/an/endpoint")
NOT_TRUSTED = "tls: failed to verify certificate: x509: certificate signed by unknown authority"


@pytest.fixture
def judge(choice: Choice, cloud: CloudNames, cluster: Cluster, registry: Registry, show: Show) -> Judge:
    def judged(
        proxy: HttpProxy | None,
        paths: tuple[NodePath, ...] = (path(),),
        text: str | None = None,
        action: str = "Allow",
    ) -> Verdict:
        verdict = evaluate(
            replace(choice, symptom=Symptom("X509", excerpt=text) if text else None),
            cloud,
            replace(cluster, http_proxy=proxy),
            replace(registry, default_action=action),
            paths,
        )
        assert show(CHECK, verdict)
        return verdict

    return judged


def test_no_proxy(judge: Judge) -> None:
    assert judge(None).reason == "no-proxy"
    assert judge(HttpProxy(no_proxy=("x",))).reason == "no-proxy"


def test_private_hosts_have_to_be_exempted_by_name(judge: Judge) -> None:
    verdict = judge(replace(PROXY, no_proxy=("10.0.0.0/8", "10.0.2.5", "localhost")), (PRIVATE,))
    assert (verdict.status, verdict.reason, verdict.certainty) == (
        Status.FAIL,
        "private-hosts-sent",
        Certainty.LIKELY,
    )
    assert verdict.values["hosts"] == f"{LOGIN}, {DATA}"
    (fix,) = verdict.fixes
    assert (fix.values["login_server"], fix.values["layer_host"]) == (LOGIN, DATA)


def test_one_of_two_is_not_enough(judge: Judge) -> None:
    verdict = judge(replace(PROXY, no_proxy=(LOGIN,)), (PRIVATE,))
    assert (verdict.reason, verdict.values["hosts"]) == ("private-hosts-sent", DATA)
    assert judge(replace(PROXY, no_proxy=(LOGIN, DATA)), (PRIVATE,)).reason == "exempted"
    assert judge(replace(PROXY, no_proxy=(".azurecr.io",)), (PRIVATE,)).reason == "exempted"


def test_only_what_is_sent_over_https_counts(judge: Judge) -> None:
    """AKS takes the proxy for http for both where there is no other."""
    assert judge(HttpProxy(http_proxy="http://proxy:3128"), (PRIVATE,)).status is Status.FAIL


def test_a_password_in_the_address_is_not_shown(judge: Judge) -> None:
    verdict = judge(HttpProxy(https_proxy="http://user:hunter2@proxy.corp:3128/"))
    assert Evidence("web-proxy", "proxy.corp:3128") in verdict.evidence
    assert "hunter2" not in repr(verdict)
    assert "hunter2" not in repr(judge(HttpProxy(https_proxy="http://user:hunter2@proxy.corp:port")))


def test_a_certificate_that_nodes_do_not_trust(judge: Judge) -> None:
    verdict = judge(PROXY, text=NOT_TRUSTED)
    assert (verdict.reason, verdict.certainty) == ("not-trusted", Certainty.LIKELY)
    assert [fix.key for fix in verdict.fixes] == ["trust-proxy"]
    assert judge(replace(PROXY, trusted_ca=True), text=NOT_TRUSTED).reason == "through-proxy"
    assert judge(None, text=NOT_TRUSTED).status is Status.NOT_APPLICABLE
    past = replace(PROXY, no_proxy=(LOGIN, ".blob.core.windows.net"))
    assert judge(past, text=NOT_TRUSTED).reason == "exempted"


def test_the_issuer_is_shown_where_the_text_has_it(judge: Judge) -> None:
    text = (
        f'{NOT_TRUSTED} (possibly because of "x" while trying to verify candidate authority certificate "Contoso CA")'
    )
    assert judge(PROXY, text=text).evidence[0] == Evidence("certificate-issuer", "Contoso CA")


@pytest.mark.parametrize(
    "text",
    [
        "x509: certificate is valid for *.azurecr.io, not contosoreg.privatelink.azurecr.io",
        "x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:00Z",
    ],
)
def test_another_fault_of_a_certificate_is_not_the_proxys(judge: Judge, text: str) -> None:
    assert judge(PROXY, text=text).status is Status.PASS


def test_the_registry_sees_the_proxys_address(judge: Judge) -> None:
    assert judge(PROXY, action="Deny").reason == "seen-as-proxy"
    assert judge(PROXY, action="Deny").status is Status.WARNING
    assert judge(PROXY).reason == "through-proxy"


def test_a_way_that_is_not_known(judge: Judge) -> None:
    assert judge(PROXY, (path(Way.UNKNOWN),)).missing is not None


def test_of_several_regions_all_layers_are_exempted(judge: Judge) -> None:
    """One command, because each change replaces all nodes."""
    north = HostPath("contosoreg.northeurope.data.azurecr.io", HostRole.DATA, "northeurope", Answer.PRIVATE)
    verdict = judge(PROXY, (replace(PRIVATE, hosts=(*PRIVATE.hosts, north)),))
    (fix,) = verdict.fixes
    assert fix.values["layer_host"] == ".data.azurecr.io"
    both = (fix.values["login_server"], fix.values["layer_host"])
    assert (
        judge(replace(PROXY, no_proxy=both), (replace(PRIVATE, hosts=(*PRIVATE.hosts, north)),)).reason == "exempted"
    )
