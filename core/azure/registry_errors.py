"""What an exception of a registry's own interface means as a fact.

Recorded answers: `{"errors": [{"code", "message", "detail"}]}`, plain text, and empty bodies. Whatever keeps this
computer from the registry says nothing about the cluster.
"""

from __future__ import annotations

import json
import re

from azure.core.exceptions import HttpResponseError, IncompleteReadError

from core.azure.answers import MAX_BODY
from core.azure.errors import body_of, fact_of_error, role_for
from core.facts.fact import Denied, Missing, NotKnown, Trouble, Unavailable
from core.scrub import one_line

_FIREWALL = re.compile(r"client with IP|aka\.ms/acr/firewall", re.IGNORECASE)
"""What the registry's firewall answers; https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/client-ip-address-not-allowed-access"""


def fact_of_registry_error(error: BaseException, *, action: str, scope: str, resource: str) -> NotKnown:
    """What the exception of one call means; the parameters are those of `core.azure.errors.fact_of_error`."""
    answered = isinstance(error, HttpResponseError) and not isinstance(error, IncompleteReadError)
    if answered and isinstance(error, HttpResponseError) and error.response is not None and error.status_code:
        found = _of_answer(error.status_code, body_of(error), action, scope, resource)
        if found is not None:
            return found
    told = fact_of_error(error, action=action, scope=scope, resource=resource)
    if isinstance(told, Unavailable) and told.trouble in (Trouble.CONNECTION, Trouble.TIMEOUT):
        return Unavailable(Trouble.WORKSTATION, told.detail)
    return told


def _of_answer(status: int, body: str, action: str, scope: str, resource: str) -> NotKnown | None:
    """What a registry's answer means; None where it is not a registry's own or means what it does everywhere."""
    message = _message(body)
    if status == 403 and _FIREWALL.search(message):
        return Unavailable(Trouble.WORKSTATION, one_line(message))
    if status in (401, 403) and not body.lstrip().startswith("<"):
        return Denied(action, scope, role_for(action))
    if status == 404:
        return Missing(resource)
    if status == 405:
        return Unavailable(Trouble.LOCKED, one_line(message))
    return None


def _message(body: str) -> str:
    """The message of the first error, the body itself where it is no JSON."""
    try:
        errors = json.loads(body[:MAX_BODY])["errors"]
        return str(errors[0]["message"])
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return body[:MAX_BODY]
