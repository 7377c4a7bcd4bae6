from __future__ import annotations

import pytest

from core.network.fqdn import host_match, url_match
from core.network.match import Match, any_of, both

BLOBS = "*.blob.core.windows.net"


@pytest.mark.parametrize(
    ("pattern", "host", "expected"),
    [
        ("contosoreg.azurecr.io", "contosoreg.azurecr.io", Match.YES),
        ("ContosoReg.AzureCR.io.", "contosoreg.azurecr.io", Match.YES),
        ("otherreg.azurecr.io", "contosoreg.azurecr.io", Match.NO),
        ("*.azurecr.io", "contosoreg.azurecr.io", Match.YES),
        ("*azurecr.io", "contosoreg.azurecr.io", Match.YES),
        ("*.azurecr.io", "contosoreg.westeurope.data.azurecr.io", Match.YES),
        ("*", "contosoreg.azurecr.io", Match.YES),
        ("", "contosoreg.azurecr.io", Match.NO),
        ("*.azurecr.us", "contosoreg.azurecr.io", Match.NO),
        ("azurecr.io", "contosoreg.azurecr.io", Match.NO),
        ("contosoreg.*.azurecr.io", "contosoreg.westeurope.azurecr.io", Match.NO),
        ("**.azurecr.io", "contosoreg.azurecr.io", Match.NO),
        (BLOBS, BLOBS, Match.YES),
        ("*.windows.net", BLOBS, Match.YES),
        ("*", BLOBS, Match.YES),
        ("weumanaged42.blob.core.windows.net", BLOBS, Match.MAYBE),
        ("*managed42.blob.core.windows.net", BLOBS, Match.MAYBE),
        ("*.table.core.windows.net", BLOBS, Match.NO),
        ("blob.core.windows.net", BLOBS, Match.NO),
        ("**.blob.core.windows.net", BLOBS, Match.NO),
    ],
)
def test_only_a_leading_star_stands_for_something(pattern: str, host: str, expected: Match) -> None:
    assert host_match(pattern, host) is expected


def test_a_url_is_never_sure() -> None:
    assert url_match("https://contosoreg.azurecr.io/v2/*", "contosoreg.azurecr.io") is Match.MAYBE
    assert url_match("*.azurecr.io/", "contosoreg.azurecr.io") is Match.MAYBE
    assert url_match("www.contoso.com/azurecr.io", "contosoreg.azurecr.io") is Match.NO


def test_matches_are_put_together() -> None:
    assert any_of([]) is Match.NO
    assert any_of([Match.NO, Match.MAYBE, Match.YES]) is Match.YES
    assert any_of([Match.MAYBE, Match.NO]) is Match.MAYBE
    assert both(Match.YES, Match.MAYBE) is Match.MAYBE
    assert both(Match.MAYBE, Match.NO) is Match.NO
    assert both(Match.YES, Match.YES) is Match.YES
