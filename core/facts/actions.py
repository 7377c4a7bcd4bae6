"""Matching of actions against permission blocks.

https://learn.microsoft.com/azure/role-based-access-control/role-definitions#actions-format
"""

from __future__ import annotations

from collections.abc import Iterable

from core.facts.roles import PermissionBlock


def action_matches(pattern: str, action: str) -> bool:
    """Say whether a pattern of a role covers an action; `*` stands for any text, also across slashes."""
    pieces = pattern.lower().split("*")
    action = action.lower()
    if len(pieces) == 1:
        return pieces[0] == action
    first, *middle, last = pieces
    if not action.startswith(first) or not action.endswith(last) or len(action) < len(first) + len(last):
        return False
    start, end = len(first), len(action) - len(last)
    for piece in middle:
        found = action.find(piece, start, end)
        if found < 0:
            return False
        start = found + len(piece)
    return True


def _covered(patterns: Iterable[str], action: str) -> bool:
    return any(action_matches(pattern, action) for pattern in patterns)


def block_allows(block: PermissionBlock, action: str) -> bool:
    """Say whether one block allows a control-plane action."""
    return _covered(block.actions, action) and not _covered(block.not_actions, action)


def block_allows_data(block: PermissionBlock, action: str) -> bool:
    """Say whether one block allows a data action."""
    return _covered(block.data_actions, action) and not _covered(block.not_data_actions, action)


def allowed(blocks: Iterable[PermissionBlock], action: str) -> bool:
    """Say whether any block allows a control-plane action: blocks add up, and subtract only within themselves."""
    return any(block_allows(block, action) for block in blocks)
