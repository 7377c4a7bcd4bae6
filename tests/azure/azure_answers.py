"""Answers that a test makes up, under the real SDK clients."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from azure.core.credentials import AccessToken

from core.practice.http import Request, Response
from core.practice.transport import PracticeTransport

SUBSCRIPTION = "00000000-0000-0000-0000-0000000000a1"


class Answers:
    """Stands where the simulator stands: asks `answer` for every request and keeps what was asked."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self.answer = answer
        self.asked: list[Request] = []
        self._lock = threading.Lock()

    def handle(self, request: Request) -> Response:
        with self._lock:
            self.asked.append(request)
        return self.answer(request)

    def transport(self) -> PracticeTransport:
        return PracticeTransport(self)


class SignedIn:
    """A credential whose tokens say what they are for."""

    def get_token(self, *scopes: str, **kwargs: object) -> AccessToken:
        return AccessToken(f"token-for-{scopes[0]}", int(time.time()) + 3600)
