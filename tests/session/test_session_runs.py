"""Cancelling a run, texts that are about something else, and finding the two resources by name."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest
from session_worlds import open_world, result_of, told, workers

from core.azure.resolve import UnknownResource
from core.cancel import Cancelled, CancelToken
from core.facts.choice import Choice
from core.model import CheckStarted, Event, Outcome, Report, RunFinished, RunStarted, Status
from core.practice.names import scope
from core.report import render
from core.symptoms import classify
from core.texts import load
from core.tree import TREE


def test_a_cancel_in_the_middle_returns_at_once_and_keeps_what_is_known() -> None:
    opened = open_world("role-missing", latency=0.8)
    cancel = CancelToken()
    cancelled_at: list[float] = []

    def listen(event: Event) -> None:
        opened.events.append(event)
        if isinstance(event, CheckStarted) and event.check == "cluster.power-state":
            threading.Timer(0.02, stop).start()

    def stop() -> None:
        cancelled_at.append(time.monotonic())
        cancel.cancel()

    report = opened.session.diagnose(opened.choice, listen, cancel)
    returned = time.monotonic()
    assert returned - cancelled_at[0] < 0.5
    assert report.cancelled
    assert opened.events[-1] == RunFinished(report)
    assert told(opened.events).count(("RunFinished", "")) == 1
    assert report.conclusion.outcome is Outcome.INCONCLUSIVE
    assert report.conclusion.headline == load().get("words", "headlines", "cancelled")
    assert result_of(report, "context.tenant-and-cloud").verdict.status is Status.PASS
    waiting = result_of(report, "identity.acrpull-role").verdict
    assert (waiting.status, waiting.reason) == (Status.NOT_RUN, "cancelled")
    assert [result.check for result in report.results] == list(TREE.checks())
    assert "PROBLEM" not in render(report, "text", load())
    after = len(opened.events)
    sent = len(opened.simulator.log)
    for thread in workers():
        thread.join(5)
    assert workers() == []
    assert (len(opened.events), len(opened.simulator.log)) == (after, sent)


def test_a_run_that_was_cancelled_before_it_began_asks_nothing() -> None:
    opened = open_world("role-missing")
    cancel = CancelToken()
    cancel.cancel()
    report = opened.diagnose(cancel)
    assert report.cancelled
    assert {result.verdict.reason for result in report.results} == {"cancelled"}
    assert isinstance(opened.events[0], RunStarted)
    assert opened.events[-1] == RunFinished(report)
    assert opened.simulator.log == []
    assert workers() == []


def test_a_cancel_ends_the_look_for_names_too() -> None:
    opened = open_world("healthy-public")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        opened.session.pick("aks-app", "contosoreg", None, cancel)
    with pytest.raises(Cancelled):
        opened.session.list_inventory(cancel, lambda _done, _all: None)
    assert opened.simulator.log == []


def test_events_come_in_order_and_from_one_thread() -> None:
    opened = open_world("role-missing")
    threads: set[int] = set()

    def listen(event: Event) -> None:
        threads.add(threading.get_ident())
        opened.events.append(event)

    opened.session.diagnose(opened.choice, listen, CancelToken())
    assert threads == {threading.get_ident()}
    names = told(opened.events)
    assert names[0] == ("RunStarted", "")
    assert names[-1] == ("RunFinished", "")
    for kind, check in names:
        if kind == "CheckStarted":
            assert names.index(("CheckStarted", check)) < names.index(("CheckFinished", check))
    assert {check for kind, check in names if kind == "CheckFinished"} == set(TREE.checks())


def test_a_text_that_is_no_failed_pull_stops_politely() -> None:
    opened = open_world("role-missing")
    opened.choice = Choice(
        opened.choice.cluster_id,
        opened.choice.registry_id,
        None,
        classify("Back-off restarting failed container api in pod api-1: CrashLoopBackOff"),
    )
    report = opened.diagnose()
    assert opened.simulator.log == []
    assert report.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    assert report.conclusion.headline == load().get("words", "headlines", "not-a-pull-failure")
    assert {result.verdict.reason for result in report.results} == {"not-a-pull-failure"}
    assert report.cluster.name == "aks-app"
    assert report.notes == ()
    assert opened.events[-1] == RunFinished(report)


def test_a_session_can_run_again_and_again() -> None:
    opened = open_world("role-missing")
    reports: list[Report] = [opened.diagnose() for _ in range(3)]
    assert len({report.conclusion for report in reports}) == 1
    assert len({report.requests.count for report in reports}) == 1


CLUSTER, REGISTRY = scope("cluster"), scope("registry")


@pytest.mark.parametrize("cluster", [CLUSTER, CLUSTER.upper(), "aks-app", "AKS-App"])
@pytest.mark.parametrize("registry", [REGISTRY, "contosoreg", "ContosoReg", "contosoreg.azurecr.io"])
def test_resources_are_found_by_id_name_and_login_server(cluster: str, registry: str) -> None:
    opened = open_world("healthy-public")
    picked = opened.session.pick(cluster, registry, None, CancelToken())
    assert str(picked.cluster).lower() == CLUSTER.lower()
    assert str(picked.registry).lower() == REGISTRY.lower()


def test_a_pick_by_name_and_its_diagnosis_read_nothing_twice() -> None:
    opened = open_world("role-missing")
    cancel = CancelToken()
    picked = opened.session.pick("aks-app", "contosoreg.azurecr.io", None, cancel)
    read_by_pick = len(opened.simulator.log)
    assert read_by_pick > 0
    choice = Choice(picked.cluster, picked.registry, opened.choice.image, opened.choice.symptom)
    report = opened.session.diagnose(choice, opened.events.append, cancel, picked.facts)
    assert report.conclusion.causes == ("identity.acrpull-role",)
    asked = Counter(request.url.lower() for request in opened.simulator.log if request.method == "GET")
    assert {url: times for url, times in asked.items() if times > 1} == {}
    assert report.requests.repeated == 0
    assert not opened.simulator.unknown
    assert opened.session.diagnose(choice, opened.events.append, cancel).conclusion == report.conclusion
    asked_again = Counter(request.url.lower() for request in opened.simulator.log if request.method == "GET")
    assert max(asked_again.values()) > 1


def test_full_ids_are_taken_without_asking() -> None:
    opened = open_world("healthy-public")
    picked = opened.session.pick(CLUSTER, REGISTRY, None, CancelToken())
    assert opened.simulator.log == []
    assert picked.facts == {}


def test_a_name_that_is_not_there_is_explained() -> None:
    opened = open_world("healthy-public")
    with pytest.raises(UnknownResource, match="aks-app"):
        opened.session.pick("aks-ap", "contosoreg", None, CancelToken())


def test_the_directory_is_called_by_its_name() -> None:
    opened = open_world("healthy-public")
    opened.session.tenant_name = ""
    assert opened.session.find_tenant_name(CancelToken()) == "Contoso"
    assert opened.session.tenant_name == "Contoso"
