"""Broken lines to one line: a blank where a line was broken between words, nothing where inside one.

A terminal breaks at its width, inside words, names and addresses. A broken word is recognised because it is one of
the words of these messages, or because it stands elsewhere in the text in one piece: a kubelet repeats the
reference three or four times. Where that proves that lines of one width were broken so, all of them were.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_NARROWEST = 60

_QUOTED_REFERENCE = re.compile(r"(?:image|reference|tag|name) \\{0,15}\"[^\s\"]{0,300}$", re.IGNORECASE)
_URL_END = re.compile(r"https?://[^\s\"']{0,600}$")
_TAIL = re.compile(r"[^\s\"'(),;:]{1,120}$")
_HEAD = re.compile(r"[^\s\"'(),;:]{1,120}")
_TOKEN = re.compile(r"[^\s\"'(),;:]{7,300}")
_STATUS = re.compile(r"[1-5]\d\d")
_HALF_ADDRESS = re.compile(r"(?:tcp |IP '?|->)(?:\[[0-9a-f.:]{0,39}(?:\]:?)?|[0-9a-f.:]{1,39})$")
_ADDRESS_REST = re.compile(r"[0-9a-f.:]{0,39}(?:\]?:\d|\]|'|->)|\d{1,5}: ")
_AKS_NODE = re.compile(r"aks-[a-z0-9]{1,12}-\d{8}-vmss[0-9a-z]{6}\.?")
_NO_WORD = re.compile(r"[b-hj-z]")
_ADDRESS_PIECE = re.compile(r"[/%&=?]|\.\w")

_VOCABULARY = """
failed pull unpack image resolve reference authorize fetch anonymous oauth token unexpected status request
unauthorized forbidden authentication required manifest unknown found response from daemon timeout connection
refused handshake reset certificate signed authority lookup server misbehaving exceeded awaiting headers
canceled cancelled context deadline such host platform match denied client with allowed access firewall
insufficient_scope authorization authorized repository exist dial httpreadseeker connect descriptor content
remote gateway service unavailable invalid format toomanyrequests requests left space device secret retrieve
credential provider rejected exchange endpoint returned identity validating permission proxyconnect
i/o tcp errimagepull imagepullbackoff pulling back-off container warning normal error kubelet https peer
"""
_WORDS = frozenset(_VOCABULARY.split())


def longer_tokens(text: str) -> frozenset[str]:
    """Every token of `text` that is long enough to be a name, and its parts between slashes: `node/address` is two.

    They are what a broken name is compared with.
    """
    found = _TOKEN.findall(text)
    return frozenset(found).union(part for token in found if "/" in token for part in token.split("/") if part[6:])


def in_quoted_reference(line: str) -> bool:
    """Whether `line` ends inside a quoted image reference, in which no blank can stand."""
    return _QUOTED_REFERENCE.search(line[-330:]) is not None


def join_lines(lines: Sequence[str], tokens: frozenset[str]) -> str:
    """One line of the lines of one record (without trailing blanks); `tokens` are those of the whole text."""
    inside = [breaks_a_word(left, right, tokens) for left, right in pairwise(lines)]
    width = max((len(line) for line in lines[:-1]), default=0)
    at_width = width >= _NARROWEST and all(len(line) in (width - 1, width) for line in lines[:-1])
    if at_width and any(inside):
        inside = [len(line) == width and not after[:1].isspace() for line, after in pairwise(lines)]
    parts = [lines[0]]
    for glued, line in zip(inside, lines[1:], strict=True):
        parts += ["" if glued else " ", line.lstrip()]
    return "".join(parts)


def breaks_a_word(left: str, after: str, tokens: frozenset[str]) -> bool:
    """Whether the end of the line `left` and the beginning of the line `after` are halves of one word of the text."""
    right = after.lstrip()
    if in_quoted_reference(left) and not right.startswith('"'):
        return True
    if _HALF_ADDRESS.search(left[-60:]) and _ADDRESS_REST.match(right):
        return True
    tail, head = _TAIL.search(left[-120:]), _HEAD.match(right)
    if tail is None or head is None:
        return False
    word = tail.group() + head.group()
    if _NO_WORD.fullmatch(tail.group()) and head.group()[0].islower():
        return True
    if (
        word.lower() in _WORDS
        or word in tokens
        or _AKS_NODE.fullmatch(word)
        or (_STATUS.fullmatch(word) and tail.group().isdigit())
    ):
        return True
    in_address = _URL_END.search(left[-640:]) is not None and not after[:1].isspace()
    return in_address and _ADDRESS_PIECE.search(head.group()) is not None
