"""What becomes of a fact that comes too late."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.cancel import CancelToken
from core.engine.fact_store import FactStore
from core.facts.fact import Fact, Known
from core.facts.provider import Provider


@pytest.mark.parametrize("end", [lambda _store, cancel: cancel.cancel(), lambda store, _cancel: store.stop()])
def test_a_fact_that_comes_after_the_end_is_not_known(end: Callable[[FactStore, CancelToken], None]) -> None:
    asked, release = threading.Event(), threading.Event()
    settled: list[str] = []
    cancel = CancelToken()

    def late() -> Fact[int]:
        asked.set()
        release.wait(30)
        return Known(1)

    def hear(name: str, _outcome: Fact[Any]) -> None:
        settled.append(name)

    store = FactStore({"slow": Provider("slow", (), frozenset(), late)}, {"given": Known(0)}, cancel, hear)
    store.want(["slow"])
    (fetching,) = (thread for thread in threading.enumerate() if thread.name == "fact-slow")
    assert asked.wait(10)
    end(store, cancel)
    release.set()
    fetching.join(10)
    assert not fetching.is_alive()
    assert store.get("given") == Known(0)
    assert store.get("slow") is None
    assert settled == []


def test_a_fact_that_comes_in_time_is_known_and_told_of() -> None:
    told = threading.Event()

    def hear(_name: str, _outcome: Fact[Any]) -> None:
        told.set()

    provider = Provider("quick", (), frozenset(), lambda: Known(1))
    store = FactStore({"quick": provider}, {}, CancelToken(), hear)
    store.want(["quick"])
    assert told.wait(10)
    assert store.get("quick") == Known(1)
