"""A report for strangers: names, ids and addresses replaced, the same one always by the same word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from core.model import Report

T = TypeVar("T")

_GUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+#-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_GROUP = re.compile(r"/resourcegroups/([^/\s\"']+)", re.IGNORECASE)
_RESOURCE = re.compile(r"/providers/[\w.]+/\w+/([^/\s\"']+)", re.IGNORECASE)

KEPT_GUIDS = re.compile(
    "7f951dda-4ed3-4680-a7ca-43fe172d538d|8311e382-0749-4cb8-b61a-304f252e45ec|"
    "b93aa761-3e63-49ed-ac28-beffa264f7ac|00000000-0000-0000-0000-000000000000",
    re.IGNORECASE,
)
"""Role ids that are the same everywhere and say nothing about anybody; a command is of no use without them."""


def mask(report: Report) -> Report:
    """Give the report with everything replaced that names a person, a directory or a resource.

    The words of the contract (check ids, status words, reasons, role names) stay. Commands in a masked report show
    their shape and cannot be run.
    """
    masker = _Masker()
    masker.learn(report.cluster.name, "cluster")
    masker.learn(report.registry.name, "registry")
    masker.learn(report.account, "account")
    if report.image is not None:
        masker.learn(report.image.repository, "repository")
    if report.symptom is not None:
        for value, kind in (
            (report.symptom.pod, "pod"),
            (report.symptom.namespace, "namespace"),
            (report.symptom.node, "node"),
        ):
            masker.learn(value or "", kind)
    _strings(report, masker.collect)
    return _strings(report, masker.mask)


class _Masker:
    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def learn(self, value: str, kind: str) -> None:
        key = value.lower()
        if len(key) < 3 or key in self._words or KEPT_GUIDS.fullmatch(key):
            return
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._words[key] = f"{kind}-{self._counts[kind]}"

    def collect(self, text: str) -> str:
        for pattern, kind in ((_GUID, "id"), (_MAIL, "mail"), (_ADDRESS, "address")):
            for found in pattern.finditer(text):
                self.learn(found[0], kind)
        for pattern, kind in ((_GROUP, "group"), (_RESOURCE, "resource")):
            for found in pattern.finditer(text):
                self.learn(found[1], kind)
        return text

    def mask(self, text: str) -> str:
        for value in sorted(self._words, key=len, reverse=True):
            text = re.sub(
                rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", self._words[value], text, flags=re.IGNORECASE
            )
        return text


KEPT_FIELDS = frozenset(
    {"check", "kind", "branch", "reason", "key", "risk", "permission", "docs", "causes", "moot", "cloud"}
)
"""Fields whose words are the contract's, whatever they look like."""


def _strings(value: T, change: Callable[[str], str]) -> T:
    result: Any = value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        result = change(value)
    elif isinstance(value, tuple):
        result = tuple(_strings(item, change) for item in value)
    elif isinstance(value, Mapping):
        result = {key: _strings(item, change) for key, item in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _strings(getattr(value, field.name), change)
            for field in fields(value)
            if field.name not in KEPT_FIELDS
        }
        result = replace(value, **changed)
    return cast(T, result)
