"""What the person picked: the one input that is not read from Azure."""

from __future__ import annotations

from dataclasses import dataclass

from core.facts.resource_id import ResourceId
from core.model import Symptom


@dataclass(frozen=True, slots=True)
class Choice:
    """A cluster and a registry by id, and what else is known.

    `image` is the reference as written (may be malformed), `symptom` what the pasted text said. `image_from_text`
    is whether the image came out of that text, where people cover up names, and not from somebody who named it.
    """

    cluster_id: ResourceId
    registry_id: ResourceId
    image: str | None = None
    symptom: Symptom | None = None
    namespace: str | None = None
    image_from_text: bool = False
