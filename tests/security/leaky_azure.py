"""A simulated Azure that says too much: its answers hold secrets, and its errors echo what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl

from canaries import IN_TEXTS, plant

from core.azure.clouds import AZURE_PUBLIC
from core.practice.http import Request, Response, arm_error, json_response
from core.practice.scenario import build, load_scenario
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.session import Connection, Session


class Breakdown(Exception):
    """Something that no part of the program expects."""


class LeakySimulator(Simulator):
    """Answers a request to an address like `echoes` with an error that repeats the token and other secrets.

    `status` is that of the error; 0 breaks down with the secrets in the exception's message.
    """

    echoes: str = ""
    status: int = 400
    text: str = ""
    entra: bool = False

    def handle(self, request: Request) -> Response:
        """Answer like Azure, or echo."""
        honest = super().handle(request)
        if not self.echoes or not fnmatchcase(request.url.lower(), self.echoes):
            return honest
        said = f"{request.headers.get('authorization', '')} was sent. {self.text}"
        if not self.status:
            raise Breakdown(said)
        if self.entra:
            return json_response(
                {"error": "invalid_client", "error_description": f"AADSTS7000215: {said}"}, self.status
            )
        return arm_error(self.status, "BadRequest", said)

    def tokens(self) -> tuple[str, ...]:
        """Every token that was sent, in a header or in the form by which registries trade them."""
        headers = {request.headers.get("authorization", "") for request in self.log}
        forms = (parse_qsl(request.body.decode()) for request in self.log if "/oauth2/" in request.url)
        traded = {value for form in forms for name, value in form if name.endswith("_token")}
        return (*(header.removeprefix("Bearer ") for header in headers if header), *traded)


ALL_TEXTS = "\n".join(IN_TEXTS.values())


@contextmanager
def leaky_session(scenario: str) -> Iterator[tuple[Session, LeakySimulator]]:
    """A session in a scenario in which everything that can hold a secret holds one."""
    world = build(load_scenario(scenario))
    plant(world)
    simulator = LeakySimulator(world)
    connection = Connection(
        cloud=AZURE_PUBLIC,
        credential=PracticeCredential(world),
        transport=PracticeTransport(simulator),
        account="maria@contoso.com",
        tenant_id=world.home_tenant,
        practice=True,
        now=world.clock,
    )
    session = Session(connection)
    yield session, simulator
    session.close()
