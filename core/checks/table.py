"""Every check of the program, in no particular order: the tree says what is asked when."""

from __future__ import annotations

from core.checks.check import Check
from core.checks.cluster import node_resource_group, nodes_ready, power_state, provisioning_state
from core.checks.context import caller_permissions, tenant_and_cloud
from core.checks.identity import (
    acrpull_role,
    arm_audience,
    cross_tenant,
    deny_assignments,
    kind,
    kubelet_exists,
    kubelet_present,
    node_assignment,
    node_image_current,
    role_conditions,
    role_mode,
    role_propagation,
    sp_credential,
    sp_exists,
    sp_role,
    wrong_principal,
)
from core.checks.image import login_server, pull_policy, reference
from core.checks.net import firewall_rules, http_proxy, isolated_bootstrap, outbound_type, route_table
from core.checks.network import data_endpoint, egress_ips, ip_rules, public_access, service_endpoint
from core.checks.node import disk_space, pull_qps
from core.checks.registry import (
    anonymous_pull,
    artifact_cache,
    cmk,
    geo_replicas,
    health,
    sku_limits,
    throttling,
)
from core.checks.secret import (
    account_kind,
    acr_token,
    admin_account,
    exists,
    in_use,
    scope_map,
    server_match,
)
from core.checks.secret import format as secret_format
from core.checks.secret import sp_credential as secret_sp_credential

ALL: tuple[Check, ...] = (
    tenant_and_cloud.CHECK,
    caller_permissions.CHECK,
    power_state.CHECK,
    provisioning_state.CHECK,
    node_resource_group.CHECK,
    nodes_ready.CHECK,
    reference.CHECK,
    login_server.CHECK,
    pull_policy.CHECK,
    health.CHECK,
    sku_limits.CHECK,
    cmk.CHECK,
    geo_replicas.CHECK,
    throttling.CHECK,
    anonymous_pull.CHECK,
    artifact_cache.CHECK,
    outbound_type.CHECK,
    public_access.CHECK,
    egress_ips.CHECK,
    ip_rules.CHECK,
    service_endpoint.CHECK,
    data_endpoint.CHECK,
    isolated_bootstrap.CHECK,
    route_table.CHECK,
    firewall_rules.CHECK,
    http_proxy.CHECK,
    kind.CHECK,
    cross_tenant.CHECK,
    kubelet_present.CHECK,
    kubelet_exists.CHECK,
    node_assignment.CHECK,
    node_image_current.CHECK,
    arm_audience.CHECK,
    sp_exists.CHECK,
    sp_credential.CHECK,
    sp_role.CHECK,
    in_use.CHECK,
    exists.CHECK,
    secret_format.CHECK,
    server_match.CHECK,
    account_kind.CHECK,
    secret_sp_credential.CHECK,
    admin_account.CHECK,
    acr_token.CHECK,
    scope_map.CHECK,
    role_mode.CHECK,
    acrpull_role.CHECK,
    wrong_principal.CHECK,
    role_conditions.CHECK,
    deny_assignments.CHECK,
    role_propagation.CHECK,
    pull_qps.CHECK,
    disk_space.CHECK,
)
