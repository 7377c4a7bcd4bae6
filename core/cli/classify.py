"""`pull-doctor classify`: what a pasted error text means."""

from __future__ import annotations

import argparse
import json

from core.cli.exit_codes import Exit
from core.cli.input import read_input
from core.cli.output import say
from core.model import Symptom
from core.report.as_json import symptom_document
from core.symptoms import classify
from core.texts import Texts, load


def run(options: argparse.Namespace) -> int:
    """Classify a file and print the symptom."""
    symptom = classify(read_input(options.file))
    if options.format == "json":
        say(json.dumps(symptom_document(symptom), indent=2, ensure_ascii=False))
    else:
        say(_as_text(symptom, load()))
    return Exit.NOTHING_WRONG


def _as_text(symptom: Symptom, texts: Texts) -> str:
    extracted = {
        "image": symptom.image,
        "registry": symptom.registry,
        "address": symptom.address,
        "http-status": str(symptom.http_status) if symptom.http_status else None,
        "pod": symptom.pod,
        "namespace": symptom.namespace,
        "node": symptom.node,
        "excerpt": symptom.excerpt,
    }
    lines = [
        f"{texts.get('symptoms', symptom.kind, 'title')}  ({symptom.kind})",
        texts.get("symptoms", symptom.kind, "meaning"),
        *(f"  {texts.label(label)}: {value}" for label, value in extracted.items() if value),
        *(f"  {texts.label('also')}: {other.kind}: {other.excerpt}" for other in symptom.others),
    ]
    return "\n".join(lines)
