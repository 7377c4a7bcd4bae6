"""The image, the registry, the address and the HTTP status that stand in a text, as they stand there.

Nothing is corrected: a masked or misspelt name is returned as it is, so that the person recognises it. Every
function looks at the records it is given in their order, so the caller puts the deciding one first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from core.network.addresses import parse_address

# No reference is longer than 512: 255 for the name, 128 for the tag, 71 for a digest, and room for a mask.
_REF = r"[^\s\"'`,;]{1,512}"
_QUOTED_REF = r"(?:\"(?P<q>[^\"\n]{1,512})\"|'(?P<s>[^'\n]{1,512})'|`(?P<b>[^`\n]{1,512})`)"
_LOOSE_REF = rf"(?:{_QUOTED_REF}|\"?(?P<w>{_REF}))"
_ARGUMENT = rf"(?:{_QUOTED_REF}|\"?(?P<argument>{_REF}))"

_FAILED_IMAGE: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"failed to pull image:? {_LOOSE_REF}",
        rf"failed to apply default image tag {_LOOSE_REF}",
        rf"couldn.t parse image (?:name|reference) {_LOOSE_REF}",
        rf"invalid value: {_QUOTED_REF}",
        rf"failed to pull and unpack image {_LOOSE_REF}",
        rf"failed to reso(?:l|)ve (?:reference|image):? {_LOOSE_REF}",
        rf"\bPullImage {_QUOTED_REF} failed",
        rf"(?:container )?image {_QUOTED_REF} is not present",
        rf"cancel pulling image (?P<w>{_REF}) because",
        r"can.t pull docker image \[(?P<w>[^\]\s]{1,512})\]",
        rf"\bimage (?P<w>{_REF}) error\b",
        rf"error (?:pulling|getting|trying to pull) image:? {_LOOSE_REF}",
        rf"(?:unable|failed|cannot|error) to (?:find|locate|pull) image:? {_LOOSE_REF}",
        rf"push permission for {_QUOTED_REF}",
        rf"\bfor image (?P<w>{_REF})",
        rf"failed to solve: (?P<w>{_REF}): ",
        rf"manifest for (?P<w>{_REF}) not found",
        rf"pull access denied for (?P<w>{_REF})",
        rf"(?:initializing source|pinging docker registry returned|trying to pull) (?:docker://)?(?P<w>{_REF})",
        rf"no such image:? (?P<w>{_REF})",
        rf"\bthe image {_QUOTED_REF}",
    )
)
_TRIED_IMAGE: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"back-?off pulling image {_LOOSE_REF}",
        rf"(?<!un)(?<!successfully )\bpulling (?:docker )?image:? {_LOOSE_REF}",
        r"issuing docker pull (?P<line>[^\"'`\n]{1,512})",
        rf"(?:docker|podman|nerdctl|crictl|buildah|img|"
        rf"\bctr\b[\w .=-]{{0,80}} images?)(?: -\S{{1,64}})* pull (?:-\S{{1,64}} )*{_ARGUMENT}",
        rf"(?:docker|podman|nerdctl) (?:run|create) (?:-\S{{1,64}} )*(?P<argument>{_REF})",
        rf"\bfrom (?P<w>[\w.-]{{1,253}}/[^\s\"'`,;]{{1,400}}[:@]{_REF})",
        r"\bpulling \S{1,100} \((?P<w>[^)\s]{1,512})\)\.\.\.",
        rf"\bimage=\"(?P<w>{_REF})\"",
        rf"(?:^|[\s{{,\"'])image\"?: ?{_LOOSE_REF}",
        r"(?:^|[\s\"'`(=])(?P<w>[^\s\"'`(=/]{1,120}\.azurecr\.(?:io|us|cn|"
        r"de)/[^\s\"'`,;()]{1,300}[:@][^\s\"'`,;()]{1,200})",
    )
)
_NO_IMAGE = re.compile(
    r"(?i)^(?:https?:|sha256:|/|-|:)|^(?:the|a|an|is|of|for|from|with|to|in|and|or|error|image|images|"
    r"failed|rpc|on|it|name|"
    r"my|this|that|not|by|null|command|option|requires|secrets?|via|using|again|failing|access|"
    r"request|policy|returned)$|^\.{2,}"
)
_TRAILING = re.compile(r"(?:[.,:;)\]}!?]|\.\.\.)+$")
_MOST_BLANKS = 5
_REFERENCE_MARK = re.compile(r"[/:@]")

_HOST = r"[^\s/?#\"'`,;()]{1,253}"
_URL_HOST = re.compile(rf"\b(?:https?|oci|docker)://\s?(?P<host>{_HOST})(?P<path>[/?][^\s\"']{{0,300}})?")
_ACR_SUFFIX = re.compile(r"(?i)\.azurecr\.(?:io|us|cn|de)(?:\.azurecr\.(?:io|us|cn|de))?(?![\w-])")
_ACR_NAME = re.compile(r"(?:<[^<>\"']{1,60}>|\[[^\[\]\"']{1,60}\]|[\w*.{}$-])*$")
_LONGEST_NAME = 120
_MOST_HOSTS = 20
_NAMED_HOST = re.compile(
    rf"(?:registry:? '?|registry server:? |login server:? '?|registry=\"?|server '|lookup )(?P<host>{_HOST})"
)
_KNOWN_REPOSITORY = re.compile(
    r"(?:^|[\s\"'(])(?P<host>(?:[\w-]{1,63}\.)*(?:docker\.io|gcr\.io|ghcr\.io|quay\.io|"
    r"mcr\.microsoft\.com|registry\.k8s\.io|pkg\.dev))/\w"
)
_NO_REGISTRY = re.compile(
    r"(?i)(?:^|\.)(?:aka\.ms|github\.com|githubusercontent\.com|microsoftonline\.(?:com|us)|"
    r"learn\.microsoft\.com|docs\.|"
    r"docs\.microsoft\.com|www\.|auth\.docker\.io|management\.azure\.com|azmk8s\.io|vault\.azure\.net|"
    r"core\.windows\.net|"
    r"cloudflarestorage\.com|cdn\.mscr\.io|metadata|kubernetes\.io|stackoverflow\.com|"
    r"portal\.azure\.com|hub\.docker\.com|"
    r"login\.|graph\.)|\.data\.azurecr\.|\.data\.mcr\.|^169\.254\."
)
_STORAGE_PATH = re.compile(r"/docker/registry/v2/|/registry-v2/")
_REGISTRY_PATH = re.compile(r"/v[12](?:/|$)|/oauth2/|/token")

_ADDRESS = r"(?:\[(?P<six>[0-9a-fA-F:.%\w]{2,60})\]|(?P<four>[\w*.]{1,60}?))"
_PORT = r":(?!53\b)[\dx*]{1,5}\b"
_DENIED_ADDRESS = re.compile(
    r"(?i)client with ip(?: address)? ?(?:'(?P<quoted>[^'\n]{1,64})'?|\"(?P<double>[^\"\n]{1,64})\"|"
    r"(?P<bare>.{1,64}?))(?= is not| not allowed|$)"
)
_ADDRESSES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?i)\b(?:dial|connect|connectex:?)(?: tcp\d?:?) {_ADDRESS}{_PORT}"),
    re.compile(rf"(?i)tcp\d? [^\s>]{{1,80}}->{_ADDRESS}{_PORT}"),
    re.compile(
        r"(?i)(?:connect(?:ing)? to|trying) \[?(?P<four>\d[\d.]{6,15}|[0-9a-f:]{3,39})\]?(?::\d{1,5}|"
        r" port \d{1,5}|\.\.\.)"
    ),
    re.compile(r"\[[\w.-]{1,253}/(?P<four>\d[\d.]{6,15})\](?:,| failed|:)"),
    re.compile(r"(?i)https?://(?P<four>169\.254\.169\.254)/"),
    re.compile(r"(?i)dns lookup to \S{1,260} at ip (?P<four>[\d.x*]{7,15}|[0-9a-f:]{3,39}) "),
)

_COVERED_ADDRESS = re.compile(
    r"(?=.{0,60}[*#x•…])[\da-fx*#•….: ]+(?:/\d{1,3})?|<.*>|\[.*\]|\{.*\}|\$\w+", re.IGNORECASE
)

_STATUSES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w./@-])(?P<code>[45]\d\d) (?:unauthorized|forbidden|not found|too many requests|"
        r"bad (?:gateway|request)|gateway|"
        r"service (?:temporarily )?unavailable|internal server error|proxy authentication|"
        r"request timeout|conflict|gone|"
        r"origin|web server|server error|client error|method not)",
        r"\bstatus ?(?:code)?[\"']?(?: was| is| of|"
        r" from [A-Z]{2,8} request to \S{1,800})?[\"']?(?: ?[:=]| )? ?[\"']?(?P<code>[45]\d\d)(?!\w|\.\d)",
        r"\bhttp(?:/\d(?:\.\d)?)?(?: (?:code|status|error|response))*:? (?P<code>[45]\d\d)(?!\w|\.\d)",
        r"\b(?:response|error|return(?:ed)?)(?: code)?:? (?P<code>[45]\d\d)(?!\w|\.\d)",
        r"(?<=: )(?P<code>[45]\d\d)(?=$|[\s,\]])",
    )
)


def image(texts: Sequence[str]) -> str | None:
    """The first image reference that failed, else the first that was tried; None where `texts` hold none."""
    for patterns in (_FAILED_IMAGE, _TRIED_IMAGE):
        for text in dict.fromkeys(texts):
            found = _leftmost_reference(patterns, text)
            if found is not None:
                return found
    return None


def _leftmost_reference(patterns: Iterable[re.Pattern[str]], text: str) -> str | None:
    for pattern in patterns:
        for match in pattern.finditer(text):
            found = _reference(match)
            if found is not None:
                return found
    return None


def _reference(match: re.Match[str]) -> str | None:
    """The reference that a pattern caught.

    What stands in quotes is taken as it is, unless it is prose. An unquoted word is a reference only where it has
    a `/`, a `:` or an `@`, or where it is the argument of a command.
    """
    group, value = next((name, value.strip()) for name, value in match.groupdict().items() if value)
    if group in ("q", "s", "b"):
        return value if value and value.count(" ") < _MOST_BLANKS else None
    if group != "line":
        value = value if value.endswith((">", "}")) else _TRAILING.sub("", value)
    if group == "w" and not _REFERENCE_MARK.search(value):
        return None
    return None if not value or _NO_IMAGE.search(value) else value


def registry(image_reference: str | None, texts: Sequence[str]) -> str | None:
    """The login server: the host of the reference where it has one, else the first registry that `texts` name."""
    host = image_host(image_reference) if image_reference else None
    if host is not None:
        return host
    for text in texts:
        found = _registry_in(text)
        if found is not None:
            return found
    return None


def image_host(reference: str) -> str | None:
    """The registry host that a reference starts with, as written; None for a Docker Hub short name."""
    reference = re.sub(r"^(?:https?|docker|oci)://", "", reference)
    glued = re.match(r"(<[^<>]{1,80}>)(?=\w)", reference)
    if glued and "/" in reference:
        return glued.group(1)
    first, slash, _ = reference.partition("/")
    if not slash or not first:
        return None
    is_host = (
        "." in first or re.search(r":\d{1,5}$", first) is not None or first == "localhost" or first[0] in "<[{*$"
    )
    return first if is_host else None


def _registry_in(text: str) -> str | None:
    """The first login server: the host of a registry's address, else one of ACR, else one called a registry."""
    for match in islice(_URL_HOST.finditer(text), _MOST_HOSTS):
        host, path = match["host"].rstrip(".:"), match["path"] or ""
        known = _REGISTRY_PATH.search(path) or ".azurecr." in host.lower()
        if known and not _STORAGE_PATH.search(path) and not _NO_REGISTRY.search(host):
            return host
    for host in _other_hosts(text):
        if not _NO_REGISTRY.search(host):
            return host
    return None


def _other_hosts(text: str) -> Iterator[str]:
    for match in islice(_ACR_SUFFIX.finditer(text), _MOST_HOSTS):
        before = text[max(0, match.start() - _LONGEST_NAME) : match.start()]
        name = _ACR_NAME.search(before)
        yield (name.group() if name else "") + match.group()
    yield from (match["host"] for match in islice(_KNOWN_REPOSITORY.finditer(text), _MOST_HOSTS))
    for match in islice(_NAMED_HOST.finditer(text), _MOST_HOSTS):
        host = match["host"].rstrip(".:")
        if re.search(r"\.|:\d", host):
            yield host


def address(texts: Sequence[str]) -> str | None:
    """The address that was dialled or refused, without port and brackets; name servers and local ends are none.

    It is a whole address, or one that somebody covered up (`20.x.x.x`, `<ip>`); the rubble of one is none.
    """
    for text in texts:
        denied = _DENIED_ADDRESS.search(text)
        if denied:
            return _whole_address(denied)
    for text in texts:
        for pattern in _ADDRESSES:
            match = pattern.search(text)
            if match and (found := _whole_address(match)):
                return found
    return None


def _whole_address(match: re.Match[str]) -> str | None:
    found = _first_group(match)
    if found is None or not (parse_address(found.partition("%")[0]) or _COVERED_ADDRESS.fullmatch(found)):
        return None
    return found


def _first_group(match: re.Match[str]) -> str | None:
    return next((value.strip() for value in match.groupdict().values() if value), None)


def http_status(texts: Sequence[str]) -> int | None:
    """The HTTP status that stands first in `texts` as a number, 400 to 599; None where none stands there."""
    for text in texts:
        found = [match for pattern in _STATUSES if (match := pattern.search(text))]
        if found:
            return int(min(found, key=lambda match: match.start("code"))["code"])
    return None
