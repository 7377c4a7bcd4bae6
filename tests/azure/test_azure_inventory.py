"""The lists, through the real clients over practice worlds, and what happens where Resource Graph is no help."""

from __future__ import annotations

import pytest
from azure_answers import Answers, SignedIn

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.azure.inventory import Inventory, InventoryError
from core.azure.inventory_rows import CLUSTERS
from core.azure.resolve import AmbiguousResource, UnknownResource
from core.cancel import Cancelled, CancelToken
from core.facts.fact import Denied, Trouble, Unavailable
from core.facts.inventory import ClusterRow
from core.facts.resource_id import NotAResourceId, ResourceId
from core.practice.base import PRODUCTION, SHARED, base_public
from core.practice.call_faults import CallFault
from core.practice.call_faults import Trouble as Fault
from core.practice.http import Response, arm_error, json_response
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport

GRAPH_CALL = "*microsoft.resourcegraph*"
AKS_APP = (
    f"/subscriptions/{PRODUCTION}/resourceGroups/rg-app/providers/Microsoft.ContainerService/managedClusters/aks-app"
)
CONTOSOREG = (
    f"/subscriptions/{SHARED}/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
)


@pytest.fixture
def world():
    return base_public()


@pytest.fixture
def open_inventory(world):
    """`open_inventory(*faults)` gives an inventory of the practice world and its simulator."""
    opened = []

    def make(*faults):
        simulator = Simulator(world, faults)
        transport = PracticeTransport(simulator, sleep=lambda seconds: None)
        azure = Azure(AZURE_PUBLIC, PracticeCredential(world), transport, CancelToken())
        opened.append(azure)
        return Inventory(azure), simulator

    yield make
    for azure in opened:
        azure.close()


def posts(simulator):
    return [request for request in simulator.log if request.method == "POST"]


def test_one_query_each_lists_everything(open_inventory, world):
    inventory, simulator = open_inventory()
    listing = inventory.listing()
    clusters = list(world.resources_of("Microsoft.ContainerService/managedClusters", "/subscriptions"))
    assert {str(row.id).lower() for row in listing.clusters} == {body["id"].lower() for body in clusters}
    assert "contosoreg" in [row.name for row in listing.registries]
    assert len(posts(simulator)) == 2
    assert len(simulator.log) == 3
    assert listing.unread == ()


def test_rows_say_what_there_is_to_see(open_inventory):
    inventory, _ = open_inventory()
    (app,) = [row for row in inventory.clusters() if row.name == "aks-app"]
    assert app == ClusterRow(
        id=app.id,
        name="aks-app",
        resource_group="rg-app",
        subscription_id=PRODUCTION,
        location="westeurope",
        version="1.33.2",
        power_state="Running",
    )
    (stopped,) = [row for row in inventory.clusters() if row.power_state == "Stopped"]
    assert stopped.name == "aks-dev"
    (registry,) = [row for row in inventory.registries() if row.name == "contosoreg"]
    assert (registry.sku, registry.location) == ("Premium", "westeurope")
    assert registry.login_server.endswith(".azurecr.io")


def test_every_list_is_read_once(open_inventory):
    inventory, simulator = open_inventory()
    for _ in range(2):
        inventory.listing()
        inventory.subscriptions()
        inventory.resolve_cluster("aks-app")
    assert len(simulator.log) == 3


def test_all_pages_are_read(open_inventory, world):
    whole = open_inventory()[0].clusters()
    world.page_size = 3
    inventory, simulator = open_inventory()
    assert inventory.clusters() == whole
    assert len(posts(simulator)) == -(-len(whole) // 3)


@pytest.mark.parametrize(
    "fault", [Fault.DENY, Fault.NOT_FOUND, Fault.SERVER_ERROR, Fault.HTML_PAGE, Fault.EMPTY_BODY]
)
def test_without_resource_graph_each_subscription_is_listed(open_inventory, fault):
    whole = open_inventory()[0].listing()
    inventory, _ = open_inventory(CallFault(fault, GRAPH_CALL))
    told = []
    listing = inventory.listing(lambda done, total: told.append((done, total)))
    assert listing == whole
    total = len(whole.subscriptions)
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_subscriptions_that_cannot_be_listed_are_named(open_inventory):
    inventory, _ = open_inventory(
        CallFault(Fault.NOT_FOUND, GRAPH_CALL), CallFault(Fault.DENY, f"*{PRODUCTION}*managedclusters*")
    )
    listing = inventory.listing()
    assert [one.id for one in listing.unread] == [PRODUCTION]
    assert "aks-app" not in [row.name for row in listing.clusters]
    assert "aks-dev" in [row.name for row in listing.clusters]


def test_where_no_list_can_be_read_the_first_reason_is_given(open_inventory):
    inventory, _ = open_inventory(CallFault(Fault.NOT_FOUND, GRAPH_CALL), CallFault(Fault.DENY, "*managedclusters*"))
    with pytest.raises(InventoryError, match=r"not allowed to list the clusters of .* role Reader") as caught:
        inventory.clusters()
    assert isinstance(caught.value.fact, Denied)


def test_a_throttled_resource_graph_is_not_worked_around(open_inventory):
    inventory, simulator = open_inventory(CallFault(Fault.THROTTLE, GRAPH_CALL, retry_after=600))
    with pytest.raises(InventoryError, match="slow down") as caught:
        inventory.clusters()
    assert caught.value.fact.trouble is Trouble.THROTTLED
    assert len(posts(simulator)) == 1


def test_subscriptions_that_cannot_be_read(open_inventory):
    inventory, _ = open_inventory(CallFault(Fault.DENY, "*/subscriptions?*"))
    with pytest.raises(InventoryError, match="subscriptions"):
        inventory.listing()


def test_nobody_home(connect):
    azure, _ = connect(lambda request: json_response({"value": []}))
    inventory = Inventory(azure)
    assert inventory.listing().clusters == ()
    with pytest.raises(UnknownResource, match="no subscription at all"):
        inventory.resolve_cluster("aks-app")


def test_a_cancel_ends_the_listing(world):
    cancel = CancelToken()
    simulator = Simulator(world, [CallFault(Fault.NOT_FOUND, GRAPH_CALL)])
    azure = Azure(AZURE_PUBLIC, PracticeCredential(world), PracticeTransport(simulator), cancel)

    def stop(done, total):
        cancel.cancel()

    with pytest.raises(Cancelled):
        Inventory(azure).listing(stop)
    azure.close()


@pytest.mark.parametrize(
    "data", [None, "text", [1], [{"name": "no id"}], [{"id": "'; drop"}], {"columns": [], "rows": []}]
)
def test_an_answer_that_is_no_list_of_resources_is_refused(data):
    from azure.core.exceptions import DeserializationError

    with pytest.raises(DeserializationError):
        CLUSTERS.from_query(data)


def test_whole_resources_are_read_as_well_as_projected_ones():
    cluster = {
        "id": AKS_APP,
        "name": "aks-app",
        "type": "microsoft.containerservice/managedclusters",
        "location": "westeurope",
        "properties": {"kubernetesVersion": "1.33.2", "powerState": {"code": "Running"}},
    }
    other = {"id": CONTOSOREG, "name": "contosoreg", "type": "microsoft.containerregistry/registries"}
    (row,) = CLUSTERS.from_query([cluster, other])
    assert (row.name, row.version, row.power_state) == ("aks-app", "1.33.2", "Running")


def test_many_subscriptions_are_asked_for_in_chunks(cancel):
    ids = [f"00000000-0000-0000-0000-{number:012d}" for number in range(1201)]

    def answer(request):
        if request.method == "GET":
            return json_response({"value": [{"subscriptionId": id_, "displayName": id_} for id_ in ids]})
        sent = request.json()["subscriptions"]
        rows = [{"id": AKS_APP.replace(PRODUCTION, sent[0]), "name": "aks-app", "type": CLUSTERS.type}]
        return json_response({"data": rows, "count": 1, "totalRecords": 1, "resultTruncated": "false"})

    answers = Answers(answer)
    azure = Azure(AZURE_PUBLIC, SignedIn(), answers.transport(), cancel)
    told = []
    assert len(Inventory(azure).clusters(lambda done, total: told.append((done, total)))) == 3
    assert [id_ for request in answers.asked[1:] for id_ in request.json()["subscriptions"]] == ids
    assert told == [(500, 1201), (1000, 1201), (1201, 1201)]
    azure.close()


@pytest.mark.parametrize(
    "text", [AKS_APP, AKS_APP.upper().replace("/SUBSCRIPTIONS", "/subscriptions"), f" {AKS_APP}/ "]
)
def test_a_full_id_needs_no_listing(open_inventory, text):
    inventory, simulator = open_inventory()
    assert str(inventory.resolve_cluster(text)).lower() == AKS_APP.lower()
    assert simulator.log == []


@pytest.mark.parametrize("text", ["aks-app", "AKS-App", " aks-app "])
def test_a_cluster_by_name(open_inventory, text):
    assert str(open_inventory()[0].resolve_cluster(text)).lower() == AKS_APP.lower()


@pytest.mark.parametrize("text", ["contosoreg", "ContosoReg", "{}", "https://{}/", "{} "])
def test_a_registry_by_name_or_login_server(open_inventory, world, text):
    login_server = world.resource(CONTOSOREG)["properties"]["loginServer"]
    found = open_inventory()[0].resolve_registry(text.format(login_server))
    assert str(found).lower() == CONTOSOREG.lower()


def test_a_named_subscription_is_the_only_one_that_is_listed(open_inventory):
    inventory, simulator = open_inventory()
    assert inventory.resolve_cluster("aks-app", "contoso PRODUCTION").name == "aks-app"
    assert inventory.resolve_cluster("aks-app", PRODUCTION.upper()).name == "aks-app"
    assert posts(simulator) == []
    assert all("/subscriptions?" in request.url or PRODUCTION in request.url for request in simulator.log)


def test_what_was_listed_is_told_without_asking(open_inventory, world):
    inventory, simulator = open_inventory()
    assert inventory.listed_registries.by_subscription == {}
    inventory.registries()
    asked = len(simulator.log)
    listed = inventory.listed_registries.by_subscription
    assert set(listed) == {one.id.lower() for one in inventory.subscriptions()}
    (found,) = [one for one in listed[SHARED.lower()] if one.name == "contosoreg"]
    assert found.id.lower() == CONTOSOREG.lower()
    assert found.login_server == world.resource(CONTOSOREG)["properties"]["loginServer"]
    assert len(simulator.log) == asked


def test_of_a_named_subscription_its_registries_were_listed(open_inventory):
    inventory, simulator = open_inventory()
    for _ in range(2):
        inventory.resolve_registry("contosoreg", "Contoso shared")
    assert len(simulator.log) == 2
    (listed,) = inventory.listed_registries.by_subscription.items()
    assert listed[0] == SHARED.lower()
    assert "contosoreg" in [one.name for one in listed[1]]


def test_a_resource_graph_that_is_not_there_is_asked_once(open_inventory):
    inventory, simulator = open_inventory(CallFault(Fault.NOT_FOUND, GRAPH_CALL))
    inventory.clusters()
    inventory.registries()
    assert len(posts(simulator)) == 1


def test_unknown_names_come_with_the_nearest(open_inventory):
    inventory, _ = open_inventory()
    with pytest.raises(UnknownResource, match=r'no cluster "aks-apq"\. Did you mean aks-app'):
        inventory.resolve_cluster("aks-apq")
    with pytest.raises(UnknownResource, match=r'no registry "contosorag".* contosoreg'):
        inventory.resolve_registry("contosorag")
    with pytest.raises(UnknownResource, match=r'no subscription "Contoso prodcution".* Contoso production'):
        inventory.resolve_cluster("aks-app", "Contoso prodcution")
    with pytest.raises(UnknownResource, match=r'no cluster "aks-app"'):
        inventory.resolve_cluster("aks-app", "Contoso shared")


def test_a_name_that_several_have(open_inventory, world):
    twin = dict(world.resource(AKS_APP), id=AKS_APP.replace("rg-app", "rg-twin").replace(PRODUCTION, SHARED))
    world.add_resource(twin)
    with pytest.raises(
        AmbiguousResource, match=r"2 clusters .*Contoso production / rg-app.*Contoso shared / rg-twin"
    ):
        open_inventory()[0].resolve_cluster("aks-app")
    assert open_inventory()[0].resolve_cluster("aks-app", SHARED).resource_group == "rg-twin"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CONTOSOREG, r"not the id of an AKS cluster; it is one of type Microsoft\.ContainerRegistry/registries"),
        ("/subscriptions/x", "not the id of an AKS cluster"),
        (AKS_APP + "'; rm -rf /", "not the id of an AKS cluster"),
        (AKS_APP + "\u0000", "not the id of an AKS cluster"),
        ("/" * 10_000, "not the id of an AKS cluster"),
    ],
)
def test_ids_of_other_things_are_refused(open_inventory, text, words):
    with pytest.raises(UnknownResource, match=words) as caught:
        open_inventory()[0].resolve_cluster(text)
    assert "\x00" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_ids_are_equal_whatever_their_casing():
    one, other = ResourceId.parse(AKS_APP), ResourceId.parse(AKS_APP.replace("resourceGroups", "resourcegroups"))
    assert one == other
    assert len({one, other}) == 1
    assert one != ResourceId.parse(CONTOSOREG)
    assert one != AKS_APP


@pytest.mark.parametrize("bad", "'\"`$;&|<>\\\n\t\x00\x1b\u2028?%*{}!")
@pytest.mark.parametrize("place", ["rg-app", "aks-app", PRODUCTION, "Microsoft.ContainerService"])
def test_hostile_ids_are_no_ids(bad, place):
    with pytest.raises(NotAResourceId):
        ResourceId.parse(AKS_APP.replace(place, f"{place[:3]}{bad}{place[3:]}"))


@pytest.mark.parametrize("group", ["rg.app_1-(x)", "MC_rg-app_aks-app_westeurope", "größe", "rg app"])
def test_ids_that_azure_may_give_are_ids(group):
    assert ResourceId.parse(AKS_APP.replace("rg-app", group)).resource_group == group


ODD = (
    None,
    "text",
    [],
    {"value": None},
    {"value": "text"},
    {"value": [None]},
    {"value": [7]},
    {"value": [{"id": None, "subscriptionId": None}]},
    {"value": [], "nextLink": 7},
    {"value": [], "nextLink": "https://[::1"},
    {"value": [], "nextLink": "https://management.azure.com:99999999/x"},
    {"value": [], "nextLink": "https://evil.example/x"},
)


@pytest.mark.parametrize("body", ODD)
def test_garbled_subscriptions_are_said_to_be(connect, body):
    azure, _ = connect(lambda request: json_response(body))
    with pytest.raises(InventoryError, match="subscriptions could not be listed") as caught:
        Inventory(azure).listing()
    assert caught.value.fact.trouble is Trouble.BAD_ANSWER


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("resource_graph", [True, False])
def test_garbled_lists_are_said_to_be(connect, body, resource_graph):
    def answer(request):
        if "/subscriptions?" in request.url:
            return json_response({"value": [{"subscriptionId": PRODUCTION}]})
        if request.method == "POST" and not resource_graph:
            return arm_error(404, "InvalidResourceType", "no such type")
        return json_response(body)

    azure, _ = connect(answer)
    with pytest.raises(InventoryError, match="could not be listed") as caught:
        Inventory(azure).listing()
    assert caught.value.fact.trouble is Trouble.BAD_ANSWER


def test_who_manages_a_subscription_is_read_whatever_else_stands_there(connect):
    one = {"subscriptionId": PRODUCTION, "managedByTenants": [None, {}, {"tenantId": "t"}], "tenantId": 7}
    azure, _ = connect(lambda request: json_response({"value": [one]}))
    (found,) = Inventory(azure).subscriptions()
    assert (found.name, found.tenant_id, found.managed_by_tenants) == (PRODUCTION, None, ("t",))


def test_what_the_network_does_is_said(connect):
    azure, _ = connect(lambda request: Response(200, {"content-type": "text/html"}, b"<html>hotel</html>"))
    with pytest.raises(InventoryError, match="could not be listed") as caught:
        Inventory(azure).subscriptions()
    assert caught.value.fact.trouble is Trouble.BAD_ANSWER
    azure, _ = connect(lambda request: arm_error(401, "ExpiredAuthenticationToken", "expired"))
    with pytest.raises(InventoryError, match="sign in again") as caught:
        Inventory(azure).subscriptions()
    assert isinstance(caught.value.fact, Unavailable)
