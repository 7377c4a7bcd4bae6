"""Private DNS zones: which are found, and which of their records are asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from collect_answers import REGISTRY_ID, bodies, body, connect, refused
from collect_networks import CONNECTIONS, ENDPOINT, ENDPOINTS, HUB_SUBSCRIPTION, WHERE, ZONE, ZONE_GROUPS

from core.collect.asking import NotRead
from core.collect.clusters import to_cluster
from core.collect.private_zones import READ_LINKS, READ_ZONES, private_zones, to_addresses, to_link, visible_zones
from core.collect.registries import to_registry
from core.collect.zone_names import RegistryNamesInDns, is_zone_of
from core.facts.cloud import CloudNames
from core.facts.endpoints import ZoneConfig
from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.items import Items
from core.facts.private_dns import PrivateZones, ZoneLink
from core.facts.registry import Replica
from core.facts.subscriptions import Subscription, Subscriptions
from core.practice.http import arm_error

CLOUD = CloudNames("AzureCloud", "azurecr.io", ())
CLUSTER = to_cluster(body("managedClusters", "msi-01"))
REGISTRY = replace(
    to_registry(body("registries", "network-rule-02")),
    id=REGISTRY_ID,
    location="West Europe",
    login_server="ContosoReg-a1b2.azurecr.io",
    public_access=True,
)
SEEN = Subscriptions({name: Subscription(name, name, "Enabled", None) for name in ("b", "a")})
GONE = arm_error(404, "ResourceNotFound", "Gone.")
LINKS = {"value": [{"id": "l", "name": "l", "properties": {"virtualNetwork": {"id": "v"}}}]}
RECORD = {"id": "r", "properties": {"aRecords": [{"ipv4Address": "10.0.2.5"}]}}
NAMED = Items({ENDPOINT.lower(): Known((ZoneConfig("z", ZONE.upper()), ZoneConfig("x", "nonsense")))})
RECORDS = "GET /privatednszones/privatelink.azurecr.io/a/"


def read(routes, **facts):
    azure, answers = connect(routes)
    given = {
        "cloud": CLOUD,
        "cluster": CLUSTER,
        "registry": REGISTRY,
        "node_subnets": Known(WHERE),
        "endpoint_connections": Known(CONNECTIONS),
        "private_endpoints": Known(ENDPOINTS),
        "zone_groups": Known(Items()),
        "replications": Known((Replica("r", "northeurope", None, None, None),)),
        "visible_zones": Known((ZONE,)),
        "subscriptions": Known(SEEN),
    }
    return private_zones(azure, **(given | facts)), answers


def asked_records(answers):
    return sorted(url.partition("?")[0].rpartition("/A/")[2] for url in answers.urls() if "/A/" in url)


@pytest.mark.parametrize("name", bodies("virtualNetworkLinks"))
def test_recorded_links_are_read(name):
    answer = body("virtualNetworkLinks", name)
    for one in answer.get("value", [answer]):
        assert to_link(one) == ZoneLink(
            one["id"], one["name"], one["properties"]["virtualNetwork"]["id"], "Completed", falls_back=False
        )
        one["properties"]["resolutionPolicy"] = "NxDomainRedirect"
        assert to_link(one).falls_back


def test_recorded_records_are_read():
    assert to_addresses(body("privateDnsRecordSets", "network-v1api20200601-01")) == ("10.0.1.9",)


def test_the_names_of_a_registry_in_its_zones():
    hosts = frozenset({"reg.azurecr.io", "reg.westeurope.data.azurecr.io", "reg.northeurope.data.azurecr.io"})
    names = RegistryNamesInDns("azurecr.io", hosts)
    assert names.in_zone("PrivateLink.azurecr.io") == ("reg", "reg.northeurope.data", "reg.westeurope.data")
    assert names.in_zone("westeurope.data.privatelink.azurecr.io") == ("reg",)
    assert names.in_zone("uksouth.data.privatelink.azurecr.io") == ()
    assert is_zone_of("westeurope.data.privatelink.azurecr.io", "azurecr.io")
    assert not is_zone_of("privatelink.azurecr.us", "azurecr.io")
    assert not is_zone_of("myprivatelink.azurecr.io", "azurecr.io")


def test_zones_are_found_over_all_subscriptions():
    azure, answers = connect({"POST /resources?": {"data": [{"id": ZONE}]}})
    assert visible_zones(azure, CLOUD, SEEN, REGISTRY, Known(CONNECTIONS)) == (ZONE,)
    (request,) = answers.asked
    assert b'"subscriptions": ["a", "b"]' in request.body
    assert b"privatelink.azurecr.io" in request.body


def test_a_registry_without_endpoints_has_no_zones():
    azure, answers = connect({})
    assert visible_zones(azure, CLOUD, SEEN, REGISTRY, Known(())) == ()
    found, others = read({}, endpoint_connections=Known(()), visible_zones=Known(()))
    assert found == PrivateZones(())
    assert answers.asked == others.asked == []


def test_links_and_only_the_records_that_matter_are_asked():
    routes = {
        "GET /virtualnetworklinks?": LINKS,
        RECORDS: GONE,
        f"{RECORDS}contosoreg-a1b2?": RECORD,
    }
    found, answers = read(routes)
    (zone,) = found.zones
    assert (zone.id, zone.name, zone.resource_group, zone.subscription_id) == (
        ZONE,
        "privatelink.azurecr.io",
        "hub-rg",
        HUB_SUBSCRIPTION,
    )
    assert zone.links == Known((ZoneLink("l", "l", "v"),))
    assert asked_records(answers) == sorted(zone.records)
    assert sorted(zone.records) == [
        "contosoreg",
        "contosoreg-a1b2",
        "contosoreg-a1b2.northeurope.data",
        "contosoreg-a1b2.westeurope.data",
    ]
    assert zone.records["contosoreg-a1b2"] == Known(("10.0.2.5",))
    assert zone.records["contosoreg"] == Missing(f"{ZONE}/A/contosoreg")
    assert found.hidden == {}


def test_a_zone_that_only_a_zone_group_names_is_read_or_hidden():
    routes = {"GET /virtualnetworklinks?": LINKS, RECORDS: GONE}
    found, _ = read(routes, visible_zones=Known(()), zone_groups=Known(NAMED))
    assert [zone.id for zone in found.zones] == [ZONE.upper()]
    denied = {"GET /virtualnetworklinks?": refused(READ_LINKS, ZONE), RECORDS: refused(READ_LINKS, ZONE)}
    found, _ = read(denied, visible_zones=Known(()), zone_groups=Known(NAMED))
    assert found == PrivateZones((), {ZONE.lower(): Denied(READ_LINKS, ZONE.upper())})
    found, _ = read({"GET ": GONE}, visible_zones=Known((ZONE,)), zone_groups=Known(NAMED))
    assert found == PrivateZones((), {ZONE.lower(): Missing(ZONE)})


def test_a_visible_zone_stays_where_its_links_are_refused_and_goes_where_it_is_gone():
    found, _ = read({"GET ": refused(READ_LINKS, ZONE)})
    assert found.zones[0].links == Denied(READ_LINKS, ZONE)
    found, _ = read({"GET ": GONE})
    assert found == PrivateZones(())


def test_a_zone_is_gone_only_when_azure_says_so_of_the_zone_itself():
    lists = {"GET /virtualnetworklinks?": GONE, RECORDS: GONE}
    found, _ = read({**lists, "GET /privatelink.azurecr.io?": {"id": ZONE}})
    assert [zone.links.trouble for zone in found.zones] == [Trouble.BAD_ANSWER]
    found, _ = read({**lists, "GET /privatelink.azurecr.io?": refused(READ_ZONES, ZONE)})
    assert found.zones[0].links == Denied(READ_ZONES, ZONE)


def test_without_resource_graph_zones_are_listed_where_the_parts_are():
    other = ZONE.replace("privatelink.azurecr.io", "privatelink.blob.core.windows.net")
    routes = {
        "GET /privatednszones?": refused(READ_ZONES, "/subscriptions/x"),
        f"GET {HUB_SUBSCRIPTION}/providers/microsoft.network/privatednszones?": {
            "value": [{"id": ZONE}, {"id": other}]
        },
        "GET /virtualnetworklinks?": LINKS,
        RECORDS: GONE,
    }
    found, answers = read(routes, visible_zones=Unavailable(Trouble.SERVER), zone_groups=Known(ZONE_GROUPS))
    assert [zone.id for zone in found.zones] == [ZONE]
    lists = [url.partition("/providers/")[0] for url in answers.urls() if "/privateDnsZones?" in url]
    assert len(lists) == len(set(lists)) == 5
    others = {url.rpartition("/")[2].lower() for url in lists} - {HUB_SUBSCRIPTION}
    assert {"a", "b"} < others
    assert found.unlisted == dict.fromkeys(others, Denied(READ_ZONES, "/subscriptions/x"))
    assert found.doubt == Denied(READ_ZONES, "/subscriptions/x")
    nowhere = arm_error(409, "MissingSubscriptionRegistration", "The subscription is not registered.")
    found, _ = read({**routes, "GET /privatednszones?": nowhere}, visible_zones=Unavailable(Trouble.SERVER))
    assert (found.unlisted, found.doubt) == ({}, None)
    with pytest.raises(NotRead) as caught:
        read({"GET ": refused(READ_ZONES, "/subscriptions/x")}, visible_zones=Unavailable(Trouble.SERVER))
    assert caught.value.outcome == Denied(READ_ZONES, "/subscriptions/x")
    refusals = {
        f"GET /{id_}/providers/microsoft.network/privatednszones?": refused(READ_ZONES, f"/subscriptions/{id_}")
        for id_ in ("a", "b")
    }
    with pytest.raises(NotRead) as caught:
        read({**refusals, "GET ": refused(READ_ZONES, "/subscriptions/x")}, visible_zones=Unavailable(Trouble.SERVER))
    outcome = caught.value.outcome
    assert sorted((outcome.scope, *outcome.also)) == ["/subscriptions/a", "/subscriptions/b", "/subscriptions/x"]
