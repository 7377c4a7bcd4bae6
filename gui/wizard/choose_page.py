"""The third page: which cluster, which registry, which image."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from core.facts.resource_id import ResourceId
from gui.plain_label import PlainLabel
from gui.theme import Text
from gui.window_words import Words
from gui.wizard.choice_box import ChoiceBox
from gui.wizard.flow import WizardState
from gui.wizard.listing import Listing
from gui.wizard.page import MARGIN, Foot, Page
from gui.wizard.picker import Picker
from gui.wizard.rows import Pasted, Row, find, find_login_server, in_order, unlisted

COLUMN_MINIMUM = 300


class ChoosePage(Page):
    """Two lists side by side, filled while one looks, and prefilled from the error text."""

    cluster_picked = Signal(object)
    """A `ResourceId`, like `registry_picked`."""
    registry_picked = Signal(object)
    image_typed = Signal(str)

    def __init__(self, words: Words, listing: Listing) -> None:
        super().__init__()
        self._words = words
        self._listing = listing
        self._state = WizardState()
        self._rows_of: tuple[object, ...] = ()
        retry = words("choose", "retry")
        self.clusters = Picker(
            words("choose", "cluster"), words("choose", "cluster-search"), words("choose", "cluster-list"), retry
        )
        self.registries = Picker(
            words("choose", "registry"), words("choose", "registry-search"), words("choose", "registry-list"), retry
        )
        self.subscription = ChoiceBox()
        self.subscription.setAccessibleName(words("choose", "subscription"))
        self.subscription.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.subscription.setMinimumContentsLength(24)
        self.subscription.addItem(words("choose", "all-subscriptions"), "")
        kept = self.subscription.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.subscription.setSizePolicy(kept)
        self.subscription.hide()
        self.image = QLineEdit()
        self.image.setMaxLength(1_000)
        self.image.setAccessibleName(words("choose", "image"))
        self.image.setPlaceholderText(words("choose", "image-placeholder"))
        self.image_note = PlainLabel("", Text.SMALL, tone="secondary", wrap=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        words = self._words
        top = QHBoxLayout()
        top.addWidget(PlainLabel(words("choose", "title"), Text.PAGE))
        top.addStretch(1)
        top.addWidget(self.subscription)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.registries)
        column.addSpacing(8)
        caption = PlainLabel(words("choose", "image"), Text.CAPS, tone="secondary")
        caption.setBuddy(self.image)
        column.addWidget(caption)
        column.addWidget(self.image)
        column.addWidget(self.image_note)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        for part in (self.clusters, right):
            part.setMinimumWidth(COLUMN_MINIMUM)
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
            holder = QVBoxLayout()
            holder.addWidget(part)
            holder.addStretch(1)
            columns.addLayout(holder, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        page.setSpacing(8)
        page.addLayout(top)
        page.addLayout(columns, 1)

    def _connect(self) -> None:
        self._listing.changed.connect(self._refresh)
        self.subscription.currentIndexChanged.connect(self._filter)
        self.clusters.picked.connect(lambda row: self.cluster_picked.emit(row.id))
        self.registries.picked.connect(lambda row: self.registry_picked.emit(row.id))
        for picker in (self.clusters, self.registries):
            picker.pasted.connect(self._understood)
            picker.retry.connect(self._listing.retry)
            picker.search.textChanged.connect(self._refresh)
        self.clusters.accepted.connect(lambda: self.registries.search.setFocus(Qt.FocusReason.OtherFocusReason))
        self.registries.accepted.connect(lambda: self.image.setFocus(Qt.FocusReason.OtherFocusReason))
        self.image.textEdited.connect(self.image_typed)
        self.image.returnPressed.connect(self.advance)

    def show_state(self, state: WizardState) -> None:
        """Show what is picked, and the lists as far as they are known.

        What was searched for in another Azure would hide what this one has.
        """
        elsewhere = state.connection != self._state.connection
        self._state = state
        if elsewhere:
            self.subscription.setCurrentIndex(0)
            for picker in (self.clusters, self.registries):
                picker.search.clear()
        self._fill()
        self.clusters.show_picked(state.cluster)
        self.registries.show_picked(state.registry)
        if self.image.text() != state.image:
            self.image.setText(state.image)
        self.image_note.setText(self._note_on_image())
        self._show_notices()

    def foot(self, state: WizardState) -> Foot:
        """Say how far the listing is, what is missing, or what is picked."""
        return Foot(
            status=self._status(state),
            primary=self._words("choose", "diagnose"),
            primary_enabled=state.choice is not None,
        )

    def take_focus(self) -> None:
        """Begin with what is still to be picked."""
        missing = (
            self.registries if self._state.cluster is not None and self._state.registry is None else self.clusters
        )
        missing.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _status(self, state: WizardState) -> str:
        listing, words = self._listing, self._words
        if listing.running:
            if not listing.total:
                return words("choose", "starting")
            return words("choose", "progress", done=str(listing.done), total=str(listing.total))
        if state.cluster is not None and state.registry is not None:
            picked = words("choose", "picked", cluster=state.cluster.name, registry=state.registry.name)
            if not listing.unread:
                return picked
            return f"{picked} · {words('choose', 'unread', names=', '.join(listing.unread))}"
        if state.cluster is None and state.registry is None:
            return words("choose", "pick-both")
        return words("choose", "pick-registry" if state.registry is None else "pick-cluster")

    def _refresh(self) -> None:
        self._fill()
        self._show_notices()
        self.changed.emit()

    def _fill(self) -> None:
        """Put rows into the lists when something about them changed: sorting thousands takes its time."""
        listing, state = self._listing, self._state
        named = find_login_server(listing.registries, state.symptom.registry if state.symptom else None)
        other_cluster = None if find(listing.clusters, state.cluster) else state.cluster
        other_registry = None if find(listing.registries, state.registry) else state.registry
        rows_of = (listing.clusters, listing.registries, other_cluster, other_registry, named)
        if rows_of == self._rows_of:
            return
        self._rows_of = rows_of
        hint = self._words("choose", "named")
        first = named.id if named else None
        self.clusters.show_rows([*_unlisted(other_cluster), *in_order(listing.clusters)], None, "")
        self.registries.show_rows([*_unlisted(other_registry), *in_order(listing.registries, first)], first, hint)
        self._fill_subscriptions()
        words, many = self._words, len(listing.subscriptions)
        count = {"count": str(len(listing.clusters)), "subscriptions": str(many)}
        self.clusters.search.setPlaceholderText(
            words("choose", "search-clusters" if many > 1 else "search-clusters-one", **count)
            if listing.complete and len(listing.clusters) > 1
            else words("choose", "cluster-search")
        )
        self.registries.search.setPlaceholderText(
            words("choose", "search-registries", count=str(len(listing.registries)))
            if listing.complete and len(listing.registries) > 1
            else words("choose", "registry-search")
        )

    def _fill_subscriptions(self) -> None:
        wanted = [("", self._words("choose", "all-subscriptions")), *self._listing.subscriptions]
        present = [
            (self.subscription.itemData(at), self.subscription.itemText(at))
            for at in range(self.subscription.count())
        ]
        if present == wanted:
            return
        kept = self.subscription.currentData()
        self.subscription.blockSignals(True)
        self.subscription.clear()
        for identifier, name in wanted:
            self.subscription.addItem(name, identifier)
        self.subscription.setCurrentIndex(max(self.subscription.findData(kept), 0))
        self.subscription.blockSignals(False)
        self.subscription.setVisible(len(self._listing.subscriptions) > 1)
        self._filter()

    def _filter(self) -> None:
        chosen = self.subscription.currentData() or ""
        self.clusters.filter_by(chosen)
        self.registries.filter_by(chosen)
        self._show_notices()

    def _show_notices(self) -> None:
        error = self._listing.error
        if error:
            self.clusters.notice.show_notice(error, title=self._words("choose", "failed"), button=True)
            self.registries.notice.show_notice(self._words("choose", "paste-instead"))
            return
        self._notice(self.clusters, bool(self._listing.clusters), "no-clusters")
        self._notice(self.registries, bool(self._listing.registries), "no-registries")

    def _notice(self, picker: Picker, some: bool, none: str) -> None:
        """Say in the place of rows why there are none."""
        listing, notice, words = self._listing, picker.notice, self._words
        if picker.list.rows.rowCount():
            notice.show_notice("")
        elif listing.running:
            notice.show_notice(words("choose", "loading"), busy=True)
        elif some or picker.query:
            notice.show_notice(words("choose", "no-match", query=picker.query or self.subscription.currentText()))
        elif listing.complete:
            notice.show_notice(words("choose", none))

    def _note_on_image(self) -> str:
        state, words = self._state, self._words
        if state.image_from_text:
            return words("choose", "image-from-text")
        registry = state.symptom.registry if state.symptom else None
        if registry and self._listing.complete and find_login_server(self._listing.registries, registry) is None:
            return words("choose", "not-found", registry=registry)
        return ""

    def _understood(self, meant: Pasted) -> None:
        """Pick what somebody pasted, whichever field they pasted it into."""
        registry = meant.registry
        if meant.login_server:
            row = find_login_server(self._listing.registries, meant.login_server)
            registry = row.id if row else None
        if meant.cluster is not None:
            self.cluster_picked.emit(meant.cluster)
        if registry is not None:
            self.registry_picked.emit(registry)
        if meant.image:
            self.image_typed.emit(meant.image)


def _unlisted(resource: ResourceId | None) -> list[Row]:
    return [unlisted(resource)] if resource is not None else []
