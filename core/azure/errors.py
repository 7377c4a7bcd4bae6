"""What an exception of an SDK call means as a fact.

Recorded error answers and their envelopes decide here; see `core.azure.answers`.
"""

from __future__ import annotations

import json
import re
import ssl
from typing import Any, cast

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    DeserializationError,
    HttpResponseError,
    IncompleteReadError,
    SerializationError,
    ServiceRequestError,
    ServiceRequestTimeoutError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)

from core.azure.answers import ErrorAnswer, read_error
from core.azure.causes import causes
from core.azure.transport import RefusedHost, RefusedRepeat
from core.cancel import Cancelled
from core.facts.fact import Denied, Missing, NotKnown, Trouble, Unavailable
from core.facts.resource_id import same_id
from core.scrub import one_line

AZURE_ERRORS = (
    AzureError,
    Cancelled,
    RefusedHost,
    RefusedRepeat,
    DeserializationError,
    SerializationError,
    json.JSONDecodeError,
)
"""What an SDK call may raise for something that happened outside the program; catch these and nothing wider.

The JSON errors are here because the generated clients read a body that is no JSON with `response.json()`.
"""

READER = "Reader"
UNREADABLE = "The answer was cut off or could not be read."

ROLES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), role)
    for pattern, role in (
        (r"^(Application|Directory|User|Group|GroupMember)\.", "Directory Readers"),
        (r"^microsoft\.containerregistry/registries/listcredentials/action$", "Contributor"),
        (
            r"^microsoft\.containerservice/managedclusters/listclusterusercredential/action$",
            "Azure Kubernetes Service Cluster User Role",
        ),
        (r"^microsoft\.containerservice/managedclusters/(runcommand/action|commandresults/)", "Contributor"),
        (r"^microsoft\.containerregistry/registries/pull/read$", "AcrPull"),
        (
            r"^microsoft\.containerregistry/registries/repositories/(metadata|content)/read$",
            "Container Registry Repository Reader",
        ),
        (r"^microsoft\.containerregistry/registries/catalog/read$", "Container Registry Repository Catalog Lister"),
        (r"^microsoft\.authorization/.*/(write|delete)$", "Role Based Access Control Administrator"),
        (r"^microsoft\.network/(?!.*/read$)", "Network Contributor"),
        (r"^(?!.*/read$).*", "Contributor"),
    )
)
"""Actions that Reader does not grant, and a built-in role that does; the first pattern that fits counts.

https://learn.microsoft.com/azure/role-based-access-control/built-in-roles,
https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
"""

_ACTION = re.compile(r"perform action(?:\(s\))? '([^',]{1,200})'(?! on scope)", re.IGNORECASE)
_SCOPE = re.compile(r"(?:over scope|on the linked scope\(s\)) '([^',]{1,1000})", re.IGNORECASE)
_NO_ASSIGNMENT_THERE = re.compile(
    r"/providers/(?:Microsoft\.Authorization(?:/.*)?|[^/.]+\.[^/]+(?:/[^/]+)?)/*$", re.IGNORECASE
)
"""The end of a scope at which nobody can grant a role: a namespace or a type without a resource, or what
Microsoft.Authorization keeps about the resource before it.

https://learn.microsoft.com/azure/role-based-access-control/scope-overview
"""
_COLLECTION = re.compile(
    r"(?P<holder>/providers/[^/.]+\.[^/]+(?:/[^/]+/[^/]+)+|^/subscriptions/[^/]+(?=/resourcegroups/*$))/[^/]+/*$",
    re.IGNORECASE,
)
"""The end of a scope that names a kind of things below a resource or a subscription's groups, but none of them."""
_RIGHT_TENANT = re.compile(r"must match .{0,200}?https://sts\.[\w.]+/([0-9a-f-]{36})", re.IGNORECASE | re.DOTALL)

_SIGN_IN_CODES = frozenset(
    {
        "authenticationfailed",
        "expiredauthenticationtoken",
        "invalidauthenticationtoken",
        "invalidauthenticationtokenaudience",
        "invalidauthenticationtokenissuer",
        "tokenexpired",
        "unauthenticated",
    }
)
_NOT_SERVED_CODES = frozenset(
    {
        "invalidresourcetype",
        "invalidresourcenamespace",
        "resourcetypenotsupported",
        "noregisteredproviderfound",
        "invalidapiversionparameter",
    }
)
"""The cloud does not know the kind of thing that was asked for, which says nothing about the thing itself."""
_HIDDEN_CODES = frozenset({"subscriptionnotfound"})
"""What Azure says of a subscription that the signed-in user has no part in, whether it exists or not."""
_NOT_SERVED_BY_GRAPH = re.compile(r"resource not found for the segment", re.IGNORECASE)
"""What Microsoft Graph says in that case; https://learn.microsoft.com/graph/errors"""


def role_for(action: str) -> str:
    """A built-in role that grants an action; an Entra role where the action is a Microsoft Graph permission."""
    return next((role for pattern, role in ROLES if pattern.search(action)), READER)


def fact_of_error(
    error: BaseException, *, action: str, scope: str, resource: str, tenant_id: str | None = None
) -> NotKnown:
    """What the exception of one call means.

    `action` and `scope` are what the call needs (Azure's own sentence overrules them), `resource` is what it asked
    for, `tenant_id` the directory that the user is signed in to. An exception that is none of `AZURE_ERRORS` is
    raised again: it is a fault of the program.
    """
    if isinstance(error, Cancelled):
        return Unavailable(Trouble.CANCELLED)
    if isinstance(error, (RefusedHost, RefusedRepeat)):
        return Unavailable(Trouble.BAD_ANSWER, one_line(str(error)))
    if isinstance(error, HttpResponseError) and not isinstance(error, IncompleteReadError):
        return _of_answer(error, action, scope, resource, tenant_id)
    if isinstance(error, (ServiceRequestTimeoutError, ServiceResponseTimeoutError)):
        return Unavailable(Trouble.TIMEOUT, one_line(str(error)))
    if isinstance(error, (IncompleteReadError, DeserializationError, SerializationError, json.JSONDecodeError)):
        return Unavailable(Trouble.BAD_ANSWER, UNREADABLE)
    if isinstance(error, AzureError):
        return _of_connection(error)
    raise error


def _of_answer(error: HttpResponseError, action: str, scope: str, resource: str, tenant_id: str | None) -> NotKnown:
    if error.response is None or not error.status_code:
        if any(isinstance(cause, (ServiceRequestError, ServiceResponseError)) for cause in causes(error)):
            return _of_connection(error)
        trouble = Trouble.SIGN_IN if isinstance(error, ClientAuthenticationError) else Trouble.BAD_ANSWER
        return Unavailable(trouble, one_line(str(error.message)))
    if error.status_code < 400:
        return Unavailable(Trouble.BAD_ANSWER, UNREADABLE)
    answer = read_error(error.status_code, body_of(error), cast("Any", error.response).headers)
    if answer.entra:
        return Unavailable(Trouble.SIGN_IN, one_line(answer.message or answer.code))
    return fact_of_answer(answer, action=action, scope=scope, resource=resource, tenant_id=tenant_id)


def fact_of_answer(
    answer: ErrorAnswer, *, action: str, scope: str, resource: str, tenant_id: str | None = None
) -> NotKnown:
    """What an error answer of ARM or Microsoft Graph means; the parameters are those of `fact_of_error`."""
    code = answer.code.lower()
    detail = one_line(f"Azure answered {answer.status} {answer.code}: {answer.message}".rstrip(": "))
    if answer.status == 401:
        wrong = _right_tenant(answer, tenant_id)
        if wrong is not None:
            return Unavailable(Trouble.WRONG_TENANT, detail, tenant_id=wrong)
        if answer.challenge or not answer.json or code in _SIGN_IN_CODES:
            return Unavailable(Trouble.SIGN_IN, detail)
    if answer.status in (401, 403):
        if not answer.json:
            return Unavailable(Trouble.BAD_ANSWER, f"{detail}, but not in Azure's words; a proxy may have answered.")
        return _denied(answer, action, scope)
    if code in _NOT_SERVED_CODES or _NOT_SERVED_BY_GRAPH.search(answer.message):
        return Unavailable(Trouble.SERVER, detail)
    if code in _HIDDEN_CODES:
        return Denied(action=action, scope=scope, role=role_for(action))
    if answer.status in (404, 410):
        return Missing(resource)
    if answer.status == 429:
        return Unavailable(Trouble.THROTTLED, detail)
    if answer.status in (408, 504):
        return Unavailable(Trouble.TIMEOUT, detail)
    if answer.status >= 500 or answer.status == 409:
        return Unavailable(Trouble.SERVER, detail)
    return Unavailable(Trouble.BAD_ANSWER, detail)


def _denied(answer: ErrorAnswer, action: str, scope: str) -> Denied:
    named_action = _ACTION.search(answer.message)
    named_scope = _SCOPE.search(answer.message)
    action = named_action[1] if named_action else action
    if named_scope:
        named = _grantable(named_scope[1])
        scope = scope if same_id(named, scope) else named
    return Denied(action=one_line(action), scope=one_line(_grantable(scope), 1000), role=role_for(action))


def _grantable(scope: str) -> str:
    """The nearest thing to a scope that a role can be granted on: itself, or what it is about."""
    return _COLLECTION.sub(r"\g<holder>", _NO_ASSIGNMENT_THERE.sub("", scope)) or "/"


def _right_tenant(answer: ErrorAnswer, tenant_id: str | None) -> str | None:
    """The directory that Azure wants a token of, where it is another one than the user's."""
    challenged = answer.challenge_tenant
    if answer.code.lower() == "invalidauthenticationtokentenant":
        named = _RIGHT_TENANT.search(answer.message)
        return challenged or (named[1].lower() if named else "")
    if challenged and tenant_id and challenged != tenant_id.lower():
        return challenged
    return None


def _of_connection(error: AzureError) -> Unavailable:
    found = list(causes(error))
    detail = one_line(str(error.message))
    timeouts = (TimeoutError, ServiceRequestTimeoutError, ServiceResponseTimeoutError)
    if any(isinstance(cause, timeouts) for cause in found):
        return Unavailable(Trouble.TIMEOUT, detail)
    if any(isinstance(cause, ssl.SSLError) for cause in found):
        return Unavailable(Trouble.CONNECTION, f"The certificate was not accepted: {detail}")
    return Unavailable(Trouble.CONNECTION, detail)


def body_of(error: HttpResponseError) -> str:
    """The body of an error answer; empty where it broke off, was streamed or names an unknown encoding.

    The status still tells something then.
    """
    if error.response is None:
        return ""
    try:
        return error.response.text()
    except (AzureError, LookupError, ValueError):
        return ""
