"""Secrets out of pasted text, before anything is extracted or quoted from it.

Texts that people paste hold more than they think: `docker login -p`, bearer tokens in HTTP traces, shared access
signatures in blob addresses. What is masked here can reach neither an excerpt nor an extracted value.
"""

from __future__ import annotations

import re

from core.scrub import BY_SHAPE, NAMES

MASK = "***"
"""What stands in the place of a secret."""

_VALUE = r"(?:(?<=\")[^\"\n]{1,300}(?=\")|(?<=')[^'\n]{1,300}(?=')|[^\s\"',;&}]+)"
"""A secret behind its name: up to the closing quotation mark if it stands in such marks, else one word."""

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (BY_SHAPE, MASK),
    (re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]*){0,4}"), MASK),
    (re.compile(r"(?i)\b(bearer|basic)\s+(?=[\w+/~.-]{0,2000}[\d+/=.])[\w+/~.=-]{16,}"), rf"\1 {MASK}"),
    (
        re.compile(r"(?i)\b(sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token)=[^&\s\"'<>]+"),
        rf"\1={MASK}",
    ),
    (
        re.compile(rf"(?i)(authorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer) +)(?!\*{{3}}|realm){_VALUE}"),
        rf"\1{MASK}",
    ),
    (
        re.compile(rf"(?i)((?:{NAMES})[\"']?\s*[:=]\s*[\"']?|\w_(?:secret|token)=[\"']?)(?!\*{{3}}){_VALUE}"),
        rf"\1{MASK}",
    ),
    (
        re.compile(rf"(?i)((?<![a-z-])--[a-z-]{{0,40}}(?:password|secret|token)[ =][\"']?)(?!-|via ){_VALUE}"),
        rf"\1{MASK}",
    ),
    (re.compile(rf"(?i)(\blogin\b[^\n]{{0,300}}?\s-p[ =]?[\"']?|\s-p )(?!-|via ){_VALUE}"), rf"\1{MASK}"),
    (re.compile(r"(?i)(\"name\"\s*:\s*\"password\d?\"\s*,\s*\"value\"\s*:\s*\")[^\"\s]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)([\"']auth[\"']\s*:\s*[\"'])[^\"'\s]+"), rf"\1{MASK}"),
    (re.compile(r"(://)[^\s/@:\"']{1,200}:[^\s/@\"']{1,500}@"), rf"\1{MASK}@"),
)


def mask_secrets(text: str) -> str:
    """`text` with tokens, passwords, keys and signatures replaced by `***`; everything else stays as it is."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
