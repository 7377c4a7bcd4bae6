"""What the checks of the image name share: showing hostile text, and the fix that names another image."""

from __future__ import annotations

from core.checks.fix_values import namespace_of
from core.facts.choice import Choice
from core.model import FixRef

UNKNOWN_IMAGE = "<image>"


def one_line(text: str) -> str:
    """Give a text of the same length in which everything that does not print is replaced."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def set_image(choice: Choice, image: str | None) -> FixRef:
    """Ask for the fix that makes the workload use `image`; None leaves the name for the user to fill in."""
    return FixRef("set-image", {"image": image or UNKNOWN_IMAGE, "namespace": namespace_of(choice)})


def set_policy(choice: Choice) -> FixRef:
    """Ask for the fix that lets the node keep the image that it has, and pull the one that it has not."""
    return FixRef("set-pull-policy", {"namespace": namespace_of(choice)})
