"""Lines to records: what a console, an editor or YAML broke over several lines becomes one line again.

A record is one message: an event row, a log line, a paragraph of prose. A line begins a new record where it looks
like the start of one, and continues the record before it where that one is visibly unfinished or was long enough
to have been wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.symptoms.join import in_quoted_reference, join_lines, longer_tokens

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
    | ["']?(?:message|reason|type|count|metadata|kind|name|namespace|involvedObject|source|state|waiting|image|
        imageID|lastState|ready|restartCount|firstTimestamp|lastTimestamp|status|apiVersion|eventTime|reportingComponent|
        containerStatuses|conditions|component|host|note|regarding|fieldPath|uid|resourceVersion|deprecated\w{3,20}|
        reportingController|reportingInstance|series|related|action)["']?\s*:(?:\s|$)
    | \{\ ?["'](?:apiVersion|kind|metadata|count|eventTime|involvedObject|firstTimestamp|message|reason|note|
        regarding|type|action)["']\s?:
    | [{}\[\]]\s*,?$
    """
)
_GLUED_LINES = re.compile(
    r"(?<=[\w\"'\])}.])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|"
    r"Dec) [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,80} \w{1,30}\[)"
    r"|(?<=[\"'\])}])(?=[EWIF]\d{4} \d\d:\d\d:\d\d\.\d)"
    r"|(?<=\}),?\s?(?=\{\s?[\"'](?:apiVersion|kind|metadata|count|eventTime|involvedObject)[\"']\s?:)"
    r"|(?<=[\"'\])}])(?=time=\"\d{4}-)"
    r"|(?<=[\w\"'\])}.])(?=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]{0,12}Z? (?:ERROR|INFO|WARN))"
)
_OPEN_END = re.compile(
    r"(?:[:=,(\[]|\b(?:image|reference|Head|Get|GET|HEAD|desc|code|with|error|request|to|rpc|from|client))$"
)


def starts_record(line: str) -> bool:
    """Whether a line (without leading blanks) looks like the beginning of a record."""
    return _START.match(line) is not None


def records(plain: str) -> list[str]:
    """The records of `plain` (lines without carrier marks), in order, each on one line with single blanks."""
    tokens = longer_tokens(plain)
    joined = (" ".join(join_lines(group, tokens).split()) for group in _groups(_GLUED_LINES.sub("\n", plain)))
    return [record[start : start + MAX_RECORD] for record in joined for start in range(0, len(record), MAX_RECORD)]


def _groups(text: str) -> Iterator[list[str]]:
    """The lines of each record, without trailing blanks."""
    group: list[str] = []
    quoted = False
    size = 0
    for raw in text.split("\n"):
        line = raw.rstrip()
        if line.strip():
            fits = size + len(line) < MAX_RECORD and len(group) < _MAX_LINES
            if group and not (fits and _continues(group[-1], line.lstrip(), quoted)):
                yield group
                group, quoted, size = [], False, 0
            group.append(line)
            quoted ^= line.count('"') % 2 == 1
            size += len(line)
        elif group and not (quoted or _OPEN_END.search(group[-1][-40:])):
            yield group
            group, quoted, size = [], False, 0
    if group:
        yield group


def _continues(last: str, line: str, quoted: bool) -> bool:
    """Whether `line` goes on with the record whose last line is `last`."""
    if in_quoted_reference(last):
        return True
    if starts_record(line):
        return False
    return quoted or len(last.lstrip()) >= _WRAP_COLUMN or _OPEN_END.search(last[-40:]) is not None
