"""What a diagnosis with one broken call may say, held to the diagnosis of the same world with every call answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.checks.table import ALL
from core.facts.fact import Fact, Known
from core.model import CheckResult, Outcome, Report, Status
from core.practice.call_faults import Trouble
from core.practice.routing import required

GONE: Mapping[str, str] = {
    "cluster.power-state": "the picked cluster is not there",
    "registry.health": "the picked registry is not there",
    "cluster.node-resource-group": "a list of the group that is not there: the group itself may be gone",
    "identity.kubelet-exists": "the identity that the cluster names is not there",
    "registry.cmk": "the identity that the registry reads its key with is not there",
    "identity.sp-exists": "the service principal that the cluster names is not there",
    "secret.sp-credential": "the service principal that the secret names is not there",
    "secret.acr-token": "the token that the secret names is not there",
    "image.repository": "the repository is not there, and the registry does not list it",
    "image.tag": "the tag, or the manifest that it stands for, is not there, and the registry does not list it",
    "dns.records": "the record is not there, which is what the check asks",
    "network.data-endpoint": "the record of the layers' host is not there, and the endpoint cannot be read",
    "network.pe-exists": "the endpoint behind an approved connection is not there",
}
"""Checks that rightly call it a cause when what they were told of is not there (404), and why."""

WORTH_A_LOOK: Mapping[str, str] = {
    "secret.acr-token": "the token that the secret names is not there, and the nodes' own identity may pull",
    "identity.kubelet-exists": "the identity that the cluster names is not there, and the pod's secret lets it pull",
    "dns.zone-group": "the record is not there, and the endpoint keeps none itself",
    "network.path": "a record that is not there sends nodes another way than the one that is meant",
    "image.repository": "a cache rule fetches what is not there yet",
    "image.tag": "a cache rule fetches what is not there yet",
}
"""Checks that rightly warn when what they were told of is not there, and why."""

ALL_WELL: Mapping[str, str] = {"image.soft-deleted": "nothing of the repository was deleted"}
"""Checks that rightly pass when what they look for is not there, and why."""

STAYS_A_FINDING: tuple[tuple[str, str, str], ...] = (
    (
        r"/listNetworkManagerEffectiveSecurityAdminRules$",
        "net.nsg-aks",
        "few may read these rules, and fewer networks have one that overrules a security group: it stays likely",
    ),
)
"""Calls without which a check rightly stays with what it sees, though their answer would lift its finding."""

CANNOT_MATTER: tuple[tuple[str, str], ...] = (
    (r"/roleDefinitions/", "another role gives the right, or the same role is read at the registry itself"),
    (r"/listUsages$", "what a registry holds limits pushes, no pulls"),
    (r"/Microsoft\.Compute/skus$", "the processor of a machine shows in the name of its size, too"),
    (r"/listNetworkManagerEffectiveSecurityAdminRules$", "no admin rule counts for a private endpoint's network"),
    (r"/Microsoft\.ResourceGraph/resources$", "what the index would tell is listed in the subscriptions instead"),
    (r"/azureFirewalls$", "no firewall of that subscription stands on the way"),
    (
        r"/virtualMachineScaleSets/[^/]+/virtualMachines$",
        "a scale set that is gone has no machines; that they were not seen is in the evidence",
    ),
    (r"/serviceTags$", "no rule that a pull meets depends on the ranges of a tag"),
    (r"/virtualNetworks/[^/]+$", "the half of a peering that can be read vouches for the other"),
    (r"/(privateEndpoints|networkInterfaces|privateDnsZones)/", "the nodes do not go to that endpoint"),
    (r"/publicIPAddresses/", "the registry takes the nodes from any address"),
    (
        r"/eventtypes/management/values$",
        "when a network was changed last is no more than a hint, shown where it is told",
    ),
    (r"graph\.microsoft\.com/.*/getByIds$", "only names to show come of it"),
    (r"/_(deleted|catalog|tags)", "only suggestions come of it"),
    (r"/oauth2/(exchange|token)$", "of an image of another registry, only one of the same name is looked up"),
    (r"/networkSecurityGroups/nsg-pe$", "the network policies of the endpoint's subnet are off"),
    (r"/acr/v1/[^/]+$", "the registry's list has no such repository yet, and a cache rule fetches it"),
    (r"/userAssignedIdentities$", "a mix-up of identities only explains a missing role"),
    (r"/tokens/web-pull$", "a node tries every login, and another one of the secret is good"),
)
"""Calls without which a working world may still be called one, where no check ends otherwise, and why."""

STANDS_WITHOUT: Mapping[tuple[str, ...], Mapping[str, str]] = {
    ("dns.custom-servers",): {
        "scale_sets": "they are no more than the machines that are to be restarted",
        "network_changes": "a change would be no more than a hint, and the evidence says that it is not known",
    },
    ("context.tenant-and-cloud",): {
        "cluster": "the directories are those of the subscriptions",
        "registry": "the directories are those of the subscriptions",
    },
    ("identity.cross-tenant",): {
        "registry": "the directories are those of the subscriptions",
        "kubelet_managed_identity": "the cluster names the identity's subscription",
    },
    ("cluster.power-state", "registry.health", "registry.cmk", "identity.kubelet-exists"): {
        "subscriptions": "the resource answered; its directory explains a 404 only",
    },
    ("dns.zone-exists", "dns.vnet-link"): {"subscriptions": "the zone and its link are seen"},
    ("registry.geo-replicas",): dict.fromkeys(
        ("cluster", "image_tag", "image_manifest"), "only a text that does not find the image asks when it was pushed"
    ),
    ("image.login-server",): {
        "cluster": "the name is the picked registry's; the cluster is looked at for other ones",
        "registry_names": "the name is the picked registry's; others are looked up for a wrong one",
    },
    ("image.repository", "image.tag"): {
        "cache_rules": "what is there needs no cache rule",
        "image_manifest": "the tag is there; its manifest is judged by other checks",
    },
    ("image.quarantine",): dict.fromkeys(
        ("image_repository", "image_tag", "image_manifest"), "the registry's policy is off, whatever it holds"
    ),
    ("image.platform",): {"vm_sizes": "the processor of a machine shows in the name of its size, too"},
    ("registry.sku-limits",): {
        "registry_usages": "a full registry refuses pushes, no pulls",
        "endpoint_connections": "only lesser tiers than Premium cannot have endpoints",
        "cluster": "only lesser tiers than Premium cannot be private",
    },
    ("identity.role-mode",): {
        "puller_assignments": "the registry says which permissions count",
        "puller": "the registry says which permissions count",
    },
    ("identity.sp-role",): {"subscriptions": "a role that is seen counts; another directory explains a missing one"},
    ("identity.deny-assignments",): {"puller": "where nothing is denied nobody is"},
    ("identity.sp-credential",): {"service_principal": "the application has the credentials"},
    ("identity.wrong-principal",): dict.fromkeys(
        ("node_group_identities", "directory_names", "application"),
        "it explains a missing role by a mix-up with others that it sees; the missing role is found without it",
    ),
    ("net.avnm", "net.nsg-pe"): {"scale_sets": "the subnet says which addresses nodes have"},
    ("net.avnm", "net.nsg-aks", "net.route-table"): {
        "service_tags": "no rule that a pull meets depends on the ranges of a tag"
    },
    (
        "network.path",
        "dns.custom-servers",
        "dns.zone-exists",
        "dns.vnet-link",
        "dns.duplicate-zones",
        "dns.shadow-zones",
        "net.peering",
        "net.nsg-aks",
        "net.nsg-pe",
        "net.route-table",
        "net.firewall-rules",
    ): dict.fromkeys(
        ("endpoint_connections", "private_endpoints", "zone_groups"),
        "zones, links and records tell where the nodes are sent",
    ),
    ("secret.in-use", "secret.exists", "secret.format"): {"registry": "the secret itself is judged"},
    ("secret.account-kind", "secret.admin-account", "secret.sp-credential"): dict.fromkeys(
        ("cluster", "puller", "subscriptions"), "the secret's own account is judged"
    ),
}
"""Checks that still pass where a fact that they name is not known at all, and what else supports them."""

NEEDS = {check.id: tuple(need.fact for need in check.needs) for check in ALL}


@dataclass(frozen=True, slots=True)
class Broken:
    """A call that is broken: its method, its address without the query, and how."""

    method: str
    address: str
    trouble: Trouble

    def __str__(self) -> str:
        return f"{self.trouble.value} · {self.method} {self.address}"


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a diagnosis: the report, and the facts by their names (None where nobody asked)."""

    report: Report
    facts: Mapping[str, Fact[Any] | None]

    def results(self) -> Mapping[str, CheckResult]:
        """Give the results by check."""
        return {result.check: result for result in self.report.results}


def wrong_with(run: Run, honest: Run, broken: Broken) -> str:
    """Say what a diagnosis with a broken call must not have said; empty for nothing."""
    return "; ".join(
        (
            *_crashes(run),
            *_made_up(run, honest, broken),
            *_hushed_up(run, honest, broken),
            *_unfounded(run, honest),
            *_false_all_clear(run, honest, broken),
            *_unnamed(run, honest, broken),
        )
    )


def changed(run: Run, honest: Run) -> tuple[str, ...]:
    """Give the checks that ended otherwise."""
    before = honest.results()
    return tuple(
        check
        for check, result in run.results().items()
        if result.verdict.status is not before[check].verdict.status
        or (result.moot is None) is not _counts(before, check)
    )


def _counts(results: Mapping[str, CheckResult], check: str) -> bool:
    return results[check].moot is None


def _crashes(run: Run) -> Iterator[str]:
    crashed = [result.check for result in run.report.results if result.fault]
    if crashed:
        yield f"crash in {crashed}"


def _made_up(run: Run, honest: Run, broken: Broken) -> Iterator[str]:
    """Causes and warnings that the world does not have; what another way had softened is one that it has."""
    before = honest.results()
    failed = {check for check, one in before.items() if one.verdict.status is Status.FAIL or one.softened_by}
    gone = broken.trouble is Trouble.NOT_FOUND
    kept = {check for pattern, check, _ in STAYS_A_FINDING if re.search(pattern, broken.address, re.IGNORECASE)}
    allowed = failed | kept | (GONE.keys() if gone else set())
    wrong = [one for one in run.report.conclusion.causes if one not in allowed]
    if wrong:
        yield f"wrong causes {wrong}: {run.report.conclusion.headline}"
    seen = {Status.WARNING, Status.FAIL}
    new = [
        check
        for check, one in run.results().items()
        if one.verdict.status is Status.WARNING
        and before[check].verdict.status not in seen
        and not (gone and check in WORTH_A_LOOK)
    ]
    if new:
        yield f"new warnings {new}"


def _hushed_up(run: Run, honest: Run, broken: Broken) -> Iterator[str]:
    """Failures of the world that now pass."""
    after = run.results()
    gone = ALL_WELL if broken.trouble is Trouble.NOT_FOUND else {}
    passed = [
        check
        for check, one in honest.results().items()
        if one.verdict.status is Status.FAIL
        and one.moot is None
        and after[check].verdict.status is Status.PASS
        and check not in gone
    ]
    if passed:
        yield f"failures that pass {passed}"


def _unfounded(run: Run, honest: Run) -> Iterator[str]:
    """Checks that still pass though a fact they name is not known any more."""
    before = honest.results()
    for check, result in run.results().items():
        if not result.verdict.status is before[check].verdict.status is Status.PASS:
            continue
        lost = [
            fact
            for fact in NEEDS[check]
            if fact in run.facts
            and isinstance(honest.facts[fact], Known)
            and not isinstance(run.facts[fact], Known)
            and not _stands(check, fact)
        ]
        if lost:
            yield f"{check} passes without {lost}"


def _stands(check: str, fact: str) -> bool:
    return any(check in checks and fact in facts for checks, facts in STANDS_WITHOUT.items())


def _false_all_clear(run: Run, honest: Run, broken: Broken) -> Iterator[str]:
    conclusion = run.report.conclusion
    if conclusion.outcome is not Outcome.NO_CAUSE_FOUND:
        return
    if honest.report.conclusion.outcome is not Outcome.NO_CAUSE_FOUND:
        yield f"all clear: {conclusion.headline}"
    elif (
        not changed(run, honest)
        and _touched(run, honest)
        and not any(re.search(pattern, broken.address, re.IGNORECASE) for pattern, _ in CANNOT_MATTER)
    ):
        yield "all clear as if nothing were unread"


def _touched(run: Run, honest: Run) -> bool:
    both = (fact for fact in run.facts if run.facts[fact] is not None and honest.facts[fact] is not None)
    return any(run.facts[fact] != honest.facts[fact] for fact in both)


def _unnamed(run: Run, honest: Run, broken: Broken) -> Iterator[str]:
    """A refusal whose permission nobody is told of, though something ended otherwise for want of it."""
    unread = [check for check in changed(run, honest) if run.results()[check].verdict.status is Status.UNKNOWN]
    if broken.trouble is not Trouble.DENY or not unread:
        return
    named = {result.verdict.missing.action for result in run.report.results if result.verdict.missing}
    shown = (entry for result in run.report.results for entry in result.verdict.evidence)
    named |= {entry.value for entry in shown if entry.label == "missing-permission"}
    wanted = permission_of(broken)
    if not any(wanted.fullmatch(action) for action in named):
        yield f"the permission {wanted.pattern} is not named, but {sorted(named)}; not checked: {unread}"


def permission_of(broken: Broken) -> re.Pattern[str]:
    """The permission that a call takes, as a pattern."""
    host, _, path = broken.address.removeprefix("https://").partition("/")
    if host == "graph.microsoft.com":
        return re.compile(r"(Application|Directory|GroupMember)\.Read\.All")
    if path.endswith("Microsoft.ResourceGraph/resources"):
        return re.compile(r"Microsoft\..+/read|Microsoft\.ResourceGraph/resources/action")
    if path.endswith("/checkNameAvailability"):
        return re.compile(r"Microsoft\.ContainerRegistry/checkNameAvailability/read")
    if "/eventtypes/" in path:
        return re.compile(r"Microsoft\.Insights/eventtypes/values/read")
    if host != "management.azure.com":
        return re.compile(r"Microsoft\.ContainerRegistry/registries/.+/read")
    return re.compile(re.escape(required(broken.method, f"/{path}")[0]), re.IGNORECASE)
