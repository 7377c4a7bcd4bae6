"""Hostile, huge and broken input: never an exception, time in proportion to the text, nothing invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from symptom_corpus import ALL_TEXTS

from core.model import Symptom
from core.symptoms import classify
from core.symptoms.classify import MAX_RECORDS
from core.symptoms.kinds import KINDS
from core.symptoms.mask import mask_secrets
from core.symptoms.normalise import MAX_CHARACTERS, decode, plain_lines
from core.symptoms.unwrap import records

PIECES = [
    'Failed to pull image "',
    "[rpc error: code = Unknown desc = ",
    ", rpc error: ",
    "]",
    '"',
    '\\"',
    '\\\\\\"',
    "\\n",
    "\n",
    "\r\n",
    "\x00",
    "\ufeff",
    "\u00a0",
    "&quot;",
    "<br>",
    "││",
    "> ",
    "```",
    "https://",
    "x.azurecr.io/",
    "a/b:1",
    "@sha256:",
    "dial tcp ",
    "10.0.0.1:443",
    "[::1]:53",
    "lookup ",
    "i/o timeout",
    "401 Unauthorized",
    "403",
    "client with IP '",
    "is not allowed access",
    "Successfully assigned a/b to c",
    "pod/x",
    "eyJhbGciOiJIUzI1NiJ9.e30.abc",
    "-p ",
    "sig=",
    "Normal ",
    "Warning ",
    "kubelet, ",
    " ",
]
HOSTILE = {
    "unrelated": "The quick brown fox jumps over the lazy dog. Nothing failed here at all.\n",
    "open-quote": 'failed to pull image "',
    "lookups": "lookup lookup a.b lookup ",
    "one-word": "a",
    "slashes": "https://",
    "brackets": "[<{[<{",
    "masks": "*.*.***",
    "escapes": '\\\\\\\\\\"',
    "blanks": " \t ",
    "line-ends": "\n",
    "nul": "\x00",
    "digits": "401 403 ",
    "tokens": "fetch anonymous token fetch oauth token /blobs/ ",
    "entities": "&amp;",
    "hosts": "x.azurecr.io.",
    "addresses": "dial tcp 1.2.3.4 ->",
    "pods": "pods pod/ pod pod ",
    "images": 'image image: image="',
    "dashes": "a-a.a-a",
    "kubectl": "kubectl describe pod -n -n ",
    "borders": "│││ ",
    "docker": "docker -x -y -z ",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            classify(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(12_000), seconds(48_000)
    assert large < 12 * small + 0.05, f"4 times the text took {large / small:.1f} times as long"


@pytest.mark.parametrize("size", [200_000, 400_000])
def test_a_big_unrelated_text_is_no_finding(size: int) -> None:
    symptom = classify((HOSTILE["unrelated"] * (size // 70))[:size])
    assert symptom.kind in {"UNKNOWN", "NOT_PULL"}
    assert symptom.image is symptom.registry is symptom.address is symptom.http_status is None


@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-8-sig", "utf-16"])
def test_of_a_text_that_is_too_long_the_middle_is_not_read(encoding: str | None) -> None:
    filler = ("x" * 999 + "\n") * (MAX_CHARACTERS // 1000)
    error = "pull QPS exceeded\n"
    for text, kind in (
        (error + filler, "PULL_QPS"),
        (filler + error, "PULL_QPS"),
        (filler + error + filler, "UNKNOWN"),
    ):
        assert classify(text.encode(encoding) if encoding else text).kind == kind


def test_of_too_many_messages_those_in_the_middle_are_not_read() -> None:
    filler, error = "x\n\n" * MAX_RECORDS, "pull QPS exceeded\n\n"
    assert classify(error + filler).kind == classify(filler + error).kind == "PULL_QPS"
    assert classify(filler + error + filler).kind == "UNKNOWN"


def test_a_text_that_is_too_long_is_cut_between_lines() -> None:
    lines = [f"{number} password={'s' * (number % 977)}" for number in range(5_000)]
    read = decode("\n".join(lines))
    assert MAX_CHARACTERS - 4_000 < len(read) <= MAX_CHARACTERS
    assert set(read.split("\n")) <= {*lines, ""}
    assert read.endswith(lines[-1])
    one_line = decode("word " * (MAX_CHARACTERS // 4))
    assert len(one_line) <= MAX_CHARACTERS
    assert set(one_line.split()) == {"word"}


def test_an_excerpt_begins_with_a_word() -> None:
    tried = 'failed to pull and unpack image "contosoreg.azurecr.io/web/api:1.4.2": '
    for shift in range(40):
        text = f"Failed to pull image: {'y' * shift} {tried * 6}pull QPS exceeded {tried}"
        excerpt = classify(text).excerpt
        assert excerpt.split()[0] in text.split()
        assert "pull QPS exceeded" in excerpt


@pytest.mark.parametrize(
    "junk",
    [b"", b"\x00" * 1000, bytes(range(256)) * 50, b"\xff\xfe\x00", b"\xfe\xff\xd8", b"\xef\xbb\xbf", b"\x80abc"],
)
def test_binary_junk_is_no_finding(junk: bytes) -> None:
    assert classify(junk).kind == "UNKNOWN"


def check_invariants(text: str, symptom: Symptom) -> None:
    assert symptom.kind in KINDS
    assert len(symptom.excerpt) <= 400
    read = "\n".join(records(mask_secrets(plain_lines(decode(text)))))
    for value in (symptom.image, symptom.registry, symptom.address, symptom.pod, symptom.namespace, symptom.node):
        assert value is None or (value and value in read)
    assert symptom.http_status is None or str(symptom.http_status) in read
    assert symptom.excerpt in read
    for other in symptom.others:
        assert other.kind in KINDS
        assert other.kind != symptom.kind
        assert other.excerpt in read


@pytest.mark.parametrize("text", ALL_TEXTS)
def test_everything_extracted_stands_in_the_text(text: str) -> None:
    check_invariants(text, classify(text))


@settings(max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=40).map("".join))
def test_any_mixture_of_pieces_is_read_without_an_exception(text: str) -> None:
    check_invariants(text, classify(text))


@settings(max_examples=200)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    assert classify(data).kind in KINDS


@settings(max_examples=150)
@given(st.sampled_from(ALL_TEXTS), st.integers(0, 3000), st.integers(0, 3000))
def test_any_cut_of_a_real_text_is_read_without_an_exception(text: str, start: int, length: int) -> None:
    cut = text[start : start + length]
    check_invariants(cut, classify(cut))


def test_never_more_than_a_handful_of_others() -> None:
    assert 0 < len(classify("\n\n".join(ALL_TEXTS)).others) <= 10
