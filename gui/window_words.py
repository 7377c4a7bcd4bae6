"""The wizard's own sentences, at hand."""

from __future__ import annotations

from core.texts import Texts


class Words:
    """Gives the sentences of the `window` text table: `words("choose", "title")`, placeholders as keywords."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def __call__(self, *keys: str, **values: str) -> str:
        """Give one sentence with its placeholders filled.

        Raises `core.texts.MissingText`.
        """
        return self.texts.fill("window", *keys, values=values)
