"""Secrets out of pasted text, before anything is extracted or quoted from it.

Texts that people paste hold more than they think: `docker login -p`, bearer tokens in HTTP traces, shared access
signatures in blob addresses. What is masked here can reach neither an excerpt nor an extracted value.
"""

from __future__ import annotations

import re

from core.scrub import BY_SHAPE

MASK = "***"
"""What stands in the place of a secret."""

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (BY_SHAPE, MASK),
    (re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]*){0,4}"), MASK),
    (re.compile(r"(?i)\b(bearer|basic)\s+(?=[\w+/~.-]{0,2000}[\d+/=.])[\w+/~.=-]{16,}"), rf"\1 {MASK}"),
    (
        re.compile(r"(?i)\b(sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token)=[^&\s\"'<>]+"),
        rf"\1={MASK}",
    ),
    (
        re.compile(
            r"(?i)\b(password|passwd|pwd|client_?secret|secrettext|access_?token|refresh_?token|id_?token|accountkey|"
            r"sharedaccesskey|identitytoken|registrytoken|clientsecret|secretkey|api_?key)"
            r"([\"']?\s*[:=]\s*[\"']?)(?!\*{3})[^\s\"',;&}]+"
        ),
        rf"\1\2{MASK}",
    ),
    (
        re.compile(r"(?i)(--password[ =]|--docker-password[ =]|--registry-password[ =]|\s-p )(?!-|via )[^\s\"']+"),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?i)(\"name\"\s*:\s*\"password\d?\"\s*,\s*\"value\"\s*:\s*\")[^\"\s]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)(\"auth\"\s*:\s*\")[^\"\s]+"), rf"\1{MASK}"),
    (re.compile(r"(://)[^\s/@:\"']{1,200}:[^\s/@\"']{1,500}@"), rf"\1{MASK}@"),
)


def mask_secrets(text: str) -> str:
    """`text` with tokens, passwords, keys and signatures replaced by `***`; everything else stays as it is."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
