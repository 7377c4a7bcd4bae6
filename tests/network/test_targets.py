"""What nodes have to reach, by the way that they go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.networks import NodeSubnet
from core.facts.paths import Answer, HostPath, HostRole, NodePath, Way
from core.facts.registry import Registry
from core.network.match import Match
from core.network.tag_match import is_tag, service_of, tag_match
from core.network.targets import Serves, Target, targets

CLOUD = CloudNames("AzureCloud", "azurecr.io", ())
CHINA = CloudNames("AzureChinaCloud", "azurecr.cn", (), "core.chinacloudapi.cn", "login.chinacloudapi.cn")
LOGIN = HostPath("ContosoReg.azurecr.io", HostRole.LOGIN, None, Answer.PRIVATE, ("10.0.2.5",), ("10.0.2.5",))
DATA, FAR = (
    HostPath(f"contosoreg.{region}.data.azurecr.io", HostRole.DATA, region, Answer.PRIVATE, (address,), (address,))
    for region, address in (("westeurope", "10.0.2.4"), ("eastus", "10.0.2.6"))
)


def registry(**more: Any) -> Registry:
    return Registry(
        id="id",
        name="contosoreg",
        resource_group="rg",
        subscription_id="s",
        location="West Europe",
        sku="Premium",
        login_server="contosoreg.azurecr.io",
        provisioning_state=None,
        status_message=None,
        created_on=None,
        abac=False,
        arm_audience_enabled=None,
        anonymous_pull_enabled=None,
        **more,
    )


def cluster(app_id: str | None = None) -> Cluster:
    return Cluster(
        id="id",
        name="aks",
        resource_group="rg",
        subscription_id="s",
        location="westeurope",
        power_state=None,
        provisioning_state=None,
        provisioning_error=None,
        kubernetes_version=None,
        node_resource_group=None,
        node_resource_group_restriction=None,
        tenant_id=None,
        control_plane_identities=(),
        kubelet_identity=None,
        service_principal_client_id=app_id,
        addon_identities=(),
        agent_pools=(),
    )


def found(way: Way, *hosts: HostPath, text: str = "", app_id: str | None = None, **more: Any) -> list[Target]:
    endpoint = more.pop("endpoint_id", None)
    regions = more.pop("regions", ())
    path = NodePath(NodeSubnet("subnet", "network", ("sys",)), way, hosts, endpoint_id=endpoint, regions=regions)
    cloud = more.pop("cloud", CLOUD)
    return list(targets(path, cluster(app_id), registry(**more), cloud, text))


def seen(items: list[Target]) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(item.host, item.addresses, item.spare) for item in items]


def test_private_ways_lead_to_the_endpoint() -> None:
    for way in (Way.PRIVATE, Way.UNINTENDED):
        assert seen(found(way, LOGIN, DATA)) == [
            ("contosoreg.azurecr.io", ("10.0.2.5",), False),
            (DATA.host, ("10.0.2.4",), False),
        ]
    only_answered = replace(LOGIN, expected=(), addresses=("10.0.9.9",))
    assert seen(found(Way.PRIVATE, only_answered))[0][1] == ("10.0.9.9",)
    nothing = replace(LOGIN, expected=(), addresses=(), answer=Answer.PUBLIC)
    assert found(Way.UNINTENDED, nothing) == []


def test_public_ways_lead_to_the_login_server_and_the_layers() -> None:
    login, data = replace(LOGIN, answer=Answer.PUBLIC, expected=(), addresses=()), replace(DATA, expected=())
    blobs = found(Way.PUBLIC, login)
    assert [item.host for item in blobs] == ["contosoreg.azurecr.io", "*.blob.core.windows.net"]
    assert [item.stored for item in blobs] == [False, True]
    assert {item.region for item in blobs} == {"westeurope"}
    assert not any(item.addresses for item in blobs)
    dedicated = found(Way.SERVICE_ENDPOINT, login, data_endpoint_enabled=True, data_endpoint_hosts=(DATA.host,))
    assert [item.host for item in dedicated] == ["contosoreg.azurecr.io", DATA.host]
    by_endpoint = found(Way.PUBLIC, login, data, endpoint_id="pe")
    assert [item.host for item in by_endpoint] == ["contosoreg.azurecr.io", DATA.host]
    guessed = found(Way.PUBLIC, login, data)
    assert [item.host for item in guessed] == ["contosoreg.azurecr.io", "*.blob.core.windows.net"]
    assert [item.host for item in found(Way.PUBLIC, login, cloud=CHINA)][1] == "*.blob.core.chinacloudapi.cn"


def test_a_registry_with_copies_answers_from_the_nearest_of_them() -> None:
    login = replace(LOGIN, answer=Answer.PUBLIC, expected=(), addresses=())
    for regions, expected in (
        (("westeurope",), "westeurope"),
        (("northeurope",), "northeurope"),
        (("westeurope", "northeurope"), None),
    ):
        assert {item.region for item in found(Way.PUBLIC, login, regions=regions)} == {expected}
    assert found(Way.PUBLIC, login, replace(FAR, expected=(), addresses=()))[0].region is None


def test_service_principals_need_entra_whatever_the_way() -> None:
    for way in (Way.PRIVATE, Way.PUBLIC):
        assert found(way, LOGIN, app_id="app", cloud=CHINA)[-1] == Target("login.chinacloudapi.cn", Serves.TOKENS)


@pytest.mark.parametrize("way", [Way.NONE, Way.UNKNOWN])
def test_without_a_way_nothing_is_needed(way: Way) -> None:
    assert found(way, LOGIN, DATA, app_id="app") == []


def test_layers_elsewhere_are_spare_unless_the_text_names_them() -> None:
    assert [item.spare for item in found(Way.PRIVATE, LOGIN, DATA, FAR)] == [False, False, True]
    told = found(Way.PRIVATE, LOGIN, DATA, FAR, text=f'Get "https://{FAR.host}/x": EOF')
    assert [item.spare for item in told] == [False, False, False]
    assert [item.spare for item in found(Way.PRIVATE, LOGIN, FAR)] == [False, False]


def test_the_text_tells_the_storage_account() -> None:
    login = replace(LOGIN, expected=(), addresses=())
    layers = found(Way.PUBLIC, login, text='Get "https://WeuManaged42.blob.core.windows.net/x": EOF')[1]
    assert (layers.host, layers.named) == ("*.blob.core.windows.net", "weumanaged42.blob.core.windows.net")


def test_tags_of_a_host_whose_region_is_not_known() -> None:
    tokens = Target("login.microsoftonline.com", Serves.TOKENS)
    assert service_of(tokens) == "AzureActiveDirectory"
    assert tag_match("AzureCloud.westeurope", tokens) is Match.MAYBE
    assert tag_match("Internet", tokens) is Match.YES
    assert tag_match("AzureCloud", replace(tokens, addresses=("10.0.0.1",))) is Match.NO


def test_what_is_written_as_a_tag() -> None:
    assert is_tag("AzureCloud.WestEurope")
    assert not any(is_tag(text) for text in ("10.0.0.0/8", "*", "fd00::/8", "fe80::1", ""))
