"""What lies underneath an exception of the network libraries."""

from __future__ import annotations

from collections.abc import Iterator


def causes(error: BaseException) -> Iterator[BaseException]:
    """The exception itself, those it came from, and those that azure-core, requests and urllib3 keep in it."""
    seen: set[int] = set()
    todo: list[object] = [error]
    while todo:
        one = todo.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        kept = (getattr(one, name, None) for name in ("inner_exception", "reason"))
        todo += [one.__cause__, one.__context__, *kept, *one.args]
