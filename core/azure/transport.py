"""The transport that every SDK client of a run sends through: it counts, limits, guards and cancels."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError
from azure.core.pipeline.transport import HttpTransport

from core.azure.clouds import host_of
from core.azure.trust import WIRE_LIMIT
from core.cancel import Cancelled, CancelToken
from core.model import Requests
from core.scrub import one_line

READING_POSTS = (
    "/providers/microsoft.resourcegraph/resources",
    "/providers/microsoft.containerregistry/checknameavailability",
    "/listnetworkmanagereffectivesecurityadminrules",
    "/getbyids",
    "/getmembergroups",
    "/getmemberobjects",
    "/checkmembergroups",
    "/checkmemberobjects",
)
"""Ends of paths (lower case) where a POST only reads.

https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources,
https://learn.microsoft.com/rest/api/containerregistry/registries/check-name-availability,
https://learn.microsoft.com/rest/api/networkmanager/effective-security-admin-rules/list,
https://learn.microsoft.com/graph/api/directoryobject-getbyids
"""


REGISTRY_POSTS = ("/oauth2/exchange", "/oauth2/token")
"""Paths of a registry where a POST only trades one token for another.

https://learn.microsoft.com/azure/container-registry/container-registry-authentication-exchange-tokens
"""

_LOGIN_SERVER = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?", re.IGNORECASE)

SAME_ANSWERS = 2
"""How often one and the same GET is answered well before it is refused: nothing in a run needs it even twice."""
PAGES = 500
"""How often one path is answered well, whatever its query, before it is refused; Azure's pages are large."""


class RefusedRequest(Exception):
    """The transport would not send a request; nothing left the program."""


class RefusedHost(RefusedRequest):
    """A token would have gone to a place that does not belong to the chosen cloud."""

    def __init__(self, host: str) -> None:
        super().__init__(f"Refused to send your token to {host}: it is no endpoint of the chosen cloud.")
        self.host = host


class RefusedWrite(RefusedRequest):
    """A request would have changed something in Azure."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(f"Refused to send {method} {path}: this program only reads.")


class RefusedRepeat(RefusedRequest):
    """A list leads back to a page that was read, or goes on and on."""

    def __init__(self, path: str) -> None:
        super().__init__(f"Azure's list {path} does not come to an end, so that reading it was given up.")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a client may send: tokens to `hosts` only, and POSTs only where the path ends like `reading_posts`.

    `guards_posts` holds POSTs to the hosts as well: their bodies hold what nobody else may see.
    """

    hosts: frozenset[str]
    reading_posts: tuple[str, ...]
    guards_posts: bool = False


class WatchedTransport(HttpTransport[Any, Any]):
    """Wraps the transport that really sends, for one run.

    - At most `WIRE_LIMIT` requests are on the wire at a time.
    - After a cancel nothing is sent, waits end, and late answers are dropped: all of them raise `Cancelled`.
      A request on the wire ends at its own read timeout; do not wait for the thread that sent it.
    - An `Authorization` header only goes to `hosts` (see `Cloud.token_hosts`), and only over https; otherwise
      `RefusedHost`. What would change something in Azure is refused with `RefusedWrite`, and so is a POST that reads
      a secret, unless somebody `consented` to its very path.
    - Lists that never end, by going round in circles or otherwise, end with `RefusedRepeat`.
    - Closing does nothing: whoever made `inner` closes it.
    """

    def __init__(
        self,
        inner: HttpTransport[Any, Any],
        cancel: CancelToken,
        hosts: Collection[str],
        consented: Collection[str] = (),
    ) -> None:
        self._inner = inner
        self._cancel = cancel
        self._hosts = frozenset(hosts)
        self._consented = frozenset(path.lower().rstrip("/") for path in consented)
        self._slots = threading.Condition()
        self._free = WIRE_LIMIT
        self._lock = threading.Lock()
        self._answers: dict[str, int | None] = {}
        self._well: Counter[str] = Counter()
        self._sent = 0
        self._repeated = 0
        self._throttled = 0
        self._failed = 0
        cancel.on_cancel(self._wake)

    def open(self) -> None:
        """Open the wrapped transport."""
        self._inner.open()

    def close(self) -> None:
        """Do nothing: other clients still send through the wrapped transport."""

    def __enter__(self) -> WatchedTransport:
        self.open()
        return self

    def __exit__(self, *args: object) -> None:
        """Do nothing, like `close`."""

    def sleep(self, duration: float) -> None:
        """Wait for a retry or a long operation; raises `Cancelled` as soon as the run is cancelled."""
        if self._cancel.wait(duration):
            raise Cancelled

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Send one request; see the class for what is refused.

        Raises `Cancelled`, a `RefusedRequest`, and whatever the wrapped transport raises.
        """
        return self.send_within(request, Bounds(self._hosts, (*READING_POSTS, *self._consented)), **kwargs)

    def send_within(self, request: Any, bounds: Bounds, **kwargs: Any) -> Any:
        """Send one request of a client that has bounds of its own; raises what `send` raises."""
        path = urlsplit(request.url).path
        key = f"{request.method} {request.url}".lower()
        self._guard(request, path, key, bounds)
        self._take_slot()
        self._note_start(request.method, key)
        status: int | None = None
        try:
            response = self._inner.send(request, **kwargs)
            status = response.status_code
        except AzureError:
            self._cancel.raise_if_cancelled()
            raise
        finally:
            self._give_slot()
            self._note_end(request.method, key, path, status)
        self._cancel.raise_if_cancelled()
        return response

    def requests(self) -> Requests:
        """How the network was used so far.

        `repeated` counts GETs that were sent again although the one before was answered with something other
        than 408, 429 or 5xx. `failed` counts connection faults and 5xx.
        """
        with self._lock:
            return Requests(
                count=self._sent,
                repeated=self._repeated,
                throttled=self._throttled,
                failed=self._failed,
            )

    def _guard(self, request: Any, path: str, key: str, bounds: Bounds) -> None:
        method = request.method.upper()
        carries_token = "Authorization" in request.headers or (method == "POST" and bounds.guards_posts)
        own = request.url.lower().startswith("https://") and host_of(request.url) in bounds.hosts
        if carries_token and not own:
            raise RefusedHost(host_of(request.url))
        with self._lock:
            if (self._well[key] >= SAME_ANSWERS and method == "GET") or self._well[_pages(method, path)] >= PAGES:
                raise RefusedRepeat(one_line(path, 200))
        if method in ("GET", "HEAD"):
            return
        if method != "POST" or not path.lower().rstrip("/").endswith(bounds.reading_posts):
            raise RefusedWrite(method, path)

    def _take_slot(self) -> None:
        with self._slots:
            while self._free == 0 and not self._cancel.cancelled:
                self._slots.wait()
            self._cancel.raise_if_cancelled()
            self._free -= 1

    def _give_slot(self) -> None:
        with self._slots:
            self._free += 1
            self._slots.notify()

    def _wake(self) -> None:
        with self._slots:
            self._slots.notify_all()

    def _note_start(self, method: str, key: str) -> None:
        with self._lock:
            if method.upper() == "GET" and key in self._answers and not _worth_a_retry(self._answers[key]):
                self._repeated += 1
            self._answers[key] = _ON_THE_WIRE

    def _note_end(self, method: str, key: str, path: str, status: int | None) -> None:
        with self._lock:
            self._answers[key] = status
            if status is not None and status < 300:
                self._well.update((key, _pages(method, path)))
            self._sent += 1
            self._throttled += status == 429
            self._failed += status is None or status >= 500


class RegistryTransport(HttpTransport[Any, Any]):
    """A `WatchedTransport` for the client of one registry: it counts, limits and cancels like the rest of the run.

    Tokens go to the registry's login server only, and the tokens of the resource manager never go there, since
    they go through `WatchedTransport` itself. What a registry redirects to is read without a token.
    """

    def __init__(self, watched: WatchedTransport, login_server: str) -> None:
        """Send to one login server, a host with or without a port; raises RefusedHost where it is none."""
        if not _LOGIN_SERVER.fullmatch(login_server):
            raise RefusedHost(one_line(login_server, 100))
        self._watched = watched
        self._bounds = Bounds(frozenset({host_of(f"https://{login_server}")}), REGISTRY_POSTS, guards_posts=True)

    def open(self) -> None:
        """Do nothing: the watched transport is open."""

    def close(self) -> None:
        """Do nothing: other clients still send through it."""

    def __exit__(self, *args: object) -> None:
        """Do nothing, like `close`."""

    def sleep(self, duration: float) -> None:
        """Wait for a retry; raises `Cancelled` as soon as the run is cancelled."""
        self._watched.sleep(duration)

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Send one request; raises what `WatchedTransport.send` raises."""
        return self._watched.send_within(request, self._bounds, **kwargs)


_ON_THE_WIRE = 0
"""Stands for the status of a GET that has no answer yet."""


def _pages(method: str, path: str) -> str:
    """The key under which all pages of one list are counted; no key of a single request has two blanks."""
    return f"{method}  {path}".lower()


def _worth_a_retry(status: int | None) -> bool:
    return status is None or status in (408, 429) or status >= 500
