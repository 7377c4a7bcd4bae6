"""The report that other programs rely on; its names change only with SCHEMA_VERSION."""

from __future__ import annotations

import json
import re
from datetime import UTC
from typing import Any

from core.checks.table import ALL
from core.model import CheckResult, Evidence, Fix, ImageReference, Report, Symptom
from core.report.wording import other_way
from core.texts import Texts
from core.version import NAME, VERSION

SCHEMA_VERSION = "1"

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What would steer a terminal or turn the direction of a line; JSON can say it in letters."""

BRANCHES = {check.id: check.branch.value for check in ALL}


def to_json(report: Report, texts: Texts) -> str:
    """Give the whole report as JSON, indented, in the order of the contract."""
    text = json.dumps(document(report, texts), indent=2, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def document(report: Report, texts: Texts) -> dict[str, Any]:
    """Give the whole report as plain dictionaries and lists."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "program": {"name": NAME, "version": VERSION},
        "startedAt": report.started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "durationMs": report.duration_ms,
        "practice": report.practice,
        "cloud": report.cloud,
        "tenantId": report.tenant_id,
        "account": report.account,
        "cluster": {"id": report.cluster.id, "name": report.cluster.name, "location": report.cluster.detail},
        "registry": {"id": report.registry.id, "name": report.registry.name, "loginServer": report.registry.detail},
        "image": image_document(report.image),
        "symptom": symptom_document(report.symptom),
        "conclusion": {
            "outcome": report.conclusion.outcome.value,
            "headline": report.conclusion.headline,
            "causes": list(report.conclusion.causes),
        },
        "checks": [_check(result, texts) for result in report.results],
        "requests": {
            "count": report.requests.count,
            "repeated": report.requests.repeated,
            "throttled": report.requests.throttled,
            "failed": report.requests.failed,
        },
        "notes": list(report.notes),
    }


def image_document(image: ImageReference | None) -> dict[str, Any] | None:
    """Give the parts of an image name under the names of the contract."""
    if image is None:
        return None
    return {
        "reference": image.reference,
        "registry": image.registry,
        "repository": image.repository,
        "tag": image.tag,
        "digest": image.digest,
    }


def symptom_document(symptom: Symptom | None) -> dict[str, Any] | None:
    """Give a symptom under the names of the contract; this is also what `classify` prints."""
    if symptom is None:
        return None
    return {
        "kind": symptom.kind,
        "branch": symptom.branch,
        "excerpt": symptom.excerpt,
        "httpStatus": symptom.http_status,
        "address": symptom.address,
        "image": symptom.image,
        "registry": symptom.registry,
        "pod": symptom.pod,
        "namespace": symptom.namespace,
        "node": symptom.node,
        "others": [{"kind": other.kind, "excerpt": other.excerpt} for other in symptom.others],
    }


def _check(result: CheckResult, texts: Texts) -> dict[str, Any]:
    verdict = result.verdict
    missing = verdict.missing
    return {
        "id": result.check,
        "title": texts.title(result.check),
        "branch": BRANCHES[result.check],
        "status": verdict.status.value,
        "certainty": verdict.certainty.value if verdict.certainty else None,
        "reason": verdict.reason,
        "summary": " ".join((texts.summary(result.check, verdict), *other_way(result, texts))),
        "evidence": [_evidence(evidence, texts) for evidence in verdict.evidence],
        "missingPermission": missing and {"action": missing.action, "scope": missing.scope, "role": missing.role},
        "moot": result.moot,
        "fixes": [_fix(fix) for fix in result.fixes],
        "durationMs": result.duration_ms,
    }


def _evidence(evidence: Evidence, texts: Texts) -> dict[str, str]:
    return {"label": texts.label(evidence.label), "value": evidence.value}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "changes": fix.changes,
        "risk": fix.risk.value,
        "youMayApply": fix.you_may_apply,
        "permission": fix.permission,
        "azureCli": list(fix.azure_cli),
        "powershell": list(fix.powershell),
        "kubectl": list(fix.kubectl),
        "portal": list(fix.portal),
        "docs": fix.docs,
        "waitMinutes": fix.wait_minutes,
    }
