"""Pasted text to plain lines: decoded, unescaped, and freed of what consoles, chats and web pages wrap around it.

Nothing here knows what an error looks like. A step only takes away what some carrier put there: JSON and CSV
escapes, HTML, Markdown, quoting marks, the borders of terminal programs, colours, byte-order marks.
"""

from __future__ import annotations

import codecs
import html
import re

from core.symptoms.terminal import unwrapped

MAX_CHARACTERS = 1_000_000
"""How much of a text is read: of a longer one its first and its last half of that, since logs end with the error."""

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]{0,40}[A-Za-z]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\))")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NEWLINES = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "＂": '"', "‘": "'", "’": "'", "‚": "'"}
)

_BREAK_TAGS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h[1-6]|/pre)\s*/?>")
_TAGS = re.compile(
    r"(?i)</?(?:a|b|i|u|p|br|hr|em|li|ol|ul|td|th|tr|tt|dd|dl|dt|h[1-6]|div|pre|sub|sup|img|kbd|span|code|font|mark|samp|"
    r"body|html|head|table|tbody|thead|strong|details|summary|section|blockquote)(?:\s[^<>\n]{0,300})?/?>"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")

_UNICODE_ESCAPE = re.compile(r"\\{1,15}+u([0-9a-fA-F]{4})")
_SLASH_ESCAPE = re.compile(r"\\{1,15}+([\"'/])")
_LINE_ESCAPE = re.compile(r"(?:\\{1,15}+r)?\\{1,15}+n(?![a-z])|\\{1,15}+r(?=\n)")
_TAB_ESCAPE = re.compile(r"\\{1,15}+t(?=[\s\\A-Z0-9\"])")
_DOUBLED_QUOTE = re.compile(r"(?<![\"\s,:=\[{(])\"\"(?!\")|(?<!\")\"\"(?=[^\"\s,:;}\])])")

_MARKDOWN_ESCAPE = re.compile(r"\\([<>_*:#\[\]().!`~|-])")
_BOLD = re.compile(r"(?<![\w*])(\*\*|__)(?=[A-Za-z])([^*\n]{1,300}?)(?<=[\w.)])\1(?![\w*])")
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*[\w+-]*[ \t]*$", re.M)
_BACKTICKS = re.compile(r"`{3,}")
_QUOTED = re.compile(r"^(?:[ \t]{0,8}>){1,8}[ \t]?", re.M)
_INNER_BORDER = re.compile(r"[│┃║]{2,}")
_BORDERS = "│┃║|┐┘╮╯╷╵├┤╭╰┌└╞"
_RULE_CHARACTERS = frozenset("─━═╌┄-+┌┐└┘├┤┬┴┼╭╮╰╯=_*#~")


def decode(text: str | bytes) -> str:
    """`text` as a string of at most `MAX_CHARACTERS`; bytes are read by their byte-order mark, else as UTF-8.

    Of a longer text the middle is left out, in whole lines: half a line could hold half a secret.
    """
    if isinstance(text, str):
        return _ends(text)
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if text.startswith(mark):
            return _ends(text.decode(encoding, errors="replace"))
    return _ends(text.decode("utf-8", errors="replace"))


def _ends(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    first, last = text[: MAX_CHARACTERS // 2], text[2 - MAX_CHARACTERS // 2 :]
    whole_lines, line_end, _ = first.rpartition("\n")
    _, end, after = last.partition("\n")
    return f"{whole_lines if line_end else first}\n\n{after if end else last.partition(' ')[2]}"


def plain_lines(text: str) -> str:
    """`text` without the marks of its carriers.

    Lines stay lines, except where a carrier had escaped them or a terminal had surely broken them.
    """
    text = _NEWLINES.sub("\n", text)
    text = _BLANKS.sub(" ", text)
    text = _CONTROL.sub("", _ANSI.sub("", text))
    text = unwrapped(_unframe(text))
    text = _unescape_html(text)
    text = _unescape_json(text)
    text = text.translate(_QUOTES)
    text = _CONTROL.sub("", _BLANKS.sub(" ", text))
    return _unmark(text)


def _unescape_html(text: str) -> str:
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    if "<" in text:
        text = _TAGS.sub("", _BREAK_TAGS.sub("\n", text))
    return text


def _unescape_json(text: str) -> str:
    if "\\" in text:
        text = _UNICODE_ESCAPE.sub(_from_unicode_escape, text)
        text = _SLASH_ESCAPE.sub(r"\1", text)
        text = _TAB_ESCAPE.sub(" ", _LINE_ESCAPE.sub("\n", text))
    return _DOUBLED_QUOTE.sub('"', text)


def _from_unicode_escape(match: re.Match[str]) -> str:
    code = int(match.group(1), 16)
    return " " if 0xD800 <= code <= 0xDFFF else chr(code)


def _unmark(text: str) -> str:
    text = _BACKTICKS.sub("", _FENCE.sub("", text))
    text = _MARKDOWN_ESCAPE.sub(r"\1", text)
    text = _BOLD.sub(r"\2", text)
    return _unframe(text)


def _unframe(text: str) -> str:
    """`text` without quoting marks and frames, which stand at the ends of lines."""
    text = _QUOTED.sub("", text)
    lines = _INNER_BORDER.sub("\n", text).split("\n")
    return "\n".join(_unframed(line) for line in lines)


def _unframed(line: str) -> str:
    """A line without the frame of a terminal program; nothing where it is only a ruler."""
    bare = line.strip(" \t")
    if len(bare) >= 4 and _RULE_CHARACTERS.issuperset(bare):
        return ""
    if not bare or (bare[0] not in _BORDERS and bare[-1] not in _BORDERS):
        return line
    inner = bare.strip(_BORDERS)
    if bare[-1] in _BORDERS:
        inner = inner.rstrip()
    return inner.removeprefix(" ") if bare[0] in _BORDERS else inner
