"""Every check of the program, in no particular order: the tree says what is asked when."""

from __future__ import annotations

from core.checks.check import Check
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

ALL: tuple[Check, ...] = (
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
    role_mode.CHECK,
    acrpull_role.CHECK,
    wrong_principal.CHECK,
    role_conditions.CHECK,
    deny_assignments.CHECK,
    role_propagation.CHECK,
)
