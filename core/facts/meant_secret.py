"""Which of the secrets that somebody gave the pod pulls with, and which login in it is for a registry."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass

from core.facts.choice import Choice
from core.facts.pull_secret import AccountKind, Flaw, Login, PullSecret, SecretUser
from core.facts.pulled_repository import repository_in
from core.facts.registry import Registry

_UNRETRIEVED = re.compile(r"image pull secrets? \((?P<names>[a-z0-9., -]{1,400})\)", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ZEROS = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class MeantSecret:
    """What is known of the pod's pull secret.

    `names` are those that the pod, its service account or the pasted event names; `missed` those of which the event
    says that they could not be retrieved. `namespace` is the pod's. `secret` is the one that was given, None where
    only its name is known. `pod` is the object that names it or, with no names, the one that names none. `unseen` are
    the names of secrets that were not given while others were, `others` those that the pod names beside `secret` and
    that can be read.
    """

    names: tuple[str, ...]
    missed: tuple[str, ...]
    namespace: str | None
    secret: PullSecret | None
    pod: SecretUser | None
    unseen: tuple[str, ...] = ()
    others: tuple[PullSecret, ...] = ()


def meant_secret(choice: Choice, registry: Registry | None) -> MeantSecret | None:
    """Give the pull secret that a choice is about, None where nothing was said of any.

    Nodes try every secret that the pod names. Of several one in the pod's namespace comes first, then one for the
    picked registry, and where none is for it one that cannot be read: a sound one for another registry is no fault.
    """
    missed = _missed(choice)
    given = choice.pull_secret
    if given is None:
        return MeantSecret(missed, missed, _namespace(choice, None), None, None) if missed else None
    pod = min(given.users, key=lambda user: (not user.secret_names, user.kind == "ServiceAccount"), default=None)
    names = pod.secret_names if pod and pod.secret_names else missed
    namespace = _namespace(choice, pod)
    wanted = [one for one in given.secrets if one.name in names] or [one for one in given.secrets if _pulls(one)]
    if not wanted and len(given.secrets) == 1:
        wanted = list(given.secrets)

    def place(one: PullSecret) -> tuple[bool, bool, bool, bool]:
        fits = registry is None or login_for(one, registry) is not None
        of_another_path = registry is not None and fits and login_at(one, choice, registry) is None
        return one.namespace != namespace, not fits, of_another_path, (one.flaw is not None) == fits

    given_names = {one.name for one in given.secrets}
    unseen = tuple(name for name in names if name not in given_names) if given_names & set(names) else ()
    secret = min(wanted, key=place, default=None)
    beside = (one for one in wanted if one is not secret and one.name in names and one.flaw is None)
    others = tuple(one for one in beside if secret is not None and one.namespace == secret.namespace)
    return MeantSecret(names, missed, namespace, secret, pod, unseen, others)


def login_at(secret: PullSecret, choice: Choice, registry: Registry) -> Login | None:
    """Give the login of a secret that a node uses for the picked registry and image."""
    return login_for(secret, registry, repository_in(choice, registry))


def login_for(secret: PullSecret, registry: Registry, repository: str | None = None) -> Login | None:
    """Give the login of a secret that a node uses first at a registry, one without a flaw before others."""
    return next(iter(logins_for(secret, registry, repository)), None)


def logins_for(secret: PullSecret, registry: Registry, repository: str | None = None) -> tuple[Login, ...]:
    """Give every login of a secret that a node uses at a registry, in its order, those without a flaw before others.

    A node tries all that fit, from the end of the alphabet: of several paths the longest comes first, and a host that
    is written out before one with stars.
    https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/credentialprovider/keyring.go
    """
    fitting = [login for login in secret.logins if serves(login.server, registry.login_server, repository)]
    fitting.sort(key=lambda login: host_and_path(login.server), reverse=True)
    return tuple(sorted(fitting, key=lambda login: login.flaw is not None))


def serves(server: str, login_server: str, repository: str | None = None) -> bool:
    """Say whether a login's server means a registry: scheme, port 443, `/v1/`, `/v2/` and case do not count.

    A host may hold stars, each for a part of one label; a further path limits the login to what begins with it.
    https://kubernetes.io/docs/concepts/containers/images/#config-json
    """
    host, path = host_and_path(server)
    labels, wanted = host.split("."), login_server.lower().split(".")
    if len(labels) != len(wanted) or not all(map(fnmatch.fnmatchcase, wanted, labels)):
        return False
    return not path or repository is None or repository.startswith(path)


def host_and_path(server: str) -> tuple[str, str]:
    """Take a login's server apart: its lower-cased host without scheme and port 443, and what of a path counts."""
    rest = re.sub(r"^[a-z]+://", "", server.strip(), flags=re.IGNORECASE)
    host, _, path = rest.partition("/")
    path = re.sub(r"^v[12](?:/|$)", "", path)
    return host.lower().removesuffix(":443"), path.lstrip("/")


def account_kind(username: str, registry: Registry) -> AccountKind:
    """Say what a user name stands for at a registry.

    https://learn.microsoft.com/azure/container-registry/container-registry-authentication
    """
    if username == _ZEROS:
        return AccountKind.SHORT_LIVED
    if _GUID.fullmatch(username):
        return AccountKind.SERVICE_PRINCIPAL
    if username.lower() == registry.name.lower():
        return AccountKind.ADMIN
    return AccountKind.TOKEN


def _pulls(secret: PullSecret) -> bool:
    return secret.flaw is not Flaw.WRONG_TYPE or bool(secret.logins)


def _missed(choice: Choice) -> tuple[str, ...]:
    """Give the names in "Unable to retrieve some image pull secrets (a, b)"."""
    symptom = choice.symptom
    texts = (symptom.excerpt, *(other.excerpt for other in symptom.others)) if symptom else ()
    found = (match for text in texts if (match := _UNRETRIEVED.search(text)))
    return tuple(dict.fromkeys(name.strip() for match in found for name in match["names"].split(",") if name.strip()))


def _namespace(choice: Choice, pod: SecretUser | None) -> str | None:
    told = choice.symptom.namespace if choice.symptom else None
    return choice.namespace or (pod.namespace if pod else None) or told
