"""What a debugger, an assertion or a careless log line would print of an object holds no secret."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest
from canaries import CLIENT_SECRET, leaks
from leaky_azure import leaky_session

import core
from core.azure.sign_in import Account
from core.cancel import CancelToken
from core.practice.server import serve
from core.practice.world import World
from core.session import Connection

SECRET = re.compile(r"secret|password|token|credential|key$", re.IGNORECASE)
HARMLESS = {
    "core.azure.clouds.Cloud": "token_hosts credential_scopes",
    "core.facts.identities.Application": "passwords",
    "core.facts.identities.ServicePrincipal": "passwords",
    "core.facts.meant_secret.MeantSecret": "secret",
    "core.facts.pull_secret.PullSecrets": "secrets",
    "core.facts.pull_secret.RegistryToken": "passwords",
    "core.facts.pull_secret.SecretUser": "secret_names",
    "core.facts.registry_parts.CacheRule": "credential_set_id",
    "core.facts.secret_login.SecretLogin": "token",
    "core.model.Fix": "key",
    "core.model.FixRef": "key",
    "core.tree_shape.Lane": "key",
}
"""Fields whose names only sound secret: keys of tables, ids, and when passwords end, never the passwords."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(core.__path__, "core."):
        yield importlib.import_module(found.name)


def test_no_dataclass_shows_a_field_that_is_named_like_a_secret() -> None:
    shown = []
    seen = 0
    for module in modules():
        for kind in vars(module).values():
            if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__:
                seen += 1
                name = f"{module.__name__}.{kind.__name__}"
                harmless = HARMLESS.get(name, "").split()
                shown += [
                    f"{name}.{field.name}"
                    for field in dataclasses.fields(kind)
                    if field.repr and SECRET.search(field.name) and field.name not in harmless
                ]
    assert seen > 50
    assert shown == []


class Holder:
    """A credential whose own repr tells everything, as a careless library's might."""

    def get_token(self, *_scopes: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        pass

    def __repr__(self) -> str:
        return f"Holder({CLIENT_SECRET})"


def test_accounts_and_connections_do_not_show_their_credential() -> None:
    holder = Holder()
    assert leaks(repr(holder))
    assert leaks(repr(Account(holder, "maria@contoso.com", "tenant"))) == []  # type: ignore[arg-type]
    with leaky_session("role-missing") as (session, simulator):
        link = session._connection
        shown = dataclasses.replace(link, credential=holder)  # type: ignore[arg-type]
        assert isinstance(shown, Connection)
        assert leaks(repr(shown) + repr(session) + repr(session._azure(CancelToken()))) == []
        with serve(simulator) as server:
            assert server.reader.client_secret not in repr(server)
            assert server.owner.client_secret not in repr(server)


def test_a_world_does_not_show_what_its_tokens_are_signed_with() -> None:
    world = World()
    assert repr(world.token_key) not in repr(world)


@pytest.mark.parametrize("name", ["Report", "Fix", "Verdict", "Symptom", "CheckResult"])
def test_the_words_everybody_shares_have_no_place_for_a_secret(name: str) -> None:
    kind = getattr(importlib.import_module("core.model"), name)
    assert not [field.name for field in dataclasses.fields(kind) if re.search("secret|password|token", field.name)]
