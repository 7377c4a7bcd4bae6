"""Answers of Microsoft.Network that are no resources: the service tags, and the rules that a network manager imposes.

https://learn.microsoft.com/rest/api/virtualnetwork/service-tags/list
"""

from __future__ import annotations

from core.practice.arm_network import missing
from core.practice.http import Json, Response, json_response
from core.practice.routing import Call, Route

_NETWORK = "/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{name}"
_TAGS = "/subscriptions/{sub}/providers/Microsoft.Network/locations/{location}/serviceTags"

SERVICE_TAGS = {
    "AzureActiveDirectory": ["20.190.128.0/18", "40.126.0.0/18"],
    "AzureCloud": [
        "20.38.108.0/23",
        "20.50.0.0/16",
        "20.60.0.0/16",
        "20.190.128.0/18",
        "40.74.0.0/16",
        "51.144.0.0/16",
    ],
    "AzureCloud.westeurope": ["20.50.0.0/16", "20.60.26.0/23", "40.74.0.0/16", "51.144.0.0/16"],
    "AzureContainerRegistry": ["20.38.108.0/28", "40.74.24.64/26", "51.144.8.0/26", "20.61.97.128/25"],
    "AzureContainerRegistry.WestEurope": ["40.74.24.64/26", "51.144.8.0/26", "20.61.97.128/25"],
    "AzureFrontDoor.FirstParty": ["13.107.246.0/24", "150.171.69.0/24"],
    "AzureResourceManager": ["20.50.68.128/28", "40.74.30.128/29"],
    "MicrosoftContainerRegistry": ["13.107.246.0/24", "204.79.197.219/32"],
    "Storage": ["20.38.108.0/23", "20.60.0.0/16", "52.239.128.0/17"],
    "Storage.WestEurope": ["20.60.26.0/23", "52.239.140.0/22"],
}
"""A few of Azure's ranges by tag: not all of them, but where each tag's are."""


def _service_tags(call: Call) -> Response:
    values: list[Json] = [
        {
            "name": name,
            "id": name,
            "serviceTagChangeNumber": "117",
            "properties": {
                "changeNumber": "41",
                "region": name.partition(".")[2].lower(),
                "state": "GA",
                "networkFeatures": ["API", "NSG", "UDR", "FW"],
                "systemService": name.partition(".")[0],
                "addressPrefixes": prefixes,
            },
        }
        for name, prefixes in sorted(SERVICE_TAGS.items())
    ]
    location = call.args["location"]
    return json_response(
        {
            "name": "Public",
            "id": f"/subscriptions/{call.args['sub']}/providers/Microsoft.Network/serviceTags/Public",
            "type": "Microsoft.Network/serviceTags",
            "changeNumber": "117",
            "cloud": "Public",
            "values": [value for value in values if _concerns(value["name"], location)],
        }
    )


def _concerns(name: str, location: str) -> bool:
    """Whether a tag is among those of a location: the ones without a region, and the region's own."""
    region = name.partition(".")[2].lower()
    return region in ("", "firstparty", location.lower())


def _admin_rules(call: Call) -> Response:
    network = call.request.path.rstrip("/").rpartition("/")[0]
    if call.world.resource(network) is None:
        return missing(call)
    return json_response({"value": call.world.admin_rules.get(network.lower(), [])})


ROUTES = (
    Route("GET", _TAGS, _service_tags),
    Route("POST", _NETWORK + "/listNetworkManagerEffectiveSecurityAdminRules", _admin_rules),
)
