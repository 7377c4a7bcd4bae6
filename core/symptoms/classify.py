"""What a pasted text says about a failed pull.

The text is freed of its carriers, put back into one line per message, and every element of every message is held
against the rules. The element that got furthest with the best credentials decides: a kubelet always tries again
without credentials, so a 401 beside another error is noise. Where a text speaks of several pods, those whose image
comes from ACR come first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.model import OtherSymptom, Symptom
from core.symptoms import extract, rules
from core.symptoms.kinds import lead, of_check_tool
from core.symptoms.mask import mask_secrets
from core.symptoms.normalise import decode, plain_lines
from core.symptoms.split import elements
from core.symptoms.subject import Subject, is_pulled, subject_of
from core.symptoms.unwrap import records
from core.symptoms.whereabouts import whereabouts

MAX_EXCERPT = 400
LONGEST_WORD = 120
"""How far from its beginning an excerpt may be cut to begin with a word; it never reaches what decided."""

MAX_OTHERS = 10
MAX_RECORDS = 20_000
NEARBY = 200
"""How many messages before and after the deciding one are searched for names and addresses."""

_WEIGHT = {
    "ANON_401": 0,
    "UNAUTH": 1,
    "OAUTH_401": 2,
    "SCOPE_DENIED": 3,
    "SECRET_MISSING": 4,
    "FORBIDDEN_OTHER": 4,
    "EXCHANGE_REFUSED": 4.5,
    "FW_IP": 6,
}
"""How much a kind says against another in the same text; the rest weigh 5. See `_decisive`."""

_OF_PLUGIN = 4
"""A plugin that brought no credentials weighs more than the refusals that follow, less than what says why it did."""

_WORD = re.compile(r"\s(?=\S)")
_NOISE = frozenset({"ANON_401"})
_DOCKER_HUB = re.compile(r"(?i)(?:^|\.)docker\.(?:io|com)$")
_ACR = re.compile(r"(?i)\.azurecr\.")
_SHORT_NAME = re.compile(r"pull access denied for \"?[\w-]{1,100}(?:/[\w.-]{1,100})?\"?[,:]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Finding:
    """One element that a rule recognised: how sure its place in the text is, and where it stands.

    `weight` is how much it says, `record` the index of its record, `position` the place in it where the rule matched.
    """

    kind: str
    subject: Subject
    weight: float
    record: int
    position: int
    text: str
    excerpt: str


def classify(text: str | bytes) -> Symptom:
    """The symptom that `text` describes. Never raises, does no I/O, and takes time in proportion to the text.

    `text` is anything a person may paste: an event, a whole `kubectl describe pod`, JSON, a kubelet or containerd
    log, App Service or Container Apps messages, the output of `az aks check-acr`, with whatever chats, terminals
    and web pages made of it. Bytes are read by their byte-order mark, else as UTF-8 with replacement characters.
    At most 1,000,000 characters (`normalise.MAX_CHARACTERS`) are read, and 20,000 messages of them: of more, the
    first half of that and the last, while the middle is ignored. Names and addresses are looked for up to 200
    messages away from the deciding one. Secrets are masked before anything is extracted, so that none can stand in
    the result.
    """
    lines = records(mask_secrets(plain_lines(decode(text))))
    if len(lines) > MAX_RECORDS:
        lines = lines[: MAX_RECORDS // 2] + lines[-MAX_RECORDS // 2 :]
    of_line = {line: subject_of(line) for line in dict.fromkeys(lines)}
    subjects = [of_line[line] for line in lines]
    findings = _findings(lines, subjects)
    decisive = _decisive(_of_acr(findings, lines), subjects)
    if decisive is None:
        return _without_cause(lines, subjects)
    return _symptom(decisive, findings, lines, subjects)


def _findings(lines: Sequence[str], subjects: Sequence[Subject]) -> list[_Finding]:
    found = []
    known: dict[str, tuple[rules.Match | None, bool]] = {}
    for index, (line, subject) in enumerate(zip(lines, subjects, strict=True)):
        if subject in (Subject.OTHER_MATTER, Subject.BENIGN):
            continue
        end = 0
        for element in elements(line):
            start = line.index(element, end)
            end = start + len(element)
            # Logs repeat themselves, and most of the time goes into the rules.
            if element not in known:
                known[element] = _match(element)
            match, weak = known[element]
            if match is not None:
                sure = Subject.STEP if weak else subject
                excerpt = _cut(element, match.start)
                weight = _OF_PLUGIN if match.general else _WEIGHT.get(match.kind, 5)
                found.append(_Finding(match.kind, sure, weight, index, start + match.start, element, excerpt))
    return found


def _match(element: str) -> tuple[rules.Match | None, bool]:
    """The rule that holds for an element, and whether it only names the step that failed.

    What the container of the check tool says is about no pod's image: anything else in the text tells more.
    """
    lowered = element.lower()
    match = rules.first_match(lowered)
    if match is not None:
        return match, match.kind == "EXEC_FORMAT" and of_check_tool(lowered)
    return rules.weak_match(lowered), True


def _of_acr(findings: Sequence[_Finding], lines: Sequence[str]) -> Sequence[_Finding]:
    """The findings, without those of images from elsewhere where as sure a place tells of an image from ACR."""
    sure = max((finding.subject for finding in findings), default=Subject.BENIGN)
    if not any(finding.subject is sure and _ACR.search(lines[finding.record]) for finding in findings):
        return findings
    host_of = {line: _host_in(line) for line in {lines[finding.record] for finding in findings}}
    if not any(finding.subject is sure and _ACR.search(host_of[lines[finding.record]] or "") for finding in findings):
        return findings
    return [finding for finding in findings if not _is_elsewhere(host_of[lines[finding.record]])]


def _host_in(line: str) -> str | None:
    return extract.registry(extract.image([line]), [line])


def _is_elsewhere(registry: str | None) -> bool:
    """Whether it is a registry, but none of ACR; a name that somebody covered up may be one."""
    return registry is not None and not _ACR.search(registry) and registry[:1].isalnum()


def _decisive(findings: Sequence[_Finding], subjects: Sequence[Subject]) -> _Finding | None:
    """The finding that tells the cause: machine-made before prose, then by weight, then the first.

    What is said outside any pull counts only where the text does not speak of another matter.
    """
    fails = any(subject in (Subject.PULL, Subject.REGISTRY, Subject.BACK_OFF) for subject in subjects)
    if not fails and Subject.OTHER_MATTER in subjects:
        findings = [finding for finding in findings if finding.subject is Subject.STEP]
    return max(findings, key=lambda finding: (finding.subject, finding.weight, -finding.record), default=None)


def _symptom(
    decisive: _Finding, findings: Sequence[_Finding], lines: Sequence[str], subjects: Sequence[Subject]
) -> Symptom:
    around = _around(decisive.record, lines)
    others = [index for index in around if index != decisive.record]
    rest = [lines[index] for index in others if not is_pulled(lines[index])]
    texts = [decisive.text, lines[decisive.record], *rest]
    image = extract.image(texts)
    registry = extract.registry(image, texts)
    place = whereabouts(lines[around.start : around.stop], decisive.record - around.start, position=decisive.position)
    # The other elements of the same aggregate are other attempts: their status is not this one's.
    statuses = [decisive.text, *(lines[index] for index in others if subjects[index] is not Subject.OTHER_MATTER)]
    symptom = Symptom(
        kind=_refined(decisive, registry),
        excerpt=decisive.excerpt,
        http_status=extract.http_status(statuses),
        address=extract.address(texts),
        image=image,
        registry=registry,
        pod=place.pod,
        namespace=place.namespace,
        node=place.node,
        others=_others(decisive, findings),
    )
    return replace(symptom, branch=lead(symptom).branch)


def _around(record: int, lines: Sequence[str]) -> range:
    return range(max(0, record - NEARBY), min(len(lines), record + NEARBY + 1))


def _refined(decisive: _Finding, registry: str | None) -> str:
    """A refused scope on Docker Hub means a name without its registry: nothing is there under that name."""
    if decisive.kind != "SCOPE_DENIED":
        return decisive.kind
    on_docker_hub = (registry is not None and _DOCKER_HUB.search(registry)) or _SHORT_NAME.search(decisive.text)
    return "NOT_FOUND" if on_docker_hub and (registry is None or not _ACR.search(registry)) else decisive.kind


def _others(decisive: _Finding, findings: Sequence[_Finding]) -> tuple[OtherSymptom, ...]:
    others: dict[str, OtherSymptom] = {}
    for finding in findings:
        if finding.kind != decisive.kind and finding.kind not in _NOISE and finding.subject is not Subject.STEP:
            others.setdefault(finding.kind, OtherSymptom(finding.kind, finding.excerpt))
    return tuple(others.values())[:MAX_OTHERS]


def _without_cause(lines: Sequence[str], subjects: Sequence[Subject]) -> Symptom:
    """A text in which no rule found a cause: back-off only, no pull at all, another registry, or unknown."""
    said = frozenset(subjects)
    lines, subjects = lines[: 2 * NEARBY], subjects[: 2 * NEARBY]
    image = extract.image([line for line in lines if not is_pulled(line)])
    registry = extract.registry(image, lines)
    kind, subject = _kind_without_cause(said, registry)
    deciding = next((index for index, of in enumerate(subjects) if of is subject), 0)
    place = whereabouts(lines, deciding)
    symptom = Symptom(
        kind=kind,
        excerpt=_cut(lines[deciding], 0) if subject in subjects else "",
        http_status=extract.http_status(lines),
        address=extract.address(lines),
        image=image,
        registry=registry,
        pod=place.pod,
        namespace=place.namespace,
        node=place.node,
    )
    return replace(symptom, branch=lead(symptom).branch)


def _kind_without_cause(subjects: frozenset[Subject], registry: str | None) -> tuple[str, Subject]:
    if Subject.PULL in subjects:
        return ("OTHER_REGISTRY" if _is_elsewhere(registry) else "UNKNOWN"), Subject.PULL
    if Subject.BACK_OFF in subjects:
        return "BACKOFF_ONLY", Subject.BACK_OFF
    if Subject.REGISTRY in subjects:
        return "UNKNOWN", Subject.REGISTRY
    if Subject.OTHER_MATTER in subjects or Subject.BENIGN in subjects:
        return "NOT_PULL", Subject.OTHER_MATTER if Subject.OTHER_MATTER in subjects else Subject.BENIGN
    return "UNKNOWN", Subject.PROSE


def _cut(element: str, start: int) -> str:
    """At most `MAX_EXCERPT` characters of an element around what decided, from the beginning of a word."""
    if len(element) <= MAX_EXCERPT:
        return element
    first = min(max(0, start - MAX_EXCERPT // 2), len(element) - MAX_EXCERPT)
    if first and (word := _WORD.search(element, first - 1, first + LONGEST_WORD)):
        return element[word.end() : first + MAX_EXCERPT]
    return element[first : first + MAX_EXCERPT]
