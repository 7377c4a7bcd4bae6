"""How well one colour is read on another."""

from __future__ import annotations


def contrast(one: str, other: str) -> float:
    """Measure the contrast of two #rrggbb colours, 1 to 21.

    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Measure the relative luminance of a #rrggbb colour, 0 to 1.

    https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    """
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
