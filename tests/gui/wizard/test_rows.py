import time

import pytest

from core.facts.inventory import ClusterRow, RegistryRow
from core.facts.resource_id import ResourceId
from gui.wizard.rows import (
    Pasted,
    Row,
    cluster_row,
    find,
    find_login_server,
    in_order,
    matching,
    registry_row,
    understand,
    unlisted,
)

CLUSTER = "/subscriptions/s1/resourceGroups/rg-app/providers/Microsoft.ContainerService/managedClusters/aks-app"
REGISTRY = "/subscriptions/s1/resourceGroups/rg-app/providers/Microsoft.ContainerRegistry/registries/contosoreg"
NAMES = {"s1": "Contoso production"}


def row(name: str, subscription: str = "s1", detail: str = "", login_server: str = "") -> Row:
    return Row(
        ResourceId.parse(CLUSTER.replace("aks-app", name).replace("s1", subscription)),
        name,
        detail,
        "Prod",
        login_server,
    )


def test_a_cluster_row_says_where_and_in_what_state() -> None:
    found = ClusterRow(ResourceId.parse(CLUSTER), "aks-app", "rg-app", "S1", "westeurope", "1.33.2", "Running")
    made = cluster_row(found, NAMES, {"westeurope": "West Europe"})
    assert made.detail == "rg-app · West Europe · 1.33.2 · running"
    assert made.subscription == "Contoso production"


def test_what_azure_does_not_tell_is_left_out() -> None:
    found = ClusterRow(ResourceId.parse(CLUSTER), "aks-app", "rg-app", "s2", "newplace")
    made = cluster_row(found, NAMES, {})
    assert (made.detail, made.subscription) == ("rg-app · newplace", "s2")


def test_a_registry_row_has_its_login_server() -> None:
    found = RegistryRow(
        ResourceId.parse(REGISTRY), "contosoreg", "rg-app", "s1", "westeurope", "Basic", "contosoreg.azurecr.io"
    )
    assert registry_row(found, NAMES).detail == "rg-app · Basic"
    assert find_login_server([registry_row(found, NAMES)], "ContosoReg.azurecr.io") is not None
    assert find_login_server([row("aks")], "") is None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (f" {CLUSTER}/ ", Pasted(cluster=ResourceId.parse(CLUSTER))),
        (CLUSTER.upper(), Pasted(cluster=ResourceId.parse(CLUSTER.upper()))),
        (REGISTRY, Pasted(registry=ResourceId.parse(REGISTRY))),
        (CLUSTER + "/agentPools/np1", None),
        ("contosoreg.azurecr.io", Pasted(login_server="contosoreg.azurecr.io")),
        ("https://contosoreg.azurecr.io/", Pasted(login_server="contosoreg.azurecr.io")),
        (
            "Contosoreg.azurecr.io/web/api:1.4.2",
            Pasted(login_server="contosoreg.azurecr.io", image="contosoreg.azurecr.io/web/api:1.4.2"),
        ),
        (
            "contosoreg.azurecr.cn/a@sha256:0",
            Pasted(login_server="contosoreg.azurecr.cn", image="contosoreg.azurecr.cn/a@sha256:0"),
        ),
        ("aks-app", None),
        ("nginx:latest", None),
        ("", None),
    ],
)
def test_pasted_things_are_recognised(text: str, meaning: Pasted | None) -> None:
    assert understand(text) == meaning


def test_every_word_must_stand_somewhere_in_the_row() -> None:
    rows = [row("aks-app", detail="rg-app · West Europe"), row("aks-dev", "s2", "rg-dev · North Europe")]
    assert matching(rows, "") == [0, 1]
    assert matching(rows, "EUROPE aks") == [0, 1]
    assert matching(rows, "west dev") == []
    assert matching(rows, "dev") == [1]
    assert matching(rows, "aks", "S2") == [1]


def test_the_named_row_stands_first_and_the_rest_by_name() -> None:
    rows = [row("b"), row("C"), row("a")]
    assert [each.name for each in in_order(rows)] == ["a", "b", "C"]
    assert [each.name for each in in_order(rows, rows[1].id)] == ["C", "a", "b"]


def test_rows_are_found_whatever_the_casing() -> None:
    rows = [row("aks-app")]
    assert find(rows, ResourceId.parse(CLUSTER.upper())) is rows[0]
    assert find(rows, None) is None
    assert unlisted(ResourceId.parse(CLUSTER)).name == "aks-app"


def test_a_key_press_in_five_thousand_rows_costs_milliseconds() -> None:
    rows = [row(f"aks-{number}", detail="rg · West Europe · 1.33.2 · running") for number in range(5_000)]
    began = time.process_time()
    assert len(matching(rows, "aks-49 europe")) == 111
    assert time.process_time() - began < 0.1
