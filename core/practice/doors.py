"""How a connection to the served Azure begins: with TLS at once, or as a tunnel to a registry's public name.

Registries keep their public names in a served Azure, since pasted texts, images and certificates go by them. Whoever
uses the server as its proxy for https (`HTTPS_PROXY`) reaches them under these names; nothing is ever sent on.
https://datatracker.ietf.org/doc/html/rfc9110#name-connect
"""

from __future__ import annotations

import re
import socket
import ssl
import threading

import trustme

from core.practice.registry_blobs import DATA, STORAGE
from core.practice.registry_data import SUFFIX

MAX_HEAD = 16_384
"""Bytes of a CONNECT request that are read."""

_TLS_HELLO = b"\x16"
_CONNECT = re.compile(rb"CONNECT ([A-Za-z0-9.-]{1,253}):([0-9]{1,5}) HTTP/1\.[01]\r\n")
_OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"
_SHUT = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class NotForUs(OSError):
    """A tunnel was asked for to a place that is not in the served Azure."""


class Doors:
    """Takes connections and says for which origin they are, for example "https://contosoreg.azurecr.io"."""

    def __init__(self, authority: trustme.CA, host: str, port: int) -> None:
        self._authority = authority
        self._own = (host, port)
        self._base = f"https://{host}:{port}"
        self._contexts: dict[str, ssl.SSLContext] = {host: self._context(host, "127.0.0.1")}
        self._lock = threading.Lock()

    def open(self, connection: socket.socket) -> tuple[str, ssl.SSLSocket]:
        """Begin TLS on a connection, after the tunnel if one is asked for; raises OSError where that fails."""
        if connection.recv(1, socket.MSG_PEEK) == _TLS_HELLO:
            return self._base, self._wrap(connection, self._own[0])
        asked = _CONNECT.match(_head(connection))
        host, port = (asked[1].decode().lower(), int(asked[2])) if asked else ("", 0)
        if (host, port) == self._own:
            origin = self._base
        elif port == 443 and (host.endswith((SUFFIX, STORAGE)) or DATA.fullmatch(host)):
            origin = f"https://{host}"
        else:
            connection.sendall(_SHUT)
            raise NotForUs(host)
        connection.sendall(_OPEN)
        return origin, self._wrap(connection, host)

    def _wrap(self, connection: socket.socket, host: str) -> ssl.SSLSocket:
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._context(host)
            context = self._contexts[host]
        return context.wrap_socket(connection, server_side=True)

    def _context(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names).configure_cert(context)
        return context


def _head(connection: socket.socket) -> bytes:
    """The head of a request; nothing follows it until it is answered."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < MAX_HEAD:
        more = connection.recv(4096)
        if not more:
            break
        head += more
    return head
