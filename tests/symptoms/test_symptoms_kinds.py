"""The table of kinds: complete, in order, with texts, and the leads that a condition makes narrower."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from core.model import Branch, Symptom
from core.symptoms import classify
from core.symptoms.kinds import KINDS, Kind, lead

TEXTS = Path(__file__).parents[2] / "resources" / "texts" / "en" / "symptoms.toml"


def test_rows_are_1_to_37() -> None:
    assert [kind.row for kind in KINDS.values()] == list(range(1, 38))


def test_every_kind_and_nothing_else_has_a_title_and_a_meaning() -> None:
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    assert list(texts) == list(KINDS)
    for kind, text in texts.items():
        assert set(text) == {"title", "meaning"}, kind
        assert 8 <= len(text["title"]) <= 60, kind
        assert not text["title"].endswith("."), kind
        assert 40 <= len(text["meaning"]) <= 320, kind
        assert text["meaning"].endswith("."), kind


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_a_lead_names_checks_exactly_where_it_names_a_lane(kind: Kind) -> None:
    for one in (kind.lead, *(narrow for _, narrow in kind.narrower)):
        assert bool(one.checks) == (one.branch is not None)
        assert len(set(one.checks)) == len(one.checks)


def test_only_the_kinds_without_a_cause_point_nowhere() -> None:
    assert {kind.id for kind in KINDS.values() if kind.lead.branch is None} == {"BACKOFF_ONLY", "NOT_PULL", "UNKNOWN"}


@pytest.mark.parametrize(
    ("symptom", "branch", "first"),
    [
        (Symptom("TIMEOUT_443", address="10.1.2.3"), Branch.NETWORK, "network.pe-connection"),
        (Symptom("TIMEOUT_443", address="100.64.0.4"), Branch.NETWORK, "network.pe-connection"),
        (Symptom("TIMEOUT_443", address="fd00::4"), Branch.NETWORK, "network.pe-connection"),
        (Symptom("TIMEOUT_443", address="20.1.2.3"), Branch.NETWORK, "net.outbound-type"),
        (Symptom("TIMEOUT_443", address="xx.xx.xx.xx"), Branch.NETWORK, "net.outbound-type"),
        (Symptom("TIMEOUT_443"), Branch.NETWORK, "net.outbound-type"),
        (Symptom("EXCHANGE_REFUSED", http_status=401), Branch.IDENTITY, "identity.acrpull-role"),
        (Symptom("EXCHANGE_REFUSED", http_status=403), Branch.NETWORK, "network.ip-rules"),
        (Symptom("SCOPE_DENIED", registry="contosoreg.azurecr.io"), Branch.IDENTITY, "identity.role-mode"),
        (Symptom("SCOPE_DENIED", registry="docker.io"), Branch.IMAGE, "image.reference"),
        (Symptom("RATE_429", registry="registry-1.docker.io"), Branch.IMAGE, "image.reference"),
        (Symptom("FORBIDDEN_OTHER", excerpt="proxyconnect tcp: Forbidden"), Branch.NETWORK, "net.http-proxy"),
        (Symptom("FORBIDDEN_OTHER", excerpt="403 Forbidden"), Branch.NETWORK, "network.ip-rules"),
        (
            Symptom("NXDOMAIN", excerpt="lookup a.westeurope.data.azurecr.io: no such host"),
            Branch.NETWORK,
            "dns.records",
        ),
        (Symptom("NXDOMAIN", excerpt="lookup a.azurecr.io: no such host"), Branch.NETWORK, "image.login-server"),
        (Symptom("EXEC_FORMAT", excerpt="exec /canipull: exec format error"), Branch.NODE, "active.check-acr"),
        (Symptom("EXEC_FORMAT", excerpt="exec /app: exec format error"), Branch.IMAGE, "image.platform"),
    ],
)
def test_condition_chooses_the_lead(symptom: Symptom, branch: Branch, first: str) -> None:
    found = lead(symptom)
    assert (found.branch, found.checks[0]) == (branch, first)


def test_classified_text_carries_the_branch_of_its_lead() -> None:
    assert classify('Failed to pull image "a.azurecr.io/b:1": pull QPS exceeded').branch == "node"
    assert classify("Error: ImagePullBackOff").branch is None
