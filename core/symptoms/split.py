"""Kubelet aggregates to their elements.

A kubelet that tries several credentials joins the errors: `Failed to pull image "x": [first, second]`. CRI-O and
App Service join theirs in other ways. An element is one attempt's error.
"""

from __future__ import annotations

import re

_BETWEEN = re.compile(
    r"""(?xi)
    [,;]\s*(?=(?:
        rpc\ error:
        | failed\ to\ pull\ and\ unpack
        | failed\ to\ resolve\ (?:reference|image)
        | failed\ to\ (?:authorize|do\ request|copy):
        | failed\ to\ fetch\ (?:anonymous|oauth)\ token
        | error\ response\ from\ daemon
        | initializing\ source\ docker
        | copying\ system\ image
        | pull\ access\ denied\ for
    ))
    | (?<=401\ Unauthorized),\s*
    | ;\s*(?=artifact\ err:)
    """
)


def elements(record: str) -> list[str]:
    """The elements of one record in their order; a record that is no aggregate is its own single element."""
    return [piece for piece in (part.strip() for part in _BETWEEN.split(record)) if piece]
