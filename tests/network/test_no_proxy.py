"""What goes past a web proxy, by the rules of Go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.network.no_proxy import goes_past_proxy

LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
NAME = st.lists(LABEL, min_size=2, max_size=5).map(".".join)
ADDRESS = st.integers(0x0A000000, 0x0AFFFFFF).map(lambda number: ".".join(str(b) for b in number.to_bytes(4, "big")))


@given(name=NAME, below=LABEL)
def test_a_name_stands_for_itself_and_what_is_below(name: str, below: str) -> None:
    assert goes_past_proxy((name,), name)
    assert goes_past_proxy((name,), f"{below}.{name}")
    assert not goes_past_proxy((name,), f"{below}{name}")
    assert goes_past_proxy((name.upper(),), f"{name}.")


@given(name=NAME, below=LABEL, dot=st.sampled_from([".", "*."]))
def test_a_leading_dot_leaves_out_the_name_itself(name: str, below: str, dot: str) -> None:
    assert goes_past_proxy((f"{dot}{name}",), f"{below}.{name}")
    assert not goes_past_proxy((f"{dot}{name}",), name)


@given(name=NAME, address=ADDRESS)
def test_a_range_matches_no_name(name: str, address: str) -> None:
    """Go resolves nothing: the range that holds the endpoint's address does not exempt the login server."""
    assert not goes_past_proxy(("0.0.0.0/0", address, f"{address}/32"), name)
    assert goes_past_proxy(("10.0.0.0/8",), address)
    assert goes_past_proxy((address,), address)
    assert not goes_past_proxy(("192.168.0.0/16",), address)


@given(name=NAME, port=st.integers(1, 65535))
def test_a_port_has_to_be_the_one_that_is_asked(name: str, port: int) -> None:
    assert goes_past_proxy((f"{name}:{port}",), name, port)
    assert goes_past_proxy((f"{name}:443",), name) is True
    assert goes_past_proxy((f"{name}:{port}",), name) is (port == 443)


@given(host=NAME | ADDRESS)
def test_a_star_is_everything_and_nothing_is_nothing(host: str) -> None:
    assert goes_past_proxy(("*",), host)
    assert not goes_past_proxy((), host)
    assert not goes_past_proxy(("", " , ", ".", ":443", "["), host)


@given(entries=st.lists(st.text(max_size=30), max_size=5), host=st.text(max_size=30))
def test_any_text_is_read_without_error(entries: list[str], host: str) -> None:
    assert isinstance(goes_past_proxy(entries, host), bool)


@pytest.mark.parametrize(
    ("entries", "host", "past"),
    [
        (("10.0.2.0/24, contosoreg.azurecr.io",), "contosoreg.azurecr.io", True),
        (("azurecr.io",), "contosoreg.westeurope.data.azurecr.io", True),
        (("contosoreg.azurecr.io",), "contosoreg.westeurope.data.azurecr.io", False),
        (("*.azurecr.io",), "contosoreg.azurecr.io", True),
        (("[2001:db8::5]:443",), "2001:db8::5", True),
        (("2001:db8::5",), "[2001:db8::5]", True),
        (("2001:db8::/32",), "2001:db8::5", True),
        (("https://contosoreg.azurecr.io",), "contosoreg.azurecr.io", False),
        (("azurecr.io:",), "contosoreg.azurecr.io", True),
        (("[.azurecr.io",), "contosoreg.azurecr.io", False),
        ((), "localhost", True),
        ((), "127.0.0.1", True),
    ],
)
def test_entries_that_people_write(entries: tuple[str, ...], host: str, past: bool) -> None:
    assert goes_past_proxy(entries, host) is past
