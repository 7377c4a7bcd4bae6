"""Whether the pasted text speaks of the image that was picked."""

from __future__ import annotations

from core.facts.choice import Choice
from core.facts.image_name import Wanted, wanted_of


def wanted_by_text(choice: Choice, login_server: str, kind: str) -> Wanted | None:
    """What the picked image asks of the registry, where the text tells this `kind` of failure and of no other image.

    None for another kind, for an image that asks for nothing of the registry, and for a text that names another one.
    """
    symptom = choice.symptom
    if symptom is None or symptom.kind != kind or choice.image is None:
        return None
    wanted = wanted_of(choice.image, login_server)
    told = wanted if symptom.image is None else wanted_of(symptom.image, login_server)
    return wanted if told == wanted else None
