"""Where a simulated registry keeps its blobs: a storage account, or a data endpoint of its own.

The address that a registry hands out is signed, and whoever brings a token along is refused, as storage does.
https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import timedelta
from urllib.parse import quote

from core.practice.arm_id import guid
from core.practice.http import Json, Request, Response
from core.practice.world import World

STORAGE = ".blob.core.windows.net"
DATA = re.compile(r"[a-z0-9]+\.[a-z0-9]+\.data\.azurecr\.io")

_PATH = re.compile(
    r"/(?P<registry>[0-9a-f]{32})-[a-z0-9]+/docker/registry/v2/blobs/sha256/[0-9a-f]{2}/(?P<hex>[0-9a-f]{64})/data"
)


def blob_host(registry: Json) -> str:
    """The host of a registry's blobs."""
    hosts = registry["properties"].get("dataEndpointHostNames") or []
    return str(hosts[0]) if hosts else f"weumanaged{int(guid('storage', registry['id'])[:4], 16) % 200}{STORAGE}"


def blob_redirect(world: World, registry: Json, digest: str) -> Response:
    """The answer that sends a caller to a blob, which is good for 20 minutes."""
    host, hexadecimal = blob_host(registry), digest.partition(":")[2]
    key = _key(registry)
    path = f"/{key}-6axpizmqaf//docker/registry/v2/blobs/sha256/{hexadecimal[:2]}/{hexadecimal}/data"
    until = quote(f"{world.now + timedelta(minutes=20):%Y-%m-%dT%H:%M:%SZ}", safe="")
    signed = f"se={until}&sig={_signature(world, hexadecimal)}&sp=r&spr=https&sr=b&sv=2018-03-28&regid={key}"
    location = f"https://{host}{path}?{signed}"
    body = f'<a href="{location.replace("&", "&amp;")}">Temporary Redirect</a>.\n\n'
    headers = {"content-type": "text/html; charset=utf-8", "docker-content-digest": digest, "location": location}
    return Response(307, headers, body.encode())


def blob_answer(world: World, request: Request) -> Response | None:
    """The blob behind a signed address; None where the host keeps no blobs."""
    if not request.host.endswith(STORAGE) and not DATA.fullmatch(request.host):
        return None
    if "authorization" in request.headers:
        return refused(
            400, "InvalidAuthenticationInfo", "Authentication information is not given in the correct format."
        )
    found = _PATH.fullmatch(request.path)
    if found is None or not hmac.compare_digest(request.query.get("sig", ""), _signature(world, found["hex"])):
        return refused(403, "AuthenticationFailed", "Server failed to authenticate the request.")
    for registry, contents in world.contents.items():
        body = world.resource(registry)
        if body is not None and _key(body) == found["registry"] and blob_host(body) == request.host:
            blob = contents.blobs.get(f"sha256:{found['hex']}")
            if blob is not None:
                return Response(200, {"content-type": "application/octet-stream"}, blob)
    return refused(404, "BlobNotFound", "The specified blob does not exist.")


def _key(registry: Json) -> str:
    return guid("blobs", registry["id"]).replace("-", "")


def _signature(world: World, hexadecimal: str) -> str:
    return hmac.new(world.token_key, hexadecimal.encode(), hashlib.sha256).hexdigest()


def refused(status: int, code: str, message: str) -> Response:
    """An error as storage answers it."""
    body = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(status, {"content-type": "application/xml"}, body.encode())
