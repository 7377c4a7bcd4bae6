"""What names resolve to, for every set of zones and links."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from private_world import SPOKE, ZONE, PrivateWorld, connection, zone, zone_id

from core.facts.fact import Known
from core.facts.paths import Answer, HostRole
from core.facts.private_dns import PrivateZone, ZoneLink

SPECIFIC = "westeurope.data.privatelink.azurecr.io"


ZONES = st.lists(
    st.builds(
        lambda name, group, linked, state, back, records: replace(
            zone(zone_id(name, group), links={}, records=dict.fromkeys(records, ("10.0.2.5",))),
            links=Known((ZoneLink("/link", "link", SPOKE, state, back),) if linked else ()),
        ),
        st.sampled_from([ZONE, SPECIFIC, "northeurope.data.privatelink.azurecr.io"]),
        st.sampled_from(["rg-a", "rg-b"]),
        st.booleans(),
        st.sampled_from(["Completed", "InProgress", None]),
        st.booleans(),
        st.sets(st.sampled_from(["contosoreg", "contosoreg.westeurope.data"])),
    ),
    max_size=4,
    unique_by=lambda one: one.name,
)


@given(zones=ZONES, approved=st.booleans())
def test_what_is_answered_follows_from_the_most_specific_linked_zone(
    zones: list[PrivateZone], approved: bool
) -> None:
    """For every set of zones: without a redirection the public answer, otherwise what the deciding zone says."""
    world = PrivateWorld()
    world.connections = Known((connection(),) if approved else ())
    world.set_registry(data_endpoint_enabled=True)
    world.set_zones(*zones)
    for host in world.path().hosts:
        record = "contosoreg" if host.role is HostRole.LOGIN else "contosoreg.westeurope.data"
        deciding = [
            one
            for one in zones
            if f".{record}.privatelink.azurecr.io".endswith(f".{one.name}")
            for link in (one.links.value if isinstance(one.links, Known) else ())
            if link.state != "InProgress"
        ]
        if not approved or not deciding:
            assert (host.answer, host.addresses) == (Answer.PUBLIC, ())
            continue
        top = max(deciding, key=lambda one: len(one.name))
        name = "contosoreg" if top.name == SPECIFIC else record
        falls_back = isinstance(top.links, Known) and top.links.value[0].falls_back
        if isinstance(top.records.get(name), Known):
            assert (host.answer, host.zone_id) == (Answer.PRIVATE, top.id)
        else:
            assert host.answer is (Answer.PUBLIC if falls_back else Answer.NOTHING)
