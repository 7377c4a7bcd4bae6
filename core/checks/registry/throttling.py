"""Does the registry ask the nodes to slow down?

https://learn.microsoft.com/azure/container-registry/container-registry-skus
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import namespace_of, registry_values
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.facts.image_name import split
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Symptom, Verdict

READS_A_MINUTE = {"basic": "10 000", "standard": "10 000", "premium": "20 000"}
"""About how many reads a registry of a tier answers a minute, half of them to one identity."""


def evaluate(choice: Choice, registry: Fact[Registry]) -> Verdict:
    """Judge by the pasted text alone: Azure keeps no count that could be read."""
    symptom = choice.symptom
    if symptom is None or symptom.kind != "RATE_429":
        return Verdict(Status.NOT_APPLICABLE, "no-sign")
    host = _host(choice, symptom)
    if not isinstance(registry, Known):
        name = choice.registry_id.name
        if host is not None and host.partition(".")[0].partition("-")[0] != name.lower():
            return _another(host, {"registry_name": name, "host": host})
        return Verdict(
            Status.FAIL,
            "slowed-down-somewhere",
            certainty=Certainty.LIKELY,
            evidence=(Evidence("excerpt", symptom.excerpt),),
            fixes=(FixRef("pull-less-often", {"namespace": namespace_of(choice)}),),
        )
    picked = registry.value
    values = {"registry_name": picked.name, "sku": picked.sku or "?", "host": host or ""}
    if host is not None and host != picked.login_server.lower():
        return _another(host, values)
    reads = READS_A_MINUTE.get((picked.sku or "").lower())
    limit = (Evidence("reads-a-minute", reads),) if reads else ()
    bigger = () if (picked.sku or "").lower() == "premium" else (FixRef("use-premium", registry_values(picked)),)
    return Verdict(
        Status.FAIL,
        "slowed-down",
        certainty=Certainty.LIKELY,
        values=values,
        evidence=(Evidence("excerpt", symptom.excerpt), Evidence("tier", picked.sku or "?"), *limit),
        fixes=(FixRef("pull-less-often", {"namespace": namespace_of(choice)}), *bigger),
    )


def _another(host: str, values: dict[str, str]) -> Verdict:
    evidence = (Evidence("image-host", host),)
    return Verdict(Status.NOT_APPLICABLE, "another-registry", values=values, evidence=evidence)


def _host(choice: Choice, symptom: Symptom) -> str | None:
    """The registry that the text is about; Docker Hub where its own words stand there. None: the text names none."""
    if "docker.com" in symptom.excerpt.lower() or "docker.io" in symptom.excerpt.lower():
        return "docker.io"
    named = symptom.registry or (split(choice.image).host if choice.image else None)
    return named.lower() if named else None


CHECK = Check("registry.throttling", Branch.REGISTRY, evaluate)
