"""The password of a pull secret, and those it is compared with, come out nowhere."""

from __future__ import annotations

import base64
import io
import json
import logging
import pickle
from collections.abc import Iterator
from dataclasses import replace

import pytest
from canaries import ADMIN_PASSWORD, MARK, OLD_PASSWORD, leaks
from leaky_azure import leaky_session

from core.cancel import CancelToken
from core.model import Event
from core.practice.arm_registry_credentials import set_passwords
from core.practice.names import scope
from core.practice.scenario import load_scenario
from core.pull_secret.read import read_pull_secrets
from core.report import FORMATS, render
from core.report.masking import mask
from core.session import scenario_choice
from core.texts import load

AUTH = base64.b64encode(f"contosoreg:{OLD_PASSWORD}".encode()).decode()


def secret(**entry: str) -> str:
    login = {"username": "contosoreg", "password": OLD_PASSWORD, "auth": AUTH, **entry}
    config = json.dumps({"auths": {f"https://x:{OLD_PASSWORD.replace('/', '')}@contosoreg.azurecr.io": login}})
    data = {".dockerconfigjson": base64.b64encode(config.encode()).decode()}
    names = {"name": "acr-cred", "namespace": "shop", "annotations": {"note": f"password={OLD_PASSWORD}"}}
    return json.dumps({"kind": "Secret", "metadata": names, "type": "kubernetes.io/dockerconfigjson", "data": data})


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that anybody logs at DEBUG, before the log's own guard has seen it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize(
    ("present", "cause"), [([ADMIN_PASSWORD, "x"], True), ([OLD_PASSWORD, ADMIN_PASSWORD], False)]
)
def test_a_comparison_tells_only_its_outcome(present: list[str], cause: bool, log: io.StringIO) -> None:
    with leaky_session("secret-admin-old-password") as (session, simulator):
        set_passwords(simulator.world, simulator.world.resources[scope("registry").lower()], present)
        choice = scenario_choice(load_scenario("secret-admin-old-password"))
        choice = replace(choice, pull_secret=read_pull_secrets(secret()))
        events: list[Event] = []
        report = session.diagnose(choice, events.append, CancelToken())
        assert ("secret.admin-account" in report.conclusion.causes) is cause
        assert any("listcredentials" in request.url.lower() for request in simulator.log)
        texts = load()
        said = [render(one, format_, texts) for one in (report, mask(report)) for format_ in FORMATS]
        said += [repr(report), repr(events), repr(choice), str(pickle.dumps(choice)), log.getvalue()]
        assert MARK in secret()
        assert leaks("\n".join(said), AUTH, OLD_PASSWORD, ADMIN_PASSWORD) == []


@pytest.mark.parametrize(
    "entry",
    [{"auth": "%%%"}, {"auth": AUTH[:-8]}, {"password": f"{OLD_PASSWORD}\n"}, {"username": "", "auth": ""}],
    ids=["bad-auth", "cut-auth", "line-break", "no-user"],
)
def test_a_broken_secret_tells_nothing_either(entry: dict[str, str]) -> None:
    with leaky_session("role-missing") as (session, _simulator):
        choice = replace(
            scenario_choice(load_scenario("role-missing")), pull_secret=read_pull_secrets(secret(**entry))
        )
        events: list[Event] = []
        report = session.diagnose(choice, events.append, CancelToken())
        said = [render(report, format_, load()) for format_ in FORMATS]
        assert leaks("\n".join([*said, repr(events), repr(choice)]), AUTH) == []
