"""The healthy base worlds that scenarios start from: Contoso, its subscriptions, its clusters and its registries.

`public` is a registry that everybody on the internet may reach, with a cluster that signs in with a managed identity;
the others differ from it in what their names say. All of them work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from core.practice import base_networks, network_ids
from core.practice.arm_id import guid
from core.practice.base_virtual_hub import add_secured_hub
from core.practice.cluster_bodies import (
    ClusterSpec,
    PoolSpec,
    cluster_body,
    control_plane_id,
    instance_body,
    kubelet_identity_body,
    kubelet_object_id,
    scale_set_body,
)
from core.practice.cluster_networks import add_cluster_network
from core.practice.entra_bodies import (
    application_body,
    group_body,
    managed_identity_body,
    password_credential,
    service_principal_body,
    user_body,
)
from core.practice.registry_bodies import RegistrySpec, cache_rule_body, registry_body, replication_body
from core.practice.registry_stock import stock
from core.practice.roles import add_built_in_roles, assign
from core.practice.world import World, utc_now

CONTOSO = guid("tenant", "contoso")
FABRIKAM = guid("tenant", "fabrikam")
PRODUCTION = network_ids.PRODUCTION
SHARED = guid("subscription", "Contoso shared")
DEVELOPMENT = guid("subscription", "Contoso development")
FABRIKAM_SHARED = guid("subscription", "Fabrikam shared")
SP_APP_ID = guid("app", "sp-aks-app")
PULL_APP_ID = guid("app", "sp-pull")
MARIA = guid("user", "maria")

_LOCATION = "westeurope"
_MORE_SUBSCRIPTIONS = {
    "Contoso data": ("lake", "stream", "ml"),
    "Contoso identity": ("login",),
    "Contoso logistics": ("fleet", "warehouse", "routing"),
    "Contoso platform": ("build", "observe", "gitops"),
    "Contoso retail": ("shop", "till", "loyalty"),
    "Contoso sandbox": ("play", "demo"),
    "Contoso web": ("www", "cms", "search"),
}
_STAGES = {"prod": "westeurope", "test": "northeurope"}
_PAIR = (PoolSpec("sys", "System"), PoolSpec("usr"))


def app_cluster(*, app_id: str = "") -> ClusterSpec:
    """The cluster that scenarios are about: aks-app."""
    return ClusterSpec(
        PRODUCTION,
        CONTOSO,
        network_ids.NODE_GROUP,
        "aks-app",
        _LOCATION,
        "1.33.2",
        _PAIR,
        app_id=app_id,
        subnet=network_ids.NODE_SUBNET,
        egress="20.50.1.10",
    )


def app_registry(made: datetime, *, public: bool = True) -> RegistrySpec:
    """The registry that scenarios are about: contosoreg."""
    return RegistrySpec(
        SHARED, "rg-reg", "contosoreg", _LOCATION, "Premium", made, "maria@contoso.com", public=public
    )


def base_public(clock: Callable[[], datetime] = utc_now) -> World:
    """A public registry, and nodes in a network of their own that leave through the cluster's load balancer."""
    return _build(clock, app_cluster())


def base_service_principal(clock: Callable[[], datetime] = utc_now) -> World:
    """The public base with a service principal in place of the managed identity."""
    return _build(clock, app_cluster(app_id=SP_APP_ID))


def base_selected(clock: Callable[[], datetime] = utc_now) -> World:
    """A registry that only lets the cluster's public address in."""
    world = _build(clock, app_cluster())
    base_networks.allow_only(world, app_registry(world.now).id, "20.50.1.10")
    return world


def base_nat_gateway(clock: Callable[[], datetime] = utc_now) -> World:
    """A registry that only lets the NAT gateway's address in, through which the nodes leave."""
    world = _build(clock, replace(app_cluster(), outbound="userAssignedNATGateway"))
    base_networks.add_nat_gateway(world)
    base_networks.allow_only(world, app_registry(world.now).id, base_networks.NAT_EGRESS)
    return world


def base_kubenet(clock: Callable[[], datetime] = utc_now) -> World:
    """A public registry, and nodes in a network that AKS made, with kubenet."""
    return _build(clock, replace(app_cluster(), subnet="", kubenet=True))


def base_private(clock: Callable[[], datetime] = utc_now) -> World:
    """Public access off; the nodes reach the registry through a private endpoint in the hub."""
    world = _build(clock, app_cluster(), public=False)
    world.empty_last_pages = True
    base_networks.add_hub(world)
    base_networks.add_endpoint(world, app_registry(world.now).id)
    return world


def base_firewall(clock: Callable[[], datetime] = utc_now) -> World:
    """A public registry, and everything that leaves the nodes goes through the hub's firewall."""
    world = _build(clock, replace(app_cluster(), outbound="userDefinedRouting"))
    base_networks.add_hub(world)
    base_networks.add_firewall(world, ["contosoreg.azurecr.io", "*.blob.core.windows.net"])
    return world


def base_private_firewall(clock: Callable[[], datetime] = utc_now) -> World:
    """The private base, with what goes to the endpoint's subnet sent through the hub's firewall as well."""
    world = _build(clock, replace(app_cluster(), outbound="userDefinedRouting"), public=False)
    base_networks.add_hub(world, endpoint_policies="RouteTableEnabled")
    base_networks.add_endpoint(world, app_registry(world.now).id)
    base_networks.add_firewall(
        world,
        ["contosoreg.azurecr.io", "contosoreg.westeurope.data.azurecr.io"],
        through=["10.0.2.0/24"],
    )
    return world


def base_secured_hub(clock: Callable[[], datetime] = utc_now) -> World:
    """A public registry, and everything that leaves the nodes goes through the firewall of a virtual hub."""
    world = _build(clock, replace(app_cluster(), outbound="userDefinedRouting"))
    add_secured_hub(world, ["contosoreg.azurecr.io", "*.blob.core.windows.net"])
    return world


def base_isolated(clock: Callable[[], datetime] = utc_now) -> World:
    """A network-isolated cluster: no way to the internet, its system images come from the registry's cache."""
    registry = app_registry(clock(), public=False).id
    world = _build(clock, replace(app_cluster(), outbound="none", cache=registry), public=False)
    base_networks.add_hub(world)
    base_networks.add_endpoint(world, registry)
    world.add_resource(cache_rule_body(registry, world.now - _AGE))
    return world


BASES: dict[str, Callable[[Callable[[], datetime]], World]] = {
    "firewall": base_firewall,
    "isolated": base_isolated,
    "kubenet": base_kubenet,
    "nat-gateway": base_nat_gateway,
    "private": base_private,
    "private-firewall": base_private_firewall,
    "public": base_public,
    "secured-hub": base_secured_hub,
    "selected": base_selected,
    "service-principal": base_service_principal,
}
"""Every base world by the name that scenarios use."""

_INSIDE = "10.0.9.14"
"""The address of a computer that reaches the hub over a VPN, and the registry through its endpoint."""
_AGE = timedelta(days=400)


def _build(clock: Callable[[], datetime], cluster: ClusterSpec, *, public: bool = True) -> World:
    world = World(clock=clock, home_tenant=CONTOSO, caller=MARIA)
    long_ago = world.now - _AGE
    add_built_in_roles(world)
    _add_tenants(world)
    _add_people(world)
    if cluster.app_id:
        _add_service_principal(world, long_ago)
    if cluster.subnet:
        base_networks.add_node_network(world)
    add_cluster(world, cluster, long_ago)
    registry = app_registry(long_ago, public=public)
    add_registry(world, registry)
    stock(world, registry.id)
    if not public:
        world.workstation = _INSIDE
    puller = guid("service-principal", cluster.app_id) if cluster.app_id else kubelet_object_id(cluster)
    assign(world, "AcrPull", puller, registry.id, since=long_ago + timedelta(days=2))
    _add_neighbours(world, long_ago)
    return world


def add_cluster(world: World, spec: ClusterSpec, made: datetime) -> None:
    """Put a cluster in the world with its node resource group, identities, scale sets and machines."""
    world.add_group(spec.subscription, spec.group, spec.location)
    world.add_group(spec.subscription, spec.node_group, spec.location, managed_by=spec.id)
    world.add_resource(cluster_body(spec))
    add_cluster_network(world, spec)
    if not spec.app_id:
        kubelet = world.add_resource(kubelet_identity_body(spec))
        world.add_object(spec.tenant, "servicePrincipal", managed_identity_body(kubelet))
        control_plane = managed_identity_body(
            {
                "id": spec.id,
                "name": spec.name,
                "properties": {
                    "principalId": control_plane_id(spec),
                    "clientId": guid("control-plane-client", spec.id),
                },
            }
        )
        world.add_object(spec.tenant, "servicePrincipal", control_plane)
        node_group = f"/subscriptions/{spec.subscription}/resourceGroups/{spec.node_group}"
        assign(world, "Contributor", control_plane_id(spec), node_group, since=made)
    for pool in spec.pools:
        scale_set = world.add_resource(scale_set_body(spec, pool, made))
        for number in range(scale_set["sku"]["capacity"]):
            world.add_resource(instance_body(scale_set, number))


def add_registry(world: World, spec: RegistrySpec) -> None:
    """Put a registry in the world, with its home replica where its tier has one."""
    world.add_group(spec.subscription, spec.group, spec.location)
    world.add_resource(registry_body(spec))
    if spec.sku == "Premium":
        world.add_resource(replication_body(spec, spec.location))


def add_subscription(world: World, subscription: str, name: str, tenant: str) -> None:
    """Put an enabled subscription in the world."""
    world.subscriptions[subscription] = {
        "id": f"/subscriptions/{subscription}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": subscription,
        "tenantId": tenant,
        "displayName": name,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "EnterpriseAgreement_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def _add_tenants(world: World) -> None:
    for tenant, name in ((CONTOSO, "contoso"), (FABRIKAM, "fabrikam")):
        world.tenants[tenant] = {
            "id": f"/tenants/{tenant}",
            "tenantId": tenant,
            "countryCode": "NL",
            "displayName": name.title(),
            "domains": [f"{name}.com", f"{name}.onmicrosoft.com"],
            "tenantCategory": "Home",
            "defaultDomain": f"{name}.com",
            "tenantType": "AAD",
        }
    names = ["Contoso production", "Contoso shared", "Contoso development", *_MORE_SUBSCRIPTIONS]
    for name in names:
        subscription = guid("subscription", name)
        add_subscription(world, subscription, name, CONTOSO)
        world.management_groups[subscription] = ["mg-workloads", CONTOSO]
    add_subscription(world, FABRIKAM_SHARED, "Fabrikam shared", FABRIKAM)
    world.management_groups[FABRIKAM_SHARED] = [FABRIKAM]


def _add_people(world: World) -> None:
    world.add_object(CONTOSO, "user", user_body(MARIA, "Maria", "Rossi", "contoso.com"))
    jonas = world.add_object(CONTOSO, "user", user_body(guid("user", "jonas"), "Jonas", "Berg", "contoso.com"))
    platform = world.add_object(CONTOSO, "group", group_body(guid("group", "platform"), "Platform team", world.now))
    platform.members |= {MARIA, jonas.id}
    since = world.now - timedelta(days=500)
    for subscription, body in world.subscriptions.items():
        if body["tenantId"] == CONTOSO:
            assign(world, "Owner", MARIA, f"/subscriptions/{subscription}", kind="User", since=since)
    group_scope = "/providers/Microsoft.Management/managementGroups/mg-workloads"
    assign(world, "Reader", platform.id, group_scope, kind="Group", since=since)


def _add_service_principal(world: World, made: datetime) -> None:
    application = application_body(SP_APP_ID, "sp-aks-app", made)
    application["passwordCredentials"] = [
        password_credential(SP_APP_ID, "rbac", start=made, end=world.now + timedelta(days=300))
    ]
    world.add_object(CONTOSO, "application", application)
    world.add_object(CONTOSO, "servicePrincipal", service_principal_body(SP_APP_ID, "sp-aks-app", CONTOSO, made))


def _add_neighbours(world: World, made: datetime) -> None:
    batch = ClusterSpec(PRODUCTION, CONTOSO, "rg-batch", "aks-batch", _LOCATION, "1.32.6", _PAIR)
    dev = replace(
        batch, subscription=DEVELOPMENT, group="rg-dev", name="aks-dev", location="northeurope", stopped=True
    )
    add_cluster(world, batch, made)
    add_cluster(world, dev, made)
    owner = "maria@contoso.com"
    add_registry(world, RegistrySpec(DEVELOPMENT, "rg-dev", "contosodev", "northeurope", "Basic", made, owner))
    for name, teams in _MORE_SUBSCRIPTIONS.items():
        subscription = guid("subscription", name)
        unit = name.removeprefix("Contoso ")
        add_registry(
            world, RegistrySpec(subscription, f"rg-{unit}", f"contoso{unit}", _LOCATION, "Standard", made, owner)
        )
        for team in teams:
            for stage, location in _STAGES.items():
                spec = ClusterSpec(
                    subscription,
                    CONTOSO,
                    f"rg-{team}-{stage}",
                    f"aks-{team}-{stage}",
                    location,
                    "1.33.2" if stage == "test" else "1.32.6",
                    _PAIR[:1],
                    private=team == "login",
                )
                add_cluster(world, spec, made)
