"""Where a report names things, and what kind of thing each name is: read by the masking of names.

Names stand in three places: in resource ids, whose types say what they name; in the values of findings and fixes,
whose keys do; and in the parts of an evidence value, which its label explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.model import Evidence

KINDS_OF_TYPES = {
    "networksecuritygroups": "security-group",
    "routetables": "route-table",
    "scopemaps": "scope-map",
    "virtualmachinescalesets": "machines",
    "managementgroups": "management-group",
    "rulecollectiongroups": "rule-group",
    "managementlocks": "lock",
    "a": "record",
}
"""Kinds whose name is not the last word of their resource type, by the type in lower case."""

KINDS_OF_KEYS = {
    "cluster": "cluster",
    "registry": "registry",
    "group": "group",
    "identity": "identity",
    "repository": "repository",
    "namespace": "namespace",
    "pod": "pod",
    "pool": "pool",
    "secret": "secret",
    "subnet": "subnet",
    "role": "role",
    "network": "network",
    "endpoint": "endpoint",
    "connection": "connection",
    "firewall": "firewall",
    "policy": "policy",
    "manager": "manager",
    "peering": "peering",
    "rule": "rule",
    "route": "route",
    "collection": "collection",
    "link": "link",
    "token": "token",
    **dict.fromkeys(("puller", "holder", "name"), "identity"),
    **dict.fromkeys(("pools", "fitting"), "pool"),
    **dict.fromkeys(("near", "source"), "repository"),
    **dict.fromkeys(("set", "credentials"), "credentials"),
    **dict.fromkeys(("hub", "other", "far", "half", "left", "right"), "network"),
    **dict.fromkeys(("nsg", "nsgs"), "security-group"),
    "deny": "deny-assignment",
    "endpoints": "endpoint",
    "map": "scope-map",
    "named": "secret",
    "nic": "interface",
    "proxy": "host",
    "roles": "role",
    "subnets": "subnet",
    "table": "route-table",
    "username": "login",
}
"""What a value names, by the last word of its key, "name" at its end left out."""

KINDS_OF_WHOLE_KEYS = {
    "group_name": "rule-group",
    "missing_name": "network",
    "near_name": "network",
    "subscription_name": "subscription",
}
"""Keys that their last word does not explain: the rest of the subscriptions, for one, are ids."""

EVIDENCE = {
    "cache-rule": "{repository} -> {repository}",
    "certificate-issuer": "{issuer}",
    "credential-set": "{credentials}",
    "deny-assignment": "{deny-assignment}",
    "dns-server": "* | * | {network}",
    "egress": "{pool} | {subnet}",
    "egress-not-read": "{pool} | {subnet}",
    "encryption-key": "{key}",
    "endpoint-connection": "{connection}",
    "expected-identity": "{identity} in ",
    "firewall-rule": "* | * | {rule-group} (*) > {collection} (*) > {rule}: ",
    "firewall-rule-unsure": "* | * | {rule-group} (*) > {collection} (*) > {rule}: ",
    "image-repository": "{repository}",
    "locked-repository": "{repository}",
    "machine-state": "{machines}",
    "namespace": "{namespace}",
    "no-proxy": "{host}",
    "node-image": "{pool}",
    "node-pool": "{pool}: ",
    "node-resource-group": "{group}",
    "node-subnet": "{pool} | {subnet}",
    "os-disk": "{pool}",
    "other-holder": "{role}",
    "password-not-valid": "{password}",
    "password-valid": "{password}",
    "peering": "{network} -> {network} | {peering}",
    "peering-missing": "{network} -> {network}",
    "pod-namespace": "{namespace}",
    "pool-identity": "{pool} | {machines}",
    "pool-platform": "{pool}",
    "pool-windows": "{pool}",
    "pool-without-machines": "{pool}",
    "private-endpoint": "{endpoint} | * | {subnet}",
    "puller": "{identity}",
    "registry-token": "{token}",
    "repositories-there": "{repository}",
    "repository": "{repository}",
    "role-assignment": "{role}",
    "role-without-pull": "{role}",
    "route": "{route-table} > {route}: ",
    "rule-to-add": "{firewall}",
    "secret": "{secret}",
    "secret-named-by": "{pod} | {secret}",
    "secret-user": "{login}",
    "security-group": "{security-group}",
    "security-rule": "{security-group} | {rule}",
    "service-endpoint": "{subnet}",
    "service-principal": "{identity}",
    "stale-instances": "{pool} | {machines} | {machines}",
    "subnet-rule": "{subnet}",
    "threat-intelligence": "{firewall}: ",
    "way": "{pool}: {subnet}",
    "web-proxy": "{host}",
    "wrong-holder": "{role}",
}
"""What an evidence value names from its start on, by its label; `*` stands for anything."""

LISTS = {"pools": "pool", "identities": "identity", "linked to": "network"}
"""What a part of an evidence value lists, by the words that it begins with."""

NO_NAMES = re.compile(
    r"-?|none|nothing|not (?:known|told|readable|seen)|no (?:network in azure|rule matches.*|such name)|secret \d+"
    r"|azure's own|localhost|<.*",
    re.IGNORECASE,
)
"""What stands in the place of a name where there is none."""

_ID = re.compile(r"/providers/[\w.]+((?:/\w+/[^/\s\"'`,;:?|)]+)+)", re.IGNORECASE)
_GROUP = re.compile(r"/resourcegroups/([^/\s\"'`,;:?|]+)", re.IGNORECASE)


def in_ids(text: str) -> Iterator[tuple[str, str]]:
    """Give the names in all resource ids of a text, each with its kind."""
    yield from ((found[1], "group") for found in _GROUP.finditer(text))
    for found in _ID.finditer(text):
        parts = found[1].strip("/").split("/")
        for type_, name in zip(parts[::2], parts[1::2], strict=True):
            if type_.lower() != "providers":
                yield name, kind_of_type(type_)


def kind_of_type(type_: str) -> str:
    """Give the kind of thing that a resource type is of: "virtualNetworkPeerings" are each a "peering"."""
    last = re.sub(r"^.*(?=[A-Z][a-z0-9]+$)", "", type_).lower()
    one = f"{last[:-3]}y" if last.endswith("ies") else last.removesuffix("s")
    return KINDS_OF_TYPES.get(type_.lower(), one)


def in_value(key: str, value: str) -> Iterator[tuple[str, str]]:
    """Give the names in a value of a finding or a fix."""
    kind = KINDS_OF_WHOLE_KEYS.get(key) or KINDS_OF_KEYS.get(key.removesuffix("_name").rpartition("_")[2])
    if kind is not None:
        yield from _names(value, kind)


def in_evidence(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Give the names in what a check saw."""
    template = EVIDENCE.get(evidence.label, "")
    found = _pattern(template).match(evidence.value) if template else None
    if found is not None:
        for text, kind in zip(found.groups(), re.findall(r"\{([\w-]+)\}", template), strict=True):
            yield from _names(text, kind)
    for words, text in re.findall(rf"\| ({'|'.join(LISTS)}): ([^|]+)", evidence.value):
        yield from _names(text.strip(), LISTS[words])


def _pattern(template: str) -> re.Pattern[str]:
    """Give what finds the names in a value: each stands in one part, a part ends at " | "."""
    pieces = re.split(r"(\{[\w-]+\}|\*)", template)
    pattern = "".join({"*": ".*?"}.get(one, r"([^|>]+?)" if one[:1] == "{" else re.escape(one)) for one in pieces)
    return re.compile(pattern + (r"(?: \||$)" if template.endswith("}") else ""), re.DOTALL)


def _names(text: str, kind: str) -> Iterator[tuple[str, str]]:
    """Take a list apart: without what stands in brackets behind a name, without a port.

    A rule may stand behind its collection, a subnet behind its network, a repository behind its host.
    """
    for one in re.split(r", ?", text):
        name = re.sub(r"(?: \([^()]*\)|:\d+)$", "", one).strip()
        if NO_NAMES.fullmatch(name):
            continue
        if kind == "repository":
            host, slash, path = name.removesuffix("/*").partition("/")
            name = path if slash and "." in host else name.removesuffix("/*")
        if kind == "rule" and " > " in name:
            collection, _, name = name.partition(" > ")
            yield collection, "collection"
        if kind == "subnet" and "/" in name:
            network, _, name = name.partition("/")
            yield network, "network"
        yield name, kind
