"""The simulated Azure behind a door of its own: HTTPS on the loopback interface, with its own certificate authority.

The real Azure CLI and any SDK can use it, once they trust the CA file.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from core.practice.arm_id import guid
from core.practice.authority import Authority
from core.practice.doors import Doors
from core.practice.entra_bodies import application_body, password_credential, service_principal_body
from core.practice.http import ConnectionReset, ReadTimeout, Request, Response, json_response
from core.practice.loopback import Names
from core.practice.roles import assign
from core.practice.simulator import Simulator
from core.practice.world import World

HOST = "localhost"
MAX_BODY = 5_000_000
"""Bytes of a request body that are read."""
SILENCE = 120.0
"""Seconds that an answer which never comes keeps its connection open."""

_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """A service principal that may sign in to the served Azure. `role` is what it has on every subscription."""

    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    role: str


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. It stops when its `with` block ends.

    `ca_file` is the path of its certificate authority in PEM form, `cloud_name` what its metadata call it, `proxy`
    what to use as proxy for https, so that registries answer at their login servers.
    `reader` may look, `owner` may also apply fixes. `user_names` can be picked on the sign-in page.
    """

    arm_endpoint: str
    ca_file: Path
    cloud_name: str
    tenant: str
    reader: ServicePrincipal
    owner: ServicePrincipal
    user_names: tuple[str, ...]
    proxy: str


@contextmanager
def serve(simulator: Simulator, port: int = 0) -> Iterator[Server]:
    """Serve a simulator on `port` of the loopback interface; 0 takes a free one.

    Two service principals are put in its world to sign in with. Raises OSError where the port cannot be had.
    """
    authority_of_certificates = trustme.CA(organization_name="Pull Doctor practice")
    folder = Path(tempfile.mkdtemp(prefix="pull-doctor-"))
    try:
        ca_file = folder / "ca.pem"
        with os.fdopen(os.open(ca_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(authority_of_certificates.cert_pem.bytes())
        world = simulator.world
        reader, owner = (_add_service_principal(world, role) for role in ("Reader", "Owner"))
        with _TlsServer(port) as listening:
            names = Names(f"https://{HOST}:{listening.server_port}")
            listening.doors = Doors(authority_of_certificates, HOST, listening.server_port)
            client_secrets = {one.client_id: one.client_secret for one in (reader, owner)}
            authority = Authority(world, names.base, names.audiences, client_secrets)
            listening.front = _Front(simulator, names, authority)
            thread = threading.Thread(target=listening.serve_forever, args=(0.05,), name="practice", daemon=True)
            thread.start()
            try:
                yield Server(
                    arm_endpoint=names.base,
                    ca_file=ca_file,
                    cloud_name=str(names.metadata()["name"]),
                    tenant=world.home_tenant,
                    reader=reader,
                    owner=owner,
                    user_names=tuple(
                        sorted(
                            str(one.body["userPrincipalName"])
                            for one in world.directory.values()
                            if one.kind == "user"
                        )
                    ),
                    proxy=f"http://{HOST}:{listening.server_port}",
                )
            finally:
                listening.stopped.set()
                listening.shutdown()
                thread.join()
    finally:
        shutil.rmtree(folder)


def _add_service_principal(world: World, role: str) -> ServicePrincipal:
    """Put an application with a new secret in the home directory, with a role on each of its subscriptions."""
    name = f"practice-{role.lower()}"
    app_id, tenant, now = guid("app", name), world.home_tenant, world.now
    principal = service_principal_body(app_id, name, tenant, now)
    application = application_body(app_id, name, now)
    application["passwordCredentials"] = [password_credential(app_id, name, start=now, end=now + timedelta(days=365))]
    world.add_object(tenant, "application", application)
    world.add_object(tenant, "servicePrincipal", principal)
    for subscription, body in world.subscriptions.items():
        if body["tenantId"] == tenant:
            assign(world, role, str(principal["id"]), f"/subscriptions/{subscription}")
    return ServicePrincipal(tenant, app_id, secrets.token_hex(24), role)


class _Front:
    """Decides who answers a request: the metadata, the authority, or the simulator under its public names."""

    def __init__(self, simulator: Simulator, names: Names, authority: Authority) -> None:
        self._simulator = simulator
        self.names = names
        self._authority = authority

    def answer(self, request: Request) -> Response:
        if not request.url.startswith(f"{self.names.base}/"):
            return self._simulator.handle(request)
        if request.path == "/metadata/endpoints":
            return json_response(self.names.metadata())
        own = self._authority.handle(request)
        return own or self.names.outward(self._simulator.handle(self.names.inward(request)))


class _TlsServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1; every connection begins in its own thread, which no silent client holds up."""

    daemon_threads = True
    block_on_close = False
    front: _Front
    doors: Doors

    def __init__(self, port: int) -> None:
        self.stopped = threading.Event()
        super().__init__(("127.0.0.1", port), BaseHTTPRequestHandler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        origin, connection = self.doors.open(request)
        try:
            _Handler(connection, client_address, self, origin)
        finally:
            self.shutdown_request(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing about clients that hang up or do not trust the certificate; they know."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _TlsServer

    def __init__(self, request: Any, client_address: Any, server: _TlsServer, origin: str) -> None:
        self._origin = origin
        super().__init__(request, client_address, server)

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: addresses hold secrets, and the terminal belongs to the command line."""

    def _serve(self) -> None:
        front = self.server.front
        length = min(int(self.headers.get("content-length") or 0), MAX_BODY)
        request = Request(
            method=self.command,
            url=self._origin + self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        try:
            response = front.answer(request)
        except ConnectionReset:
            self._reset()
        except ReadTimeout:
            self.server.stopped.wait(SILENCE)
            self._reset()
        else:
            self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the base class's names

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if "content-length" in response.headers:
            # An answer that is cut off on purpose: its length is not the one it promises.
            self.close_connection = True
        elif response.status not in _NO_BODY:
            self.send_header("content-length", str(len(response.body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD" and response.status not in _NO_BODY:
            self.wfile.write(response.body)

    def _reset(self) -> None:
        """Break the connection without a word."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
