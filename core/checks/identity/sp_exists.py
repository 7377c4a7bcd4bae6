"""Does the cluster's service principal still exist, and is it enabled?"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import cluster_values
from core.checks.identity.directory import is_application_id, service_principal_command
from core.checks.unread import unknown
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing
from core.facts.identities import ServicePrincipal
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(cluster: Cluster, service_principal: Fact[ServicePrincipal | None]) -> Verdict:
    """Look the service principal up in the directory."""
    app_id = cluster.service_principal_client_id
    if app_id is None:
        return Verdict(Status.NOT_APPLICABLE, "managed-identity", values={"cluster_name": cluster.name})
    shown = (Evidence("application-id", app_id),)
    values = {"cluster_name": cluster.name, "app_id": app_id}
    fix_values = {**cluster_values(cluster), "app_id": app_id}
    replace, move = FixRef("replace-service-principal", fix_values), FixRef("move-to-managed-identity", fix_values)
    if isinstance(service_principal, Missing) and not is_application_id(app_id):
        return Verdict(
            Status.UNKNOWN,
            "not-an-application-id",
            values=values,
            evidence=(*shown, service_principal_command(app_id)),
        )
    if isinstance(service_principal, Missing):
        return Verdict(Status.FAIL, "gone", Certainty.DEFINITE, values=values, evidence=shown, fixes=(replace, move))
    if not isinstance(service_principal, Known):
        return unknown(service_principal, (*shown, service_principal_command(app_id)))
    found = service_principal.value
    if found is None:
        return Verdict(Status.NOT_APPLICABLE, "managed-identity", values=values)
    values = {**values, "name": found.display_name}
    shown = (
        Evidence("service-principal", f"{found.display_name} | object id {found.object_id}"),
        *shown,
        *((Evidence("home-directory", found.home_tenant_id),) if found.home_tenant_id else ()),
    )
    if not found.enabled:
        return Verdict(
            Status.FAIL,
            "disabled",
            Certainty.DEFINITE,
            values=values,
            evidence=shown,
            fixes=(FixRef("enable-service-principal", fix_values), move),
        )
    return Verdict(Status.PASS, "exists", values=values, evidence=shown)


CHECK = Check("identity.sp-exists", Branch.IDENTITY, evaluate)
