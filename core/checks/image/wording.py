"""What the checks of the image name share: showing hostile text, and the fix that names another image."""

from __future__ import annotations

from core.facts.choice import Choice
from core.model import FixRef

UNKNOWN_IMAGE = "<image>"
UNKNOWN_NAMESPACE = "<namespace>"


def one_line(text: str) -> str:
    """Give a text of the same length in which everything that does not print is replaced."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def set_image(choice: Choice, image: str | None) -> FixRef:
    """Ask for the fix that makes the workload use `image`; None leaves the name for the user to fill in."""
    told = choice.symptom.namespace if choice.symptom else None
    return FixRef(
        "set-image", {"image": image or UNKNOWN_IMAGE, "namespace": choice.namespace or told or UNKNOWN_NAMESPACE}
    )


def set_policy(choice: Choice) -> FixRef:
    """Ask for the fix that lets the node keep the image that it has, and pull the one that it has not."""
    told = choice.symptom.namespace if choice.symptom else None
    return FixRef("set-pull-policy", {"namespace": choice.namespace or told or UNKNOWN_NAMESPACE})
