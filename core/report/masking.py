"""A report for strangers: names, ids and addresses replaced, the same one always by the same word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from core.model import Report, Verdict

T = TypeVar("T")

SHORTEST = 3
"""Letters of a name; a shorter one says nothing about anybody and stands in too many other words."""

KEPT_FIELDS = frozenset(
    {"check", "label", "kind", "branch", "reason", "key", "risk", "permission", "action", "docs", "causes"}
    | {"moot", "softened_by", "cloud"}
)
"""Fields whose words are the contract's, whatever they look like."""

KEPT_VALUES = frozenset({"by", "action", "actions", "state", "cloud", "principal_type"})
"""Values of a finding that are words of the contract or of Azure."""

KEPT_GUIDS = re.compile(
    "7f951dda-4ed3-4680-a7ca-43fe172d538d|8311e382-0749-4cb8-b61a-304f252e45ec|"
    "b93aa761-3e63-49ed-ac28-beffa264f7ac|00000000-0000-0000-0000-000000000000",
    re.IGNORECASE,
)
"""Role ids that are the same everywhere and say nothing about anybody; a command is of no use without them."""

KEPT_ROLES = re.compile(
    "Acr[A-Z].*|Owner|Contributor|Reader|Directory Readers|.* Administrator"
    "|(?:Container Registry|Azure Kubernetes|Managed Identity) .*"
)
"""Names of roles that Azure has made."""

KEPT_HOSTS = re.compile(
    r"(?:[\w-]+\.)*(?:docker\.(?:io|com)|microsoft\.com|ghcr\.io|quay\.io|gcr\.io|k8s\.io|microsoftonline\.\w+"
    r"|windows\.net|azure\.com|azurecr\.(?:io|us|cn|de)|kubernetes\.io)",
    re.IGNORECASE,
)
"""Hosts that everybody uses; what stands before a registry's or a storage account's suffix is a name of its own."""

NAMED_VALUES = {
    "cluster_name": "cluster",
    "registry_name": "registry",
    "cluster_group": "group",
    "registry_group": "group",
    "node_group": "group",
    "group": "group",
    "puller": "identity",
    "holder": "identity",
    "identity": "identity",
    "subscription_name": "subscription",
    "deny": "deny-assignment",
    "repository": "repository",
    "namespace": "namespace",
    "found": "namespace",
    "secret": "secret",
    "secret_name": "secret",
    "named": "secret",
    "username": "login",
    "token": "login",
    "name": "identity",
    "scope_map": "scope-map",
    "pod": "pod",
    "pool": "pool",
    "pools": "pool",
    "good_pools": "pool",
    "fitting": "pool",
    "near": "repository",
    "source": "repository",
    "credential_set": "credentials",
    "credentials": "credentials",
    "rule": "cache-rule",
    "proxy": "host",
    "subnet_name": "subnet",
    "subnet": "subnet",
    "role": "role",
    "role_name": "role",
    "roles": "role",
}
"""What the values of a finding or a fix name, by their keys; several names are parted by commas."""

NAMED_EVIDENCE = {
    "deny-assignment": ("deny-assignment",),
    "expected-identity": ("identity",),
    "image-repository": ("repository",),
    "node-image": ("pool",),
    "node-pool": ("pool",),
    "node-resource-group": ("group",),
    "pool-identity": ("pool", "machines"),
    "pool-without-machines": ("pool",),
    "puller": ("identity",),
    "repository": ("repository",),
    "repositories-there": ("repository",),
    "pool-platform": ("pool",),
    "pool-windows": ("pool",),
    "role-assignment": ("role",),
    "role-without-pull": ("role",),
    "other-holder": ("role",),
    "wrong-holder": ("role",),
    "service-principal": ("identity",),
    "secret": ("secret",),
    "secret-named-by": ("pod", "secret"),
    "secret-user": ("login",),
    "pod-namespace": ("namespace",),
    "namespace": ("namespace",),
    "registry-token": ("login",),
    "machine-state": ("machines",),
    "node-subnet": ("pool", "subnet"),
    "egress": ("pool", "subnet"),
    "egress-not-read": ("pool", "subnet"),
    "service-endpoint": ("subnet",),
    "subnet-rule": ("subnet",),
    "os-disk": ("pool",),
    "web-proxy": ("host",),
    "credential-set": ("credentials",),
    "certificate-issuer": ("issuer",),
    "no-proxy": ("host",),
    "encryption-key": ("key",),
    "cache-rule": ("cache-rule",),
    "stale-instances": ("pool", "machines", "machines"),
    "password-valid": ("password",),
    "password-not-valid": ("password",),
}
"""What the parts of an evidence value name, from its start."""

_FOUND: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", "id"),
        (r"([\w.+#-]+@[\w-]+(?:\.[\w-]+)+)", "mail"),
        (r"\b(\d{1,3}(?:\.\d{1,3}){3})\b", "address"),
        (r"(?<![\w:.])((?:[0-9a-f]{1,4}:+){2,7}[0-9a-f]{0,4})(?![\w:])", "address"),
        (r"/resourcegroups/([^/\s\"',;]+)", "group"),
        (r"/providers/microsoft\.management/managementgroups/([^/\s\"',;]+)", "management-group"),
        (r"/providers/[\w.]+/\w+/([^/\s\"',;:|)]+)", "resource"),
        (r"\b([a-z0-9][\w-]*)\.(?:privatelink\.|\w+\.data\.)?azurecr\.\w+", "registry"),
        (r"\b([a-z0-9]+)\.blob\.core\.", "storage"),
        (r"\b(aks-?\w+-\d{8}-vms\w*)", "machines"),
        (r"(?:^|\| |Subscription )([^|()]+?) \((?:\w+ )?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\)", "name"),
    )
)
"""What gives itself away wherever it stands."""


def mask(report: Report) -> Report:
    """Give the report with everything replaced that names a person, a directory or a resource.

    The words of the contract (check ids, status words, reasons, role names) stay. Commands in a masked report show
    their shape and cannot be run.
    """
    names = _Names()
    names.learn(report.cluster.name, "cluster")
    names.learn(report.registry.name, "registry")
    names.learn(report.account, "account")
    if report.image is not None:
        names.learn(report.image.repository, "repository")
        if not KEPT_HOSTS.fullmatch(report.image.registry):
            names.learn(report.image.registry, "host")
    if report.symptom is not None:
        for value, kind in (
            (report.symptom.pod, "pod"),
            (report.symptom.namespace, "namespace"),
            (report.symptom.node, "node"),
        ):
            names.learn(value or "", kind)
    for result in report.results:
        for value, kind in _told_by(result.verdict):
            names.learn(value, kind)
    _strings(report, names.collect)
    return _strings(report, names.replacer())


def _told_by(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Give the names in a finding, where its keys and labels say what they name."""
    for values in (verdict.values, *(fix.values for fix in verdict.fixes)):
        for key, kind in NAMED_VALUES.items():
            yield from ((name, kind) for name in values.get(key, "").split(", "))
    for evidence in verdict.evidence:
        kinds = NAMED_EVIDENCE.get(evidence.label, ())
        for part, kind in zip(evidence.value.split(" | "), kinds, strict=False):
            name = part.partition(":")[0] if evidence.label == "node-pool" else part.partition(" in ")[0]
            yield from ((one, kind) for one in name.split(", "))


class _Names:
    """What has been found, and the words that take its place."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def learn(self, value: str, kind: str) -> None:
        key = value.strip().lower()
        if len(key) < SHORTEST or key in self._words or KEPT_GUIDS.fullmatch(key) or key.startswith("<"):
            return
        if kind == "role" and KEPT_ROLES.fullmatch(value):
            return
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._words[key] = f"{kind}-{self._counts[kind]}"

    def collect(self, text: str) -> str:
        for pattern, kind in _FOUND:
            for found in pattern.finditer(text):
                self.learn(found[1], kind)
        return text

    def replacer(self) -> Callable[[str], str]:
        """Give what replaces all names in a text, the longest first, and never a part of another word."""
        if not self._words:
            return lambda text: text
        longest_first = sorted(self._words, key=len, reverse=True)
        pattern = re.compile(
            rf"(?<![a-z0-9])(?:{'|'.join(re.escape(name) for name in longest_first)})(?![a-z0-9])", re.IGNORECASE
        )
        return lambda text: pattern.sub(lambda found: self._words[found[0].lower()], text)


def _strings(value: T, change: Callable[[str], str]) -> T:
    """Give the same value with every string changed that is not one of the contract's words."""
    result: Any = value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        result = change(value)
    elif isinstance(value, tuple):
        result = tuple(_strings(item, change) for item in value)
    elif isinstance(value, Mapping):
        result = {key: item if key in KEPT_VALUES else _strings(item, change) for key, item in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _strings(getattr(value, field.name), change)
            for field in fields(value)
            if field.name not in KEPT_FIELDS
        }
        result = replace(value, **changed)
    return cast(T, result)
