"""Answers of the simulated Entra when it refuses: the codes, words and envelopes of the real one.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from core.practice.http import Response, json_response


class EntraRefusal(Exception):
    """A request to the authority ends here; `error` is the OAuth word, `code` the AADSTS number."""

    def __init__(self, error: str, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.error = error
        self.code = code
        self.description = f"AADSTS{code}: {sentence}"

    def response(self) -> Response:
        """The JSON answer of a token endpoint: 401 where the client is at fault, else 400."""
        stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        trailer = f"Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
        body = {
            "error": self.error,
            "error_description": f"{self.description} {trailer}",
            "error_codes": [self.code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.code}",
        }
        return json_response(body, 401 if self.error == "invalid_client" else 400)


def unknown_tenant(tenant: str) -> EntraRefusal:
    """No such directory."""
    return EntraRefusal(
        "invalid_tenant",
        90002,
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant.",
    )


def unknown_application(app_id: str, directory: str) -> EntraRefusal:
    """No such application in the directory."""
    return EntraRefusal(
        "unauthorized_client",
        700016,
        f"Application with identifier '{app_id}' was not found in the directory '{directory}'. This can happen if "
        "the application has not been installed by the administrator of the tenant or consented to by any user in "
        "the tenant. You may have sent your authentication request to the wrong tenant.",
    )


def disabled_application(app_id: str, name: str) -> EntraRefusal:
    """The service principal is switched off."""
    return EntraRefusal("unauthorized_client", 7000112, f"Application '{app_id}'({name}) is disabled.")


def wrong_secret(app_id: str) -> EntraRefusal:
    """The secret is none of the application's."""
    return EntraRefusal(
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
        f"the client secret ID, for a secret added to app '{app_id}'.",
    )


def expired_secret(app_id: str) -> EntraRefusal:
    """Every secret of the application has expired."""
    return EntraRefusal(
        "invalid_client",
        7000222,
        f"The provided client secret keys for app '{app_id}' are expired. Visit the Azure portal to create new keys "
        "for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: "
        "https://aka.ms/certCreds.",
    )


def unknown_user(name: str, tenant: str) -> EntraRefusal:
    """The user has no account in the directory."""
    return EntraRefusal(
        "invalid_grant",
        50020,
        f"User account '{name}' from identity provider does not exist in tenant '{tenant}' and cannot access the "
        "application in that tenant. The account needs to be added as an external user in the tenant first. Sign out "
        "and sign in again with a different Microsoft Entra user account.",
    )


def foreign_redirect(redirect_uri: str, app_id: str) -> EntraRefusal:
    """The code would go to an address that is not this computer."""
    return EntraRefusal(
        "invalid_request",
        50011,
        f"The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for "
        f"the application '{app_id}'.",
    )


def bad_grant(sentence: str = "The provided authorization code or refresh token is not valid.") -> EntraRefusal:
    """A code or refresh token that is unknown, used up, or presented by somebody else."""
    return EntraRefusal("invalid_grant", 70000, sentence)


def unsupported_grant(grant: str) -> EntraRefusal:
    """A way to get a token that this authority does not have."""
    return EntraRefusal("unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'.")
