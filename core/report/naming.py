"""Where a report names things, and what kind of thing each name is: read by the masking of names.

Names stand in three places: in resource ids, whose types say what they name; in the values of findings and fixes,
whose keys do; and in the parts of an evidence value, which its label explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.facts.image_name import split
from core.model import Evidence
from core.report.nameless import NAMELESS_KEYS

KINDS_OF_TYPES = {
    "networksecuritygroups": "security-group",
    "routetables": "route-table",
    "scopemaps": "scope-map",
    "virtualmachinescalesets": "machines",
    "managementgroups": "management-group",
    "privatednszonegroups": "zone-group",
    "rulecollectiongroups": "rule-group",
    **dict.fromkeys(("rulecollections", "applicationrulecollections", "networkrulecollections"), "rule-collection"),
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
    "node": "node",
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
    "collection": "rule-collection",
    "link": "link",
    "token": "token",
    **dict.fromkeys(("puller", "holder", "name"), "identity"),
    **dict.fromkeys(("pools", "fitting", "bad"), "pool"),
    **dict.fromkeys(("near", "source"), "repository"),
    **dict.fromkeys(("set", "credentials"), "credentials"),
    **dict.fromkeys(("hub", "spoke", "other", "far", "half", "left", "right"), "network"),
    **dict.fromkeys(("nsg", "nsgs"), "security-group"),
    "deny": "deny-assignment",
    "endpoints": "endpoint",
    "gateway": "gateway",
    "key": "key",
    "map": "scope-map",
    **dict.fromkeys(("named", "others"), "secret"),
    "nic": "interface",
    "machines": "machines",
    **dict.fromkeys(("proxy", "server", "host"), "host"),
    "roles": "role",
    **dict.fromkeys(("subscription", "subscriptions"), "subscription"),
    "subnets": "subnet",
    "table": "route-table",
    **dict.fromkeys(("tenant", "home"), "directory"),
    "first": "login",
    "username": "login",
}
"""What a value names, by the last word of its key, "name" at its end left out."""

KINDS_OF_WHOLE_KEYS = {
    "app_id": "application",
    "group_name": "zone-group",
    "holder_id": "principal",
    "missing_name": "network",
    "near_name": "network",
    "principal_id": "principal",
    "rule_group_name": "rule-group",
    "subscription_name": "subscription-name",
    "tenant_id": "directory",
}
"""Keys that their last word does not explain."""

EVIDENCE = {
    "admin-rules-not-read": "{network}",
    "application-id": "{application}",
    "cache-rule": "{repository} -> {repository}",
    "certificate-issuer": "{issuer}",
    "client-id": "{client}",
    "cluster-directory": "{directory}",
    "cluster-subscription": "{subscription-name} (",
    "cluster-subscription-not-listed": "{subscription}",
    "corrected": "{image}",
    "credential-set": "{credentials}",
    "deny-assignment": "{deny-assignment}",
    "directory": "{directory}",
    "dns-server": "* | * | {network}",
    "egress": "{pool} | {subnet}",
    "egress-not-read": "{pool} | {subnet}",
    "encryption-key": "{key}",
    "endpoint-connection": "{connection}",
    "expected-identity": "{identity} in ",
    "firewall-rule": "* | * | {rule-group} (*) > {rule-collection} (*) > {rule}: ",
    "firewall-rule-unsure": "* | * | {rule-group} (*) > {rule-collection} (*) > {rule}: ",
    "hidden-subscription": "{subscription}",
    "home-directory": "{directory}",
    "image-host": "{host}",
    "image-repository": "{repository}",
    "kubelet-disk": "{pool}",
    "locked-manifest": "{repository}@",
    "locked-repository": "{repository}",
    "locked-tag": "{repository}:",
    "machine-state": "{machines}",
    "managed-by": "{directory}",
    "namespace": "{namespace}",
    "new-client-id": "{client}",
    "new-object-id": "{principal}",
    "no-proxy": "{host}",
    "node": "{node}",
    "node-image": "{pool}",
    "node-pool": "{pool}: ",
    "node-resource-group": "{group}",
    "node-subnet": "{pool} | {subnet}",
    "object-id": "{principal}",
    "os-disk": "{pool}",
    "other-holder": "{role}",
    "password-not-valid": "{password}",
    "password-valid": "{password}",
    "peering": "{network} -> {network} | {peering}",
    "peering-missing": "{network} -> {network}",
    "pod": "{pod}",
    "pod-namespace": "{namespace}",
    "pool-identity": "{pool} | {machines}",
    "pool-platform": "{pool}",
    "pool-windows": "{pool}",
    "pool-without-machines": "{pool}",
    "private-endpoint": "{endpoint} | * | {subnet}",
    "puller": "{identity}",
    "registry-directory": "{directory}",
    "registry-subscription": "{subscription-name} (",
    "registry-subscription-not-listed": "{subscription}",
    "registry-token": "{token}",
    "repositories-there": "{repository}",
    "repository": "{repository}",
    "role-assignment": "{role}",
    "role-without-pull": "{role}",
    "route": "{route-table} > {route}: ",
    "rule-to-add": "{firewall}",
    "secret": "{secret}",
    "secret-named-by": "{pod} | {secret}",
    "secret-server": "{host}",
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
    "zone-group": "{endpoint}",
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

IN_AZURE = re.compile(r"\.azurecr\.\w+$", re.IGNORECASE)
"""The end of a host whose name is a registry's own."""

_SUBSCRIPTION = re.compile(r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", re.IGNORECASE)
_ID = re.compile(r"/providers/[\w.]+((?:/\w+/[^/\s\"'`,;:?|)]+)+)", re.IGNORECASE)
_GROUP = re.compile(r"/resourcegroups/([^/\s\"'`,;:?|]+)", re.IGNORECASE)


def in_ids(text: str) -> Iterator[tuple[str, str]]:
    """Give the names in all resource ids of a text, each with its kind."""
    for pattern, kind in ((_SUBSCRIPTION, "subscription"), (_GROUP, "group")):
        yield from ((found[1], kind) for found in pattern.finditer(text))
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
    kind = kind_of_key(key)
    if kind is not None:
        yield from _names(value, kind)


def kind_of_key(key: str) -> str | None:
    """Give the kind of thing that a value of a finding or a fix names; None where it names nothing."""
    if key in NAMELESS_KEYS:
        return None
    return KINDS_OF_WHOLE_KEYS.get(key) or KINDS_OF_KEYS.get(key.removesuffix("_name").rpartition("_")[2])


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

    A rule may stand behind its collection and that behind its group, a subnet behind its network, a repository behind
    its host, a host behind a scheme.
    """
    for one in re.split(r", ?", text):
        name = re.sub(r"(?: \([^()]*\)|:\d+)$", "", one).strip()
        if NO_NAMES.fullmatch(name):
            continue
        if kind == "host":
            host, _, path = name.rpartition("://")[2].partition("/")
            host = re.sub(r":\d+$", "", host)
            if not IN_AZURE.search(host):
                yield host, "host"
            yield path, "repository"
            continue
        if kind == "image":
            yield split(name).path, "repository"
            continue
        if kind == "repository":
            host, slash, path = name.removesuffix("/*").partition("/")
            name = path if slash and "." in host else name.removesuffix("/*")
        if kind == "rule" and " > " in name:
            *places, name = (re.sub(r" \(\d+\)$|: \w+$", "", part) for part in name.split(" > "))
            yield from zip(reversed(places), ("rule-collection", "rule-group"), strict=False)
        if kind == "subnet" and "/" in name:
            network, _, name = name.partition("/")
            yield network, "network"
        yield name, kind
