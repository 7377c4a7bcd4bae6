"""The logins in a secret's data, read as the nodes read them.

https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/credentialprovider/config.go
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from core.facts.pull_secret import Flaw, Login
from core.pull_secret.document import as_json
from core.pull_secret.fingerprint import fingerprint
from core.scrub import one_line

MOST_LOGINS = 200


def logins_in(data: str, *, encoded: bool, legacy: bool) -> tuple[tuple[Login, ...], Flaw | None]:
    """Give the logins of a secret's value and what is wrong with the whole of it.

    `encoded` is whether the value stands in base64, as under `data`; `legacy` whether it is of the type dockercfg,
    which holds the servers without `auths` around them.
    """
    text = _decoded(data) if encoded else data
    if text is None:
        return (), Flaw.NOT_BASE64
    document = as_json(text)
    if not isinstance(document, Mapping):
        inner = _decoded(text)
        twice = inner is not None and isinstance(as_json(inner), Mapping)
        return (), Flaw.ENCODED_TWICE if twice else Flaw.NOT_JSON
    servers = document if legacy else document.get("auths")
    if not isinstance(servers, Mapping) or not servers:
        return (), Flaw.NO_SERVERS
    entries = list(servers.items())[:MOST_LOGINS]
    return tuple(_login(server, entry) for server, entry in entries), None


def _login(server: str, entry: Any) -> Login:
    shown = one_line(_without_user(server))
    if not isinstance(entry, Mapping):
        return Login(shown, "", Flaw.NO_PASSWORD)
    user, password = _word(entry, "username"), _word(entry, "password")
    auth = _word(entry, "auth")
    flaw: Flaw | None = None
    if auth:
        # The nodes take the pair in `auth` and look at the other two only where there is none.
        pair = (_decoded(auth) or "").partition(":")
        if not pair[1]:
            return Login(shown, one_line(user), Flaw.AUTH_NOT_READABLE)
        if (user and user != pair[0]) or (password and password.rstrip("\r\n") != pair[2].rstrip("\r\n")):
            flaw = Flaw.AUTH_DIFFERS
        user, password = pair[0], pair[2]
    if not user or not password:
        return Login(shown, one_line(user), Flaw.NO_PASSWORD)
    if password != password.rstrip("\r\n") or user != user.strip():
        flaw = flaw or Flaw.LINE_BREAK
    return Login(shown, one_line(user), flaw, fingerprint(password))


def _word(entry: Mapping[str, Any], key: str) -> str:
    found = entry.get(key)
    return found if isinstance(found, str) else ""


def _without_user(server: str) -> str:
    """Give a server's address without a password that somebody wrote into it."""
    scheme, slashes, rest = server.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"


def _decoded(text: str) -> str | None:
    """Give what base64 stands for, None where it is none; padding may be missing, as the nodes allow."""
    letters = "".join(text.split())
    try:
        plain = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
        return plain.decode("utf-8-sig") if letters else None
    except (binascii.Error, ValueError):
        return None
