"""The sentences and the order that the reports for people share."""

from __future__ import annotations

from dataclasses import replace

from core.fixes.quoting import prints
from core.model import CheckResult, Fix, MissingPermission, Report, Risk, Status
from core.texts import Texts

_TOLD = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.WARNING: 2}

SHELLS = (
    ("azure_cli", "Azure CLI", "bash"),
    ("powershell", "Azure PowerShell", "powershell"),
    ("kubectl", "kubectl", "bash"),
)
"""The fields of a fix that hold commands, what they are called, and the language of their code."""


def printable(text: str) -> str:
    """Give a text with its line breaks, without anything that does not show or that turns what stands around it."""
    return "\n".join(
        "".join(" " if letter.isspace() else letter for letter in line if prints(letter))
        for line in text.splitlines()
    )


def sentence(text: str) -> str:
    """Give a text on one line, without anything that does not show."""
    return " ".join(printable(text).split())


def by_importance(report: Report) -> list[CheckResult]:
    """Give the results worth telling at length: causes in their order, other problems, unknowns, warnings."""
    place = {check: number for number, check in enumerate(report.conclusion.causes)}
    told = [result for result in report.results if result.verdict.status in _TOLD]
    return sorted(told, key=lambda result: (place.get(result.check, len(place)), _TOLD[result.verdict.status]))


def findings(report: Report, texts: Texts) -> list[tuple[CheckResult, ...]]:
    """Give the results worth telling at length; those that could not be checked for the same reason come together."""
    groups: dict[object, list[CheckResult]] = {}
    for result in by_importance(report):
        groups.setdefault(_sameness(result, texts), []).append(result)
    return [tuple(group) for group in groups.values()]


def _sameness(result: CheckResult, texts: Texts) -> object:
    if result.verdict.status is not Status.UNKNOWN or result.fixes:
        return result.check
    return texts.summary(result.check, result.verdict), result.moot


def count_line(report: Report, texts: Texts) -> str:
    """Say in one line how many checks ended how, and how long it took."""
    statuses = [result.verdict.status for result in report.results]
    causes = len(report.conclusion.causes)
    counts = {
        "causes": causes,
        "following": statuses.count(Status.FAIL) - causes,
        "ok": statuses.count(Status.PASS),
        "warnings": statuses.count(Status.WARNING),
        "unknown": statuses.count(Status.UNKNOWN),
        "skipped": statuses.count(Status.NOT_APPLICABLE),
        "not-run": statuses.count(Status.NOT_RUN),
    }
    parts = [
        texts.fill("words", "counts", key if count == 1 else f"{key}-many", values={"count": str(count)})
        for key, count in counts.items()
        if count or key == "ok"
    ]
    return " · ".join([*parts, f"{report.duration_ms / 1000:.1f} s"])


def subject_rows(report: Report, texts: Texts) -> list[tuple[str, str]]:
    """Give what was diagnosed, by whom, when, and the line of the pasted text that decided."""
    symptom = report.symptom
    rows = [
        ("cluster", report.cluster.id),
        ("registry", report.registry.id),
        ("image", report.image.reference if report.image else ""),
        ("excerpt", symptom.excerpt if symptom else ""),
        ("account", report.account),
        ("time", report.started_at.strftime("%Y-%m-%d %H:%M UTC")),
    ]
    return [(texts.label(label), value) for label, value in rows if value]


def heading(result: CheckResult, texts: Texts) -> str:
    """Give the title of a check, and how sure it is where it failed."""
    title = texts.title(result.check)
    certainty = result.verdict.certainty
    return f"{title} ({texts.get('words', 'certainty', certainty.value)})" if certainty else title


def told(result: CheckResult, texts: Texts) -> list[str]:
    """Give the sentences of a finding: what was found, why it matters, and what makes it pointless."""
    lines = [texts.summary(result.check, result.verdict)]
    if result.verdict.status is Status.FAIL:
        lines.append(texts.fill("words", "report", "why", values={"why": texts.get("checks", result.check, "why")}))
    if result.moot is not None:
        lines.append(texts.fill("words", "report", "moot", values={"by": texts.title(result.moot)}))
    return [*lines, *other_way(result, texts)]


def other_way(result: CheckResult, texts: Texts) -> tuple[str, ...]:
    """Say why a failure is only a warning: there is another way for the pull. Nothing where it is none such."""
    if result.softened_by is None:
        return ()
    return (texts.fill("words", "report", "softened", values={"by": texts.title(result.softened_by)}),)


def evidence_rows(results: tuple[CheckResult, ...], texts: Texts) -> list[tuple[str, str]]:
    """Give what the checks of one finding saw, with the labels in words.

    Why something could not be checked is not said a second time.
    """
    rows: dict[tuple[str, str], None] = {}
    for result in results:
        said = texts.summary(result.check, result.verdict) if result.verdict.status is Status.UNKNOWN else ""
        for one in result.verdict.evidence:
            if one.value not in said:
                rows[texts.label(one.label), one.value] = None
    return list(rows)


def permissions_to_ask_for(report: Report, texts: Texts) -> dict[str, list[MissingPermission]]:
    """Give what would let the rest be checked, by the first check of the finding that it is told with.

    Each role on a scope is asked for once, with every action that it is needed for.
    """
    wanted: dict[tuple[str, str], tuple[str, MissingPermission]] = {}
    for results in findings(report, texts):
        for result in results:
            missing = result.verdict.missing
            if missing is None:
                continue
            key = missing.role, missing.where.lower()
            check, told_before = wanted.get(key, (results[0].check, missing))
            if missing.action not in told_before.action.split(", "):
                told_before = replace(told_before, action=f"{told_before.action}, {missing.action}")
            wanted[key] = check, told_before
    asked: dict[str, list[MissingPermission]] = {}
    for check, missing in wanted.values():
        asked.setdefault(check, []).append(missing)
    return asked


def missing_texts(missing: MissingPermission, texts: Texts) -> tuple[str, str]:
    """Give what a missing permission is good for, and a message for whoever can give it."""
    values = {"action": missing.action, "scope": missing.where, "role": missing.role}
    sentence_, message = (
        texts.fill("words", "missing-permission", key, values=values) for key in ("sentence", "message")
    )
    return sentence_, message.strip()


def commands(fix: Fix) -> list[tuple[str, str, tuple[str, ...]]]:
    """Give the commands of a fix: name of the shell, language of the code, lines."""
    ways = [(name, language, getattr(fix, field)) for field, name, language in SHELLS]
    return [way for way in ways if way[2]]


def risk_line(fix: Fix, texts: Texts) -> str:
    """Say what a fix does besides fixing; empty where it does nothing else."""
    if fix.risk is Risk.NONE:
        return ""
    return texts.fill("words", "report", "risk", values={"risk": texts.get("words", "risk", fix.risk.value)})


def may_line(fix: Fix, texts: Texts) -> str:
    """Say whether the signed-in user may apply a fix; empty where it takes no permission."""
    if not fix.permission:
        return ""
    key = {True: "you-may", False: "may-not", None: "may-unknown"}[fix.you_may_apply]
    return texts.fill("words", "report", key, values={"permission": fix.permission})


def wait_line(fix: Fix, texts: Texts) -> str:
    """Say how long Azure takes to honour a fix; empty where it is at once."""
    if not fix.wait_minutes:
        return ""
    key = "wait-minute" if fix.wait_minutes == 1 else "wait"
    return texts.fill("words", "report", key, values={"minutes": str(fix.wait_minutes)})


def link(address: str) -> str:
    """Give an address that may be followed; empty for anything but plain HTTPS."""
    safe = address.startswith("https://") and not any(sign in address for sign in "<>\"'`\\ \n\r\t")
    return address if safe else ""
