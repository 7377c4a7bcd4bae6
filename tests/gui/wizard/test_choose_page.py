from collections.abc import Callable
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from wizard_worlds import PATIENCE, pod_text, signed_in

from core.facts.resource_id import ResourceId
from core.practice.call_faults import CallFault, Trouble
from gui.wizard.choose_page import ChoosePage
from gui.wizard.flow import Step
from gui.wizard.jobs import Opened
from gui.wizard.resource_list import ResourceList
from gui.wizard.rows import Row
from gui.wizard.wizard import Wizard

ELSEWHERE = (
    "/subscriptions/0000/resourceGroups/rg-x/providers/Microsoft.ContainerService/managedClusters/aks-elsewhere"
)
LISTS = "*/providers/microsoft.resourcegraph/resources*"


def shown(picker_list: ResourceList) -> list[str]:
    model = picker_list.rows
    return [row.name for line in range(model.rowCount()) if (row := model.row_at(model.index(line)))]


def choose_page(wizard: Wizard) -> ChoosePage:
    return cast("ChoosePage", wizard.page("choose"))


@pytest.fixture
def page(wizard: Wizard, sign_in: Callable[[Opened], None], qtbot: QtBot) -> ChoosePage:
    wizard.guide.type_text(pod_text())
    qtbot.waitUntil(lambda: not wizard.guide.state.classifying, timeout=PATIENCE)
    sign_in(signed_in())
    return choose_page(wizard)


def test_what_the_text_names_is_first_and_picked(page: ChoosePage, wizard: Wizard) -> None:
    assert shown(page.registries.list)[0] == "contosoreg"
    model = page.registries.list.rows
    row = model.row_at(model.index(0))
    assert row is not None
    assert model.detail(row) == "named in your error text"
    assert wizard.guide.state.registry == row.id
    assert page.image.text() == "contosoreg.azurecr.io/web/api:1.4.2"
    assert page.image_note.text() == "Taken from your error text."


def test_nothing_is_picked_that_is_in_doubt(page: ChoosePage, wizard: Wizard) -> None:
    assert len(shown(page.clusters.list)) > 1
    assert wizard.guide.state.cluster is None
    assert not page.clusters.list.currentIndex().isValid()
    assert wizard.footer.status.text() == "Pick a cluster"


def test_search_looks_through_all_subscriptions(page: ChoosePage) -> None:
    page.clusters.search.setText("dev north")
    assert shown(page.clusters.list) == ["aks-dev"]
    page.clusters.search.setText("no such cluster")
    assert not page.clusters.list.isVisible()
    assert page.clusters.notice.text.text() == "Nothing here matches “no such cluster”."


def test_one_subscription_filters_both_lists(page: ChoosePage) -> None:
    page.subscription.setCurrentText("Contoso development")
    assert shown(page.clusters.list) == ["aks-dev"]
    assert shown(page.registries.list) == ["contosodev"]
    page.subscription.setCurrentIndex(0)
    assert len(shown(page.clusters.list)) > 1


def test_searching_does_not_lose_the_pick(page: ChoosePage, wizard: Wizard) -> None:
    page.clusters.search.setText("aks-app production")
    page.clusters.list.pick_first()
    picked = wizard.guide.state.cluster
    page.clusters.search.setText("dev")
    page.clusters.search.setText("")
    assert wizard.guide.state.cluster == picked
    assert page.clusters.list.rows.row_at(page.clusters.list.currentIndex()).id == picked


def test_a_pasted_cluster_id_is_picked_though_no_list_has_it(page: ChoosePage, wizard: Wizard) -> None:
    page.clusters.search.setText(ELSEWHERE)
    assert wizard.guide.state.cluster == ResourceId.parse(ELSEWHERE)
    assert shown(page.clusters.list) == ["aks-elsewhere"]


def test_a_pasted_image_picks_its_registry_whichever_field_gets_it(page: ChoosePage, wizard: Wizard) -> None:
    page.clusters.search.setText("contosodev.azurecr.io/team/app:3")
    state = wizard.guide.state
    assert state.registry is not None
    assert state.registry.name == "contosodev"
    assert page.image.text() == "contosodev.azurecr.io/team/app:3"
    assert page.image_note.text() == ""


def test_a_registry_that_nobody_lists_is_said_to_be_missing(
    wizard: Wizard, sign_in: Callable[[Opened], None], qtbot: QtBot
) -> None:
    wizard.guide.type_text(pod_text().replace("contosoreg.", "contosoreggg."))
    qtbot.waitUntil(lambda: not wizard.guide.state.classifying, timeout=PATIENCE)
    sign_in(signed_in())
    page = choose_page(wizard)
    assert wizard.guide.state.registry is None
    wizard.guide.type_image("nginx")
    assert "contosoreggg.azurecr.io from your error text is not among" in page.image_note.text()


def test_a_list_that_fails_says_why_and_can_be_tried_again(
    wizard: Wizard, sign_in: Callable[[Opened], None], qtbot: QtBot
) -> None:
    broken = CallFault(Trouble.DENY, "*/subscriptions?api-version*", times=1)
    sign_in(signed_in(faults=(broken,)))
    page = choose_page(wizard)
    assert page.clusters.notice.title.text() == "The list could not be read"
    assert "You are not allowed to list the subscriptions" in page.clusters.notice.text.text()
    assert "paste" in page.registries.notice.text.text()
    qtbot.mouseClick(page.clusters.notice.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.guide.listing.complete, timeout=PATIENCE)
    assert not page.clusters.notice.isVisible()
    assert shown(page.clusters.list)


def test_while_listing_the_footer_counts(wizard: Wizard, qtbot: QtBot) -> None:
    wizard.guide.go_on()
    wizard.guide.connecting.opened.emit(signed_in(latency=0.2))
    page = choose_page(wizard)
    assert wizard.footer.status.text() == "Listing what you can see…"
    assert page.clusters.notice.spinner.isVisible()
    qtbot.waitUntil(lambda: wizard.guide.listing.complete, timeout=PATIENCE)
    wizard.guide.listing.done, wizard.guide.listing.total = 28, 31
    assert not page.clusters.notice.isVisible()


def test_enter_leads_from_field_to_field_and_down_into_the_list(
    page: ChoosePage, wizard: Wizard, qtbot: QtBot
) -> None:
    assert page.clusters.search.hasFocus()
    qtbot.keyClick(page.clusters.search, Qt.Key.Key_Down)
    assert page.clusters.list.hasFocus()
    first = wizard.guide.state.cluster
    qtbot.keyClick(page.clusters.list, Qt.Key.Key_Down)
    assert wizard.guide.state.cluster not in (None, first)
    qtbot.keyClick(page.clusters.list, Qt.Key.Key_Up)
    qtbot.keyClick(page.clusters.list, Qt.Key.Key_Up)
    assert page.clusters.search.hasFocus()
    qtbot.keyClick(page.clusters.search, Qt.Key.Key_Return)
    assert page.registries.search.hasFocus()
    qtbot.keyClick(page.registries.search, Qt.Key.Key_Return)
    assert page.image.hasFocus()
    assert wizard.guide.state.step is Step.CHOOSE


def test_thousands_of_rows_with_hostile_names_are_painted(qtbot: QtBot) -> None:
    rows = [
        Row(ResourceId.parse(f"{ELSEWHERE}{number}"), f"<b>{'n' * 300}</b>{number}", "d" * 300, "s" * 300)
        for number in range(5_000)
    ]
    made = ResourceList()
    qtbot.addWidget(made)
    made.rows.set_rows(rows)
    made.resize(400, 300)
    made.show()
    assert not made.grab().isNull()
    index = made.rows.index(4_999)
    assert "&lt;b&gt;" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("<b>")


def test_what_was_searched_for_in_another_azure_hides_nothing(page: ChoosePage, wizard: Wizard, qtbot: QtBot) -> None:
    page.clusters.search.setText("aks-batch")
    page.registries.search.setText("contosodev")
    page.subscription.setCurrentIndex(2)
    wizard.guide.start_practice()
    wizard.guide.open_scenario("role-missing")
    qtbot.waitUntil(lambda: wizard.guide.state.step is Step.CHOOSE, timeout=PATIENCE)
    qtbot.waitUntil(lambda: wizard.guide.listing.complete, timeout=PATIENCE)
    assert (page.clusters.query, page.registries.query) == ("", "")
    assert page.subscription.currentIndex() == 0
    assert "aks-app" in shown(page.clusters.list)


def test_the_search_counts_only_what_there_are_several_of(page: ChoosePage, wizard: Wizard, qtbot: QtBot) -> None:
    assert page.registries.search.placeholderText() == "Search 9 registries, or paste a login server"
    wizard.guide.open_scenario("reader-without-role-list")
    qtbot.waitUntil(
        lambda: wizard.guide.listing.complete and len(wizard.guide.listing.registries) == 1, timeout=PATIENCE
    )
    assert page.registries.search.placeholderText() == "Search registries"
