"""Choices with pull secrets, as the checks of them see one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from core.facts.choice import Choice
from core.facts.pull_secret import Flaw, Login, PullSecret, PullSecrets, SecretUser
from core.facts.resource_id import ResourceId
from core.model import OtherSymptom, Symptom

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
MADE = datetime(2026, 3, 1, tzinfo=UTC)
SERVER = "contosoreg.azurecr.io"
SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111"
CLUSTER = f"{SUBSCRIPTION}/resourcegroups/rg-app/providers/Microsoft.ContainerService/managedClusters/aks-app"
REGISTRY = f"{SUBSCRIPTION}/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
MISSED = "Unable to retrieve some image pull secrets (acr-cred); attempting to pull the image may not succeed."


def login(server: str = SERVER, username: str = "shop-pull", flaw: Flaw | None = None) -> Login:
    return Login(server, username, flaw, b"print")


def secret(
    *logins: Login,
    name: str | None = "acr-cred",
    namespace: str | None = "shop",
    flaw: Flaw | None = None,
    type_: str = "kubernetes.io/dockerconfigjson",
) -> PullSecret:
    return PullSecret(name, namespace, type_, MADE, logins or (login(),), flaw)


def user(kind: str = "Pod", *names: str, namespace: str | None = "shop") -> SecretUser:
    return SecretUser(kind, "api", namespace, names)


def choice(
    *secrets: PullSecret,
    users: Sequence[SecretUser] = (),
    text: str = "",
    kind: str = "OAUTH_401",
    others: Sequence[str] = (),
    namespace: str | None = "shop",
    image: str | None = f"{SERVER}/web/api:1.4.2",
) -> Choice:
    symptom = None
    if text or others:
        also = tuple(OtherSymptom("SECRET_MISSING", each) for each in others)
        symptom = Symptom(kind, excerpt=text, namespace=namespace, others=also)
    given = PullSecrets(tuple(secrets), tuple(users)) if secrets or users else None
    return Choice(ResourceId.parse(CLUSTER), ResourceId.parse(REGISTRY), image, symptom, namespace, pull_secret=given)
