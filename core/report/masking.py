"""A report for strangers: names, ids and addresses replaced, the same one always by the same word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from ipaddress import ip_address
from typing import Any, TypeVar, cast

from core.model import Report, Verdict
from core.report.naming import IN_AZURE, in_evidence, in_ids, in_value

T = TypeVar("T")

SHORTEST = 3
"""Letters of a name; a shorter one says nothing about anybody and stands in too many other words."""

KEPT_FIELDS = frozenset(
    {"check", "label", "kind", "branch", "reason", "key", "risk", "permission", "action", "role", "docs", "causes"}
    | {"moot", "softened_by", "cloud"}
)
"""Fields whose words are the contract's or Azure's, whatever they look like: a missing permission asks for a
built-in role.
"""

KEPT_VALUES = frozenset({"by", "action", "actions", "state", "cloud", "principal_type"})
"""Values of a finding that are words of the contract or of Azure."""

AZURES_OWN = re.compile(
    # Roles that are the same everywhere, by their ids: a command is of no use without them.
    "7f951dda-4ed3-4680-a7ca-43fe172d538d|8311e382-0749-4cb8-b61a-304f252e45ec"
    "|b93aa761-3e63-49ed-ac28-beffa264f7ac|00000000-0000-0000-0000-000000000000"
    # The address of Azure's DNS, and addresses that mean everything, oneself or the machine's metadata.
    r"|168\.63\.129\.16|169\.254\.169\.254|0\.0\.0\.0|127(?:\.\d+){3}|::1?"
    # Names of parts that Azure makes.
    "|default|azure(?:firewall(?:management)?|bastion)subnet|gatewaysubnet|aks-subnet"
    r"|default(?:application|network|dnat)rulecollectiongroup|aks-managed-repository(?!/\w)|kubernetes|password[12]"
    r"|_repositories_(?:pull|push|admin)(?:_metadata_read|_metadata_write)?|(?:\w+\.data\.)?privatelink(?:\.[a-z]+)+"
    # Hosts that everybody uses; what stands before a registry's or a storage account's suffix is a name of its own.
    r"|(?:(?:registry-1|index|auth|production\.cloudflare)\.)?docker\.(?:io|com)|(?:mcr|packages|management|graph|login"
    r"|learn|acs-mirror|[\w-]+\.data\.mcr)\.(?:microsoft|azure)\.com|login\.\w+\.\w+|(?:ghcr|quay|gcr|k8s|kubernetes)\.io"
    r"|\*?\.?azurecr\.\w+|\*?\.?blob\.core(?:\.\w+)+",
    re.IGNORECASE,
)
"""What is called the same everywhere and says nothing about anybody."""

AZURES_ROLES = re.compile(
    "Acr(?:Pull|Push|Delete|ImageSigner|QuarantineReader|QuarantineWriter)|Owner|Contributor|Reader|Directory Readers"
    "|(?:Network|Managed Identity) Contributor|Managed Identity Operator"
    "|(?:User Access|Role Based Access Control|Application|Cloud Application|Global) Administrator"
    "|(?:Container Registry|Azure Kubernetes Service|Azure Kubernetes Fleet Manager)(?: [A-Z][a-zA-Z]*)+"
)
"""Names of roles that Azure has made."""

WORDS = re.compile(
    # A command up to its first option, or to the name that kubectl takes without one; an option, a cmdlet; a resource
    # type, and an action on one.
    r"\baz(?: [a-z][a-z-]+)+(?= -)|\bkubectl (?:create secret docker-registry|(?:delete|patch|set) [a-z]+|[a-z]+)"
    r"|(?<=\s)--?[A-Za-z][\w-]*|\b[A-Z][a-z]+-Az[A-Za-z]+"
    r"|(?<=/providers/)Microsoft\.\w+/\w+|(?<![/\w])Microsoft\.\w+(?:/[\w*]+)+",
    re.IGNORECASE,
)
"""What is never a name in a text, even where something is called like one of its words."""

_FOUND: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"sts\.windows\.net/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", "directory"),
        (r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", "id"),
        (r"([\w.+#-]+@[\w-]+(?:\.[\w-]+)+)", "mail"),
        (r"\b(?!data\.|privatelink\.)([a-z0-9][\w-]*)\.(?:\w+\.data\.)?(?:privatelink\.)?azurecr\.\w+", "registry"),
        (r"\b([a-z0-9]+)\.blob\.core\.", "storage"),
        (r"\b([a-z0-9-]+)\.vault(?:core)?\.", "vault"),
        (r"\b(aks-?\w+-\d{8}-vms\w*)", "machines"),
        (r"(?:^|\| |Subscription )([^|()]+?) \((?:\w+ )?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\)", "name"),
    )
)
"""What gives itself away wherever it stands."""

_ADDRESS = re.compile(
    r"\b(\d{1,3}(?:\.\d{1,3}){3})\b|(?<![\w:.])((?:[0-9a-f]{1,4}:+){2,7}[0-9a-f]{0,4})(?![\w:])", re.IGNORECASE
)


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
        if not IN_AZURE.search(report.image.registry):
            names.learn(report.image.registry, "host")
    if report.symptom is not None:
        for value, kind in (
            (report.symptom.pod, "pod"),
            (report.symptom.namespace, "namespace"),
            (report.symptom.node, "node"),
        ):
            names.learn(value or "", kind)
    names.keep(result.verdict.missing.role for result in report.results if result.verdict.missing)
    texts = _texts(report)
    for found in (in_ids, _addresses):
        for text in texts:
            names.learn_all(found(text))
    for result in report.results:
        names.learn_all(_told_by(result.verdict))
    for text in texts:
        names.learn_all(_giving_itself_away(text))
    return _strings(report, names.replacer())


def _texts(report: Report) -> list[str]:
    """Give every text of a report in which a name may stand."""
    texts: list[str] = []

    def gather(text: str) -> str:
        texts.append(text)
        return text

    _strings(report, gather)
    return texts


def _told_by(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Give the names in a finding, where its keys and labels say what they name."""
    for fix in verdict.fixes:
        for values in (fix.values, *fix.each):
            for key, value in values.items():
                yield from in_value(key, value)
    for key, value in verdict.values.items():
        yield from in_value(key, value)
    for evidence in verdict.evidence:
        yield from in_evidence(evidence)


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Give the addresses in a text; what they are called says whether they belong to the internet."""
    for found in _ADDRESS.finditer(text):
        try:
            address = ip_address(found[0])
        except ValueError:
            continue
        yield found[0], "public-address" if address.is_global else "private-address"


def _giving_itself_away(text: str) -> Iterator[tuple[str, str]]:
    for pattern, kind in _FOUND:
        yield from ((found[1], kind) for found in pattern.finditer(text))


class _Names:
    """What has been found, and the words that take its place: the first that says what a name names counts."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._kept: set[str] = set()

    def keep(self, words: Iterable[str]) -> None:
        """Take these for no names."""
        self._kept |= {word.lower() for word in words}

    def learn_all(self, names: Iterable[tuple[str, str]]) -> None:
        for name, kind in names:
            self.learn(name, kind)

    def learn(self, value: str, kind: str) -> None:
        key = value.strip().lower()
        if len(key) < SHORTEST or key in self._words or key in self._kept or AZURES_OWN.fullmatch(key):
            return
        if kind == "role" and AZURES_ROLES.fullmatch(value):
            return
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._words[key] = f"{kind}-{self._counts[kind]}"

    def replacer(self) -> Callable[[str], str]:
        """Give what replaces all names in a text, the longest first, and never a part of another word."""
        if not self._words:
            return lambda text: text
        names = "|".join(re.escape(name) for name in sorted(self._words, key=len, reverse=True))
        pattern = re.compile(
            rf"(?P<word>{WORDS.pattern})|(?<![a-z0-9])(?P<own>{AZURES_OWN.pattern})(?![\w.-])"
            rf"|(?<![a-z0-9])(?:{names})(?![a-z0-9])",
            re.IGNORECASE,
        )
        return lambda text: pattern.sub(lambda found: self._words.get(found[0].lower(), found[0]), text)


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
