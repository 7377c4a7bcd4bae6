"""Is the image name written correctly?

https://kubernetes.io/docs/concepts/containers/images/#image-names
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.image.parse import Finding, correct, find_mistake, is_masked
from core.checks.image.wording import one_line, set_image
from core.facts.choice import Choice
from core.facts.image_name import Parts, split
from core.model import Branch, Certainty, Evidence, Status, Verdict

AROUND = 60
"""How many characters of a long reference are shown on either side of its mistake."""


def evaluate(choice: Choice) -> Verdict:
    """Parse the reference, and point at the first character that makes it unusable.

    A name with a part covered up is no mistake in a pasted text; what somebody named as the image is taken as it is.
    """
    if choice.image is None or not choice.image.strip():
        return Verdict(Status.NOT_APPLICABLE, "no-image")
    if choice.image_from_text and is_masked(choice.image):
        return Verdict(
            Status.NOT_APPLICABLE,
            "masked",
            evidence=(Evidence("image", one_line(choice.image.strip()[: 2 * AROUND])),),
        )
    parts = split(choice.image)
    finding = find_mistake(choice.image)
    if finding is not None:
        return _unusable(choice, parts, finding)
    return _risky(parts) or Verdict(
        Status.PASS, "well-formed", values={"image": parts.text}, evidence=_evidence(parts)
    )


def _unusable(choice: Choice, parts: Parts, finding: Finding) -> Verdict:
    corrected = correct(parts.text)
    evidence = [Evidence("mistake-at", _caret(parts.text, finding.position))]
    if corrected is not None:
        evidence.append(Evidence("corrected", corrected))
    return Verdict(
        Status.FAIL,
        finding.mistake.value,
        certainty=Certainty.DEFINITE,
        values={"written": one_line(parts.text[: 2 * AROUND]), "position": str(finding.position + 1)},
        evidence=(*evidence, *_evidence(parts)),
        fixes=(set_image(choice, corrected),),
    )


def _risky(parts: Parts) -> Verdict | None:
    reasons = []
    if parts.port is not None and int(parts.port) != 443:
        reasons.append("port")
    if parts.tag is not None and parts.digest is not None:
        reasons.append("tag-and-digest")
    if parts.host is not None and parts.host != parts.host.lower():
        reasons.append("uppercase-host")
    if parts.digest is None and parts.tag is None:
        reasons.append("no-tag")
    if parts.digest is None and parts.tag == "latest":
        reasons.append("latest")
    if not reasons:
        return None
    values = {"image": parts.text, "port": parts.port or "", "host": parts.host or "", "tag": parts.tag or ""}
    return Verdict(Status.WARNING, reasons[0], values=values, evidence=_evidence(parts))


def _caret(text: str, position: int) -> str:
    """Show the text around a position, and below it a caret under the character there."""
    start = max(0, position - AROUND)
    return f"{one_line(text[start : position + AROUND])}\n{' ' * (position - start)}^"


def _evidence(parts: Parts) -> tuple[Evidence, ...]:
    written = (
        ("image-host", parts.host),
        ("image-port", parts.port),
        ("image-repository", parts.path),
        ("image-tag", parts.tag),
        ("image-digest", parts.digest),
    )
    return tuple(Evidence(label, one_line(value[: 2 * AROUND])) for label, value in written if value)


CHECK = Check("image.reference", Branch.IMAGE, evaluate)
