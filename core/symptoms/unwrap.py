"""Lines to records: what a console, an editor or YAML broke over several lines becomes one line again.

A record is one message: an event row, a log line, a paragraph of prose. A line begins a new record where it looks
like the start of one, and continues the record before it where that one is visibly unfinished or was long enough
to have been wrapped.
"""

from __future__ import annotations

import re

MAX_RECORD = 8_000
"""Characters after which a record is cut into a further one, so that no rule ever sees more."""

_WRAP_COLUMN = 60
_MAX_LINES = 60

_START = re.compile(
    r"""(?x)
    (?:Normal|Warning)\s
    | (?:\S{1,80}\s+)?(?:\d{1,4}[smhd]){1,3}\s+(?:\(x\d+|\d|Normal|Warning|<)
    | <(?:unknown|invalid)>\s
    | \S{1,253}\s+(?:\S{1,253}\s+)?\d{1,3}/\d{1,3}\s+(?:[A-Z]|Init:)
    | (?:LAST\ SEEN|NAMESPACE|NAME|FirstSeen|Type|Events:|STATUS:|---+)(?:\s|$)
    | \[?\d{4}[-/]\d\d[-/]\d\d[T\ ]
    | (?:[A-Z][a-z]{2},?\ )?[A-Z][a-z]{2}\s+\d{1,2},?\ (?:\d{4}\ )?\d{1,2}:\d\d
    | \d\d:\d\d:\d\d[.,\ ]
    | [EWIF]\d{4}\ \d\d:
    | (?:time|ts|level|msg)=
    | (?:DEBU|INFO|WARN|ERRO|FATA)\b
    | \[(?:ERROR|WARN|INFO|preflight)
    | \#\#\[ | =>\ | \$\ | \#{1,6}\ | PS\ [A-Z]: | [A-Z]:\\[^\s>]*> | \[?[a-z][\w-]*@[\w.-]+
    | [-*•✘!]\ | \d{1,3}[.)]\s
    | (?i:error|fatal|warning|failed)(?:\b(?!\s*code\b)|:)
    | (?:Failed|Back-off|Pulling|Pulled|Successfully|Trying|Step\ \d|Image\ \S+\ [A-Z])
    | [A-Z][A-Za-z]{2,20}(?:\ [A-Z(][\w()/-]*){0,3}:\s
    | ["']?(?:message|reason|type|count|metadata|kind|name|namespace|involvedObject|source|state|waiting|image|imageID|
        lastState|ready|restartCount|firstTimestamp|lastTimestamp|status|apiVersion|eventTime|reportingComponent|
        containerStatuses|conditions|component|host)["']?\s*:(?:\s|$)
    | [{}\[\]]\s*,?$
    """
)
_GLUED_LINES = re.compile(
    r"(?<=[\w\"'\])}.])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,80} \w{1,30}\[)"
    r"|(?<=[\"'\])}])(?=[EWIF]\d{4} \d\d:\d\d:\d\d\.\d)"
    r"|(?<=[\"'\])}])(?=time=\"\d{4}-)"
    r"|(?<=[\w\"'\])}.])(?=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]{0,12}Z? (?:ERROR|INFO|WARN))"
)
_OPEN_END = re.compile(
    r"(?:[:=,(\[]|\b(?:image|reference|Head|Get|GET|HEAD|desc|code|with|error|request|to|rpc|from|client))$"
)
_QUOTED_REFERENCE = re.compile(r"(?:image|reference|tag|name) \"[^\s\"]{0,300}$", re.IGNORECASE)
_URL_END = re.compile(r"https?://[^\s\"']{0,600}$")
_TAIL = re.compile(r"[^\s\"'(),;:]{1,120}$")
_HEAD = re.compile(r"[^\s\"'(),;:]{1,120}")
_TOKEN = re.compile(r"[^\s\"'(),;:]{7,300}")
_STATUS = re.compile(r"[1-5]\d\d")
_HALF_ADDRESS = re.compile(r"(?:tcp|IP) '?\[?[0-9a-f.:]{0,39}$")
_ADDRESS_REST = re.compile(r"[0-9a-f.:]{0,39}(?:\]?:\d|')")

_WORDS = frozenset(
    [
        "failed",
        "pull",
        "unpack",
        "image",
        "resolve",
        "reference",
        "authorize",
        "fetch",
        "anonymous",
        "oauth",
        "token",
        "unexpected",
        "status",
        "request",
        "unauthorized",
        "forbidden",
        "authentication",
        "required",
        "manifest",
        "unknown",
        "found",
        "response",
        "daemon",
        "timeout",
        "connection",
        "refused",
        "handshake",
        "certificate",
        "signed",
        "authority",
        "lookup",
        "server",
        "misbehaving",
        "exceeded",
        "awaiting",
        "headers",
        "canceled",
        "cancelled",
        "context",
        "deadline",
        "platform",
        "match",
        "denied",
        "client",
        "allowed",
        "access",
        "firewall",
        "insufficient_scope",
        "authorization",
        "authorized",
        "repository",
        "exist",
        "httpreadseeker",
        "connect",
        "descriptor",
        "content",
        "remote",
        "gateway",
        "service",
        "unavailable",
        "invalid",
        "format",
        "toomanyrequests",
        "requests",
        "space",
        "device",
        "secret",
        "retrieve",
        "credential",
        "provider",
        "rejected",
        "exchange",
        "endpoint",
        "returned",
        "identity",
        "validating",
        "permission",
        "errimagepull",
        "imagepullbackoff",
        "pulling",
        "back-off",
        "container",
        "warning",
        "normal",
        "error",
        "kubelet",
        "https",
        "http://",
    ]
)


def records(plain: str) -> list[str]:
    """The records of `plain` (lines without carrier marks), in order, each on one line with single blanks."""
    lines = _GLUED_LINES.sub("\n", plain).split("\n")
    tokens = _repeated_tokens(plain)
    found: list[str] = []
    parts: list[str] = []
    size = 0
    previous = ""
    quoted = False
    for raw in lines:
        line = raw.strip()
        if not line:
            if parts and not (quoted or _is_open(parts[-1])):
                found.append("".join(parts))
                parts, size = [], 0
            continue
        if (
            parts
            and _continues(parts[-1], previous, line, quoted)
            and size + len(line) < MAX_RECORD
            and len(parts) < 2 * _MAX_LINES
        ):
            parts += [_separator(parts[-1], raw, line, tokens), line]
        else:
            if parts:
                found.append("".join(parts))
            parts, size, quoted = [line], 0, False
        size += len(line)
        quoted ^= line.count('"') % 2 == 1
        previous = line
    if parts:
        found.append("".join(parts))
    return [piece for record in found for piece in _bounded(" ".join(record.split()))]


def _bounded(record: str) -> list[str]:
    return [record[start : start + MAX_RECORD] for start in range(0, len(record), MAX_RECORD)]


def _is_open(line: str) -> bool:
    return _OPEN_END.search(line[-40:]) is not None


def _continues(last: str, previous: str, line: str, quoted: bool) -> bool:
    if _QUOTED_REFERENCE.search(last[-330:]):
        return True
    if _START.match(line):
        return False
    return quoted or len(previous) >= _WRAP_COLUMN or _is_open(last)


def _separator(left: str, raw: str, right: str, tokens: frozenset[str]) -> str:
    """Nothing where the line was broken inside a word, else one blank."""
    if _QUOTED_REFERENCE.search(left[-330:]) and not right.startswith('"'):
        return ""
    if _HALF_ADDRESS.search(left[-60:]) and not left.endswith(("tcp", "IP")) and _ADDRESS_REST.match(right):
        return ""
    tail, head = _TAIL.search(left[-120:]), _HEAD.match(right)
    if tail is None or head is None:
        return " "
    word = tail.group() + head.group()
    if word.lower() in _WORDS or word in tokens or (_STATUS.fullmatch(word) and tail.group().isdigit()):
        return ""
    in_address = _URL_END.search(left[-640:]) is not None and not raw[:1].isspace()
    return "" if in_address and re.search(r"[/%&=?]|\.\w", head.group()) else " "


def _repeated_tokens(plain: str) -> frozenset[str]:
    """Every longer token of the text: a broken word that stands elsewhere in one piece is put together again."""
    return frozenset(_TOKEN.findall(plain))
