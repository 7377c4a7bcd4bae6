from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.checks.check import Check
from core.checks.image.parse import Mistake
from core.checks.image.reference import CHECK, evaluate
from core.facts.choice import Choice
from core.model import Certainty, Evidence, FixRef, Status, Symptom, Verdict

Show = Callable[[Check, Verdict], str]
DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("image", "status", "reason"),
    [
        (None, Status.NOT_APPLICABLE, "no-image"),
        ("  ", Status.NOT_APPLICABLE, "no-image"),
        ("contosoreg.azurecr.io/web/api:1.4.2", Status.PASS, "well-formed"),
        ("contosoreg.azurecr.io/web/api:1.4.2\n", Status.PASS, "well-formed"),
        ("contosoreg.azurecr.io:443/web/api:1.4.2", Status.PASS, "well-formed"),
        (f"contosoreg.azurecr.io/web/api@{DIGEST}", Status.PASS, "well-formed"),
        ("contosoreg.azurecr.io/web/api", Status.WARNING, "no-tag"),
        ("contosoreg.azurecr.io/web/api:latest", Status.WARNING, "latest"),
        (f"contosoreg.azurecr.io/web/api:1@{DIGEST}", Status.WARNING, "tag-and-digest"),
        ("contosoreg.azurecr.io:5000/web/api:1", Status.WARNING, "port"),
        ("ContosoReg.azurecr.io/web/api:1", Status.WARNING, "uppercase-host"),
        ("contosoreg.azurecr.io/web/api:${TAG}", Status.FAIL, "template"),
        ("https://contosoreg.azurecr.io/web/api:1", Status.FAIL, "scheme"),
        ("contosoreg.azurecr.io/web/api: 1", Status.FAIL, "spaces"),
        ("contosoreg.azurecr.io/web/api/", Status.FAIL, "trailing-slash"),
        ("-contosoreg.azurecr.io/web/api:1", Status.FAIL, "host"),
        ("contosoreg.azurecr.io:web/api:1", Status.FAIL, "port-malformed"),
        ("contosoreg.azurecr.io", Status.FAIL, "no-repository"),
        ("contosoreg.azurecr.io/Web:1", Status.FAIL, "uppercase"),
        ("contosoreg.azurecr.io/web,api:1", Status.FAIL, "character"),
        ("contosoreg.azurecr.io/" + "w" * 256, Status.FAIL, "too-long"),
        ("contosoreg.azurecr.io/web:", Status.FAIL, "empty-tag"),
        ("contosoreg.azurecr.io/web:-1", Status.FAIL, "tag"),
        ("contosoreg.azurecr.io/web@sha256:1", Status.FAIL, "digest"),
    ],
)
def test_every_reason(choice: Choice, show: Show, image: str | None, status: Status, reason: str) -> None:
    verdict = evaluate(replace(choice, image=image))
    assert (verdict.status, verdict.reason) == (status, reason)
    assert verdict.certainty is (Certainty.DEFINITE if status is Status.FAIL else None)
    assert show(CHECK, verdict)


@pytest.mark.parametrize(
    ("image", "named"),
    [
        ("<acrname>.azurecr.io/web/api:1", "host"),
        ("<script>alert(1)</script>", "character"),
        ("nginx<x>", "character"),
        ("***.azurecr.io/web/api:1", "host"),
        ("contosoreg.azurecr.io/***/api:1", "character"),
    ],
)
def test_only_a_pasted_text_covers_names_up(choice: Choice, show: Show, image: str, named: str) -> None:
    pasted = evaluate(replace(choice, image=image, image_from_text=True))
    assert (pasted.status, pasted.reason) == (Status.NOT_APPLICABLE, "masked")
    assert show(CHECK, pasted)
    verdict = evaluate(replace(choice, image=image))
    assert (verdict.status, verdict.reason, verdict.certainty) == (Status.FAIL, named, Certainty.DEFINITE)
    assert show(CHECK, verdict)


@pytest.mark.parametrize("mistake", list(Mistake))
def test_every_mistake_has_words(mistake: Mistake, show: Show) -> None:
    values = {"written": "x", "position": "1"}
    assert show(CHECK, Verdict(Status.FAIL, mistake.value, certainty=Certainty.DEFINITE, values=values))


def test_a_caret_stands_under_the_mistake(choice: Choice) -> None:
    verdict = evaluate(replace(choice, image="contosoreg.azurecr.io/Web/api:1"))
    assert verdict.evidence[0] == Evidence("mistake-at", "contosoreg.azurecr.io/Web/api:1\n" + " " * 22 + "^")
    assert verdict.evidence[1] == Evidence("corrected", "contosoreg.azurecr.io/web/api:1")


def test_only_the_neighbourhood_of_a_mistake_is_shown(choice: Choice) -> None:
    image = "contosoreg.azurecr.io/" + "w" * 200 + "W" + "w" * 2000
    shown, caret = evaluate(replace(choice, image=image)).evidence[0].value.splitlines()
    assert len(shown) == 120
    assert shown[caret.index("^")] == "W"


def test_the_fix_carries_the_correction_and_the_namespace(choice: Choice) -> None:
    wrong = replace(choice, image="https://contosoreg.azurecr.io/web:1")
    assert evaluate(wrong).fixes == (
        FixRef("set-image", {"image": "contosoreg.azurecr.io/web:1", "namespace": "<namespace>"}),
    )
    from_text = replace(wrong, symptom=Symptom("INVALID_NAME", namespace="shop"))
    assert evaluate(from_text).fixes[0].values["namespace"] == "shop"
    assert evaluate(replace(from_text, namespace="web")).fixes[0].values["namespace"] == "web"
    unknown = replace(choice, image="contosoreg.azurecr.io/web:${TAG}")
    assert evaluate(unknown).fixes[0].values["image"] == "<image>"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=60), st.text("aA:/@.<*$ \\\x00\u202e'\"", max_size=30)))
def test_any_text_gets_a_verdict_that_can_be_shown(choice: Choice, show: Show, text: str) -> None:
    verdict = evaluate(replace(choice, image=text))
    assert "\x00" not in show(CHECK, verdict)
    assert all("\u202e" not in evidence.value for evidence in verdict.evidence)
