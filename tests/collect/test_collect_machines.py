"""The machines of the node pools, as their scale sets' models have them."""

from __future__ import annotations

import copy
from dataclasses import replace

from collect_answers import GROUPS, SUBSCRIPTION, body, connect

from core.collect.clusters import to_cluster
from core.collect.machines import scale_sets
from core.facts.cluster import AgentPool

CLUSTER = replace(
    to_cluster(body("managedClusters", "msi-01")), subscription_id=SUBSCRIPTION, node_resource_group="MC_app"
)
NSG = f"{GROUPS}/MC_app/providers/Microsoft.Network/networkSecurityGroups/aks-agentpool-nsg"
ASG = f"{GROUPS}/MC_app/providers/Microsoft.Network/applicationSecurityGroups/nodes"


def read(model, machines=()):
    routes = {"GET /virtualmachinescalesets?": {"value": [model]}}
    routes["GET /microsoft.compute/virtualmachines?"] = {"value": list(machines)}
    azure, _ = connect(routes)
    pools = (AgentPool("vms", "VirtualMachines"),) if machines else ()
    return scale_sets(azure, replace(CLUSTER, agent_pools=pools))


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


def test_stand_alone_machines_count():
    machine = {"name": "m1", "tags": {"poolName": "vms"}, "identity": None}
    found = read({"name": "stranger"}, [machine, machine | {"name": "m2"}])
    assert [(one.pool, one.name, one.capacity, one.stand_alone) for one in found] == [("vms", "m1, m2", 2, True)]
