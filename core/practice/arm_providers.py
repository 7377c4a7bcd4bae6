"""Which types and api-versions a resource provider has: generic clients ask this before they touch a resource.

https://learn.microsoft.com/rest/api/resources/providers/get
"""

from __future__ import annotations

from collections.abc import Mapping

from core.practice.http import Response, arm_error, json_response
from core.practice.network_kinds import KINDS
from core.practice.routing import Call, Route

_NETWORK_VERSIONS = ("2025-05-01", "2025-03-01", "2024-07-01")
_DNS_VERSIONS = ("2024-06-01", "2020-06-01")
_VERSIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Microsoft.Compute": {
        "virtualMachineScaleSets": ("2025-04-01", "2024-11-01"),
        "virtualMachines": ("2025-04-01", "2024-11-01"),
    },
    "Microsoft.ContainerRegistry": {"registries": ("2026-09-01-preview", "2025-11-01", "2023-07-01")},
    "Microsoft.ContainerService": {"managedClusters": ("2026-08-02-preview", "2026-08-01", "2025-10-01")},
    "Microsoft.ManagedIdentity": {"userAssignedIdentities": ("2024-11-30", "2023-01-31")},
    "Microsoft.Network": {
        kind.type.partition("/")[2]: _DNS_VERSIONS if "/privateDnsZones" in kind.type else _NETWORK_VERSIONS
        for kind in KINDS
        if kind.type.startswith("Microsoft.Network/")
    },
}
"""By namespace and type, the newest first, as Azure lists them."""


def _get(call: Call) -> Response:
    wanted = call.args["namespace"].lower()
    for namespace, types in _VERSIONS.items():
        if namespace.lower() == wanted:
            return json_response(
                {
                    "id": f"/subscriptions/{call.args['sub']}/providers/{namespace}",
                    "namespace": namespace,
                    "resourceTypes": [
                        {"resourceType": name, "locations": ["West Europe"], "apiVersions": list(versions)}
                        for name, versions in types.items()
                    ],
                    "registrationState": "Registered",
                    "registrationPolicy": "RegistrationRequired",
                }
            )
    message = f"The resource namespace '{call.args['namespace']}' is invalid."
    return arm_error(404, "InvalidResourceNamespace", message)


ROUTES = (
    Route(
        "GET",
        "/subscriptions/{sub}/providers/{namespace}",
        _get,
        action="Microsoft.Resources/subscriptions/providers/read",
    ),
)
