"""Secrets are planted everywhere, and none comes out: in no report, event, log, trace or exception."""

from __future__ import annotations

import io
import json
import logging
import queue
import traceback
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

import pytest
from canaries import IN_TEXTS, MARK, leaks
from leaky_azure import ALL_TEXTS, LeakySimulator, leaky_session

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.collect.table import providers
from core.engine.fact_store import FactStore
from core.facts.choice import Choice
from core.facts.fact import Fact, Known
from core.log_guard import RedactingFilter
from core.model import Event, Report, Status
from core.practice.scenario import load_scenario
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.report import FORMATS, render
from core.report.as_json import symptom_document
from core.report.masking import mask
from core.scrub import GONE, scrub
from core.session import cloud_names, scenario_choice
from core.symptoms import classify
from core.texts import load

SCENARIOS = ("role-missing", "sp-expired", "sp-some-expired", "kubelet-identity-recreated", "wrong-login-server")
ECHOES = {
    "roles": "*/roleassignments*",
    "cluster": "*/managedclusters/*",
    "registry": "*/registries/*",
    "graph": "*graph.microsoft.com*",
    "images": "*.azurecr.io*",
    "everything": "*",
}
LIBRARIES = ("azure", "msal", "msal_extensions", "urllib3", "requests", "core")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that anybody logs at DEBUG, as the program's log file would hold it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in LIBRARIES)]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    for one, level in zip(loggers, before, strict=True):
        one.setLevel(level)


def everything_said(report: Report, events: list[Event]) -> str:
    texts = load()
    rendered = [render(one, format_, texts) for one in (report, mask(report)) for format_ in FORMATS]
    traces = [result.fault or "" for result in report.results]
    return "\n".join([*rendered, *traces, repr(report), repr(events)])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_azure_s_answers_hold_is_not_taken_over(scenario: str, log: io.StringIO) -> None:
    with leaky_session(scenario) as (session, simulator):
        events: list[Event] = []
        choice = scenario_choice(load_scenario(scenario))
        report = session.diagnose(choice, events.append, CancelToken())
        assert report.conclusion.causes
        assert simulator.tokens()
        assert MARK in json.dumps(list(simulator.world.resources.values()))
        assert leaks(everything_said(report, events), *simulator.tokens()) == []
        listing = session.list_inventory(CancelToken(), lambda _done, _all: None)
        assert leaks(repr(listing) + repr(session.pick("aks-app", "contosoreg", None, CancelToken()))) == []
    assert leaks(log.getvalue(), *simulator.tokens()) == []


@pytest.mark.parametrize("status", [0, 400, 401, 403, 404, 409])
@pytest.mark.parametrize("echoes", ECHOES.values(), ids=ECHOES.keys())
def test_what_an_error_echoes_is_taken_out(echoes: str, status: int, log: io.StringIO) -> None:
    with leaky_session("sp-expired") as (session, simulator):
        simulator.echoes, simulator.status, simulator.text = echoes, status, "Say no more."
        events: list[Event] = []
        report = session.diagnose(scenario_choice(load_scenario("sp-expired")), events.append, CancelToken())
        unread = [result for result in report.results if result.verdict.status is Status.UNKNOWN]
        assert unread or status == 404
        said = everything_said(report, events)
        assert ("Breakdown" in said) == (status == 0)
        assert leaks(said, *simulator.tokens()) == []
    assert leaks(log.getvalue(), *simulator.tokens()) == []


@pytest.mark.parametrize("text", IN_TEXTS.values(), ids=IN_TEXTS.keys())
def test_every_kind_of_secret_is_taken_out_of_what_azure_says(text: str) -> None:
    said = said_with_echo(400, text)
    assert GONE in said
    assert "Azure answered 400" in said


@pytest.mark.parametrize(("status", "entra"), [(0, False), (400, True)], ids=["crash", "entra"])
def test_crashes_and_refused_sign_ins_tell_no_secret(status: int, entra: bool) -> None:
    said = said_with_echo(status, ALL_TEXTS, entra)
    assert GONE in said
    assert ("Breakdown" in said) == (status == 0)


def said_with_echo(status: int, text: str, entra: bool = False) -> str:
    """Everything that a run says in which Azure echoes this text, after looking for secrets in it."""
    with leaky_session("role-missing") as (session, simulator):
        simulator.echoes, simulator.status, simulator.entra, simulator.text = (
            "*/roleassignments*",
            status,
            entra,
            text,
        )
        events: list[Event] = []
        report = session.diagnose(scenario_choice(load_scenario("role-missing")), events.append, CancelToken())
        said = everything_said(report, events)
        assert leaks(said, *simulator.tokens()) == []
    return said


@pytest.mark.parametrize("text", [*IN_TEXTS.values(), ALL_TEXTS], ids=[*IN_TEXTS, "all"])
def test_what_is_pasted_is_masked_in_everything_made_of_it(text: str) -> None:
    one_line = " ".join(text.split())
    for pasted in (
        f"{text}\n{load_scenario('role-missing').symptom}\n{text}",
        f'Failed to pull image "contosoreg.azurecr.io/web/api:1": {one_line}: unexpected status: 401 Unauthorized',
        f"401 Unauthorized {one_line}",
    ):
        symptom = classify(pasted)
        assert leaks(json.dumps(symptom_document(symptom)) + repr(symptom)) == []


def test_a_report_about_a_paste_full_of_secrets_holds_none() -> None:
    scenario = load_scenario("role-missing")
    beside = IN_TEXTS["docker-config"]
    symptom = classify(f"{ALL_TEXTS}\n{scenario.symptom.replace('failed to authorize', beside)}\n{ALL_TEXTS}")
    assert symptom.kind == "ANON_401"
    assert "***" in symptom.excerpt
    with leaky_session("role-missing") as (session, _):
        events: list[Event] = []
        choice = replace(scenario_choice(scenario), symptom=symptom, image=symptom.image)
        report = session.diagnose(choice, events.append, CancelToken())
    assert leaks(everything_said(report, events)) == []


@pytest.mark.parametrize("echoes", ["", "*/roleassignments*", "*"], ids=["answers", "roles", "everything"])
def test_no_fact_keeps_a_secret(echoes: str) -> None:
    with leaky_session("sp-some-expired") as (_, simulator):
        simulator.echoes, simulator.text = echoes, ALL_TEXTS
        facts = all_facts(simulator, scenario_choice(load_scenario("sp-some-expired")))
        assert isinstance(facts["service_principal"], Known) == (echoes != "*")
        assert isinstance(facts["puller_assignments"], Known) == (not echoes)
        assert leaks(repr(facts), *simulator.tokens()) == []


def all_facts(simulator: LeakySimulator, choice: Choice) -> dict[str, Fact[object] | None]:
    """Read every fact that there is, without a check."""
    cancel = CancelToken()
    azure = Azure(AZURE_PUBLIC, PracticeCredential(simulator.world), PracticeTransport(simulator), cancel)
    news: queue.SimpleQueue[str] = queue.SimpleQueue()
    given: dict[str, Fact[object]] = {
        "choice": Known(choice),
        "cloud": Known(cloud_names(AZURE_PUBLIC)),
        "now": Known(simulator.world.now),
    }
    table = providers(azure)
    store = FactStore(table, given, cancel, lambda name, _outcome: news.put(name))
    store.want(list(table))
    for _ in table:
        news.get(timeout=30)
    azure.close()
    return {name: store.get(name) for name in table}


@pytest.mark.parametrize("text", IN_TEXTS.values(), ids=IN_TEXTS.keys())
def test_the_log_takes_secrets_out_wherever_they_stand(
    text: str, log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("azure.core.pipeline.policies")
    logger.debug(text)
    logger.debug("Told %s", text)
    logger.debug("Told %(what)s", {"what": text})
    try:
        fail(text)
    except RuntimeError:
        logger.exception("It failed: %s", text)
    assert log.getvalue().count("Told ") == 2
    assert "ERROR azure.core.pipeline.policies It failed: " in log.getvalue()
    assert leaks(log.getvalue()) == []
    caplog.clear()


def fail(text: str) -> NoReturn:
    raise RuntimeError(text) from ValueError(text)


def test_a_stack_in_the_log_is_scrubbed_too(log: io.StringIO) -> None:
    def log_the_stack(password: str) -> None:
        logging.getLogger("msal").debug("%d letters", len(password), stack_info=True)

    log_the_stack(password="kAnArYk1L2m3")
    assert "log_the_stack(" in log.getvalue()
    assert leaks(log.getvalue()) == []


def test_a_log_call_that_is_wrong_itself_neither_leaks_nor_ends_the_program(log: io.StringIO) -> None:
    secret = IN_TEXTS["bearer"]
    logging.getLogger("urllib3").debug("%d answers", secret)
    logging.getLogger("urllib3").debug("%s and %s", secret)
    logging.getLogger("urllib3").debug("%(who)s", {"what": secret})
    assert log.getvalue().count("\n") >= 3
    assert leaks(log.getvalue()) == []


def test_libraries_that_log_whole_requests_are_guarded(log: io.StringIO) -> None:
    from azure.mgmt.resource.subscriptions import SubscriptionClient

    with leaky_session("role-missing") as (_, simulator):
        transport = PracticeTransport(simulator)
        credential = PracticeCredential(simulator.world)
        with SubscriptionClient(credential, transport=transport, logging_enable=True) as client:
            assert list(client.subscriptions.list())
    assert "Request URL" in log.getvalue()
    assert "authorization" in log.getvalue().lower()
    assert leaks(log.getvalue(), *simulator.tokens()) == []


def test_a_trace_is_scrubbed_as_a_whole() -> None:
    try:
        fail(ALL_TEXTS)
    except RuntimeError:
        trace = traceback.format_exc()
    assert leaks(trace)
    assert leaks(scrub(trace)) == []
