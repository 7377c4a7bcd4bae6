"""What the program remembers from one start to the next, in the platform's own place: the window and the cloud.

No names of people, clusters or registries are kept.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

ORGANISATION = "Pull Doctor"
APPLICATION = "Pull Doctor"
DEFAULT_CLOUD = "AzureCloud"


class Settings:
    """Reads and writes the remembered values."""

    def __init__(self) -> None:
        self._store = QSettings(ORGANISATION, APPLICATION)

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window was and how large; None at the first start."""
        value = self._store.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def cloud(self) -> str:
        """The cloud that was last signed in to."""
        value = self._store.value("sign-in/cloud", DEFAULT_CLOUD)
        return value if isinstance(value, str) else DEFAULT_CLOUD

    @cloud.setter
    def cloud(self, value: str) -> None:
        self._store.setValue("sign-in/cloud", value)

    def save(self) -> None:
        """Write everything to disk now."""
        self._store.sync()
