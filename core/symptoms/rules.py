"""The rows of the symptom table as data: what an element must say to be of a kind.

A rule is a kind and its alternatives. An alternative is one or more small patterns joined by ` … `, which must occur
one after the other, with anything between them. Patterns hold no unbounded repetition, so a search is linear in
the length of the element, whatever it contains. They are matched against lower-case text with single blanks.

The order is the table's order of evaluation: rows 1 to 8, 20 to 26, 9 to 19, 27 to 37. What says more stands
before what says less, so `no match for platform in manifest: not found` is no missing image, and `lookup ...:
connection refused` is a question to a name server, not to the registry. The last rules are for texts that were
cut off before the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

THEN = " … "


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds: its kind, where in the element its last pattern matched, whether the cause stays open."""

    kind: str
    start: int
    general: bool


def _status(code: str) -> str:
    """A pattern for an HTTP status as a number of its own: not a part of a tag, an address, a size or an id.

    The number stands first, what must stand before it behind: so a search skips to it.
    """
    before = rf"(?<![^\s'\"(=\[*]{code})|(?<=status:{code})|(?<=code:{code})|(?<=\":{code})"
    return rf"{code}(?:{before})(?![\w/%@-]|[.:]\d)"


_S401, _S403, _S404, _S407, _S429, _S5XX = (_status(code) for code in ("401", "403", "404", "407", "429", "5\\d\\d"))
_ACR_BLOB = r"(?:\.blob\.core\.|\.data\.azurecr\.)"
_BLOB = (
    r"(?:\.blob\.core\.|\.data\.azurecr\.|\.data\.mcr\.|\.cdn\.mscr\.|/blobs/|/registry-v2/|httpreadseeker|"
    r"error pulling image configuration|\bblob sha256|failed to copy: |layer-sha256:|"
    r"(?:downloading|writing|reading) (?:layer|blob))"
)
_SILENCE = (
    r"(?:i/o timeout|connection timed out|operation timed out|client\.timeout exceeded|context deadline exceeded|"
    r"context cancell?ed|request cancell?ed|connected party did not properly respond|timeout awaiting response|"
    r"handshake timeout)"
)
_CUT_OFF = (
    r"(?:connection refused|connection reset|\beof\b|no route to host|network is unreachable|forcibly closed|"
    r"actively refused|broken pipe|use of closed network connection|stream error|internal_error|refused_stream)"
)

_PLUGIN_FAILED = (
    r"external registry credential provider",
    r"credential provider plugin",
    r"acr-credential-provider\S{0,20}(?: file)? (?:does|did) not exist",
    r"docker-credential-",
    r"error getting credentials (?:- err|from acr)",
    r"failed to receive challenge",
    r"azure_credentials\.go:\d",
    r"defaultazurecredential",
    r"failed to acquire (?:a )?token",
    r"http://169\.254\.169\.254/metadata",
    r"getting managed identity token failed",
    r"adal: (?:failed|refresh request failed)",
)
"""What says that no credentials came, and not why."""

_TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "INVALID_NAME",
        (
            r"invalidimagename",
            r"invalid ?reference ?format",
            r"couldn.t parse image",
            r"must be lower ?case",
            r"could not parse (?:image )?reference",
            r"\"docker pull\" requires exactly 1 argument",
            r"invalid image (?:name|reference)",
            r"not a valid repository/tag",
            r"error parsing image name",
            r"unsupported digest algorithm|invalid checksum digest",
        ),
    ),
    ("NEVER_PULL", (r"errimageneverpull", r"pull policy of never", r"imagepullpolicy is (?:set to )?never")),
    ("PULL_QPS", (r"pull qps exceeded",)),
    (
        "RATE_429",
        (_S429, r"toomanyrequests", r"too many requests", r"pull rate limit", r"connectivity_toomanyrequests_error"),
    ),
    (
        "NO_SPACE",
        (
            r"no space left on device",
            r"(?<!hasno)diskpressure(?! *(?:\||:)? *false)",
            r"freediskspacefailed",
            r"imagegcfailed",
            r"not enough (?:disk )?space",
            r"failed to garbage collect required amount of images",
            r"disk quota exceeded",
            r"low on resource: ephemeral-storage",
        ),
    ),
    ("EXEC_FORMAT", (r"exec format error",)),
    (
        "NO_PLATFORM",
        (
            r"no match for platform",
            r"no matching manifest for",
            r"image operating system … cannot be used on this platform",
            r"-based image is incompatible with",
            r"incompatible with the host",
            r"operating system does not match the host",
            r"does not match the (?:detected )?(?:host|specified) platform",
            r"no image found in (?:manifest list|image index) for architecture",
            r"does not provide the specified platform",
            r"no child with platform",
            r"(?:hcsshim|windowsfilter|utilityvm) … access is denied",
            r"utilityvm … cannot find the (?:file|path) specified",
        ),
    ),
    ("FW_IP", (r"is not allowed access", r"aka\.ms/acr/firewall", r"client with ip\b")),
    (
        "PLUGIN_IMDS",
        (
            r"identity not found",
            r"requested identity (?:has not been|hasn.t been|isn.t|is not) assigned",
            r"no default identity is assigned",
            r"metadata endpoint returned error status:? ?(?:400|404)",
            r"identity_not_found",
            r"managedidentitycredential(?:: | authentication (?:failed|unavailable))",
            r"no managed identity endpoint",
        ),
    ),
    ("SP_EXPIRED", (r"aadsts7000222",)),
    ("SP_BADSECRET", (r"aadsts7000215",)),
    ("SP_GONE", (r"aadsts700016(?!\d)", r"aadsts90002(?!\d)")),
    ("SP_OTHER", (r"aadsts\d{4,8}",)),
    (
        "EXCHANGE_REFUSED",
        (
            r"rejected token exchange: (?!failed to send)\S",
            r"token exchange endpoint returned error status",
            r"oauth2/exchange … status(?: code)?:? ?\d{3}",
        ),
    ),
    ("NO_CHALLENGE", (r"did not issue a valid aad challenge",)),
    ("PLUGIN_IMDS", _PLUGIN_FAILED),
    ("ANON_403", (rf"fetch (?:anonymous|oauth) token{THEN}{_S403}",)),
    (
        "BLOB_403",
        (
            rf"{_BLOB}{THEN}(?:{_S403}|http 403)",
            rf"{_S403}{THEN}{_ACR_BLOB}",
            r"authorizationfailure … not authorized to perform",
        ),
    ),
    ("SCOPE_DENIED", (r"insufficient_scope", r"authorization failed", r"pull access denied")),
    (
        "FORBIDDEN_OTHER",
        (
            _S403,
            r"http 403",
            r"\bforbidden\b",
            r"(?<!access is )\bdenied(?:: |\"|'|$)",
            r"requested access to the resource is denied",
            r"connectivity_forbidden_error",
        ),
    ),
    ("PROXY", (r"proxyconnect", _S407, r"proxy authentication", r"parsing port ?:", r"\bproxy error\b")),
    # Before BLOB_NET: a data or blob host that has no address is a question to DNS, and NXDOMAIN's lead knows them.
    (
        "NXDOMAIN",
        (
            r"no such host",
            r"unresolvable host",
            r"name or service not known",
            r"nxdomain",
            r"could not resolve host",
            r"could not be resolved",
            r"nodename nor servname",
            r"no address associated with hostname",
            r"enotfound",
            r"unknownhostexception",
            r"failed to reach dns for registry|connectivity_dns_error",
        ),
    ),
    (
        "DNS_FAIL",
        (
            r"server misbehaving",
            r"servfail",
            r"lookup \S{1,300} on \S{1,60}:53: ",
            r"lookup \S{1,300}: (?:i/o timeout|read udp|dial udp|write udp|try again|getaddrinfow|"
            r"device or resource busy|no answer)",
            r"read udp \S{1,80}:53: ",
            r"temporary failure in name resolution",
            r"temporary error during hostname resolution",
            r"failed to resolve specified fqdn",
            r"eai_again",
            r"checking host name resolution \([^)]{0,200}\): failed",
        ),
    ),
    (
        "BLOB_NET",
        (
            rf"{_BLOB}{THEN}(?:{_SILENCE}|{_CUT_OFF})",
            r"could not fetch content descriptor",
            r"error pulling image configuration: (?!received unexpected http status)",
            rf"httpreadseeker{THEN}(?:{_S404}|not found)",
            rf"/blobs/{THEN}(?:{_S404}|not found)",
            r"failed size validation",
            r"filesystem layer verification failed",
            r"unexpected commit digest",
            r"failed commit on ref",
            r"blob unknown|blob_unknown",
            r"failed to extract layer … (?:unexpected eof|gzip|checksum|invalid|archive)",
            r"failed to register layer … unexpected eof",
            r"error verifying layer|layer does not exist|short read: expected",
            r"failed to unpack image on snapshotter(?! \S{1,80}: mismatched image rootfs)",
            r"content digest … not found",
            r"digest did not match|does not match (?:the )?digest",
        ),
    ),
    (
        "TIMEOUT_443",
        (
            r"(?<!handshake )(?:i/o timeout|connection timed out|operation timed out|connect(?:ion)? timeout)",
            r"client\.timeout",
            r"context deadline exceeded",
            r"deadlineexceeded",
            r"context cancell?ed",
            r"request cancell?ed",
            r"because of no progress in",
            r"connected party did not properly respond",
            r"timeout awaiting response headers",
            r"connect(?:ion)? timed out|read timed out|timed out \(connect|connecttimeout",
            r"timeout was reached|failed to connect to \S{1,260} port \d{1,5} after \d{1,9} ms",
        ),
    ),
    ("TLS_TIMEOUT", (r"tls handshake timeout", r"ssl(?: connection)? timeout")),
    (
        "RESET_REFUSED",
        (
            r"connection refused",
            r"econnrefused",
            r"connection reset",
            r"econnreset",
            r"(?::|unexpected) eof\b",
            r"no route to host",
            r"network is unreachable",
            r"actively refused",
            r"forcibly closed by the remote host",
            r"broken pipe",
            r"http2: client connection lost",
        ),
    ),
    (
        "X509",
        (
            r"x509:",
            r"certificate (?:signed by unknown|is valid for|has expired|is not trusted|verify failed|"
            r"is not standards)",
            r"tls: failed to verify",
            r"certificate_verify_failed",
            r"self[- ]signed certificate",
            r"unable to get local issuer",
            r"pkix path building failed",
            r"could not establish trust relationship",
            r"connectivity_ssl_error",
        ),
    ),
    ("OAUTH_401", (rf"fetch oauth token{THEN}{_S401}",)),
    ("ANON_401", (rf"fetch anonymous token{THEN}{_S401}",)),
    (
        "UNAUTH",
        (
            _S401,
            r"http 401",
            r"\bunauthorized\b",
            r"authentication (?:is )?required",
            r"no basic auth credentials",
            r"incorrect username or password",
            r"invalid username/password",
            r"imagepullunauthorizedfailure",
            r"access is denied\. not authorized",
            r"no username present in auth config",
            r"inaccessibleimage",
            r"is not accessible\. please check the image and registry credential",
        ),
    ),
    (
        "NOT_FOUND",
        (
            r"manifest unknown",
            r"manifest_unknown",
            r"manifest tagged by",
            r"name[ _]unknown",
            r"code ?= ?notfound",
            r"manifest for … not found",
            r"\b(?:image|tag|repository|manifest|reference) (?:\S{1,400} )?(?:was |is |could )?not (?:be )?found",
            r"(?:image|reference|manifest|/v2/|azurecr\.|docker\.io|source) … (?<=[\w>}\]]): not found\b",
            r"failed to pull image … not found\b",
            r"no such (?:image|manifest)",
            _S404,
            r"imagenotfound",
            r"repository does not exist",
        ),
    ),
    (
        "SECRET_MISSING",
        (
            r"failedtoretrieveimagepullsecret",
            r"unable to retrieve some image pull secrets",
            r"secret[s]? \"[^\" ]{1,260}\" not found",
            r"couldn.t (?:find|get) (?:image ?pull ?)?secret",
            r"image ?pull ?secret \S{1,260} (?:not found|does not exist)",
        ),
    ),
    (
        "SERVER_5XX",
        (
            rf"unexpected(?: http)? status{THEN}{_S5XX}",
            r"(?<!\()\b5\d\d (?:internal server error|bad gateway|"
            r"service (?:temporarily )?unavailable|gateway time-?out|server error)",
            r"(?:response|status)(?: code| from \w{2,10})?:? 5\d\d(?!\d)",
            r"(?:service unavailable|bad gateway|gateway time-?out)",
            r"unknown: internal server error|internalservererror: \S{0,40}registry",
        ),
    ),
    ("ANON_401", (r"fetch anonymous token",)),
    ("OAUTH_401", (r"fetch oauth token",)),
)

WEAK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("PLUGIN_IMDS", (r"validating managed identity exist[ae]nce: failed",)),
    ("SP_OTHER", (r"validating service principal credential: failed",)),
    ("EXCHANGE_REFUSED", (r"rejected token exchange", r"validating image pull permission: failed")),
)
"""What only names the step that failed. It decides where nothing else in the whole text does."""

_Rule = tuple[str, re.Pattern[str], tuple[re.Pattern[str], ...], bool]
"""A kind, the pattern that its alternative begins with, those that must follow, whether the cause stays open."""


def _compile(table: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[_Rule, ...]:
    return tuple(
        (kind, re.compile(first), tuple(re.compile(part) for part in rest), alternatives is _PLUGIN_FAILED)
        for kind, alternatives in table
        for first, *rest in (alternative.split(THEN) for alternative in alternatives)
    )


_RULES, _WEAK_RULES = _compile(_TABLE), _compile(WEAK)
_ANY = re.compile(
    r"\d{3}|error|fail|denied|unauthor|forbidden|time|lookup|host|refus|reset|eof|route|network|x509|"
    r"certif|identity|aadsts|"
    r"challenge|credential|exchange|token|scope|proxy|dns|not |no |unknown|secret|space|disk|pressure|"
    r"manifest|image|invalid|"
    r"requests|qps|policy|lower|platform|ip |cancel|deadline|progress|handshake|blob|layer|digest|"
    r"allowed|gateway|unavailable|"
    r"require|incorrect|resolv|nxdomain|enotfound|eai_|pipe|lost|trust|pkix|commit|parse|firewall|incompatible"
)


def first_match(lowered: str) -> Match | None:
    """The first rule that holds for a lower-case element, or None."""
    return _first(_RULES, lowered) if _ANY.search(lowered) else None


def weak_match(lowered: str) -> Match | None:
    """The failed step that a lower-case element names without a cause, or None."""
    return _first(_WEAK_RULES, lowered) if "failed" in lowered or "rejected" in lowered else None


def _first(rules: tuple[_Rule, ...], lowered: str) -> Match | None:
    for kind, first, rest, general in rules:
        match = first.search(lowered)
        for pattern in rest:
            if match is None:
                break
            match = pattern.search(lowered, match.end())
        if match is not None:
            return Match(kind, match.start(), general)
    return None
