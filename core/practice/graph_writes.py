"""What changes the directory: secrets of applications, new applications and service principals.

https://learn.microsoft.com/graph/api/application-addpassword
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from core.practice.arm_id import guid
from core.practice.entra_bodies import application_body, graph_stamp, service_principal_body
from core.practice.graph import answer, graph_error, missing, refuse_without_read
from core.practice.http import GRAPH_HOST, Json, Response
from core.practice.routing import Call, Route
from core.practice.world import DirectoryObject, stamp

_YEAR = timedelta(days=365)
_CREATED = 201


def _entry(call: Call, kind: str) -> DirectoryObject | None:
    refuse_without_read(call, kind)
    entry = call.world.directory.get(call.args["id"].lower())
    right = entry is not None and entry.kind == kind and entry.tenant == call.caller.tenant
    return entry if right else None


def _secret() -> str:
    """A client secret in the shape of Entra's; none begins with a dash, which command lines take for a flag."""
    return f"{secrets.token_hex(2)[:3]}8Q~{secrets.token_urlsafe(25)}"


def _add_password(call: Call) -> Response:
    entry = _entry(call, "application")
    if entry is None:
        return missing(call, call.args["id"])
    given: Json = call.body().get("passwordCredential") or {}
    now = call.world.now
    text = _secret()
    credential: Json = {
        "customKeyIdentifier": None,
        "displayName": given.get("displayName"),
        "endDateTime": given.get("endDateTime") or graph_stamp(now + _YEAR),
        "hint": text[:3],
        "keyId": guid("key", entry.id, stamp(now), text),
        "secretText": None,
        "startDateTime": given.get("startDateTime") or graph_stamp(now),
    }
    entry.body["passwordCredentials"] = [*entry.body["passwordCredentials"], credential]
    context = f"https://{GRAPH_HOST}/v1.0/$metadata#microsoft.graph.passwordCredential"
    return answer({"@odata.context": context, **credential, "secretText": text})


def _remove_password(call: Call) -> Response:
    entry = _entry(call, "application")
    if entry is None:
        return missing(call, call.args["id"])
    key = call.body().get("keyId")
    kept = [each for each in entry.body["passwordCredentials"] if each["keyId"] != key]
    if len(kept) == len(entry.body["passwordCredentials"]):
        return graph_error(call.request, 400, "Request_BadRequest", "No credentials found to be removed.")
    entry.body["passwordCredentials"] = kept
    return Response(204)


def _patch_application(call: Call) -> Response:
    return _patch(call, "application")


def _patch_service_principal(call: Call) -> Response:
    return _patch(call, "servicePrincipal")


def _patch(call: Call, kind: str) -> Response:
    entry = _entry(call, kind)
    if entry is None:
        return missing(call, call.args["id"])
    given = call.body()
    unknown = sorted(set(given) - set(entry.body))
    if unknown:
        message = f"Property '{unknown[0]}' does not exist on type 'microsoft.graph.{kind}'."
        return graph_error(call.request, 400, "Request_BadRequest", message)
    if "passwordCredentials" in given:
        given["passwordCredentials"] = [each | {"secretText": None} for each in given["passwordCredentials"]]
    entry.body.update(given)
    return Response(204)


def _post_application(call: Call) -> Response:
    refuse_without_read(call, "application")
    name = str(call.body().get("displayName", ""))
    app_id = guid("app", name, stamp(call.world.now))
    body = application_body(app_id, name, call.world.now)
    call.world.add_object(call.caller.tenant, "application", body)
    return answer({"@odata.context": f"https://{GRAPH_HOST}/v1.0/$metadata#applications/$entity", **body}, _CREATED)


def _post_service_principal(call: Call) -> Response:
    refuse_without_read(call, "servicePrincipal")
    app_id = str(call.body().get("appId", ""))
    application = call.world.application_of(app_id, call.caller.tenant)
    if application is None:
        return missing(call, app_id)
    if call.world.service_principal_of(app_id, call.caller.tenant):
        message = f"The service principal cannot be created because the appId {app_id} is already in use."
        return graph_error(call.request, 409, "Request_MultipleObjectsWithSameKeyValue", message)
    name = str(application.body["displayName"])
    body = service_principal_body(app_id, name, call.caller.tenant, call.world.now)
    call.world.add_object(call.caller.tenant, "servicePrincipal", body)
    context = f"https://{GRAPH_HOST}/v1.0/$metadata#servicePrincipals/$entity"
    return answer({"@odata.context": context, **body}, _CREATED)


ROUTES = (
    Route("POST", "/v1.0/applications", _post_application),
    Route("POST", "/v1.0/servicePrincipals", _post_service_principal),
    Route("POST", "/v1.0/applications/{id}/addPassword", _add_password),
    Route("POST", "/v1.0/applications/{id}/removePassword", _remove_password),
    Route("PATCH", "/v1.0/applications/{id}", _patch_application),
    Route("PATCH", "/v1.0/servicePrincipals/{id}", _patch_service_principal),
)
