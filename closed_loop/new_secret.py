"""The pull secret that `kubectl create secret` of a fix makes: without a Kubernetes it is taken as done."""

from __future__ import annotations

import shlex
from datetime import datetime

from closed_loop.placeholders import Placeholders
from core.facts.pull_secret import Login, PullSecret, PullSecrets
from core.model import Fix
from core.pull_secret.fingerprint import fingerprint
from core.pull_secret.read import DOCKER_CONFIG_JSON

_COMMAND = ["kubectl", "create", "secret", "docker-registry"]
_KNOWN_TO_THE_PERSON = "the password that a person knows"


def new_secret(fix: Fix, known: Placeholders, given: PullSecrets | None, now: datetime) -> PullSecrets | None:
    """Give the secrets as they are after a fix; None where it makes none, or names what nobody has told."""
    for line in fix.kubectl:
        words = shlex.split(known.fill(line) or line.replace("<password>", _KNOWN_TO_THE_PERSON))
        if words[:4] != _COMMAND:
            continue
        options = dict(word.split("=", 1) for word in words if word.startswith("--docker-"))
        namespace = words[words.index("--namespace") + 1]
        login = Login(
            options["--docker-server"],
            options["--docker-username"],
            fingerprint=fingerprint(options["--docker-password"]),
        )
        if any("<" in word for word in words):
            return None
        made = PullSecret(words[4], namespace, DOCKER_CONFIG_JSON, now, (login,))
        others = () if given is None else (one for one in given.secrets if one.name != made.name)
        return PullSecrets((made, *others), given.users if given else ())
    return None
