"""Secrets planted in texts do not come out again; ordinary ids and digests do."""

from __future__ import annotations

import pytest

from core.scrub import GONE, one_line, scrub

JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"token {JWT} refused", JWT),
        ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("grant_type=x&client_secret=s3cr3t-value&y=1", "s3cr3t-value"),
        ('{"password": "hunter2hunter2"}', "hunter2hunter2"),
        ("secretText: 'abcdefgh'", "abcdefgh"),
        ("https://x.blob.core.windows.net/a?sv=1&sig=abc%2Bdef", "abc%2Bdef"),
        ("secret " + "abc8Q~" + "x" * 34, "x" * 34),
        ("pw " + "A" * 42 + "+ACRabcdef", "ACRabcdef"),
        ("refresh 0.AXoA" + "b" * 60, "b" * 60),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "abc"),
        ("kube " + "Q2FuYXJ5" * 12, "Q2FuYXJ5"),
    ],
)
def test_secrets_go(text, secret):
    assert secret not in scrub(text)
    assert GONE in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/x/y",
        "contosoreg.azurecr.io/app@sha256:" + "0123456789abcdef" * 4,
        'Bearer realm="https://x.azurecr.io/oauth2/token",service="x.azurecr.io"',
        "The access token expiry UTC time '8/17/2020 3:46:33 AM' is earlier than current UTC time",
        "AADSTS7000215: Invalid client secret provided.",
    ],
)
def test_what_is_no_secret_stays(text):
    assert scrub(text) == text


def test_one_line_is_one_line_and_bounded():
    assert one_line("a\r\nb\tc\x00d\u2028e") == "a b c d e"
    assert len(one_line("word " * 500, 100)) == 100
    assert one_line("x" * 10, 10) == "x" * 10
