"""The symptom kinds as data: where to look first, and which checks to read first, for each.

One entry per row of the decision tree's symptom table. A kind may have narrower leads that hold under a condition
(a private address, a 403, Docker Hub); the first one whose condition is met replaces the general one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.model import Branch, Symptom
from core.network.addresses import is_private


class When(StrEnum):
    """A condition under which a narrower lead replaces a kind's general one."""

    PRIVATE_ADDRESS = "private-address"
    STATUS_403 = "status-403"
    DOCKER_HUB = "docker-hub"
    PROXY = "proxy"
    DATA_NAME = "data-name"
    CHECK_ACR_TOOL = "check-acr-tool"


@dataclass(frozen=True, slots=True)
class Lead:
    """Where to look first: the lane of the tree (None where the text points nowhere) and its checks in order."""

    branch: Branch | None
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the symptom table: its id, its number and its leads."""

    id: str
    row: int
    lead: Lead
    narrower: tuple[tuple[When, Lead], ...] = ()


_NO_CREDENTIALS = (
    "identity.kubelet-present",
    "identity.node-assignment",
    "identity.acrpull-role",
    "identity.role-mode",
    "identity.role-conditions",
    "secret.exists",
    "image.login-server",
    "image.repository",
    "active.kubelet-logs",
)
_REFUSED_CREDENTIALS = (
    "secret.in-use",
    "secret.exists",
    "secret.format",
    "secret.server-match",
    "secret.account-kind",
    "secret.sp-credential",
    "secret.admin-account",
    "secret.acr-token",
    "secret.scope-map",
    "identity.sp-credential",
    "identity.node-image-current",
    "identity.acrpull-role",
    "identity.role-mode",
)
_PRIVATE_PATH = (
    "network.pe-connection",
    "net.peering",
    "net.peering-transit",
    "net.avnm",
    "net.nsg-aks",
    "net.nsg-pe",
    "net.route-table",
    "net.firewall-rules",
)
_TO_THE_PUBLIC_DOOR = (
    "network.path",
    "network.pe-connection",
    "network.service-endpoint",
    "dns.custom-servers",
    "dns.zone-exists",
    "dns.duplicate-zones",
)
"""What else can lead nodes to a public door that is closed to them, or that they do not reach."""


def _lead(branch: Branch | None, *checks: str) -> Lead:
    return Lead(branch, checks)


CHECK_TOOL = _lead(Branch.NODE, "active.check-acr")
"""Where the container of `az aks check-acr`, which exists for amd64 only, did not run: no image of a pod is meant."""

_ROWS: tuple[Kind, ...] = (
    Kind("INVALID_NAME", 1, _lead(Branch.IMAGE, "image.reference")),
    Kind("NEVER_PULL", 2, _lead(Branch.IMAGE, "image.pull-policy")),
    Kind("PULL_QPS", 3, _lead(Branch.NODE, "node.pull-qps")),
    Kind(
        "RATE_429",
        4,
        _lead(Branch.REGISTRY, "registry.throttling"),
        ((When.DOCKER_HUB, _lead(Branch.IMAGE, "image.reference")),),
    ),
    Kind("NO_SPACE", 5, _lead(Branch.NODE, "node.disk-space")),
    Kind(
        "EXEC_FORMAT",
        6,
        _lead(Branch.IMAGE, "image.platform"),
        ((When.CHECK_ACR_TOOL, CHECK_TOOL),),
    ),
    Kind("NO_PLATFORM", 7, _lead(Branch.IMAGE, "image.platform", "image.windows-version")),
    Kind("FW_IP", 8, _lead(Branch.NETWORK, "network.ip-rules", "dns.vnet-link", "dns.records", *_TO_THE_PUBLIC_DOOR)),
    Kind(
        "ANON_403",
        9,
        _lead(
            Branch.NETWORK,
            "network.public-access",
            "network.ip-rules",
            "network.pe-exists",
            "dns.vnet-link",
            "dns.records",
            *_TO_THE_PUBLIC_DOOR,
        ),
    ),
    Kind("BLOB_403", 10, _lead(Branch.NETWORK, "net.firewall-rules", "net.http-proxy", "network.data-endpoint")),
    Kind(
        "FORBIDDEN_OTHER",
        11,
        _lead(
            Branch.NETWORK, "network.ip-rules", "identity.acrpull-role", "image.locked", "identity.deny-assignments"
        ),
        ((When.PROXY, _lead(Branch.NETWORK, "net.http-proxy")),),
    ),
    Kind("PROXY", 12, _lead(Branch.NETWORK, "net.http-proxy")),
    Kind(
        "NXDOMAIN",
        13,
        _lead(
            Branch.NETWORK,
            "image.login-server",
            "registry.health",
            "dns.records",
            "dns.shadow-zones",
            "dns.zone-group",
            "dns.custom-servers",
        ),
        (
            (
                When.DATA_NAME,
                _lead(
                    Branch.NETWORK,
                    "dns.records",
                    "image.login-server",
                    "registry.health",
                    "dns.shadow-zones",
                    "dns.zone-group",
                    "dns.custom-servers",
                ),
            ),
        ),
    ),
    Kind(
        "DNS_FAIL",
        14,
        _lead(Branch.NETWORK, "dns.custom-servers", "net.nsg-aks", "net.route-table", "net.firewall-rules"),
    ),
    Kind(
        "BLOB_NET",
        15,
        _lead(
            Branch.NETWORK,
            "network.data-endpoint",
            "dns.records",
            "net.avnm",
            "net.nsg-aks",
            "net.firewall-rules",
            "net.route-table",
        ),
    ),
    Kind(
        "TIMEOUT_443",
        16,
        _lead(
            Branch.NETWORK,
            "net.outbound-type",
            "net.avnm",
            "net.nsg-aks",
            "net.route-table",
            "net.firewall-rules",
            "dns.vnet-link",
            *_TO_THE_PUBLIC_DOOR,
        ),
        ((When.PRIVATE_ADDRESS, _lead(Branch.NETWORK, *_PRIVATE_PATH)),),
    ),
    Kind("TLS_TIMEOUT", 17, _lead(Branch.NETWORK, "net.firewall-rules", "net.route-table", "net.http-proxy")),
    Kind(
        "RESET_REFUSED",
        18,
        _lead(Branch.NETWORK, "net.firewall-rules", "net.http-proxy", "net.route-table", "dns.records"),
    ),
    Kind("X509", 19, _lead(Branch.NETWORK, "net.http-proxy", "dns.records")),
    Kind("PLUGIN_IMDS", 20, _lead(Branch.IDENTITY, "identity.node-assignment", "identity.kubelet-exists")),
    Kind("SP_EXPIRED", 21, _lead(Branch.IDENTITY, "identity.sp-credential", "secret.sp-credential")),
    Kind("SP_BADSECRET", 22, _lead(Branch.IDENTITY, "identity.sp-credential")),
    Kind("SP_GONE", 23, _lead(Branch.IDENTITY, "identity.sp-exists", "identity.cross-tenant")),
    Kind("SP_OTHER", 24, _lead(Branch.IDENTITY, "identity.sp-exists", "identity.sp-credential")),
    Kind(
        "EXCHANGE_REFUSED",
        25,
        _lead(Branch.IDENTITY, "identity.acrpull-role", "identity.arm-audience", "identity.cross-tenant"),
        ((When.STATUS_403, _lead(Branch.NETWORK, "network.ip-rules")),),
    ),
    Kind("NO_CHALLENGE", 26, _lead(Branch.NETWORK, "network.ip-rules", "net.http-proxy")),
    Kind(
        "SCOPE_DENIED",
        27,
        _lead(
            Branch.IDENTITY,
            "identity.role-mode",
            "identity.acrpull-role",
            "identity.role-conditions",
            "secret.scope-map",
            "image.repository",
        ),
        ((When.DOCKER_HUB, _lead(Branch.IMAGE, "image.reference")),),
    ),
    Kind("OAUTH_401", 28, _lead(Branch.IDENTITY, *_REFUSED_CREDENTIALS)),
    Kind("ANON_401", 29, _lead(Branch.IDENTITY, *_NO_CREDENTIALS)),
    Kind("UNAUTH", 30, _lead(Branch.IDENTITY, *dict.fromkeys(_NO_CREDENTIALS + _REFUSED_CREDENTIALS))),
    Kind(
        "NOT_FOUND",
        31,
        _lead(
            Branch.IMAGE,
            "image.login-server",
            "image.repository",
            "image.tag",
            "image.quarantine",
            "image.soft-deleted",
            "registry.geo-replicas",
        ),
    ),
    Kind("SECRET_MISSING", 32, _lead(Branch.SECRET, "secret.exists")),
    Kind("SERVER_5XX", 33, _lead(Branch.REGISTRY, "registry.health", "registry.cmk", "registry.geo-replicas")),
    Kind("BACKOFF_ONLY", 34, _lead(None)),
    Kind("NOT_PULL", 35, _lead(None)),
    Kind("OTHER_REGISTRY", 36, _lead(Branch.IMAGE, "image.reference")),
    Kind("UNKNOWN", 37, _lead(None)),
)

KINDS: dict[str, Kind] = {kind.id: kind for kind in _ROWS}
"""Every kind by its id, in the order of the table's rows."""

_DOCKER_HUB = re.compile(r"(?:^|\.)docker\.(?:io|com)$")
_DATA_NAME = re.compile(r"lookup \S{0,200}(?:\.data\.azurecr\.|\.blob\.core\.)", re.IGNORECASE)


def lead(symptom: Symptom) -> Lead:
    """Where to look first for `symptom`, with the narrower lead where its condition is met."""
    kind = KINDS[symptom.kind]
    return next((narrow for when, narrow in kind.narrower if _met(when, symptom)), kind.lead)


def _met(when: When, symptom: Symptom) -> bool:
    excerpt = symptom.excerpt.lower()
    return {
        When.PRIVATE_ADDRESS: symptom.address is not None and is_private(symptom.address),
        When.STATUS_403: symptom.http_status == 403,
        When.DOCKER_HUB: symptom.registry is not None and _DOCKER_HUB.search(symptom.registry) is not None,
        When.PROXY: "proxyconnect" in excerpt,
        When.DATA_NAME: _DATA_NAME.search(excerpt) is not None,
        When.CHECK_ACR_TOOL: of_check_tool(f"{excerpt} {symptom.pod}"),
    }[when]


def of_check_tool(text: str) -> bool:
    """Whether a text tells of the container that `az aks check-acr` runs on a node, and so of no image of a pod."""
    return "canipull" in text.lower()
