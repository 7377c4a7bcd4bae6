"""In which subnets the machines of a cluster are that neither shows its pools nor has a network that AKS made.

https://learn.microsoft.com/azure/aks/automatic/quick-automatic-custom-network
"""

from __future__ import annotations

from collections.abc import Iterable

from core.azure.clients import Azure
from core.collect.asking import ask
from core.collect.each import distinct
from core.collect.endpoints import READ_INTERFACES
from core.collect.machines import READ_SCALE_SETS, scope_of_nodes
from core.collect.reading import listed, part, parts, text
from core.facts.cluster import Cluster


def subnets_of_machines(azure: Azure, cluster: Cluster) -> tuple[str, ...]:
    """Give the ids of the subnets of a cluster's machines, those of scale sets only where none stands alone.

    Nodes that AKS provisions by itself stand alone. Other interfaces in the node resource group, those of private
    endpoints say, belong to no machine.
    """
    group = cluster.node_resource_group
    if group is None:
        return ()

    def interfaces() -> tuple[str, ...]:
        found = listed(azure.network(cluster.subscription_id).network_interfaces.list(group))
        own = (part(one, "properties") for one in found)
        return _subnets(one for one in own if text(one, "virtualMachine", "id"))

    def models() -> tuple[str, ...]:
        found = listed(azure.compute(cluster.subscription_id).virtual_machine_scale_sets.list(group))
        profiles = (part(one, "properties", "virtualMachineProfile", "networkProfile") for one in found)
        return _subnets(
            part(one, "properties")
            for profile in profiles
            for one in parts(profile, "networkInterfaceConfigurations")
        )

    scope = scope_of_nodes(cluster)
    return ask(READ_INTERFACES, scope, interfaces) or ask(READ_SCALE_SETS, scope, models)


def _subnets(interfaces: Iterable[object]) -> tuple[str, ...]:
    configurations = (part(one, "properties") for each in interfaces for one in parts(each, "ipConfigurations"))
    return distinct(text(one, "subnet", "id") for one in configurations)
