"""How nodes come to the registry, for every way, and what must not change it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from private_world import (
    DATA,
    ENDPOINT,
    HUB,
    LOGIN,
    REFUSED,
    SPOKE,
    SUB,
    PrivateWorld,
    connection,
    endpoint,
    network,
    network_id,
    zone,
    zone_id,
)

from core.facts.egress import Egress, EgressKind, key_of_pool
from core.facts.fact import Known, Missing, Trouble, Unavailable
from core.facts.firewalls import Firewall, FirewallPolicy
from core.facts.networks import NodeSubnet, ServiceEndpoint
from core.facts.paths import Answer, HostRole, Way
from core.facts.private_dns import DnsServer, ServerKind
from core.facts.registry import NetworkRule, RegistryExtras, Replica

SPECIFIC = "westeurope.data.privatelink.azurecr.io"
DNS = network_id("vnet-dns", "rg-dns")


@pytest.fixture
def world() -> PrivateWorld:
    return PrivateWorld()


def selected_networks(world: PrivateWorld, *rules: str) -> None:
    world.set_registry(public_access=True, default_action="Deny", ip_rules=rules)


def custom_dns(world: PrivateWorld, *servers: DnsServer) -> None:
    world.set_network(SPOKE, dns_servers=tuple(server.address for server in servers))
    world.dns_servers = {server.address: Known(server) for server in servers}


def test_through_an_endpoint_as_intended(world: PrivateWorld) -> None:
    path = world.path()
    assert (path.way, path.endpoint_id, path.private_meant, path.public_accepts) == (
        Way.PRIVATE,
        ENDPOINT,
        True,
        False,
    )
    assert [lookup.network_id for lookup in path.login.lookups] == [SPOKE]
    assert not path.custom_dns
    login, data = path.hosts
    assert (login.host, login.role, login.expected, login.addresses) == (
        LOGIN,
        HostRole.LOGIN,
        ("10.0.2.5",),
        ("10.0.2.5",),
    )
    assert (data.host, data.role, data.region, data.addresses) == (DATA, HostRole.DATA, "westeurope", ("10.0.2.4",))
    assert login.zone_id == zone_id()


def test_a_zone_that_is_not_linked_leaves_the_public_answer(world: PrivateWorld) -> None:
    world.set_zones(zone(links={HUB: "Completed"}))
    path = world.path()
    assert path.way is Way.UNINTENDED
    assert [host.answer for host in path.hosts] == [Answer.PUBLIC, Answer.PUBLIC]
    assert path.login.zone_id is None


def test_a_link_that_is_being_made_does_not_answer_yet(world: PrivateWorld) -> None:
    world.set_zones(zone(links={SPOKE: "InProgress"}))
    assert world.path().login.answer is Answer.PUBLIC


def test_a_linked_zone_without_the_record_hides_the_public_answer(world: PrivateWorld) -> None:
    world.set_zones(zone(records={"contosoreg": ("10.0.2.5",)}))
    path = world.path()
    assert path.way is Way.PRIVATE
    assert path.hosts[1].answer is Answer.NOTHING
    assert path.hosts[1].zone_id == zone_id()
    world.set_zones(zone(records={}))
    assert world.path().way is Way.UNINTENDED


def test_a_link_may_fall_back_to_the_internet(world: PrivateWorld) -> None:
    world.set_zones(zone(records={}, falls_back=True))
    login = world.path().login
    assert (login.answer, login.zone_id) == (Answer.PUBLIC, None)
    assert login.lookups[0].zone_id == zone_id()


def test_the_most_specific_zone_answers_and_hides_the_others(world: PrivateWorld) -> None:
    specific = zone(zone_id(SPECIFIC), records={"contosoreg": ("10.0.2.44",)})
    world.set_zones(zone(), specific)
    login, data = world.path().hosts
    assert login.addresses == ("10.0.2.5",)
    assert (data.addresses, data.zone_name) == (("10.0.2.44",), SPECIFIC)
    world.set_zones(zone(), zone(zone_id(SPECIFIC), records={}))
    assert world.path().hosts[1].answer is Answer.NOTHING
    world.set_zones(zone(), zone(zone_id(SPECIFIC), links={HUB: "Completed"}, records={}))
    assert world.path().hosts[1].addresses == ("10.0.2.4",)


def test_a_zone_does_not_matter_without_an_approved_endpoint(world: PrivateWorld) -> None:
    """The public name is redirected to "privatelink" by an approved endpoint only."""
    world.set_registry(public_access=True)
    world.connections = Known(())
    world.set_zones(zone(records={}))
    path = world.path()
    assert (path.way, path.login.answer, path.private_meant) == (Way.PUBLIC, Answer.PUBLIC, False)
    world.connections = Known((connection(status="Pending"),))
    assert world.path().login.answer is Answer.PUBLIC


@pytest.mark.parametrize("status", ["Pending", "Rejected", "Disconnected", None])
def test_nobody_comes_in_without_public_access_and_approved_endpoint(world: PrivateWorld, status: str | None) -> None:
    world.connections = Known((connection(status=status),) if status else ())
    path = world.path()
    assert (path.way, path.waits) == (Way.NONE, status == "Pending")
    assert path.login.answer is (Answer.PRIVATE if path.waits else Answer.PUBLIC)


def test_public_and_accepted_is_healthy_whatever_endpoints_exist(world: PrivateWorld) -> None:
    world.set_registry(public_access=True)
    world.set_zones()
    path = world.path()
    assert (path.way, path.public_accepts, path.login.answer) == (Way.PUBLIC, True, Answer.PUBLIC)
    world.set_registry(public_access=None, default_action=None)
    assert world.path().way is Way.PUBLIC


def test_names_that_resolve_privately_lead_there_even_if_public_access_is_on(world: PrivateWorld) -> None:
    world.set_registry(public_access=True)
    assert world.path().way is Way.PRIVATE


def test_selected_networks_take_nodes_whose_every_address_is_listed(world: PrivateWorld) -> None:
    world.set_zones(zone(links={}))
    selected_networks(world, "20.50.1.0/28")
    assert (world.path().way, world.path().public_accepts) == (Way.PUBLIC, True)
    selected_networks(world, "20.50.9.0/28")
    assert (world.path().way, world.path().public_accepts) == (Way.UNINTENDED, False)


def test_one_address_that_is_not_listed_is_one_too_many(world: PrivateWorld) -> None:
    selected_networks(world, "20.50.1.10")
    both = ("20.50.1.10/32", "20.50.1.11/32")
    world.egress = {key: Known(Egress(EgressKind.LOAD_BALANCER, both)) for key in world.egress}
    assert world.path().public_accepts is False


def test_an_endpoint_in_a_network_that_the_nodes_do_not_know_makes_nothing_private(world: PrivateWorld) -> None:
    selected_networks(world)
    world.set_network(SPOKE, peerings=())
    world.set_network(HUB, peerings=())
    world.set_zones(zone(links={HUB: "Completed"}))
    path = world.path()
    assert (path.way, path.private_meant, path.endpoint_id) == (Way.PUBLIC, False, ENDPOINT)


def test_an_endpoint_that_cannot_be_read_may_be_the_one_that_is_meant(world: PrivateWorld) -> None:
    selected_networks(world)
    world.set_zones(zone(links={HUB: "Completed"}))
    world.endpoints = {ENDPOINT.lower(): REFUSED}
    path = world.path()
    assert (path.way, path.why, path.public_accepts) == (Way.UNKNOWN, REFUSED, False)
    world.endpoints = {ENDPOINT.lower(): Missing(ENDPOINT)}
    assert world.path().way is Way.PUBLIC
    world.endpoints = {ENDPOINT.lower(): REFUSED}
    world.connections = Known((connection(status="Rejected"),))
    assert world.path().way is Way.PUBLIC
    world.connections = Known((connection(),))
    selected_networks(world, "20.50.1.0/28")
    assert (world.path().way, world.path().public_accepts) == (Way.PUBLIC, True)


def test_unknown_egress_leaves_open_whether_the_registry_accepts(world: PrivateWorld) -> None:
    selected_networks(world, "20.50.1.10")
    world.set_zones(zone(links={}))
    key = next(iter(world.egress))
    world.egress = {key: REFUSED}
    assert (world.path().public_accepts, world.path().why) == (None, REFUSED)
    world.egress = {key: Known(Egress(EgressKind.APPLIANCE))}
    path = world.path()
    assert path.public_accepts is None
    assert isinstance(path.why, Unavailable)
    assert path.why.trouble is Trouble.OUTSIDE


def test_the_pool_that_is_worst_off_decides_whether_the_registry_accepts(world: PrivateWorld) -> None:
    selected_networks(world, "20.50.1.10")
    world.set_zones(zone(links={}))
    (subnet,) = world.egress
    pools = world.path().where.pools
    listed, other = (Known(Egress(EgressKind.NODE_ADDRESSES, (one,))) for one in ("20.50.1.10/32", "20.9.0.1/32"))
    for outcome, accepted in ((listed, True), (REFUSED, None), (other, False)):
        world.egress = {key_of_pool(subnet, pool): listed for pool in pools}
        world.egress[key_of_pool(subnet, pools[-1])] = outcome
        assert world.path().public_accepts is accepted


def test_nodes_without_a_way_out_are_not_accepted(world: PrivateWorld) -> None:
    world.set_registry(public_access=True)
    world.egress = {key: Known(Egress(EgressKind.NONE)) for key in world.egress}
    world.set_zones(zone(links={}))
    assert (world.path().way, world.path().public_accepts) == (Way.UNINTENDED, False)


def with_service_endpoint(world: PrivateWorld) -> str:
    fact = world.networks[SPOKE.lower()]
    assert isinstance(fact, Known)
    own, other = fact.value.subnets
    own = replace(own, service_endpoints=(ServiceEndpoint("Microsoft.ContainerRegistry", "Succeeded"),))
    world.set_network(SPOKE, subnets=(own, other))
    return own.id


def test_over_a_service_endpoint(world: PrivateWorld) -> None:
    selected_networks(world, "20.50.1.10")
    world.connections = Known(())
    subnet_id = with_service_endpoint(world)
    world.extras = Known(RegistryExtras((NetworkRule(subnet_id.upper(), "Allow"),), None, None))
    assert (world.path().way, world.path().public_accepts) == (Way.SERVICE_ENDPOINT, True)
    # Rules of addresses do not count for what comes over a service endpoint.
    world.extras = Known(RegistryExtras((), None, None))
    assert (world.path().way, world.path().public_accepts) == (Way.PUBLIC, False)
    world.extras = Known(RegistryExtras(None, None, None))
    assert world.path().public_accepts is None
    world.set_registry(public_access=False)
    assert world.path().way is Way.NONE


@pytest.mark.parametrize("kind", [ServerKind.MACHINE, ServerKind.FIREWALL, ServerKind.RESOLVER])
def test_custom_servers_answer_out_of_the_zones_of_their_own_network(world: PrivateWorld, kind: ServerKind) -> None:
    custom_dns(world, DnsServer("10.0.0.53", kind, DNS))
    path = world.path()
    assert (path.way, path.custom_dns) == (Way.UNINTENDED, True)
    assert [lookup.network_id for lookup in path.login.lookups] == [DNS]
    world.set_zones(zone(links={DNS: "Completed"}))
    assert world.path().way is Way.PRIVATE


def test_one_server_that_answers_publicly_spoils_the_answer_of_the_others(world: PrivateWorld) -> None:
    custom_dns(
        world,
        DnsServer("10.0.0.53", ServerKind.MACHINE, HUB),
        DnsServer("10.5.0.53", ServerKind.MACHINE, DNS),
    )
    path = world.path()
    assert path.way is Way.UNINTENDED
    assert [lookup.answer for lookup in path.login.lookups] == [Answer.PRIVATE, Answer.PUBLIC]
    assert [lookup.network_id for lookup in path.login.lookups] == [HUB, DNS]


def test_a_server_outside_of_azure_leaves_the_way_open(world: PrivateWorld) -> None:
    custom_dns(world, DnsServer("192.168.1.53", ServerKind.OUTSIDE))
    path = world.path()
    assert path.way is Way.UNKNOWN
    assert [lookup.network_id for lookup in path.login.lookups] == [None]
    assert path.why == Unavailable(Trouble.OUTSIDE, "192.168.1.53")
    world.connections = Known(())
    assert world.path().way is Way.NONE


def test_a_server_without_any_zone_in_azure_may_hold_the_records_itself(world: PrivateWorld) -> None:
    custom_dns(world, DnsServer("10.0.0.53", ServerKind.MACHINE, HUB))
    world.set_zones()
    assert world.path().way is Way.UNKNOWN
    custom_dns(world, DnsServer("10.0.0.53", ServerKind.RESOLVER, HUB))
    assert world.path().way is Way.UNINTENDED


def test_a_firewall_without_dns_proxy_answers_nobody(world: PrivateWorld) -> None:
    firewall = DnsServer("10.0.1.4", ServerKind.FIREWALL_WITHOUT_PROXY, HUB)
    custom_dns(world, firewall)
    assert world.path().login.answer is Answer.NOTHING
    custom_dns(world, firewall, DnsServer("10.0.0.53", ServerKind.MACHINE, HUB))
    assert world.path().login.answer is Answer.PRIVATE


def test_a_firewall_asks_the_servers_of_its_policy(world: PrivateWorld) -> None:
    id_ = f"/subscriptions/{SUB}/resourceGroups/rg-hub/providers/Microsoft.Network/azureFirewalls/fw"
    policy = FirewallPolicy(
        f"{id_}-policy", "policy", "rg-hub", SUB, (), dns_proxy=True, dns_servers=("192.168.1.53",)
    )
    firewall = Firewall(id_, "fw", "rg-hub", SUB, "westeurope", ("10.0.1.4",), Known(()), Known(policy))
    custom_dns(world, DnsServer("10.0.1.4", ServerKind.FIREWALL, HUB, id_))
    world.dns_servers["192.168.1.53"] = Known(DnsServer("192.168.1.53", ServerKind.OUTSIDE))
    assert world.path().way is Way.PRIVATE
    world.firewalls = {id_.lower(): Known(firewall)}
    assert world.path().way is Way.UNKNOWN
    own = replace(policy, dns_servers=("168.63.129.16",))
    world.firewalls = {id_.lower(): Known(replace(firewall, policy=Known(own)))}
    assert world.path().way is Way.PRIVATE


def test_azure_dns_by_its_address_is_azure_dns(world: PrivateWorld) -> None:
    world.set_network(SPOKE, dns_servers=("168.63.129.16",))
    assert (world.path().way, world.path().custom_dns) == (Way.PRIVATE, False)


def test_what_cannot_be_read_is_not_known(world: PrivateWorld) -> None:
    for part in ("zones", "connections"):
        blind = PrivateWorld()
        setattr(blind, part, REFUSED)
        blind.set_network(SPOKE)
        if part == "connections":
            assert blind.path().way is Way.PRIVATE
            blind.set_zones(zone(links={}))
        assert (blind.path().way, blind.path().why) == (Way.UNKNOWN, REFUSED)
    world.networks[SPOKE.lower()] = REFUSED
    assert (world.path().way, world.path().why) == (Way.UNKNOWN, REFUSED)


def test_an_empty_zone_hides_nothing_if_the_name_is_not_redirected_which_may_not_be_known(
    world: PrivateWorld,
) -> None:
    world.connections = REFUSED
    world.set_zones(zone(records={}))
    assert (world.path().way, world.path().why) == (Way.UNKNOWN, REFUSED)


def test_a_hidden_zone_may_be_the_one_that_is_linked(world: PrivateWorld) -> None:
    world.set_zones(zone(links={}), hidden={zone_id(group="rg-central"): REFUSED})
    assert world.path().why == REFUSED
    world.set_zones(zone(links={}), hidden={zone_id(group="rg-central"): Missing("zone")})
    assert world.path().way is Way.UNINTENDED
    world.set_zones(zone(), hidden={zone_id(group="rg-central"): REFUSED})
    assert world.path().way is Way.PRIVATE


def test_a_zone_of_somebody_else_proves_nothing_while_the_endpoint_tells_nothing(world: PrivateWorld) -> None:
    world.endpoints = {ENDPOINT.lower(): REFUSED}
    world.zone_groups = {ENDPOINT.lower(): REFUSED}
    world.set_zones(zone(links={}, records={}))
    assert world.path().why == REFUSED
    world.set_zones(zone(links={}))
    assert world.path().way is Way.UNINTENDED


def test_only_an_endpoint_that_is_gone_has_no_zone_groups_to_tell_of(world: PrivateWorld) -> None:
    world.zone_groups = {ENDPOINT.lower(): Missing("zone groups")}
    world.set_zones()
    assert world.path().why == Missing("zone groups")
    world.endpoints = {ENDPOINT.lower(): Missing("endpoint")}
    assert world.path().why is None


def test_links_or_records_that_cannot_be_read(world: PrivateWorld) -> None:
    world.set_zones(replace(zone(), links=REFUSED))
    assert world.path().why == REFUSED
    world.set_zones(replace(zone(), records={"contosoreg": REFUSED}))
    assert world.path().why == REFUSED


def test_only_regions_that_serve_count(world: PrivateWorld) -> None:
    def regions(*replicas: Replica) -> list[str | None]:
        world.replications = Known(replicas)
        return [host.region for host in world.path().hosts[1:]]

    assert regions(Replica("r", "North Europe", "Succeeded", "Ready", None)) == ["westeurope", "northeurope"]
    assert regions(Replica("r", "northeurope", "Succeeded", "Ready", False)) == ["westeurope"]
    assert regions(Replica("r", "northeurope", "Creating", None, True)) == ["westeurope"]
    assert regions(
        Replica("r", "westeurope", "Succeeded", "Ready", False),
        Replica("r", "northeurope", "Succeeded", "Ready", True),
    ) == ["northeurope"]
    world.replications = REFUSED
    world.set_registry(data_endpoint_hosts=("contosoreg.northeurope.data.azurecr.io",))
    assert [host.region for host in world.path().hosts[1:]] == ["westeurope", "northeurope"]
    assert world.path().regions == ("westeurope", "northeurope")


def test_a_hashed_login_server_keeps_its_label(world: PrivateWorld) -> None:
    world.set_registry(login_server="contosoreg-abc123.azurecr.io")
    world.endpoints = {ENDPOINT.lower(): Known(endpoint(addresses={"contosoreg-abc123.azurecr.io": "10.0.2.5"}))}
    world.set_zones(zone(records={"contosoreg-abc123": ("10.0.2.5",)}))
    path = world.path()
    assert path.login.addresses == path.login.expected == ("10.0.2.5",)
    assert path.hosts[1].host == "contosoreg-abc123.westeurope.data.azurecr.io"


def test_every_subnet_is_looked_at_by_itself(world: PrivateWorld) -> None:
    other = network_id("vnet-two")
    world.networks[other.lower()] = Known(network(other, "10.20.0.0/16", peers={HUB: "Connected"}))
    world.subnets.append(NodeSubnet(f"{other}/subnets/snet-nodes", other, ("new",)))
    assert [path.way for path in world.paths()] == [Way.PRIVATE, Way.UNINTENDED]
