"""`pull-doctor diagnose`: one cluster, one registry, one report."""

from __future__ import annotations

import argparse

from core.azure.clouds import KNOWN_CLOUDS, Cloud
from core.azure.discovery import discover
from core.azure.sign_in import SignInMethod, sign_in
from core.cancel import CancelToken
from core.cli.errors import Usage
from core.cli.exit_codes import OF_OUTCOME
from core.cli.input import read_input
from core.cli.output import Destination, progress
from core.cli.stop import stops_on_interrupt
from core.facts.choice import Choice
from core.facts.pull_secret import PullSecrets
from core.model import Symptom
from core.pull_secret.read import NotAPullSecret, read_pull_secrets_of
from core.session import Session, signed_in_session
from core.symptoms import classify


def run(options: argparse.Namespace) -> int:
    """Sign in, find the two resources, diagnose, and write the report."""
    if options.error_text == "-" and options.pull_secret == "-":
        raise Usage("Only one of --error-text and --pull-secret can be standard input; name a file for the other.")
    symptom = classify(read_input(options.error_text)) if options.error_text else None
    secret = _pull_secret(options.pull_secret) if options.pull_secret else None
    destination = Destination(options.output)
    cancel = CancelToken()
    with stops_on_interrupt(cancel):
        cloud = _cloud(options, cancel)
        account = sign_in(SignInMethod(options.sign_in), cloud, options.tenant, cancel=cancel)
        session = signed_in_session(account, cloud, options.language)
        try:
            return _diagnose(options, session, symptom, secret, destination, cancel)
        finally:
            session.close()


def _pull_secret(name: str) -> PullSecrets:
    """Read the pull secret; what is kept of it holds no password."""
    try:
        return read_pull_secrets_of(read_input(name))
    except NotAPullSecret as refused:
        raise Usage(f"{name} is no pull secret. {refused}") from refused


def _cloud(options: argparse.Namespace, cancel: CancelToken) -> Cloud:
    return discover(options.arm_endpoint, cancel) if options.arm_endpoint else KNOWN_CLOUDS[options.cloud]


def _diagnose(
    options: argparse.Namespace,
    session: Session,
    symptom: Symptom | None,
    secret: PullSecrets | None,
    destination: Destination,
    cancel: CancelToken,
) -> int:
    picked = session.pick(options.cluster, options.registry, options.subscription, cancel)
    choice = Choice(
        cluster_id=picked.cluster,
        registry_id=picked.registry,
        image=options.image or (symptom.image if symptom else None),
        symptom=symptom,
        namespace=options.namespace or (symptom.namespace if symptom else None),
        image_from_text=not options.image,
        pull_secret=secret,
        may_list_passwords=options.compare_admin_password,
    )
    report = session.diagnose(choice, progress(session.texts), cancel, picked.facts)
    destination.write(report, options.format, session.texts, options.redact)
    return OF_OUTCOME[report.conclusion.outcome]
