"""From what kubectl printed to pull secrets: one Secret, a List, several documents, and who names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from core.facts.pull_secret import Flaw, PullSecret, PullSecrets, SecretUser
from core.pull_secret.docker_config import logins_in
from core.pull_secret.document import NotReadable, documents
from core.scrub import one_line

DOCKER_CONFIG_JSON = "kubernetes.io/dockerconfigjson"
DOCKER_CONFIG = "kubernetes.io/dockercfg"
_KEYS = {DOCKER_CONFIG_JSON: ".dockerconfigjson", DOCKER_CONFIG: ".dockercfg"}

MOST_OBJECTS = 2_000
LONGEST_NAME = 253
"""Of a name in Kubernetes."""


class NotAPullSecret(Exception):
    """No secret can be read off the text; the message says why and never holds a piece of it."""


def read_pull_secrets(text: str) -> PullSecrets:
    """Read what kubectl printed, YAML or JSON. Passwords are taken as fingerprints only.

    Raises NotAPullSecret.
    """
    trouble = ""
    objects: list[Mapping[str, Any]] = []
    try:
        objects = [one for document in documents(text) for one in _objects(document)][:MOST_OBJECTS]
    except NotReadable as refused:
        trouble = str(refused)
    if trouble:
        raise NotAPullSecret(trouble)
    secrets = tuple(_secret(one) for one in objects if _is_secret(one))
    users = tuple(user for one in objects if (user := _user(one)) is not None)
    if not secrets and not any(user.secret_names for user in users):
        raise NotAPullSecret(
            "There is no Kubernetes Secret in it. Give what kubectl get secret <name> -o yaml prints."
        )
    return PullSecrets(secrets, users)


def read_pull_secrets_of(data: bytes) -> PullSecrets:
    """Read the bytes of a file that kubectl wrote; PowerShell writes UTF-16.

    Raises NotAPullSecret.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return read_pull_secrets(data.decode(encoding, errors="replace"))


def _objects(document: Any) -> Iterator[Mapping[str, Any]]:
    if not isinstance(document, Mapping):
        return
    items = document.get("items")
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, Mapping))
    else:
        yield document


def _is_secret(one: Mapping[str, Any]) -> bool:
    """Say whether an object is a secret; one that stands alone without its kind may be a piece of one."""
    kind = one.get("kind")
    if kind is None:
        return isinstance(one.get("data"), Mapping) and any(key in one["data"] for key in _KEYS.values())
    return bool(kind == "Secret")


def _secret(one: Mapping[str, Any]) -> PullSecret:
    meta = one.get("metadata")
    type_ = _text(one, "type")
    made_at = _moment(_text(meta, "creationTimestamp"))
    name, namespace = _name(meta, "name"), _name(meta, "namespace")
    plain, coded = one.get("stringData"), one.get("data")
    own = _KEYS.get(type_ or "")
    for key in (own,) if own else tuple(_KEYS.values()):
        for source, encoded in ((plain, False), (coded, True)):
            value = _text(source, key)
            if value:
                logins, flaw = logins_in(value, encoded=encoded, legacy=key == _KEYS[DOCKER_CONFIG])
                flaw = flaw if own else Flaw.WRONG_TYPE
                return PullSecret(name, namespace, one_line(type_ or "Opaque"), made_at, logins, flaw)
    flaw = Flaw.NO_DATA if own else Flaw.WRONG_TYPE
    return PullSecret(name, namespace, one_line(type_ or "Opaque"), made_at, (), flaw)


def _user(one: Mapping[str, Any]) -> SecretUser | None:
    """Read who names secrets: a pod, what pods are made from, or a service account."""
    kind = _text(one, "kind")
    if kind is None or kind == "Secret":
        return None
    holder: Any = one if kind == "ServiceAccount" else one.get("spec")
    for step in ("jobTemplate", "spec", "template", "spec"):
        inner = holder.get(step) if isinstance(holder, Mapping) else None
        holder = inner if isinstance(inner, Mapping) else holder
    if not isinstance(holder, Mapping) or (kind != "ServiceAccount" and "containers" not in holder):
        return None
    named = holder.get("imagePullSecrets")
    names = (_name(entry, "name") for entry in (named if isinstance(named, list) else []))
    meta = one.get("metadata")
    return SecretUser(
        one_line(kind), _name(meta, "name"), _name(meta, "namespace"), tuple(name for name in names if name)
    )


def _text(source: Any, key: str | None) -> str | None:
    found = source.get(key) if isinstance(source, Mapping) else None
    return found if isinstance(found, str) and found else None


def _name(source: Any, key: str) -> str | None:
    found = _text(source, key)
    return one_line(found, LONGEST_NAME) if found else None


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
