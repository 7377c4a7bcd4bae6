import gc
import socket
import threading
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from wizard_worlds import PATIENCE, signed_in

from gui.settings import Settings
from gui.wizard.flow import Step
from gui.wizard.jobs import Opened
from gui.wizard.sign_in_page import SignInPage
from gui.wizard.wizard import Wizard


@pytest.fixture
def page(wizard: Wizard) -> SignInPage:
    wizard.guide.go_on()
    return cast("SignInPage", wizard.page("sign-in"))


@pytest.fixture
def silent_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A proxy that takes connections and never answers, and a browser that does nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, address)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("BROWSER", "true")
        yield server


def test_a_failure_is_a_sentence_and_the_form_stays(
    page: SignInPage, wizard: Wizard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authorities.pem")
    page.tenant.setText("contoso.com")
    wizard.footer.primary.click()
    qtbot.waitUntil(lambda: not wizard.guide.connecting.waiting, timeout=PATIENCE)
    assert page.error.title.text() == "The sign-in did not work"
    assert "/nowhere/authorities.pem" in page.error.text.text()
    assert page.tenant.text() == "contoso.com"
    assert page.tenant.isVisible()
    assert wizard.footer.primary.text() == "Sign in with the browser"


def signing_in() -> list[str]:
    """The threads that still wait for the network: nobody listens to them any more, and they end by themselves."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("sign-in")]


@pytest.mark.filterwarnings("ignore:.*unclosed <socket")
def test_cancel_answers_at_once(page: SignInPage, wizard: Wizard, qtbot: QtBot, silent_proxy: socket.socket) -> None:
    wizard.footer.primary.click()
    assert wizard.guide.connecting.waiting
    assert page.again.isVisible()
    assert wizard.footer.stop.isVisible()
    assert not wizard.footer.primary.isVisible()
    connection, _ = silent_proxy.accept()
    wizard.footer.stop.click()
    assert not wizard.guide.connecting.waiting
    assert wizard.footer.primary.isVisible()
    assert not page.error.isVisible()
    connection.close()
    silent_proxy.close()
    qtbot.waitUntil(lambda: not signing_in(), timeout=PATIENCE)
    # MSAL leaves the port of its browser answer to the garbage collector.
    gc.collect()


def test_the_chosen_cloud_is_remembered(
    page: SignInPage, wizard: Wizard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authorities.pem")
    page.cloud.setCurrentIndex(page.cloud.findData("AzureChinaCloud"))
    wizard.footer.primary.click()
    qtbot.waitUntil(lambda: not wizard.guide.connecting.waiting, timeout=PATIENCE)
    assert Settings().cloud == "AzureChinaCloud"


def test_who_is_signed_in_is_said_everywhere_and_can_be_changed(
    page: SignInPage, wizard: Wizard, sign_in: Callable[[Opened], None]
) -> None:
    sign_in(signed_in())
    assert wizard.header.who.text() == "Reads only, changes nothing · maria@contoso.com · Contoso"
    wizard.guide.go(Step.CONNECT)
    assert page.account.text() == "maria@contoso.com"
    assert wizard.footer.primary.text() == "Next"
    page.other.click()
    assert wizard.guide.state.connection is None
    assert wizard.guide.opened is None
    assert wizard.footer.primary.text() == "Sign in with the browser"


def test_the_fields_have_their_names_from_the_labels_above(wizard: Wizard) -> None:
    wizard.guide.go_on()
    page = wizard.page("sign-in")
    buddies = {label.buddy(): label.text() for label in page.findChildren(QLabel) if label.buddy() is not None}
    assert buddies == {page.cloud: "Cloud", page.tenant: "Directory (optional)"}
