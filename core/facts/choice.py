"""What the person picked: the one input that is not read from Azure."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.facts.pull_secret import PullSecrets
from core.facts.resource_id import ResourceId
from core.model import Symptom


@dataclass(frozen=True, slots=True)
class Choice:
    """A cluster and a registry by id, and what else is known.

    `image` is the reference as written (may be malformed), `symptom` what the pasted text said. `image_from_text`
    is whether the image came out of that text, where people cover up names, and not from somebody who named it.
    `pull_secret` is what was given of the cluster's secrets. `may_list_passwords` is the person's consent to read the
    passwords of the registry's admin account for a comparison, which Azure notes as an action of theirs.
    """

    cluster_id: ResourceId
    registry_id: ResourceId
    image: str | None = None
    symptom: Symptom | None = None
    namespace: str | None = None
    image_from_text: bool = False
    pull_secret: PullSecrets | None = field(default=None, repr=False)
    may_list_passwords: bool = field(default=False, repr=False)
