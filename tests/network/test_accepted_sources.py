"""Whether a registry takes nodes that have public addresses of their own, out of a range."""

from __future__ import annotations

import pytest
from private_world import PrivateWorld

from core.facts.egress import Egress, EgressKind
from core.facts.fact import Known


@pytest.mark.parametrize(
    ("kind", "rules", "accepted"),
    [
        (EgressKind.NODE_PREFIX, ("20.9.0.0/28",), True),
        (EgressKind.NODE_PREFIX, ("20.9.0.0/29",), None),
        (EgressKind.NODE_PREFIX, ("20.8.0.0/28",), False),
        (EgressKind.NAT_GATEWAY, ("20.9.0.0/29",), False),
    ],
)
def test_which_addresses_of_their_range_nodes_have_is_not_told(
    kind: EgressKind, rules: tuple[str, ...], accepted: bool | None
) -> None:
    world = PrivateWorld()
    world.set_registry(public_access=True, default_action="Deny", ip_rules=rules)
    world.egress = {world.subnets[0].subnet_id.lower(): Known(Egress(kind, ("20.9.0.0/28",)))}
    assert world.path().public_accepts is accepted
