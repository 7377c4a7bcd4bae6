"""Whatever part of a network's answer is absent, null or of another kind: it is read, or said to be unreadable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from collect_answers import SUBSCRIPTION, body, choice, connect, mutations
from collect_networks import (
    CONNECTIONS,
    ENDPOINTS,
    FIREWALL,
    HUB,
    HUB_SUBSCRIPTION,
    INTERFACE,
    NAT,
    NODE_NETWORKS,
    NODES,
    NSG,
    POLICY,
    PUBLIC,
    SIDE,
    SPOKE,
    WHERE,
    ZONE,
    ZONE_GROUPS,
    firewall,
    items,
    listed,
    network,
    network_body,
    network_id,
    security_group,
    table,
)

from core.collect.asking import outcome_of
from core.collect.clusters import to_cluster
from core.collect.registries import to_registry
from core.collect.table import COLLECTORS, providers
from core.facts.cloud import CloudNames
from core.facts.fact import Known, Trouble, Unavailable
from core.facts.items import Items
from core.facts.networks import ScaleSet
from core.facts.private_dns import PrivateZones
from core.facts.subscriptions import Subscription, Subscriptions

ODD = (None, 7, [None], {"odd": None})
UNREAD = ("etag", "type", "resourceGuid", "provisioningState", "location", "description", "registrationEnabled")


def lean(answer):
    """An answer without what nobody reads."""
    if isinstance(answer, dict):
        return {key: lean(value) for key, value in answer.items() if key not in UNREAD}
    return [lean(one) for one in answer] if isinstance(answer, list) else answer


CLUSTER = to_cluster(body("managedClusters", "msi-01"))
CLOUD = CloudNames("AzureCloud", "azurecr.io", ())
SUBSCRIPTIONS = Subscriptions({SUBSCRIPTION: Subscription(SUBSCRIPTION, "s", "Enabled", None)})
IP_GROUP = network_id("ipGroups", "g")
NETWORK = network_body(
    SPOKE,
    ["10.10.0.0/16"],
    subnets=[
        ("nodes", {"addressPrefix": "10.10.0.0/24", "networkSecurityGroup": {"id": NSG}, "serviceEndpoints": [{}]})
    ],
    peerings=[(HUB, ["10.0.0.0/16"])],
)
NIC = {
    "id": INTERFACE,
    "properties": {
        "ipConfigurations": [
            {
                "properties": {
                    "privateIPAddress": "10.0.1.5",
                    "subnet": {"id": f"{HUB}/subnets/s"},
                    "privateLinkConnectionProperties": {"requiredMemberName": "registry", "fqdns": ["a.azurecr.io"]},
                }
            }
        ]
    },
}
ADDRESS = {"id": PUBLIC, "properties": {"ipAddress": "20.1.1.1"}}
ONE_RULE = {"name": "r", "ruleType": "NetworkRule", "sourceIpGroups": [IP_GROUP], "destinationPorts": ["443"]}
RULES = {
    "value": [
        {
            "id": f"{POLICY}/ruleCollectionGroups/g",
            "name": "g",
            "properties": {
                "priority": 100,
                "ruleCollections": [
                    {
                        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
                        "action": {"type": "Allow"},
                        "rules": [
                            ONE_RULE,
                            {"ruleType": "ApplicationRule", "protocols": [{"protocolType": "Https", "port": 443}]},
                        ],
                    }
                ],
            },
        }
    ]
}
REST = {
    "GET /subnets?": {"value": []},
    "GET /virtualnetworkpeerings?": {"value": []},
    "GET /networkinterfaces/": NIC,
    "GET /networkinterfaces?": {"value": []},
    "GET /loadbalancers?": {"value": []},
    "GET /publicipaddresses/": ADDRESS,
    "GET /natgateways/": {"id": NAT, "properties": {"publicIpAddresses": [{"id": PUBLIC}]}},
    "GET /firewallpolicies/": {"id": POLICY, "properties": {}},
    "GET /rulecollectiongroups?": {"value": []},
    "GET /ipgroups/": {"id": IP_GROUP, "properties": {"ipAddresses": ["10.0.0.0/8"]}},
    "GET /virtualnetworklinks?": {"value": []},
    "GET /privatednszones/privatelink.azurecr.io/a/": {"id": "a", "properties": {"aRecords": []}},
}
FIREWALLS = {
    "node_networks": NODE_NETWORKS,
    "hop_addresses": ("10.0.1.4",),
    "exit_networks": (),
    "firewall_lists": listed(firewall()),
}
REGISTRY = to_registry(body("registries", "network-rule-02"))
ZONES = {
    "cloud": CLOUD,
    "cluster": CLUSTER,
    "registry": REGISTRY,
    "node_subnets": Known(WHERE),
    "endpoint_connections": Known(CONNECTIONS),
    "private_endpoints": Known(ENDPOINTS),
    "zone_groups": Known(ZONE_GROUPS),
    "replications": Known(()),
    "visible_zones": Known((ZONE,)),
    "subscriptions": Known(SUBSCRIPTIONS),
}
DNS = {
    "node_networks": NODE_NETWORKS,
    "subscriptions": Known(SUBSCRIPTIONS),
    "firewall_lists": Items(),
    "firewalls": Items(),
}
EGRESS = {
    "cluster": CLUSTER,
    "registry": REGISTRY,
    "replications": Known(()),
    "node_subnets": WHERE,
    "node_networks": NODE_NETWORKS,
    "route_tables": items(table()),
    "next_hops": Items(),
    "firewalls": Items(),
    "scale_sets": Known(()),
}
LOOSE = EGRESS | {
    "cluster": replace(CLUSTER, agent_pools=(replace(CLUSTER.agent_pools[0], name="sys", node_public_address=True),)),
    "node_networks": items(network(subnets=[(NODES, {})])),
    "scale_sets": Known((ScaleSet("sys", "aks-sys-1-vmss", (), public_addresses=True),)),
}
LISTED = {
    "node_networks": NODE_NETWORKS,
    "hop_addresses": (),
    "exit_networks": (),
    "subscriptions": Known(Subscriptions({})),
}
HOPS = {
    "node_networks": NODE_NETWORKS,
    "hop_addresses": ("10.0.1.5",),
    "firewall_lists": Items({HUB_SUBSCRIPTION: Known(())}),
}
FILTERED = {
    "node_subnets": WHERE,
    "node_networks": NODE_NETWORKS,
    "endpoint_networks": Items(),
    "private_endpoints": Known(Items()),
    "scale_sets": Known(()),
}
RULED = {"node_networks": NODE_NETWORKS, "endpoint_networks": Items()}
TAGGED = {
    "cluster": CLUSTER,
    "security_groups": Known(items(security_group(("Outbound", "20.60.0.0/16")))),
    "admin_rules": Known(Items()),
    "firewalls": Known(Items()),
}
CONFIGURATION = network_id("networkManagers", "m") + "/securityAdminConfigurations/c"
ADMIN_RULE = {
    "id": f"{CONFIGURATION}/ruleCollections/x/rules/r",
    "kind": "Custom",
    "properties": {"sources": [{"addressPrefix": "*"}], "destinationPortRanges": ["443"], "priority": 1},
}
LISTED_FIREWALL = lean(body("azureFirewalls", "azure-firewall-rules-with-ipgroups-01"))
del LISTED_FIREWALL["properties"]["natRuleCollections"]
for collection in ("networkRuleCollections", "applicationRuleCollections"):
    del LISTED_FIREWALL["properties"][collection][0]["properties"]["rules"][1:]
RECORDED_NSG = body("networkSecurityGroups", "newextensionmultinic-01")
del RECORDED_NSG["properties"]["defaultSecurityRules"][1:]
RECORDED_ENDPOINT = lean(body("privateEndpoints", "private-endpoint-connection-acr-01"))
PAGE = body("acrPrivateEndpointConnections", "private-endpoint-connection-acr-01")
del PAGE["value"][1:]
ZONE_GROUP = body("privateDnsZoneGroups", "private-endpoint-private-dns-zone-group-01")
del ZONE_GROUP["value"][0]["properties"]["privateDnsZoneConfigs"][1:]
LINKS = body("virtualNetworkLinks", "listlinks-multiplelinkspresent-expectmultiplelin-01")
del LINKS["value"][1:]

CASES = {
    "connections": ("endpoint_connections", PAGE, "GET ", {"choice": choice()}),
    "endpoint": (
        "private_endpoints",
        RECORDED_ENDPOINT,
        "GET /privateendpoints/",
        {"endpoint_connections": CONNECTIONS},
    ),
    "interface": (
        "private_endpoints",
        NIC,
        "GET /networkinterfaces/",
        {"endpoint_connections": CONNECTIONS},
    ),
    "zone-group": (
        "zone_groups",
        ZONE_GROUP,
        "GET ",
        {"endpoint_connections": CONNECTIONS},
    ),
    "made-network": ("managed_networks", {"value": [NETWORK]}, "GET /virtualnetworks?", {"cluster": CLUSTER}),
    "network": (
        "node_networks",
        NETWORK,
        "GET /virtualnetworks/spoke?",
        {"node_subnets": WHERE, "managed_networks": ()},
    ),
    "route-table": (
        "route_tables",
        body("routeTables", "networking-route-createdthenroutetableupdated-20-01"),
        "GET ",
        {"node_subnets": WHERE, "node_networks": NODE_NETWORKS},
    ),
    "security-group": ("security_groups", RECORDED_NSG, "GET ", FILTERED),
    "admin-rules": ("admin_rules", {"value": [ADMIN_RULE], "skipToken": None}, "POST ", RULED),
    "firewall": (
        "firewall_lists",
        {"value": [LISTED_FIREWALL]},
        "GET ",
        {
            "node_networks": NODE_NETWORKS,
            "hop_addresses": (),
            "exit_networks": (),
            "subscriptions": Known(Subscriptions({})),
        },
    ),
    "hub-firewall": (
        "firewall_lists",
        {
            "value": [
                {
                    "id": FIREWALL,
                    "properties": {
                        "hubIPAddresses": {
                            "privateIPAddress": "10.0.1.4",
                            "publicIPs": {"addresses": [{"address": "1.2.3.4"}]},
                        },
                        "ipConfigurations": [{"properties": {"subnet": {"id": f"{HUB}/subnets/s"}}}],
                        "firewallPolicy": {"id": POLICY},
                    },
                }
            ]
        },
        "GET ",
        {
            "node_networks": NODE_NETWORKS,
            "hop_addresses": (),
            "exit_networks": (),
            "subscriptions": Known(Subscriptions({})),
        },
    ),
    "policy": (
        "firewalls",
        {
            "id": POLICY,
            "properties": {
                "basePolicy": {"id": POLICY},
                "dnsSettings": {"enableProxy": True, "servers": ["10.0.0.4"]},
            },
        },
        "GET /firewallpolicies/",
        FIREWALLS,
    ),
    "rules": ("firewalls", RULES, "GET /rulecollectiongroups?", FIREWALLS),
    "public-address": ("firewalls", ADDRESS, "GET /publicipaddresses/", FIREWALLS),
    "interfaces": ("next_hops", {"value": [NIC]}, "GET /networkinterfaces?", HOPS),
    "node-addresses": (
        "egress",
        body("vmssPublicIPAddresses", "vmss-public-ip-01"),
        "GET /virtualmachinescalesets/aks-sys-1-vmss/publicipaddresses",
        LOOSE,
    ),
    "nat-gateway": ("egress", body("natGateways", "amlfs-01"), "GET /natgateways/", EGRESS),
    "tags": (
        "service_tags",
        {"id": "x", "values": [{"name": "Storage.WestEurope", "properties": {"addressPrefixes": ["20.0.0.0/16"]}}]},
        "GET ",
        TAGGED,
    ),
    "links": (
        "private_zones",
        LINKS,
        "GET /virtualnetworklinks?",
        ZONES,
    ),
    "record": (
        "private_zones",
        body("privateDnsRecordSets", "network-v1api20200601-01"),
        "GET /privatednszones/privatelink.azurecr.io/a/",
        ZONES,
    ),
    "listed-zones": (
        "private_zones",
        {"value": [{"id": ZONE}, {"id": ZONE.replace("azurecr.io", "example")}]},
        "GET /privatednszones?",
        ZONES | {"visible_zones": Unavailable(Trouble.SERVER)},
    ),
    "zone-rows": (
        "visible_zones",
        {"data": [{"id": ZONE}], "$skipToken": None},
        "POST ",
        ZONES | {"subscriptions": SUBSCRIPTIONS},
    ),
    "dns-rows": (
        "dns_servers",
        {
            "data": [
                {
                    "id": "r",
                    "prefixes": ["192.168.0.0/16"],
                    "configurations": [{"privateIpAddress": "10.0.9.9", "subnet": {"id": f"{SIDE}/subnets/s"}}],
                }
            ]
        },
        "POST ",
        DNS,
    ),
}


NEEDS = {provider.fact: provider.needs for provider in providers(connect({})[0]).values()}
BY_NAME = {collect.__name__: collect for collect in COLLECTORS}


def fetch(azure, fact, facts):
    """The outcome of a fact, from those of these facts that it needs."""
    given = {need: facts[need] for need in NEEDS[fact]}
    return outcome_of(lambda: BY_NAME[fact](azure, **given))


def inside(value):
    """The outcomes that stand in a fact."""
    if isinstance(value, Items):
        return list(value.by_id.values())
    if isinstance(value, PrivateZones):
        return [one for zone in value.zones for one in (zone.links, *zone.records.values())]
    return []


@pytest.mark.parametrize("name", CASES)
def test_odd_answers(name):
    fact, answer, route, facts = CASES[name]
    read = unreadable = 0
    endpoint = {"GET /privateendpoints/": RECORDED_ENDPOINT}
    for what, changed in mutations(lean(answer), ODD):
        azure, _ = connect({**REST, **endpoint, route: changed})
        outcome = fetch(azure, fact, facts)
        outcomes = [outcome, *(inside(outcome.value) if isinstance(outcome, Known) else [])]
        unread = [one for one in outcomes if not isinstance(one, Known)]
        for one in unread:
            assert isinstance(one, Unavailable), (what, one)
            assert one.trouble is Trouble.BAD_ANSWER, (what, one)
        read += not unread
        unreadable += bool(unread)
    assert read, "nothing odd could be read"
    assert read + unreadable > 10


def test_what_is_in_order_is_read_whole():
    for fact, answer, route, facts in CASES.values():
        azure, answers = connect({**REST, "GET /privateendpoints/": RECORDED_ENDPOINT, route: answer})
        outcome = fetch(azure, fact, facts)
        assert isinstance(outcome, Known)
        assert all(isinstance(one, Known) for one in inside(outcome.value)), fact
        assert answers.asked
