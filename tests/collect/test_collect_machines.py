"""The machines of the node pools, as their scale sets' models have them."""

from __future__ import annotations

import copy
from dataclasses import replace

from collect_answers import GROUPS, SUBSCRIPTION, body, connect, refused

from core.collect.clusters import to_cluster
from core.collect.endpoints import READ_INTERFACES
from core.collect.machines import scale_sets
from core.facts.cluster import AgentPool
from core.facts.fact import Denied, Missing, Unavailable

CLUSTER = replace(
    to_cluster(body("managedClusters", "msi-01")), subscription_id=SUBSCRIPTION, node_resource_group="MC_app"
)
NSG = f"{GROUPS}/MC_app/providers/Microsoft.Network/networkSecurityGroups/aks-agentpool-nsg"
ADDRESS = f"{GROUPS}/MC_app/providers/Microsoft.Network/publicIPAddresses/node"
ASG = f"{GROUPS}/MC_app/providers/Microsoft.Network/applicationSecurityGroups/nodes"


NIC = f"{GROUPS}/MC_app/providers/Microsoft.Network/networkInterfaces/nic"
INTERFACE = body("networkInterfaces", "networking-privateendpoint-20240301-01")
MODEL = body("virtualMachineScaleSets", "check-network-01")["value"][0]


def read(model, machines=(), interfaces=()):
    routes = {"GET /virtualmachinescalesets?": {"value": [model]}}
    routes["GET /microsoft.compute/virtualmachines?"] = {"value": list(machines)}
    if machines:
        listed = {"value": list(interfaces)} if isinstance(interfaces, tuple) else interfaces
        routes["GET /mc_app/providers/microsoft.network/networkinterfaces?"] = listed
    azure, _ = connect(routes)
    pools = (AgentPool("vms", "VirtualMachines"),)
    return scale_sets(azure, replace(CLUSTER, agent_pools=pools))


def machine(name, nic=NIC):
    profile = {"networkProfile": {"networkInterfaces": [{"id": nic, "properties": {"primary": True}}]}}
    return {"name": name, "tags": {"poolName": "vms"}, "identity": None, "properties": profile}


def interface(id_, group=None, application_group=None):
    made = copy.deepcopy(INTERFACE) | {"id": id_}
    made["properties"].pop("networkSecurityGroup", None)
    if group:
        made["properties"]["networkSecurityGroup"] = {"id": group}
    for configuration in made["properties"]["ipConfigurations"]:
        configuration["properties"]["applicationSecurityGroups"] = (
            [{"id": application_group}] if application_group else []
        )
    return made


def test_the_recorded_scale_set():
    (found,) = read(body("virtualMachineScaleSets", "check-network-01")["value"][0])
    assert (found.pool, found.name, found.capacity) == ("nodepool1", "aks-nodepool1-22209138-vmss", 2)
    assert not found.stand_alone
    assert not found.public_addresses
    assert (found.security_group_ids, found.application_group_ids) == ((), ())


def test_groups_and_addresses_of_the_interfaces():
    model = copy.deepcopy(body("virtualMachineScaleSets", "check-network-01")["value"][0])
    interfaces = model["properties"]["virtualMachineProfile"]["networkProfile"]["networkInterfaceConfigurations"]
    interfaces[0]["properties"]["networkSecurityGroup"] = {"id": NSG}
    address = interfaces[0]["properties"]["ipConfigurations"][0]["properties"]
    address["applicationSecurityGroups"] = [{"id": ASG}]
    address["publicIPAddressConfiguration"] = {"name": "pub1"}
    interfaces.append({"properties": {"networkSecurityGroup": {"id": NSG.upper()}, "ipConfigurations": [None]}})
    (found,) = read(model)
    assert found.security_group_ids == (NSG,)
    assert found.application_group_ids == (ASG,)
    assert found.public_addresses


def test_stand_alone_machines_carry_what_their_interfaces_carry():
    """Two that are alike stand together; the third has no group."""
    names = ("m1", "m2", "m3")
    machines = [machine(name, f"{NIC}-{name}") for name in names]
    interfaces = (
        interface(f"{NIC}-m1".upper(), NSG, ASG),
        interface(f"{NIC}-m2", NSG.upper(), ASG.upper()),
        interface(f"{NIC}-m3"),
        interface(f"{NIC}-stranger", f"{NSG}-of-others"),
    )
    found = read({"name": "stranger"}, machines, interfaces)
    assert [(one.pool, one.name, one.capacity, one.stand_alone) for one in found] == [
        ("vms", "m1, m2", 2, True),
        ("vms", "m3", 1, True),
    ]
    assert [one.security_group_ids for one in found] == [(NSG,), ()]
    assert [one.application_group_ids for one in found] == [(ASG,), ()]
    assert [one.interfaces_unread for one in found] == [None, None]


def test_interfaces_that_cannot_be_read_leave_the_machines_known():
    group = f"{GROUPS}/MC_app".removeprefix("/")
    denied = refused(READ_INTERFACES, f"/{group}")
    (found,) = read({"name": "stranger"}, [machine("m1"), machine("m2")], denied)
    assert (found.name, found.capacity) == ("m1, m2", 2)
    assert isinstance(found.interfaces_unread, Denied)
    assert found.interfaces_unread.action == READ_INTERFACES
    (elsewhere,) = read({"name": "stranger"}, [machine("m1")], (interface(f"{NIC}-other", NSG),))
    assert (elsewhere.interfaces_unread, elsewhere.security_group_ids) == (Missing(NIC), ())
    (odd,) = read({"name": "stranger"}, [machine("m1") | {"properties": {}}])
    assert isinstance(odd.interfaces_unread, Unavailable)


def test_interfaces_are_only_listed_for_machines_that_stand_alone():
    """The answers have no list of interfaces here: asking for one would fail."""
    (found,) = read(MODEL)
    assert not found.stand_alone


def test_public_addresses_of_stand_alone_machines():
    """Machines with addresses of their own are alike all the same."""
    interfaces = [interface(f"{NIC}-{name}", NSG) for name in ("m1", "m2")]
    for number, one in enumerate(interfaces):
        (configuration,) = one["properties"]["ipConfigurations"]
        configuration["properties"]["publicIPAddress"] = {"id": f"{ADDRESS}{number}"}
    machines = [machine(name, f"{NIC}-{name}") for name in ("m1", "m2")]
    (found,) = read({"name": "stranger"}, machines, tuple(interfaces))
    assert (found.name, found.public_address_ids) == ("m1, m2", (f"{ADDRESS}0", f"{ADDRESS}1"))
