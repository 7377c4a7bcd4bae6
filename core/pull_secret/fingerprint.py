"""Telling equal passwords from different ones without keeping them."""

from __future__ import annotations

import hashlib
import secrets

_SALT = secrets.token_bytes(32)
"""Made anew by every start of the program and written nowhere, so that a fingerprint is of no use outside of it."""


def fingerprint(password: str) -> bytes:
    """Give what stands for a password: the same for the same one, and nothing from which to find it."""
    return hashlib.blake2b(password.encode("utf-8", "surrogatepass"), key=_SALT, digest_size=16).digest()
