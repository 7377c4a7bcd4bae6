"""The machine sizes that a subscription may use, with what tells their processors apart.

https://learn.microsoft.com/rest/api/compute/resource-skus/list
"""

from __future__ import annotations

import re

from core.practice.http import Json, Response, arm_error, json_response
from core.practice.routing import Call, Refused, Route

_LOCATIONS = ("westeurope", "northeurope")
_SIZES = (
    ("Standard_D2s_v5", "standardDSv5Family", 2, "x64"),
    ("Standard_D4s_v5", "standardDSv5Family", 4, "x64"),
    ("Standard_D8s_v5", "standardDSv5Family", 8, "x64"),
    ("Standard_D4as_v5", "standardDASv5Family", 4, "x64"),
    ("Standard_E4s_v5", "standardESv5Family", 4, "x64"),
    ("Standard_B2ms", "standardBSFamily", 2, "x64"),
    ("Standard_DS2_v2", "standardDSv2Family", 2, "x64"),
    ("Standard_D2ps_v5", "standardDPSv5Family", 2, "Arm64"),
    ("Standard_D4ps_v5", "standardDPSv5Family", 4, "Arm64"),
    ("Standard_D4pds_v5", "standardDPDSv5Family", 4, "Arm64"),
    ("Standard_E4ps_v5", "standardEPSv5Family", 4, "Arm64"),
    ("Standard_D4pls_v6", "standardDplsv6Family", 4, "Arm64"),
)
_LOCATION = re.compile(r"location eq '([^']+)'", re.IGNORECASE)


def _size(name: str, family: str, cores: int, architecture: str, location: str) -> Json:
    capabilities = {
        "vCPUs": str(cores),
        "MemoryGB": str(cores * 4),
        "CpuArchitectureType": architecture,
        "HyperVGenerations": "V2" if architecture == "Arm64" else "V1,V2",
        "PremiumIO": "True",
    }
    return {
        "resourceType": "virtualMachines",
        "name": name,
        "tier": "Standard",
        "size": name.removeprefix("Standard_"),
        "family": family,
        "locations": [location],
        "locationInfo": [{"location": location, "zones": ["1", "2", "3"], "zoneDetails": []}],
        "capabilities": [{"name": key, "value": value} for key, value in capabilities.items()],
        "restrictions": [],
    }


def _list(call: Call) -> Response:
    locations: tuple[str, ...] = _LOCATIONS
    if call.filter:
        asked = _LOCATION.fullmatch(call.filter.strip())
        if asked is None:
            raise Refused(arm_error(400, "InvalidFilterInQueryString", f"Invalid $filter '{call.filter}' specified."))
        locations = tuple(each for each in _LOCATIONS if each == asked[1].lower())
    sizes = [_size(*size, location) for size in _SIZES for location in locations]
    return json_response({"value": sizes})


ROUTES = (Route("GET", "/subscriptions/{sub}/providers/Microsoft.Compute/skus", _list),)
