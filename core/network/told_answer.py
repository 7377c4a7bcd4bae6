"""What a pasted text shows of the answer that a node got when it looked the registry's name up."""

from __future__ import annotations

from core.model import Symptom
from core.network.addresses import is_private, parse_address

REFUSED = frozenset({"ANON_403", "FW_IP"})
"""The kinds of texts in which the registry itself refuses whoever asks on its public address."""

CONNECTED = frozenset({"TIMEOUT_443", "TLS_TIMEOUT", "RESET_REFUSED"})
"""The kinds of texts that name the address that a name led to."""

_NO_ANSWER = frozenset({"NXDOMAIN", "DNS_FAIL"})
"""The kinds of texts in which a name led nowhere."""


def led_outside(symptom: Symptom | None) -> bool:
    """Say whether a text shows that the nodes were given the public address."""
    if symptom is None:
        return False
    named = symptom.kind in CONNECTED and parse_address(symptom.address or "") is not None
    return symptom.kind in REFUSED or (named and not is_private(symptom.address or ""))


def led_elsewhere(symptom: Symptom | None) -> bool:
    """Say whether a text shows that the nodes were given the public address or none, in place of a private one.

    A registry that refuses a private address was reached over a service endpoint.
    """
    if symptom is None or (symptom.kind == "FW_IP" and is_private(symptom.address or "")):
        return False
    return symptom.kind in _NO_ANSWER or led_outside(symptom)
