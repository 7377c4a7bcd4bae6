"""Why a sign-in failed, in sentences for the user.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from __future__ import annotations

import re
import ssl

from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from core.azure.authority_answers import AuthorityAnswer
from core.azure.causes import causes
from core.scrub import one_line


class SignInError(Exception):
    """The user is not signed in; the message is a sentence for them and holds no secret."""


class SignInCancelled(SignInError):
    """The user changed their mind, here or on the sign-in page."""


class SignInTimedOut(SignInError):
    """Nobody finished signing in within the time."""


class NoBrowser(SignInError):
    """No browser could be opened, or it has no way to answer."""


class NotConfigured(SignInError):
    """The environment does not say who signs in."""


class AuthorityUnreachable(SignInError):
    """The authority does not answer or is not trusted."""


class NotAnAuthority(SignInError):
    """Something answers in the authority's place, and not as a sign-in service does."""


class SignInRefused(SignInError):
    """The authority said no. `code` is its AADSTS number, 0 where it gave none."""

    def __init__(self, sentence: str, code: int = 0) -> None:
        super().__init__(sentence)
        self.code = code


_NO_ACCOUNT = (
    "Your account does not exist in this directory. Ask its administrator to invite you, or pick another tenant."
)
_POLICY = "Your organisation's Conditional Access policy does not let this sign-in through"

SENTENCES: dict[int, str] = {
    7000215: "The client secret is wrong. It has to be the secret's value, not the secret's id.",
    7000222: "The client secret has expired. Create a new one for the application and try again.",
    7000112: "The application is disabled in this directory. An administrator of the directory has to enable it.",
    700016: "The application does not exist in this directory. Check the client id, and whether the tenant is right.",
    700027: "The certificate is not one of the application's. Check which certificate is registered for it.",
    90002: "There is no directory with this tenant id or domain. Check the tenant, and whether the cloud is right.",
    900023: "The tenant is neither a directory's id nor one of its domains.",
    50020: _NO_ACCOUNT,
    50034: "This account does not exist in the directory.",
    50053: "The account is locked because of too many failed attempts. Wait and try again.",
    50055: "The password of the account has expired.",
    50057: "The account is disabled.",
    50076: "The directory asks for multi-factor authentication. Sign in in the browser.",
    50079: "The directory asks you to set up multi-factor authentication first. Sign in in the browser.",
    50105: "Your account is not assigned to the application in this directory. Ask its administrator to assign you.",
    50126: "User name or password is wrong.",
    50158: "The directory asks for another proof of identity. Sign in in the browser.",
    50173: "The earlier sign-in was revoked, for example by a new password. Sign in again.",
    53000: f"{_POLICY}: the device has to be compliant.",
    53001: f"{_POLICY}: the device has to be joined to the directory.",
    53002: f"{_POLICY}: the application is not an approved one.",
    53003: f"{_POLICY}. Ask your Entra administrator which condition is not met; they find it in the sign-in log.",
    65001: "The directory has not consented to the application. An administrator of the directory has to.",
    70008: "The earlier sign-in has expired. Sign in again.",
    70043: "The earlier sign-in has expired. Sign in again.",
    700082: "The earlier sign-in has expired. Sign in again.",
    90072: _NO_ACCOUNT,
}
"""What the user is told, by AADSTS number."""

_CODE = re.compile(r"AADSTS(\d{4,8})")
_TRAILER = re.compile(r"\s*(?:Trace ID|Correlation ID|Timestamp|See https|To troubleshoot):?.*", re.DOTALL)


def explained(error: BaseException, authority: str, last: AuthorityAnswer | None = None) -> SignInError:
    """The sentence for an exception of azure-identity.

    `authority` is the URL that was asked, `last` what it answered last, where it answered.
    """
    found = list(causes(error))
    text = " ".join(str(one) for one in found)
    code = _CODE.search(text)
    if code:
        return _refused(int(code[1]), text)
    if "access_denied" in text:
        return SignInCancelled("You cancelled the sign-in in the browser.")
    if "Timed out after waiting" in text:
        return SignInTimedOut("Nobody finished signing in in the browser within the time. Try again.")
    if "Failed to open a browser" in text:
        return NoBrowser(
            "No browser could be opened on this computer. Sign in on a computer with a browser, or with a service "
            "principal in the environment (--sign-in environment)."
        )
    if "Couldn't start an HTTP server" in text:
        return NoBrowser("The browser cannot hand its answer over: no port on this computer could be opened for it.")
    if any(isinstance(one, ssl.SSLError) for one in found):
        return AuthorityUnreachable(
            f"The certificate of {authority} is not trusted on this computer. If your company inspects TLS, name its "
            f"certificate file in SSL_CERT_FILE."
        )
    if isinstance(error, OSError) and error.filename:
        return NotConfigured(f"{one_line(str(error.filename), 200)} cannot be read: {error.strerror}.")
    if any(isinstance(one, (ServiceRequestError, ServiceResponseError, OSError)) for one in found):
        return AuthorityUnreachable(f"{authority} cannot be reached. Check your network and proxy, then try again.")
    by_answer = _by_answer(last, authority) if last is not None else None
    return by_answer or SignInRefused(f"The sign-in failed: {one_line(str(error), 200)}")


def _by_answer(last: AuthorityAnswer, authority: str) -> SignInError | None:
    """The sentence for an answer that is none of a sign-in service that is well; None for one that is."""
    if last.status == 429:
        return AuthorityUnreachable(f"{authority} asks to slow down (it answered 429). Try again in some minutes.")
    if last.status >= 500:
        return AuthorityUnreachable(
            f"{authority} has trouble of its own (it answered {last.status}). Try again in some minutes."
        )
    if not last.expected:
        return NotAnAuthority(
            f"{authority} does not answer as a sign-in service does (it answered {last.status}). A proxy or a "
            f"sign-in page of the network may have answered in its place."
        )
    if last.error == "invalid_tenant":
        return SignInRefused(SENTENCES[90002], 90002)
    if last.error:
        return SignInRefused(f"The sign-in was refused: {one_line(last.message or last.error, 200)}")
    return None


def _refused(code: int, text: str) -> SignInError:
    if code == 65004:
        return SignInCancelled("You declined on the sign-in page.")
    sentence = SENTENCES.get(code)
    if sentence is None:
        own_words = _TRAILER.sub("", text[text.index(f"AADSTS{code}") :])
        return SignInRefused(f"The sign-in was refused: {one_line(own_words, 200)}", code)
    return SignInRefused(f"{sentence} (AADSTS{code})", code)
