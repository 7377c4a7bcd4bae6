"""Is the artifact a container image that can run?

https://learn.microsoft.com/azure/container-registry/container-registry-image-formats
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.image.artifact import image_values, subject_of
from core.checks.image.wording import set_image
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.facts.image import IMAGE_CONFIGS, ImageContent, ImageManifest, ImageRepository
from core.facts.registry import Registry
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

HELM_CONFIG = "application/vnd.cncf.helm.config.v1+json"
SCHEMA_1 = (
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/vnd.docker.distribution.manifest.v1+json",
)
SIGNATURES = ("application/vnd.cncf.notary.", "application/vnd.dev.cosign.", "application/vnd.dev.sigstore.")
SIGNATURE_TAGS = (".sig", ".att", ".sbom")
"""How the tags of what signing tools put beside an image end."""


def evaluate(
    choice: Choice,
    registry: Fact[Registry],
    image_repository: Fact[ImageRepository | None],
    image_manifest: Fact[ImageManifest | None],
) -> Verdict:
    """Judge the types that the manifest names: charts, modules and signatures are kept in registries, too.

    The format that Docker left in 2017 is no longer pulled by containerd 2; which version a node has is not told.
    """
    subject = subject_of(choice, registry, image_repository)
    if isinstance(subject, Verdict):
        return subject
    if not isinstance(image_manifest, Known):
        return unknown(image_manifest)
    if image_manifest.value is None:
        return Verdict(Status.NOT_APPLICABLE, "not-this-registry")
    content = image_manifest.value.content
    if not isinstance(content, Known):
        return unknown(content)
    values = image_values(subject.registry, subject.image)
    reason = kind_of(content.value, subject.image.tag)
    told = content.value.artifact_type or content.value.config_type or content.value.media_type
    evidence = [Evidence("media-type", content.value.media_type)]
    if told != content.value.media_type:
        evidence.append(Evidence("artifact-type", told))
    if reason in ("image", "index"):
        return Verdict(Status.PASS, reason, values=values, evidence=tuple(evidence))
    return Verdict(
        Status.FAIL,
        reason,
        certainty=Certainty.LIKELY if reason == "schema-1" else Certainty.DEFINITE,
        values={**values, "type": told},
        evidence=tuple(evidence),
        fixes=(set_image(choice, None), FixRef("show-tags", values)),
    )


def kind_of(content: ImageContent, tag: str | None) -> str:
    """Name what a manifest describes: "image", "index", or something that no node can run."""
    types = [one.lower() for one in (content.artifact_type, content.config_type) if one]
    if content.media_type.lower() in SCHEMA_1:
        return "schema-1"
    if HELM_CONFIG in types:
        return "helm-chart"
    if any("wasm" in one for one in types):
        return "wasm"
    if any(one.startswith(SIGNATURES) for one in types) or (tag or "").endswith(SIGNATURE_TAGS):
        return "signature"
    if isinstance(content.platforms, Known) and content.platforms.value and content.config_type is None:
        return "index"
    if content.config_type is None or content.config_type.lower() in IMAGE_CONFIGS:
        return "image"
    return "other-artifact"


CHECK = Check("image.kind", Branch.IMAGE, evaluate)
