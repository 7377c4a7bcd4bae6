"""The images that the registry of the base worlds holds before anything goes wrong."""

from __future__ import annotations

from datetime import timedelta

from core.practice.registry_contents import Contents
from core.practice.registry_images import push_chart, push_image
from core.practice.world import World

_LINUX = ("linux/amd64",)
_BOTH = ("linux/amd64", "linux/arm64")

_IMAGES: tuple[tuple[str, str, tuple[str, ...], int], ...] = (
    ("web/api", "1.3.9", _LINUX, 210),
    ("web/api", "1.4.0", _LINUX, 120),
    ("web/api", "1.4.1", _LINUX, 60),
    ("web/api", "1.4.2", _LINUX, 9),
    ("web/ui", "2.0.1", _BOTH, 30),
    ("web/ui", "2.1.0", _BOTH, 8),
    ("jobs/report", "v0.9.0", _LINUX, 95),
    ("base/dotnet", "8.0-ltsc2022", ("windows/amd64/10.0.20348.2527",), 40),
)
"""Repository, tag, platforms, and how many days ago it was pushed."""


def stock(world: World, registry_id: str) -> Contents:
    """Fill a registry with the images of everyday, and a chart."""
    contents = world.contents.setdefault(registry_id.lower(), Contents())
    for name, tag, platforms, days in _IMAGES:
        push_image(contents, name, tag, platforms, world.now - timedelta(days=days))
    push_chart(contents, "charts/web", "1.4.2", world.now - timedelta(days=9))
    return contents
