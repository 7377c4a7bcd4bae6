"""The pages that the simulated Entra shows in a browser. They work without JavaScript, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from core.practice.http import Response

_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_STYLE = (
    "body{font:16px system-ui,sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem;color:#222;background:#fff}"
    "button{display:block;width:100%;margin:.5rem 0;padding:.75rem;font:inherit;text-align:left}"
    "p{color:#555}"
)


def sign_in_page(action: str, users: Sequence[tuple[str, str]]) -> Response:
    """The page where one of `users` (object id, sign-in name) is picked; the pick is posted to `action`."""
    buttons = "".join(
        f'<button name="user" value="{escape(object_id)}">{escape(name)}</button>' for object_id, name in users
    )
    form = (
        f'<form method="post" action="{escape(action)}">{buttons}<button name="user" value="">Cancel</button></form>'
    )
    return _page("Pick an account", "<p>Practice sign-in: nobody asks for a password here.</p>" + form)


def handover_page(redirect_uri: str, answer: Mapping[str, str], response_mode: str) -> Response:
    """What hands `answer` to the program that waits at `redirect_uri`: a redirect, or a form that submits itself."""
    if response_mode != "form_post":
        return Response(302, {"location": f"{redirect_uri}?{urlencode(answer)}", "cache-control": "no-store"})
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in answer.items()
    )
    return _page(
        "Signing in",
        f'<form method="post" action="{escape(redirect_uri)}">{fields}<button>Continue</button></form>'
        "<script>document.forms[0].submit()</script>",
    )


def error_page(sentence: str) -> Response:
    """The page that says why nobody can sign in here."""
    return _page("Sign-in failed", f"<p>{escape(sentence)}</p>", status=400)


def _page(title: str, body: str, status: int = 200) -> Response:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return Response(status, _HEADERS, text.encode())
