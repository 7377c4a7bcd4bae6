"""The pasted texts that the symptom tests stand on, and the table from broad labels to kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data" / "errors"

KINDS_OF_LABEL: dict[str, set[str]] = {
    "unauthorized-401": {"OAUTH_401", "ANON_401", "UNAUTH", "SCOPE_DENIED", "EXCHANGE_REFUSED"},
    "forbidden-403": {"ANON_403", "FORBIDDEN_OTHER", "NO_CHALLENGE", "EXCHANGE_REFUSED"},
    "forbidden-client-ip": {"FW_IP"},
    "not-found": {"NOT_FOUND"},
    "timeout-443": {"TIMEOUT_443"},
    "context-deadline": {"TIMEOUT_443"},
    "dns": {"NXDOMAIN", "DNS_FAIL"},
    "tls-x509": {"X509"},
    "tls-timeout": {"TLS_TIMEOUT"},
    "connection-refused": {"RESET_REFUSED"},
    "rate-limited-429": {"RATE_429", "PULL_QPS"},
    "platform-mismatch": {"NO_PLATFORM", "EXEC_FORMAT"},
    "invalid-image-name": {"INVALID_NAME"},
    "layer-download": {"BLOB_403", "BLOB_NET"},
    "disk-space": {"NO_SPACE"},
    "credential-provider": {"PLUGIN_IMDS", "SP_EXPIRED", "SP_BADSECRET", "SP_GONE", "SP_OTHER", "EXCHANGE_REFUSED"},
    "secret-missing": {"SECRET_MISSING"},
    "server-5xx": {"SERVER_5XX"},
    "not-a-pull-error": {"NOT_PULL"},
    "other": {"BACKOFF_ONLY", "UNKNOWN", "RESET_REFUSED", "NEVER_PULL", "OTHER_REGISTRY", "PROXY"},
}

FIELDS = {
    "image": "image",
    "registry": "registry",
    "status": "http_status",
    "ip": "address",
    "pod": "pod",
    "namespace": "namespace",
    "node": "node",
}
"""A field of the data and the attribute of the symptom that it is compared with."""


def texts(name: str) -> list[dict[str, Any]]:
    """Every text of one file of `tests/data/errors`."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


VISIBLE = texts("visible.jsonl")
OWN = texts("own.jsonl")
ALL_TEXTS: list[str] = [entry["text"] for entry in VISIBLE + OWN]
