"""Was the permission given to the wrong identity?

The classic mistake is `identity.principalId`, the cluster's own identity, where
`identityProfile.kubeletidentity.objectId` was meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.identity import evidence
from core.checks.identity.permission import Grant, holders, right_to_pull
from core.checks.identity.role import grant_fixes, holder_in_words
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, NotKnown
from core.facts.identities import Application, DirectoryNames, ManagedIdentity, Puller, ServicePrincipal
from core.facts.registry import Registry
from core.facts.resource_id import scope_covers
from core.facts.roles import RoleAssignments, RoleDefinitions
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict

_REASONS = {
    "control-plane": "granted-to-control-plane",
    "client-id": "granted-to-client-id",
    "application": "granted-to-application",
    "addon": "granted-to-addon",
    "node-group": "granted-to-node-group-identity",
    "namesake": "granted-to-namesake",
    "deleted": "granted-to-deleted",
}
"""The reason for each kind of suspect, from the likeliest mistake to the least telling one."""


MOST_REMOVALS = 3
"""Tidying up is not the cure: a few commands show how it is done."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody close to the cluster who is not its puller: a key of the reasons, and the name to show."""

    kind: str
    name: str


def evaluate(
    cluster: Cluster,
    registry: Registry,
    puller: Puller | None,
    registry_assignments: RoleAssignments,
    role_definitions: RoleDefinitions,
    node_group_identities: Fact[tuple[ManagedIdentity, ...]],
    application: Fact[Application | None],
    service_principal: Fact[ServicePrincipal | None],
    directory_names: Fact[DirectoryNames],
) -> Verdict:
    """Look among those who may pull for somebody that was probably meant to be the puller.

    Roles that do not speak of container registries (Owner, Contributor, Reader) are given for other purposes and say
    nothing about a mistake; nor do users and groups.
    """
    values = {"cluster_name": cluster.name, "registry_name": registry.name, "puller": puller.name if puller else ""}
    if puller is None:
        return Verdict(Status.NOT_APPLICABLE, "no-kubelet-identity", values=values)
    directory = directory_names.value if isinstance(directory_names, Known) else DirectoryNames({})
    close = suspects(cluster, puller, node_group_identities, application)
    names = {**directory.names, **{principal: suspect.name for principal, suspect in close.items()}}
    namesakes = _namesakes(cluster, puller, service_principal)
    found: list[tuple[Grant, Suspect]] = []
    strangers: list[Grant] = []
    for grant in holders(right_to_pull(registry), registry.id, registry_assignments, role_definitions):
        if grant.assignment.principal_id.lower() == puller.object_id.lower():
            continue
        suspect = _suspect(grant, close, directory, cluster, namesakes) if grant.dedicated else None
        if suspect is None:
            strangers.append(grant)
        else:
            found.append((grant, suspect))
    others = evidence.few(
        Evidence("other-holder", holder_in_words(grant, registry.id, names))
        for grant in strangers
        if grant.dedicated or grant.assignment.principal_id.lower() in close
    )
    if not found:
        if not isinstance(directory_names, Known) and any(_may_be_close(grant, names) for grant in strangers):
            return unknown(directory_names, others)
        unread = _unread_role(registry, puller, close, registry_assignments, role_definitions)
        if unread is not None:
            return unknown(unread, others)
        return Verdict(Status.PASS, "nobody-else", values=values, evidence=others)
    kinds = list(_REASONS)
    found.sort(key=lambda pair: kinds.index(pair[1].kind))
    grant, suspect = found[0]
    wrong = evidence.few(Evidence("wrong-holder", holder_in_words(item, registry.id, names)) for item, _ in found)
    right = Evidence("puller", f"{puller.name} | object id {puller.object_id}")
    return Verdict(
        Status.FAIL,
        _REASONS[suspect.kind],
        Certainty.LIKELY if suspect.kind == "namesake" else Certainty.DEFINITE,
        values={
            **values,
            "holder": suspect.name,
            "holder_id": grant.assignment.principal_id,
            "role": grant.role.name,
        },
        evidence=(*wrong, right, *others),
        fixes=(
            *grant_fixes(registry, cluster, puller.object_id, puller.name),
            *(_removal(item, who, registry) for item, who in found[:MOST_REMOVALS]),
        ),
    )


def suspects(
    cluster: Cluster,
    puller: Puller,
    node_group_identities: Fact[tuple[ManagedIdentity, ...]],
    application: Fact[Application | None],
) -> Mapping[str, Suspect]:
    """Give everybody who is easily mistaken for the puller, by lower-cased object id (or what was pasted as one)."""
    close: dict[str, Suspect] = {}

    def add(principal: str | None, kind: str, name: str) -> None:
        if principal:
            close.setdefault(principal.lower(), Suspect(kind, name))

    for own in cluster.control_plane_identities:
        add(own.principal_id, "control-plane", (own.resource_id or cluster.name).rpartition("/")[2])
    add(puller.client_id, "client-id" if puller.managed_identity else "application", puller.name)
    if isinstance(application, Known) and application.value:
        add(application.value.object_id, "application", puller.name)
    for addon in cluster.addon_identities:
        add(addon.object_id, "addon", (addon.resource_id or addon.addon).rpartition("/")[2])
    if isinstance(node_group_identities, Known):
        for identity in node_group_identities.value:
            add(identity.principal_id, "node-group", identity.name)
    return close


def _suspect(
    grant: Grant,
    close: Mapping[str, Suspect],
    directory: DirectoryNames,
    cluster: Cluster,
    namesakes: frozenset[str],
) -> Suspect | None:
    principal = grant.assignment.principal_id.lower()
    kind = (grant.assignment.principal_type or "").lower()
    if principal in close:
        return close[principal]
    if kind == "unknown" or (principal in directory.gone and kind in ("serviceprincipal", "")):
        return Suspect("deleted", grant.assignment.principal_id)
    name = directory.names.get(principal)
    made_by_aks = name is not None and name.lower().startswith(f"{cluster.name}SP-".lower())
    if name is not None and kind == "serviceprincipal" and (made_by_aks or name.lower() in namesakes):
        return Suspect("namesake", name)
    return None


def _namesakes(cluster: Cluster, puller: Puller, service_principal: Fact[ServicePrincipal | None]) -> frozenset[str]:
    """Give the lower-cased names that an earlier identity of this cluster would bear."""
    names = {puller.name, f"{cluster.name}-agentpool", f"{cluster.name}SP"}
    if isinstance(service_principal, Known) and service_principal.value:
        names.add(service_principal.value.display_name)
    return frozenset(name.lower() for name in names)


def _may_be_close(grant: Grant, names: Mapping[str, str]) -> bool:
    kind = (grant.assignment.principal_type or "").lower()
    return grant.dedicated and kind in ("serviceprincipal", "") and grant.assignment.principal_id.lower() not in names


def _unread_role(
    registry: Registry,
    puller: Puller,
    close: Mapping[str, Suspect],
    assignments: RoleAssignments,
    definitions: RoleDefinitions,
) -> NotKnown | None:
    """Why the role is not known that somebody else has at the registry: it may be the one that the puller lacks."""
    for assignment in assignments.items:
        principal = assignment.principal_id.lower()
        kind = (assignment.principal_type or "").lower()
        may_be_meant = principal in close or kind in ("serviceprincipal", "unknown", "")
        somebody_else = may_be_meant and principal != puller.object_id.lower()
        if not somebody_else or not scope_covers(assignment.scope, registry.id):
            continue
        definition = definitions.by_guid.get(assignment.role_guid.lower())
        if definition is not None and not isinstance(definition, Known):
            return definition
    return None


def _removal(grant: Grant, suspect: Suspect, registry: Registry) -> FixRef:
    values = {
        **registry_values(registry),
        "holder": suspect.name,
        "holder_id": grant.assignment.principal_id,
        "assignment_id": grant.assignment.id,
        "role_name": grant.role.name,
        "role_guid": grant.assignment.role_guid,
        "scope": grant.assignment.scope,
    }
    return FixRef("remove-wrong-assignment", values)


CHECK = Check("identity.wrong-principal", Branch.IDENTITY, evaluate)
