"""Fetches facts for one run: each once, each as soon as what it needs is there, on threads of its own."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Collection, Mapping
from typing import Any

from core.cancel import Cancelled, CancelToken
from core.facts.fact import Fact, Known, Trouble, Unavailable
from core.facts.provider import Provider
from core.scrub import scrub


class UnknownFact(Exception):
    """A check or a provider names a fact that nobody provides: a fault of the program, found by its tests."""


class FactStore:
    """The facts of one run.

    `want` asks for facts and what they need; `settled(name, outcome)` is called from a worker thread when one
    is there, in no order. After a cancel nothing more is fetched, and what was under way is dropped.
    Worker threads are daemons: one that waits for a dead connection must not keep the program from ending.
    """

    def __init__(
        self,
        providers: Mapping[str, Provider],
        given: Mapping[str, Fact[Any]],
        cancel: CancelToken,
        settled: Callable[[str, Fact[Any]], None],
    ) -> None:
        self._providers = providers
        self._cancel = cancel
        self._settled = settled
        self._lock = threading.Lock()
        self._known: dict[str, Fact[Any]] = dict(given)
        self._wanted: set[str] = set(given)
        self._waiting: dict[str, set[str]] = {}
        self._stopped = False

    def get(self, name: str) -> Fact[Any] | None:
        """Give a fact's outcome, or None while it is being fetched or nobody asked for it."""
        with self._lock:
            return self._known.get(name)

    def stop(self) -> None:
        """Fetch nothing more; what is still under way is dropped when it comes."""
        self._stopped = True

    def want(self, names: Collection[str]) -> None:
        """Have these facts fetched, and everything that they need.

        Raises UnknownFact.
        """
        ready: list[Provider] = []
        with self._lock:
            for name in names:
                self._add(name, ready)
        self._start(ready)

    def _add(self, name: str, ready: list[Provider]) -> None:
        if name in self._wanted:
            return
        if name not in self._providers:
            raise UnknownFact(name)
        self._wanted.add(name)
        provider = self._providers[name]
        for need in provider.needs:
            self._add(need, ready)
        missing = {need for need in provider.needs if need not in self._known}
        if missing:
            self._waiting[name] = missing
        else:
            ready.append(provider)

    def _start(self, providers: Collection[Provider]) -> None:
        for provider in providers:
            if self._cancel.cancelled or self._stopped:
                return
            threading.Thread(target=self._fetch, args=(provider,), name=f"fact-{provider.fact}", daemon=True).start()

    def _fetch(self, provider: Provider) -> None:
        try:
            outcome = self._outcome(provider)
        except Cancelled:
            return
        except Exception as error:  # noqa: BLE001 - the crash guard: a fault in one collector costs one node, not the run
            outcome = Unavailable(
                Trouble.FAULT, scrub(f"{type(error).__name__}: {error}"), trace=scrub(traceback.format_exc())
            )
        if self._cancel.cancelled or self._stopped:
            return
        ready: list[Provider] = []
        with self._lock:
            self._known[provider.fact] = outcome
            for name, missing in list(self._waiting.items()):
                missing.discard(provider.fact)
                if not missing:
                    del self._waiting[name]
                    ready.append(self._providers[name])
        self._start(ready)
        self._settled(provider.fact, outcome)

    def _outcome(self, provider: Provider) -> Fact[Any]:
        arguments: dict[str, Any] = {}
        for need in provider.needs:
            outcome = self._known[need]
            if need in provider.raw:
                arguments[need] = outcome
            elif isinstance(outcome, Known):
                arguments[need] = outcome.value
            else:
                return outcome
        self._cancel.raise_if_cancelled()
        return provider.fetch(**arguments)
