"""The report's promise to other programs, written down a second time: every key, type and allowed word."""

from __future__ import annotations

import re
from typing import Any

STATUSES = {"pass", "warning", "fail", "unknown", "not-applicable", "not-run"}
CERTAINTIES = {"definite", "likely", "possible"}
BRANCHES = {"cluster", "registry", "image", "identity", "secret", "network", "node"}
RISKS = {"none", "disruptive", "widens-access"}
OUTCOMES = {"cause-found", "no-cause-found", "inconclusive"}
_CHECKS = """
    context.tenant-and-cloud context.caller-permissions cluster.power-state cluster.provisioning-state
    cluster.nodes-ready cluster.node-resource-group image.reference image.login-server image.pull-policy
    image.repository image.tag image.platform image.windows-version image.kind image.locked image.quarantine
    image.soft-deleted identity.kind identity.kubelet-present identity.kubelet-exists identity.node-assignment
    identity.node-image-current identity.acrpull-role identity.role-mode identity.role-conditions
    identity.wrong-principal identity.role-propagation identity.deny-assignments identity.cross-tenant
    identity.arm-audience identity.sp-exists identity.sp-credential identity.sp-role secret.in-use secret.exists
    secret.format secret.server-match secret.account-kind secret.sp-credential secret.admin-account secret.acr-token
    secret.scope-map registry.health registry.sku-limits registry.throttling registry.anonymous-pull
    registry.geo-replicas registry.cmk registry.artifact-cache network.path network.public-access network.egress-ips
    network.ip-rules network.service-endpoint network.data-endpoint network.pe-exists network.pe-connection
    dns.expected-records dns.zone-exists dns.zone-group dns.records dns.vnet-link dns.duplicate-zones dns.shadow-zones
    dns.custom-servers dns.workstation-view net.peering net.peering-transit net.nsg-aks net.nsg-pe net.avnm
    net.route-table net.firewall-rules net.outbound-type net.isolated-bootstrap net.http-proxy node.pull-qps
    node.disk-space active.check-acr active.runcommand-probe active.pod-events active.kubelet-logs
    active.workstation-probe logs.login-events
"""
CHECKS = set(_CHECKS.split())
_KINDS = """
    INVALID_NAME NEVER_PULL PULL_QPS RATE_429 NO_SPACE EXEC_FORMAT NO_PLATFORM FW_IP ANON_403 BLOB_403 FORBIDDEN_OTHER
    PROXY NXDOMAIN DNS_FAIL BLOB_NET TIMEOUT_443 TLS_TIMEOUT RESET_REFUSED X509 PLUGIN_IMDS SP_EXPIRED SP_BADSECRET
    SP_GONE SP_OTHER EXCHANGE_REFUSED NO_CHALLENGE SCOPE_DENIED OAUTH_401 ANON_401 UNAUTH NOT_FOUND SECRET_MISSING
    SERVER_5XX BACKOFF_ONLY NOT_PULL OTHER_REGISTRY UNKNOWN
"""
KINDS = set(_KINDS.split())

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
REASON = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SENTENCE = re.compile(r"\S.*", re.DOTALL)
COMMAND = re.compile(r"\S[^\r\n]*")
SECURE = re.compile(r"https://\S+")


class Maybe:
    """A shape, or null."""

    def __init__(self, shape: object) -> None:
        self.shape = shape


FIX = {
    "title": SENTENCE,
    "changes": SENTENCE,
    "risk": RISKS,
    "youMayApply": Maybe(bool),
    "permission": str,
    "azureCli": [COMMAND],
    "powershell": [COMMAND],
    "kubectl": [COMMAND],
    "portal": [SENTENCE],
    "docs": SECURE,
    "waitMinutes": int,
}
CHECK = {
    "id": CHECKS,
    "title": SENTENCE,
    "branch": BRANCHES,
    "status": STATUSES,
    "certainty": Maybe(CERTAINTIES),
    "reason": REASON,
    "summary": SENTENCE,
    "evidence": [{"label": SENTENCE, "value": SENTENCE}],
    "missingPermission": Maybe({"action": SENTENCE, "scope": SENTENCE, "role": SENTENCE}),
    "moot": Maybe(CHECKS),
    "fixes": [FIX],
    "durationMs": int,
}
SYMPTOM = {
    "kind": KINDS,
    "branch": Maybe(BRANCHES),
    "excerpt": str,
    "httpStatus": Maybe(int),
    "address": Maybe(str),
    "image": Maybe(str),
    "registry": Maybe(str),
    "pod": Maybe(str),
    "namespace": Maybe(str),
    "node": Maybe(str),
    "others": [{"kind": KINDS, "excerpt": str}],
}
REPORT = {
    "schemaVersion": {"1"},
    "program": {"name": {"pull-doctor"}, "version": SENTENCE},
    "startedAt": TIME,
    "durationMs": int,
    "practice": bool,
    "cloud": SENTENCE,
    "tenantId": SENTENCE,
    "account": SENTENCE,
    "cluster": {"id": SENTENCE, "name": SENTENCE, "location": str},
    "registry": {"id": SENTENCE, "name": SENTENCE, "loginServer": str},
    "image": Maybe(
        {"reference": SENTENCE, "registry": str, "repository": str, "tag": Maybe(str), "digest": Maybe(str)}
    ),
    "symptom": Maybe(SYMPTOM),
    "conclusion": {"outcome": OUTCOMES, "headline": SENTENCE, "causes": [CHECKS]},
    "checks": [CHECK],
    "requests": {"count": int, "repeated": int, "throttled": int, "failed": int},
    "notes": [SENTENCE],
}


def breaches(document: Any) -> list[str]:
    """Give everything in a report that the contract does not allow."""
    return [*_shape(document, REPORT, "report"), *_sense(document)]


def _shape(value: Any, shape: Any, where: str) -> list[str]:
    if isinstance(shape, Maybe):
        return [] if value is None else _shape(value, shape.shape, where)
    if isinstance(shape, dict):
        if not isinstance(value, dict) or set(value) != set(shape):
            return [f"{where}: keys {sorted(value) if isinstance(value, dict) else value!r}, not {sorted(shape)}"]
        return [problem for key, inner in shape.items() for problem in _shape(value[key], inner, f"{where}.{key}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [p for number, item in enumerate(value) for p in _shape(item, shape[0], f"{where}[{number}]")]
    if isinstance(shape, set):
        return [] if isinstance(value, str) and value in shape else [f"{where}: {value!r} is no word of the contract"]
    if isinstance(shape, re.Pattern):
        return [] if isinstance(value, str) and shape.fullmatch(value) else [f"{where}: {value!r}"]
    if type(value) is not shape or (shape is int and value < 0):
        return [f"{where}: {value!r} is no {shape.__name__}"]
    return []


def _sense(document: Any) -> list[str]:
    """What the keys promise together."""
    checks = {check["id"]: check for check in document["checks"]}
    causes = document["conclusion"]["causes"]
    problems = []
    if len(checks) != len(document["checks"]):
        problems.append("a check stands there twice")
    if len(set(causes)) != len(causes):
        problems.append("a cause stands there twice")
    if (document["conclusion"]["outcome"] == "cause-found") != bool(causes):
        problems.append("outcome and causes do not agree")
    for cause in causes:
        if checks[cause]["status"] != "fail" or checks[cause]["moot"] is not None:
            problems.append(f"{cause} is a cause and did not fail by itself")
    for name, check in checks.items():
        if (check["status"] == "fail") != (check["certainty"] is not None):
            problems.append(f"{name}: certainty belongs to a fail")
        if check["status"] == "fail" and check["moot"] is None and name not in causes:
            problems.append(f"{name}: failed, nothing makes it moot, and it is no cause")
        if check["missingPermission"] is not None and check["status"] != "unknown":
            problems.append(f"{name}: a missing permission belongs to an unknown")
        if check["moot"] is not None and check["moot"] not in checks:
            problems.append(f"{name}: moot by a check that is not there")
    return problems
