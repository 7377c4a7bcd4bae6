"""The same thing done to many items at the same time, abandoned at once on a cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from core.cancel import CancelToken

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Result(Generic[R]):
    index: int
    value: R


@dataclass(frozen=True, slots=True)
class _Failure:
    error: BaseException


def fan_out(
    fn: Callable[[T], R], items: Iterable[T], *, cancel: CancelToken, workers: int, name: str = "azure"
) -> Iterator[tuple[int, R]]:
    """Call `fn` on every item from up to `workers` threads; yields (index of the item, result) as they end.

    The first error of an item is raised here and the items not yet begun are dropped. Raises `Cancelled` as soon
    as `cancel` is cancelled, without waiting for calls that are still under way. The threads are daemons, so that
    a request that hangs until its timeout does not hold up the end of the program.
    """
    todo: SimpleQueue[tuple[int, T]] = SimpleQueue()
    count = 0
    for count, item in enumerate(items, start=1):
        todo.put((count - 1, item))
    done: SimpleQueue[_Result[R] | _Failure | None] = SimpleQueue()
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            try:
                index, item = todo.get_nowait()
            except Empty:
                return
            try:
                done.put(_Result(index, fn(item)))
            except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
                done.put(_Failure(error))

    forget = cancel.on_cancel(lambda: done.put(None))
    try:
        for number in range(min(workers, count)):
            threading.Thread(target=work, name=f"{name}-{number}", daemon=True).start()
        for _ in range(count):
            ended = done.get()
            cancel.raise_if_cancelled()
            if isinstance(ended, _Failure):
                raise ended.error
            if ended is not None:
                yield ended.index, ended.value
    finally:
        stop.set()
        forget()
