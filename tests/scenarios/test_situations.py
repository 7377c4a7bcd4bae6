"""The 25 situations that people are in most often: each has its scenario, its error text, its answer and its decoy.

Numbered by how often they occur. What is said is looked for in the headline, in what was found, and in the fixes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from core.cancel import CancelToken
from core.model import Outcome, Report, Status
from core.practice.scenario import Scenario
from core.session import practice_session, scenario_choice
from core.texts import load

ANONYMOUS_401 = "failed to fetch anonymous token: unexpected status from GET request to"
REFUSED_401 = "failed to fetch oauth token"
FORBIDDEN = "403 Forbidden"
TIMEOUT = "443: i/o timeout"
NOT_FOUND = ": not found"
CHECK_ID = re.compile(r"[a-z]+\.[a-z-]+")


@dataclass(frozen=True, slots=True)
class Situation:
    """A number of the list and a scenario for it: the text that people read, what must be said and what must not.

    `first` is the cause named first, empty where nothing is wrong any more. `decoys` are check ids and phrases.
    """

    number: int
    scenario: str
    text: str
    first: str
    said: tuple[str, ...]
    decoys: tuple[str, ...]


ROLE = "identity.acrpull-role"
SITUATIONS = (
    Situation(1, "tag-missing", NOT_FOUND, "image.tag", ("tag 1.4.3 does not exist", "nearest is 1.4.2"), (ROLE,)),
    Situation(
        2,
        "role-missing-operator-contributor",
        REFUSED_401,
        ROLE,
        (
            "its kubelet identity has no pull permission",
            "You may not do this yourself",
            "Could you please do this for me",
            "Role Based Access Control Administrator, User Access Administrator, Owner",
        ),
        ("identity.wrong-principal",),
    ),
    Situation(
        3,
        "role-missing",
        ANONYMOUS_401,
        ROLE,
        ("its kubelet identity has no pull permission", "az role assignment create", "--attach-acr"),
        ("identity.wrong-principal",),
    ),
    Situation(
        4,
        "role-on-control-plane-identity",
        ANONYMOUS_401,
        ROLE,
        ("the role was given to the cluster's own identity aks-app instead of aks-app-agentpool",),
        ("identity.role-mode",),
    ),
    Situation(
        5,
        "zone-not-linked",
        FORBIDDEN,
        "dns.vnet-link",
        ("privatelink.azurecr.io is not linked to its network vnet-spoke",),
        ("network.ip-rules", "20.50.1.10", ROLE),
    ),
    Situation(
        6,
        "sp-expired",
        REFUSED_401,
        "identity.sp-credential",
        ("expired on ", "az ad app credential reset", "az aks update-credentials"),
        ("identity.sp-role",),
    ),
    Situation(
        6,
        "sp-some-expired",
        REFUSED_401,
        "identity.sp-credential",
        ("it most likely still holds the password that expired", "az aks update-credentials"),
        ("identity.sp-role",),
    ),
    Situation(
        7,
        "sp-replaced",
        REFUSED_401,
        "identity.sp-role",
        ("the role still belongs to an identity that was deleted",),
        ("identity.sp-credential",),
    ),
    Situation(
        8,
        "secret-in-other-namespace",
        ANONYMOUS_401,
        "secret.exists",
        ("the pull secret acr-cred is in default, but the pod runs in shop",),
        ("secret.format", "secret.server-match"),
    ),
    Situation(
        8,
        "secret-admin-old-password",
        REFUSED_401,
        "secret.admin-account",
        ("its pull secret holds an old password of the admin account",),
        ("secret.format",),
    ),
    Situation(
        9,
        "role-fresh-through-group",
        ANONYMOUS_401,
        "",
        ("is right but new (4 min) and comes through a group: it may take until",),
        (ROLE, "identity.wrong-principal"),
    ),
    Situation(
        10,
        "egress-moved",
        FORBIDDEN,
        "network.ip-rules",
        ("it comes from 20.61.7.7, which the registry's list of allowed addresses lacks",),
        ("dns.vnet-link", "private dns", "network link"),
    ),
    Situation(
        11,
        "custom-dns-not-linked",
        FORBIDDEN,
        "dns.vnet-link",
        ("10.3.0.53", "vnet-dns, which is not linked", "only one of vnet-dns helps"),
        ("dns.custom-servers", "network.ip-rules"),
    ),
    Situation(
        12,
        "layers-behind-firewall",
        "httpReadSeeker: failed open",
        "net.firewall-rules",
        ("reaches contosoreg, but not its layers", "*.blob.core.windows.net", "data endpoints"),
        (ROLE, "AcrPull"),
    ),
    Situation(
        13,
        "peering-and-endpoint-rule",
        TIMEOUT,
        "net.peering",
        ("the peering between vnet-spoke and vnet-hub is disconnected", "The rule DenySpokes of nsg-pe"),
        (ROLE, "net.nsg-aks"),
    ),
    Situation(
        14,
        "platform-arm-only",
        "no match for platform in manifest",
        "image.platform",
        ("it was built for linux/arm64, the nodes need linux/amd64",),
        (ROLE, "image.tag"),
    ),
    Situation(
        15,
        "cross-tenant",
        ANONYMOUS_401,
        "identity.cross-tenant",
        ("a managed identity cannot cross", "az acr token create", "az acr import", "service principal"),
        (ROLE,),
    ),
    Situation(
        16,
        "pool-behind-appliance",
        NOT_FOUND,
        "image.tag",
        ("tag 1.4.3 does not exist", "sends what the nodes of usr need for a pull to 10.200.0.4"),
        (ROLE, "net.route-table"),
    ),
    Situation(
        17,
        "moved-from-service-principal",
        REFUSED_401,
        "",
        ("may still use credentials from before its identity was changed", "--node-image-only"),
        (ROLE,),
    ),
    Situation(
        18,
        "pull-qps",
        "pull QPS exceeded",
        "node.pull-qps",
        ("its kubelet holds pulls back, before contosoreg is asked", "No permission is missing"),
        (ROLE, "registry.throttling"),
    ),
    Situation(
        18,
        "registry-slows-down",
        "429 Too Many Requests",
        "registry.throttling",
        ("contosoreg asks aks-app to slow down", "its tier Basic", "No permission is missing"),
        (ROLE, "node.pull-qps"),
    ),
    Situation(
        19,
        "identity-missing-on-one-pool",
        ANONYMOUS_401,
        "identity.node-assignment",
        ("on some nodes (usr): the kubelet identity aks-app-agentpool is missing there", "az aks update"),
        (ROLE,),
    ),
    Situation(
        20,
        "arm-audience-disabled",
        ANONYMOUS_401,
        "identity.arm-audience",
        (
            "the registry refuses the kind of token that its nodes most likely send",
            "authentication-as-arm",
            "az aks upgrade",
        ),
        (ROLE,),
    ),
    Situation(
        21,
        "abac-acrpull-only",
        ANONYMOUS_401,
        "identity.role-mode",
        ("repository permissions, where AcrPull does not count", "It needs Container Registry Repository Reader"),
        ("identity.wrong-principal", "--attach-acr"),
    ),
    Situation(
        21,
        "abac-condition-excludes-repository",
        ANONYMOUS_401,
        "identity.role-conditions",
        ("the condition on its role excludes the repository web/api",),
        (ROLE, "identity.role-mode"),
    ),
    Situation(
        22,
        "tag-without-manifest",
        NOT_FOUND,
        "image.tag",
        ("the tag web/api:1.4.2 exists, its manifest does not",),
        (ROLE, "image.repository"),
    ),
    Situation(
        23,
        "proxy-certificate",
        "certificate signed by unknown authority",
        "net.http-proxy",
        ("does not trust the certificate that it is shown", "Contoso Proxy CA", "trustedCa"),
        (ROLE, "image.login-server"),
    ),
    Situation(
        23,
        "privatelink-in-image-name",
        "certificate is valid for",
        "image.login-server",
        ("the image names contosoreg.privatelink.azurecr.io instead of the login server",),
        (ROLE, "net.http-proxy"),
    ),
    Situation(
        24,
        "data-record-missing",
        TIMEOUT,
        "dns.records",
        ("privatelink.azurecr.io has no record for contosoreg.northeurope.data.azurecr.io",),
        ("net.peering", "dns.vnet-link"),
    ),
    Situation(
        25,
        "record-of-another-endpoint",
        TIMEOUT,
        "dns.records",
        (
            "points at another endpoint (pe-contosoreg-b, 10.8.2.5) than the one in reach, 10.0.2.5",
            "a zone of their own",
        ),
        ("net.peering", "net.peering-transit"),
    ),
)


def diagnose(name: str) -> tuple[Scenario, Report]:
    session, scenario = practice_session(name)
    try:
        return scenario, session.diagnose(scenario_choice(scenario), lambda _event: None, CancelToken())
    finally:
        session.close()


def told(report: Report) -> str:
    """Everything that the report says of what is wrong, may be, or could not be seen, and of how to mend it."""
    texts = load()
    lines = [report.conclusion.headline]
    for result in report.results:
        if result.verdict.status in (Status.FAIL, Status.WARNING, Status.UNKNOWN):
            lines.append(texts.summary(result.check, result.verdict))
            lines += [evidence.value for evidence in result.verdict.evidence]
            for fix in result.fixes:
                lines += [fix.title, fix.changes, fix.ask or "", *fix.azure_cli, *fix.kubectl]
                if fix.you_may_apply is False:
                    lines.append("You may not do this yourself")
    return "\n".join(lines)


def test_every_situation_has_a_scenario() -> None:
    assert {one.number for one in SITUATIONS} == set(range(1, 26))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: f"{one.number}-{one.scenario}")
def test_a_situation_is_told_as_it_is(situation: Situation) -> None:
    scenario, report = diagnose(situation.scenario)
    assert situation.text in scenario.symptom
    assert set(situation.decoys) <= set(scenario.must_not)
    causes = report.conclusion.causes
    assert (causes[0] if causes else "") == situation.first
    assert not causes or report.conclusion.outcome is Outcome.CAUSE_FOUND
    said = told(report)
    assert [phrase for phrase in situation.said if phrase not in said] == []
    found = [result.check for result in report.results if result.verdict.status is Status.FAIL and not result.moot]
    assert not set(found) & set(situation.decoys)
    assert [decoy for decoy in situation.decoys if not CHECK_ID.fullmatch(decoy) and decoy in said] == []


@pytest.mark.parametrize(
    ("scenario", "both"),
    [
        ("role-missing-operator-contributor", ("has no pull permission", "You may not do this yourself")),
        ("peering-and-endpoint-rule", ("is disconnected", "keeps the nodes of sys, usr out of pe-contosoreg")),
        ("pool-behind-appliance", ("does not exist in web/api", "the route table rt-usr")),
    ],
)
def test_where_two_things_are_wrong_both_are_told(scenario: str, both: tuple[str, str]) -> None:
    _, report = diagnose(scenario)
    assert all(phrase in told(report) for phrase in both)


def test_nothing_is_said_of_a_situation_that_is_over() -> None:
    said = told(diagnose("healthy-public")[1]) + told(diagnose("healthy-private")[1])
    assert [one.scenario for one in SITUATIONS if all(phrase in said for phrase in one.said)] == []
