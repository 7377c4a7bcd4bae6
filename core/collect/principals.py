"""Who the principals on the registry are.

https://learn.microsoft.com/graph/api/directoryobject-getbyids
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from core.azure.clients import Azure
from core.azure.graph import Json
from core.collect.asking import DIRECTORY, NotRead, ask
from core.collect.reading import listed, required, text
from core.facts.fact import Missing, Trouble, Unavailable
from core.facts.identities import DirectoryNames
from core.facts.roles import RoleAssignment, RoleAssignments

READ_DIRECTORY = "Directory.Read.All"

IDS_IN_ONE_CALL = 1000
"""What the service takes at most."""
ASKED_SINGLY = 25
"""Service principals that are looked up one by one where the directory does not take many ids in one call."""

_KINDS = ["user", "group", "servicePrincipal", "directoryObjectPartnerReference"]
_NO_SUCH_CALL = "Microsoft Graph does not tell who a principal is."
_NOT_SERVED = frozenset({400, 404, 405, 501})


def directory_names(azure: Azure, registry_assignments: RoleAssignments) -> DirectoryNames:
    """Look up who the principals on the registry are. Those that the directory does not give are gone.

    Where the directory does not take many ids in one call, only service principals are looked up, the
    `ASKED_SINGLY` whose assignments are nearest to the registry; all others are then neither named nor gone.
    """
    asked = sorted({assignment.principal_id.lower() for assignment in registry_assignments.items})
    chunks = [asked[start : start + IDS_IN_ONE_CALL] for start in range(0, len(asked), IDS_IN_ONE_CALL)]

    def names_of(ids: Sequence[str]) -> dict[str, str]:
        answer = azure.graph_post("/directoryObjects/getByIds", {"ids": list(ids), "types": _KINDS})
        return dict(to_name(item) for item in listed(answer.get("value")))

    def call() -> DirectoryNames:
        names = {id_: name for chunk in azure.map(names_of, chunks) for id_, name in chunk.items()}
        return DirectoryNames(names, gone=frozenset(asked) - names.keys())

    try:
        return ask(READ_DIRECTORY, DIRECTORY, call)
    except NotRead as refused:
        if refused.status not in _NOT_SERVED:
            raise
    return _one_by_one(azure, registry_assignments)


def to_name(model: object) -> tuple[str, str]:
    """The lower-cased object id and the name of somebody in the directory.

    Raises azure.core.exceptions.DeserializationError where the answer has no id.
    """
    id_ = required(model, "id")
    return id_.lower(), text(model, "displayName") or text(model, "appDisplayName") or id_


def _one_by_one(azure: Azure, assignments: RoleAssignments) -> DirectoryNames:
    """The names of service principals, each asked for by itself; raises NotRead for the first that is refused.

    https://learn.microsoft.com/graph/api/serviceprincipal-get
    """
    nearest_first = sorted(filter(_may_be_service_principal, assignments.items), key=lambda one: -len(one.scope))
    ids = list(dict.fromkeys(one.principal_id.lower() for one in nearest_first))[:ASKED_SINGLY]

    def name_of(id_: str) -> str | None:
        def call() -> Json:
            return azure.graph_get(f"/servicePrincipals/{quote(id_, safe='')}", {"$select": "id,displayName,appId"})

        try:
            return to_name(ask(READ_DIRECTORY, DIRECTORY, call, resource=id_))[1]
        except NotRead as refused:
            if not isinstance(refused.outcome, Missing):
                raise
            # A directory that does not know the call answers 404 too; about the principal it says so by name.
            if id_ not in str(refused.__cause__).lower():
                raise NotRead(Unavailable(Trouble.SERVER, _NO_SUCH_CALL)) from refused
            return None

    found = dict(zip(ids, azure.map(name_of, ids), strict=True))
    names = {id_: name for id_, name in found.items() if name is not None}
    return DirectoryNames(names, gone=frozenset(found) - names.keys())


def _may_be_service_principal(assignment: RoleAssignment) -> bool:
    return (assignment.principal_type or "unknown").lower() in ("serviceprincipal", "unknown")
