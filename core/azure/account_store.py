"""Staying signed in: tokens in the operating system's encrypted store, and whose they are beside it.

Tokens are never written where the operating system cannot encrypt them. What is written in the clear is
azure-identity's authentication record: sign-in name and directory, no secret.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path

from core.azure.clouds import Cloud, host_of

if TYPE_CHECKING:
    from azure.identity import AuthenticationRecord, TokenCachePersistenceOptions

NAME = "pull-doctor"

_KEYS = {
    "tenant_id": "tenantId",
    "client_id": "clientId",
    "authority": "authority",
    "home_account_id": "homeAccountId",
    "username": "username",
}
"""The parts of a record, and how azure-identity's `serialize` names them."""


@dataclass(frozen=True, slots=True)
class AccountStore:
    """Where tokens (`cache`) and records (`folder`) of finished browser sign-ins are kept."""

    cache: TokenCachePersistenceOptions
    folder: Path

    def load(self, cloud: Cloud, tenant: str | None) -> AuthenticationRecord | None:
        """Whose tokens the store has for this cloud and tenant, or None.

        A file that cannot be read counts as none: the user signs in again.
        """
        from azure.identity import AuthenticationRecord

        try:
            kept = json.loads(self._file(cloud, tenant).read_text(encoding="utf-8"))
            names = {name: str(kept[key]) for name, key in _KEYS.items()}
        except (OSError, ValueError, KeyError, TypeError):
            return None
        # azure-identity takes "localhost:8443" for a URL with the scheme "localhost"; it takes a whole URL, too.
        authority = f"https://{names.pop('authority')}"
        if host_of(authority) != host_of(cloud.authority):
            return None
        return AuthenticationRecord(authority=authority, **names)

    def save(self, cloud: Cloud, tenant: str | None, record: AuthenticationRecord) -> None:
        """Remember whose tokens are in the store. Raises OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file(cloud, tenant).write_text(record.serialize(), encoding="utf-8")

    def forget(self, cloud: Cloud, tenant: str | None) -> None:
        """Forget the account, so that the next sign-in asks again."""
        self._file(cloud, tenant).unlink(missing_ok=True)

    def _file(self, cloud: Cloud, tenant: str | None) -> Path:
        label = "".join(letter if letter.isalnum() else "-" for letter in f"{cloud.name}-{tenant or 'home'}".lower())
        return self.folder / f"account-{label[:100]}.json"


def encrypted_store() -> AccountStore | None:
    """The store of this computer's user, or None where the operating system has no encrypted one.

    Windows has one (DPAPI) and macOS (Keychain); Linux where libsecret and its Python binding work.
    """
    from azure.identity import TokenCachePersistenceOptions
    from msal_extensions import build_encrypted_persistence  # type: ignore[import-untyped]

    with tempfile.TemporaryDirectory() as folder:
        try:
            build_encrypted_persistence(str(Path(folder) / "probe"))
        except (ImportError, OSError, RuntimeError, ValueError):
            return None
    return AccountStore(TokenCachePersistenceOptions(name=NAME), user_data_path(NAME, appauthor=False))
