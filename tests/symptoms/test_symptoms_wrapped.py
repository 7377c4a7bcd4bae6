"""A terminal breaks lines at its width, inside escapes, addresses and names: what is read stays the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Symptom
from core.symptoms import classify

IMAGE = "contosoreg.azurecr.io/shop/cart:5.3.0"
NODE = "aks-usrb-19922704-vmss000001"
TRIED = (
    f'Failed to pull image "{IMAGE}": failed to pull and unpack image "{IMAGE}": '
    f'failed to resolve reference "{IMAGE}": '
)
ERRORS = {
    "denied": "unexpected status from HEAD request to https://contosoreg.azurecr.io/v2/shop/cart/manifests/5.3.0: "
    '403 Forbidden: {"errors":[{"code":"DENIED","message":"client with IP \\u002751.120.81.9\\u0027 is not allowed '
    'access. Refer https://aka.ms/acr/firewall to grant access."}]}',
    "denied-quoted": "Error response from daemon: Head "
    '\\"https://contosoreg.azurecr.io/v2/shop/cart/manifests/5.3.0\\": '
    "denied: client with IP '51.120.81.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
    "timeout": 'failed to do request: Head "https://contosoreg.azurecr.io/v2/shop/cart/manifests/5.3.0": '
    "dial tcp 10.90.2.8:443: i/o timeout",
    "six": 'failed to do request: Head "https://contosoreg.azurecr.io/v2/shop/cart/manifests/5.3.0": '
    "dial tcp [2603:1020:e04:1::4a5]:443: connect: connection refused",
    "name": 'failed to do request: Head "https://contosoreg.azurecr.io/v2/shop/cart/manifests/5.3.0": '
    "dial tcp: lookup contosoreg.azurecr.io on 168.63.129.16:53: no such host",
    "anonymous": "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to "
    "https://contosoreg.azurecr.io/oauth2/token?scope=repository%3Ashop%2Fcart%3Apull&service=contosoreg.azurecr.io: "
    "401 Unauthorized",
}
DESCRIBED = """\
Name:             cart-5f6d7c8b9-q7w2z
Namespace:        shop
Priority:         0
Service Account:  default
Node:             {node}/10.44.8.5
Start Time:       Tue, 24 Nov 2026 09:12:44 +0100
Status:           Pending
Containers:
  main:
    Container ID:
    Image:          {image}
    State:          Waiting
      Reason:       ImagePullBackOff
    Ready:          False
Events:
  Type     Reason     Age                 From               Message
  ----     ------     ----                ----               -------
  Normal   Scheduled  3m2s                default-scheduler  Successfully assigned shop/cart-5f6d7c8b9-q7w2z to {node}
  Normal   Pulling    95s (x4 over 3m1s)  kubelet            Pulling image "{image}"
  Warning  Failed     80s (x4 over 3m)    kubelet            {error}
  Warning  Failed     80s (x4 over 3m)    kubelet            Error: ErrImagePull
  Normal   BackOff    10s (x9 over 3m)    kubelet            Back-off pulling image "{image}"
  Warning  Failed     10s (x9 over 3m)    kubelet            Error: ImagePullBackOff"""
TEXTS = {
    **{
        f"described-{key}": DESCRIBED.format(node=NODE, image=IMAGE, error=TRIED + said)
        for key, said in ERRORS.items()
    },
    **{f"alone-{key}": TRIED + said for key, said in ERRORS.items()},
    **{f"json-{key}": json.dumps({"reason": "Failed", "message": TRIED + said}) for key, said in ERRORS.items()},
}
TABLE_SIZED = {key: text for key, text in TEXTS.items() if key.startswith("described")}


def broken(text: str, width: int) -> str:
    """As a terminal of `width` columns breaks it."""
    return "\n".join(
        line[start : start + width] for line in text.split("\n") for start in range(0, max(1, len(line)), width)
    )


def read(symptom: Symptom) -> tuple[object, ...]:
    return symptom.kind, symptom.image, symptom.registry, symptom.address, symptom.http_status


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_an_unbroken_text_is_read_whole(text: str) -> None:
    symptom = classify(text)
    assert (symptom.image, symptom.registry) == (IMAGE, "contosoreg.azurecr.io")
    assert symptom.address in (None, "51.120.81.9", "10.90.2.8", "2603:1020:e04:1::4a5")


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.integers(40, 200), st.sampled_from(["{}", "> {}", "│ {} │", "{}\r"]))
def test_a_text_broken_at_any_width_says_the_same(key: str, width: int, frame: str) -> None:
    carried = "\n".join(frame.format(line) for line in broken(TEXTS[key], width).split("\n"))
    assert read(classify(carried)) == read(classify(TEXTS[key]))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(TABLE_SIZED)), st.integers(40, 200))
def test_names_broken_at_any_width_are_whole(key: str, width: int) -> None:
    symptom = classify(broken(TEXTS[key], width))
    assert (symptom.pod, symptom.namespace, symptom.node) == ("cart-5f6d7c8b9-q7w2z", "shop", NODE)
