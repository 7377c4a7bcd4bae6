"""What the checks of the picked image share: whether there is anything to judge, and the names for fixes."""

from __future__ import annotations

from dataclasses import dataclass

from core.checks.fix_values import registry_values
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.facts.image import ImageRepository
from core.facts.image_name import Wanted, wanted_of
from core.facts.registry import Registry
from core.facts.registry_parts import CacheRule, rule_for
from core.model import Evidence, FixRef, Status, Verdict


@dataclass(frozen=True, slots=True)
class Subject:
    """The image that is judged, and the picked registry that holds it or does not."""

    registry: Registry
    image: Wanted


def subject_of(
    choice: Choice, registry: Fact[Registry], repository: Fact[ImageRepository | None]
) -> Subject | Verdict:
    """Give what is to be judged, or the verdict where no image of the picked registry was named."""
    if choice.image is None or not choice.image.strip():
        return Verdict(Status.NOT_APPLICABLE, "no-image")
    if not isinstance(registry, Known):
        return unknown(registry)
    image = wanted_of(choice.image, registry.value.login_server)
    if image is None or (isinstance(repository, Known) and repository.value is None):
        return Verdict(Status.NOT_APPLICABLE, "not-this-registry")
    return Subject(registry.value, image)


def image_values(registry: Registry, image: Wanted) -> dict[str, str]:
    """Give the registry's names and the image's, for sentences and commands. The tag is a placeholder without one.

    `permission_mode` is what fixes depend on that read or write what the registry holds.
    """
    return {
        **registry_values(registry),
        "permission_mode": "rbac-abac" if registry.abac else "rbac",
        "repository": image.repository,
        "tag": image.tag or "<tag>",
        "digest": image.digest or "<digest>",
    }


def reference(registry: Registry, repository: str, tag: str) -> str:
    """Write the name of an image of the registry."""
    return f"{registry.login_server}/{repository}:{tag}"


def import_image(registry: Registry, image: Wanted) -> FixRef:
    """Ask for the fix that brings the image into the registry."""
    return FixRef("import-image", image_values(registry, image))


def filled_by(image: Wanted, rules: Fact[tuple[CacheRule, ...]]) -> CacheRule | None:
    """Give the cache rule by which the registry fetches the image when somebody asks for it first."""
    return rule_for(image.repository, rules.value) if isinstance(rules, Known) else None


def not_cached_yet(registry: Registry, image: Wanted, rule: CacheRule, evidence: tuple[Evidence, ...]) -> Verdict:
    """Say that what is not there may come with the first pull."""
    values = {**image_values(registry, image), "rule": rule.name, "source": rule.source}
    more = Evidence("cache-rule", f"{rule.name}: {rule.source} -> {rule.target}")
    return Verdict(Status.WARNING, "not-cached-yet", values=values, evidence=(*evidence, more))
