"""A simulated Entra: sign-in pages, tokens and keys for the directories of a world.

It speaks the OAuth 2.0 and OpenID Connect endpoints of the real one, as far as MSAL, azure-identity and the Azure CLI
use them: https://learn.microsoft.com/entra/identity-platform/v2-protocols
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from core.practice import entra_errors
from core.practice.entra_errors import EntraRefusal
from core.practice.http import Json, Request, Response, json_response
from core.practice.sign_in_page import error_page, handover_page, sign_in_page
from core.practice.tokens import LIFETIME, audience_of, mint
from core.practice.world import DirectoryObject, World

ANY_TENANT = frozenset({"common", "organizations"})
"""Names that stand for the user's own directory."""
CODE_LIFETIME = 600
"""Seconds that an authorization code lives."""
MAX_GRANTS = 1_000
"""Codes and refresh tokens that are remembered; the oldest are forgotten."""

_PATH = re.compile(
    r"/(?P<tenant>[^/]+)/(?P<page>(?:v2\.0/)?\.well-known/openid-configuration|discovery/v2\.0/keys"
    r"|oauth2/v2\.0/authorize|oauth2/v2\.0/token)/?"
)
_OIDC_SCOPES = frozenset({"openid", "profile", "offline_access", "email"})


@dataclass(frozen=True, slots=True)
class _Grant:
    """What an authorization code or refresh token stands for."""

    user: str
    tenant: str
    client_id: str
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""
    scope: str = ""
    expires: float = float("inf")


class Authority:
    """The authority of one world.

    `base_url` is where it is reached, `audiences` maps the loopback names of services to the audiences that the
    simulator knows, `client_secrets` holds the one secret of each application that may sign in by itself.
    Safe to call from several threads.
    """

    def __init__(
        self, world: World, base_url: str, audiences: Mapping[str, str], client_secrets: Mapping[str, str]
    ) -> None:
        self._world = world
        self._base = base_url
        self._audiences = audiences
        self._client_secrets = client_secrets
        self._grants: dict[str, _Grant] = {}
        self._lock = threading.Lock()

    def handle(self, request: Request) -> Response | None:
        """Answer a request to the authority; None where its address is none of the authority's."""
        found = _PATH.fullmatch(request.path)
        if found is None:
            return None
        page = found["page"]
        try:
            tenant = self._tenant(found["tenant"])
            if page.endswith("openid-configuration"):
                return json_response(self._configuration(found["tenant"], tenant))
            if page.endswith("keys"):
                return json_response({"keys": [self._public_key()]})
            if page.endswith("token"):
                return json_response(self._token(tenant, _form(request)), headers={"cache-control": "no-store"})
        except EntraRefusal as refusal:
            return refusal.response()
        try:
            return self._authorize(found["tenant"], tenant, request)
        except EntraRefusal as refusal:
            return error_page(refusal.description)

    def user_names(self) -> tuple[str, ...]:
        """The sign-in names that can be picked on the sign-in page of the user's own directory."""
        return tuple(_sign_in_name(user) for user in self._people())

    def _tenant(self, name: str) -> str:
        """The id of a directory; empty for the names that stand for the user's own."""
        if name.lower() in ANY_TENANT:
            return ""
        for tenant, body in self._world.tenants.items():
            if name.lower() == tenant or name.lower() in body.get("domains", []):
                return tenant
        raise entra_errors.unknown_tenant(name)

    def _issuer(self, tenant: str) -> str:
        return f"{self._base}/{tenant or '{tenantid}'}/v2.0"

    def _configuration(self, name: str, tenant: str) -> Json:
        own = f"{self._base}/{name}"
        return {
            "token_endpoint": f"{own}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "jwks_uri": f"{own}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "scopes_supported": sorted(_OIDC_SCOPES),
            "issuer": self._issuer(tenant),
            "authorization_endpoint": f"{own}/oauth2/v2.0/authorize",
            "tenant_region_scope": "EU",
            "cloud_instance_name": urlsplit(self._base).netloc,
        }

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def _public_key(self) -> Json:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {**key, "use": "sig", "kid": "practice", "alg": "RS256"}

    def _authorize(self, name: str, tenant: str, request: Request) -> Response:
        """The page where the user picks an account; a POST with the pick hands the code over."""
        asked = request.query
        client_id, redirect_uri = asked.get("client_id", ""), asked.get("redirect_uri", "")
        if urlsplit(redirect_uri).hostname not in ("localhost", "127.0.0.1", "::1"):
            raise entra_errors.foreign_redirect(redirect_uri, client_id)
        if asked.get("response_type") != "code" or asked.get("code_challenge_method", "S256") != "S256":
            raise EntraRefusal("invalid_request", 900144, "Only the authorization code flow with PKCE is supported.")
        if request.method == "GET":
            users = [user for user in self._people() if not tenant or self._world.guest_of(user.id, tenant)]
            action = f"{self._base}/{name}/oauth2/v2.0/authorize?{urlsplit(request.url).query}"
            return sign_in_page(action, [(user.id, _sign_in_name(user)) for user in users])
        picked = _form(request).get("user", "")
        state = {"state": asked["state"]} if "state" in asked else {}
        if not picked:
            return handover_page(
                redirect_uri,
                {"error": "access_denied", "error_description": "AADSTS65004: User declined to sign in.", **state},
                asked.get("response_mode", "query"),
            )
        grant = _Grant(
            user=self._user(picked).id,
            tenant=tenant or self._user(picked).tenant,
            client_id=client_id,
            redirect_uri=redirect_uri,
            challenge=asked.get("code_challenge", ""),
            nonce=asked.get("nonce", ""),
            scope=asked.get("scope", ""),
            expires=time.time() + CODE_LIFETIME,
        )
        return handover_page(
            redirect_uri, {"code": self._remember(grant), **state}, asked.get("response_mode", "query")
        )

    def _token(self, tenant: str, form: Mapping[str, str]) -> Json:
        grants: dict[str, Callable[[str, Mapping[str, str]], Json]] = {
            "client_credentials": self._for_client,
            "authorization_code": self._for_code,
            "refresh_token": self._for_refresh,
        }
        kind = form.get("grant_type", "")
        if kind not in grants:
            raise entra_errors.unsupported_grant(kind)
        return grants[kind](tenant, form)

    def _for_client(self, tenant: str, form: Mapping[str, str]) -> Json:
        app_id = form.get("client_id", "")
        directory = self._world.tenants.get(tenant, {}).get("displayName", tenant)
        principal = self._world.service_principal_of(app_id, tenant)
        if principal is None:
            raise entra_errors.unknown_application(app_id, str(directory))
        if not principal.body.get("accountEnabled", True):
            raise entra_errors.disabled_application(app_id, str(principal.body["displayName"]))
        known = self._client_secrets.get(app_id)
        if known is None and self._all_expired(principal):
            raise entra_errors.expired_secret(app_id)
        if known is None or not hmac.compare_digest(known.encode(), form.get("client_secret", "").encode()):
            raise entra_errors.wrong_secret(app_id)
        return self._access(principal.id, tenant, form.get("scope", ""))

    def _all_expired(self, principal: DirectoryObject) -> bool:
        application = self._world.application_of(principal.body["appId"], principal.tenant)
        credentials = [
            *principal.body.get("passwordCredentials", []),
            *(application.body.get("passwordCredentials", []) if application else []),
        ]
        now = self._world.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        return bool(credentials) and all(credential["endDateTime"] < now for credential in credentials)

    def _for_code(self, tenant: str, form: Mapping[str, str]) -> Json:
        grant = self._used_up(form.get("code", ""))
        if grant.client_id != form.get("client_id") or grant.redirect_uri != form.get("redirect_uri"):
            raise entra_errors.bad_grant()
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if grant.challenge and grant.challenge != _base64url(hashed):
            raise entra_errors.bad_grant("The code verifier does not match the code challenge.")
        return self._for_user(tenant or grant.tenant, form.get("scope") or grant.scope, grant)

    def _for_refresh(self, tenant: str, form: Mapping[str, str]) -> Json:
        grant = self._granted(form.get("refresh_token", ""))
        if grant.client_id != form.get("client_id"):
            raise entra_errors.bad_grant()
        return self._for_user(tenant or grant.tenant, form.get("scope") or grant.scope, grant)

    def _for_user(self, tenant: str, scope: str, grant: _Grant) -> Json:
        """Tokens for a user in a directory, where the user may be a guest."""
        user = self._user(grant.user)
        local = self._world.guest_of(user.id, tenant)
        if local is None:
            raise entra_errors.unknown_user(_sign_in_name(user), tenant)
        refresh = self._remember(_Grant(user.id, tenant, grant.client_id, scope=scope))
        claims = {
            "aud": grant.client_id,
            "iss": self._issuer(tenant),
            "iat": int(time.time()),
            "nbf": int(time.time()),
            "exp": int(time.time()) + LIFETIME,
            "name": user.body["displayName"],
            "oid": local,
            "preferred_username": _sign_in_name(user),
            "sub": local,
            "tid": tenant,
            "ver": "2.0",
            **({"nonce": grant.nonce} if grant.nonce else {}),
        }
        return {
            **self._access(local, tenant, scope),
            "refresh_token": refresh,
            "id_token": jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "practice"}),
            "client_info": _base64url(json.dumps({"uid": user.id, "utid": user.tenant})),
        }

    def _access(self, object_id: str, tenant: str, scope: str) -> Json:
        wanted = next((word for word in scope.split() if word not in _OIDC_SCOPES), "")
        audience = audience_of(wanted)
        return {
            "token_type": "Bearer",
            "scope": scope,
            "expires_in": LIFETIME - 1,
            "ext_expires_in": LIFETIME - 1,
            "access_token": mint(self._world, self._audiences.get(audience, audience), object_id, tenant),
        }

    def _people(self) -> list[DirectoryObject]:
        people = [entry for entry in self._world.directory.values() if entry.kind == "user" and not _is_guest(entry)]
        return sorted(people, key=_sign_in_name)

    def _user(self, object_id: str) -> DirectoryObject:
        user = self._world.directory.get(object_id)
        if user is None or user.kind != "user":
            raise EntraRefusal("invalid_grant", 50034, "The user account does not exist in the directory.")
        return user

    def _remember(self, grant: _Grant) -> str:
        key = secrets.token_urlsafe(48)
        with self._lock:
            self._grants[key] = grant
            while len(self._grants) > MAX_GRANTS:
                del self._grants[next(iter(self._grants))]
        return key

    def _granted(self, key: str) -> _Grant:
        with self._lock:
            grant = self._grants.get(key)
        if grant is None or grant.expires < time.time():
            raise entra_errors.bad_grant()
        return grant

    def _used_up(self, code: str) -> _Grant:
        """What an authorization code stands for; it works once. Refresh tokens work again and again."""
        grant = self._granted(code)
        with self._lock:
            self._grants.pop(code, None)
        return grant


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _base64url(value: str | bytes) -> str:
    raw = value.encode() if isinstance(value, str) else value
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _sign_in_name(user: DirectoryObject) -> str:
    return str(user.body["userPrincipalName"])


def _is_guest(user: DirectoryObject) -> bool:
    return "#EXT#" in _sign_in_name(user)
