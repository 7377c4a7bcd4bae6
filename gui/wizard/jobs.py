"""The work that the wizard hands to threads: the core called, its expected failures turned into sentences.

The core's Azure half takes a second or more to import, so it is imported in here, by the first job that needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.cancel import CancelToken
from core.facts.choice import Choice
from core.imports import import_now
from core.model import Report, Symptom
from core.texts import Texts
from gui.bridge import Failed, Tell
from gui.wizard.flow import Connection, Scene
from gui.wizard.rows import Row, cluster_row, registry_row

if TYPE_CHECKING:
    from core.session import Session

PRACTICE_LATENCY = 0.05
"""Seconds that the simulated Azure takes for an answer, as a near one does: what happens can be seen happening."""

T = TypeVar("T")
Work = Callable[[CancelToken, Tell], T]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that stands: what to show of it, and in practice the scene that its scenario sets."""

    session: Session
    connection: Connection
    scene: Scene | None = None


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A practice scenario as it is offered: what it teaches in paragraphs, and what its pod says."""

    name: str
    title: str
    teaching: str
    symptom: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Subscriptions listed, and how many there are."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Everything to pick from. `subscriptions` are ids and names, `unread` the names of those that refused."""

    clusters: tuple[Row, ...]
    registries: tuple[Row, ...]
    subscriptions: tuple[tuple[str, str], ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saving:
    """How a report is saved: as html, markdown or json, with or without the names that say whose it is, and where."""

    kind: str
    masked: bool
    path: Path


def classify_text(text: str) -> Symptom:
    """Say what a pasted text means."""
    import_now("core.symptoms")
    from core.symptoms import classify

    return classify(text)


def list_scenarios() -> tuple[ScenarioRow, ...]:
    """Give all practice scenarios, by title."""
    import_now("core.practice.scenario")
    from core.practice.scenario import load_scenarios

    rows = (ScenarioRow(each.name, each.title, each.teaching, each.symptom) for each in load_scenarios())
    return tuple(sorted(rows, key=lambda row: row.title.casefold()))


def open_practice(name: str) -> Opened:
    """Build the practice world of a scenario.

    Raises Failed for a name that no scenario has.
    """
    import_now("core.symptoms", "core.practice.scenario", "core.session")
    from core.practice.scenario import UnknownScenario
    from core.session import practice_session, scenario_choice

    try:
        session, scenario = practice_session(name, latency=PRACTICE_LATENCY)
    except UnknownScenario as error:
        raise Failed(str(error)) from error
    choice = scenario_choice(scenario)
    connection = Connection(session.account, session.tenant_name or session.tenant_id, name)
    return Opened(
        session,
        connection,
        Scene(
            scenario.symptom,
            choice.cluster_id,
            choice.registry_id,
            choice.image or "",
            choice.pull_secret,
            choice.may_list_passwords,
        ),
    )


def forget_account(cloud: str, tenant: str) -> None:
    """Have the next sign-in ask again, where the computer remembers who signed in the last time.

    Raises Failed with the reason.
    """
    from core.azure.account_store import encrypted_store
    from core.azure.clouds import KNOWN_CLOUDS

    store = encrypted_store()
    if store is None:
        return
    try:
        store.forget(KNOWN_CLOUDS[cloud], tenant or None)
    except OSError as error:
        raise Failed(error.strerror or type(error).__name__) from error


def sign_in(cloud: str, tenant: str, token: CancelToken) -> Opened:
    """Sign in with the browser; `tenant` may be empty.

    Somebody who signed in before stays signed in where the operating system can keep tokens encrypted.

    Raises Failed with the reason.
    """
    import_now("core.symptoms", "core.session", "azure.identity", "core.azure.sign_in")
    from core.azure.account_store import encrypted_store
    from core.azure.clouds import KNOWN_CLOUDS
    from core.azure.sign_in import SignInMethod
    from core.azure.sign_in import sign_in as sign_in_to
    from core.azure.sign_in_errors import SignInError
    from core.azure.trust import BadCertificateFile
    from core.session import signed_in_session

    chosen = KNOWN_CLOUDS[cloud]
    try:
        account = sign_in_to(SignInMethod.BROWSER, chosen, tenant or None, cancel=token, store=encrypted_store())
    except (SignInError, BadCertificateFile) as error:
        raise Failed(str(error)) from error
    session = signed_in_session(account, chosen)
    session.find_tenant_name(token)
    return Opened(session, Connection(session.account, session.tenant_name or session.tenant_id))


def list_inventory(session: Session, texts: Texts, token: CancelToken, tell: Tell) -> Listed:
    """List everything that the session can see; tells `Progress`.

    Raises Failed where nothing could be listed, and Cancelled.
    """
    import_now("azure.mgmt.resource.subscriptions", "azure.mgmt.resourcegraph")
    from core.azure.inventory import InventoryError

    try:
        found = session.list_inventory(token, lambda done, total: tell(Progress(done, total)))
    except InventoryError as error:
        raise Failed(str(error)) from error
    names = {one.id.lower(): one.name for one in found.subscriptions}
    regions = texts.table("regions")
    return Listed(
        clusters=tuple(cluster_row(row, names, regions) for row in found.clusters),
        registries=tuple(registry_row(row, names) for row in found.registries),
        subscriptions=tuple((one.id, one.name) for one in found.subscriptions),
        unread=tuple(one.name for one in found.unread),
    )


def diagnose(session: Session, choice: Choice, token: CancelToken, tell: Tell) -> Report:
    """Check everything; tells the events of the run."""
    return session.diagnose(choice, tell, token)


def check_again(
    session: Session, choice: Choice, report: Report, check: str, token: CancelToken, tell: Tell
) -> Report:
    """Check one step, and what hangs on it, with fresh data; tells the events of the run."""
    return session.check_again(choice, report, check, tell, token)


def save_report(report: Report, saving: Saving, texts: Texts) -> str:
    """Write a report; gives the name of the file.

    Raises Failed with the reason.
    """
    from core.report import render
    from core.report.masking import mask

    written = render(mask(report) if saving.masked else report, saving.kind, texts)
    try:
        saving.path.write_text(written, "utf-8")
    except OSError as error:
        raise Failed(error.strerror or type(error).__name__) from error
    return saving.path.name
