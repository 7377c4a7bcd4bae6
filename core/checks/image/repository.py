"""Does the repository exist in the registry?

https://learn.microsoft.com/azure/container-registry/container-registry-repositories
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from core.checks.check import Check
from core.checks.image.artifact import (
    filled_by,
    image_values,
    import_image,
    not_cached_yet,
    reference,
    subject_of,
)
from core.checks.image.wording import set_image
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.fact import Denied, Fact, Known, Missing, Trouble, Unavailable
from core.facts.image import ImageRepository, NamesThere
from core.facts.image_name import DEFAULT_TAG, Wanted
from core.facts.registry import Registry
from core.facts.registry_parts import CacheRule
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

ALIKE = 0.75
"""How much of two names has to be the same for one to be a misspelling of the other."""


LISTED = "The registry lists the repository, but does not find it."
"""What an answer says that cannot be right: whatever gave it, it was not this repository's absence."""


def evaluate(
    choice: Choice,
    registry: Fact[Registry],
    image_repository: Fact[ImageRepository | None],
    repository_names: Fact[NamesThere | None],
    cache_rules: Fact[tuple[CacheRule, ...]],
) -> Verdict:
    """Say whether the repository is there, and which one may be meant where it is not.

    Whoever may list all repositories knows of a wrong name even if the registry answers 401 for it. What keeps this
    computer away says nothing about the cluster.
    """
    subject = subject_of(choice, registry, image_repository)
    if isinstance(subject, Verdict):
        return subject
    picked, image = subject.registry, subject.image
    names = repository_names.value if isinstance(repository_names, Known) else None
    evidence = (Evidence("image-repository", image.repository),)
    if isinstance(image_repository, Known):
        values = image_values(picked, image)
        return Verdict(Status.PASS, "exists", values=values, evidence=evidence)
    listed = names is not None and image.repository in names.names
    unlisted = names is not None and names.complete and not listed
    if isinstance(image_repository, Missing) and listed:
        return unknown(Unavailable(Trouble.BAD_ANSWER, LISTED), evidence)
    if isinstance(image_repository, Missing) or (isinstance(image_repository, Denied) and unlisted):
        rule = filled_by(image, cache_rules)
        if rule is not None:
            return not_cached_yet(picked, image, rule, evidence)
        if isinstance(cache_rules, (Denied, Unavailable)) and not _nearest(image, names):
            return unknown(cache_rules, evidence)
        sure = isinstance(image_repository, Missing) and picked.quarantine_enabled is not True
        return _absent(choice, picked, image, names, Certainty.DEFINITE if sure else Certainty.LIKELY)
    return unknown(image_repository, evidence)


def nearest_repository(name: str, names: Sequence[str]) -> str | None:
    """Give the repository that a name most likely means, by the whole path or by its last part."""
    whole = get_close_matches(name, names, 1, ALIKE)
    if whole:
        return whole[0]
    last = {known.rpartition("/")[2]: known for known in reversed(names)}
    near = get_close_matches(name.rpartition("/")[2], list(last), 1, ALIKE)
    return last[near[0]] if near else None


def _absent(
    choice: Choice, registry: Registry, image: Wanted, names: NamesThere | None, certainty: Certainty
) -> Verdict:
    meant = _nearest(image, names)
    values = {**image_values(registry, image), "near": meant or ""}
    evidence = [Evidence("image-repository", image.repository)]
    if names is not None:
        shown = ", ".join(names.names[:20]) or "-"
        evidence.append(Evidence("repositories-there", shown if len(names.names) <= 20 else f"{shown}, …"))
    corrected = None if meant is None else reference(registry, meant, image.tag or DEFAULT_TAG)
    if corrected is not None:
        evidence.append(Evidence("corrected", corrected))
    look = FixRef("list-repositories", image_values(registry, image))
    rename, bring = set_image(choice, corrected), import_image(registry, image)
    return Verdict(
        Status.FAIL,
        "misspelt" if meant is not None else "missing",
        certainty=certainty,
        values=values,
        evidence=tuple(evidence),
        fixes=(rename, bring, look) if meant is not None else (bring, rename, look),
    )


def _nearest(image: Wanted, names: NamesThere | None) -> str | None:
    return nearest_repository(image.repository, names.names) if names else None


CHECK = Check("image.repository", Branch.IMAGE, evaluate)
