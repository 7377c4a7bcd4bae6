"""The address in a pasted error, held to the registry's private endpoints.

Where nodes dial a private address that none of the endpoints has, their DNS holds an old record, whoever keeps it.
"""

from __future__ import annotations

from core.facts.cluster import Cluster
from core.facts.endpoints import PrivateEndpoint
from core.facts.fact import Fact, Known
from core.facts.items import Items
from core.model import Symptom
from core.network.addresses import is_private
from core.network.no_proxy import takes_proxy

_DIALLED = frozenset({"TIMEOUT_443", "TLS_TIMEOUT", "RESET_REFUSED", "BLOB_NET"})
"""The kinds of texts whose address is the one that the registry's name, or that of its layers, resolved to."""


def stray_address(
    symptom: Symptom | None, cluster: Cluster, login_server: str, endpoints: Fact[Items[PrivateEndpoint]]
) -> str | None:
    """Give the private address that nodes dialled for a registry if none of its endpoints has it.

    None where the text names no such address, where a web proxy was dialled, and while any endpoint's addresses could
    not be read.
    """
    if symptom is None or symptom.kind not in _DIALLED or symptom.address is None or not is_private(symptom.address):
        return None
    if (symptom.registry or login_server).lower() != login_server.lower() or takes_proxy(
        cluster.http_proxy, login_server
    ):
        return None
    if not isinstance(endpoints, Known) or any(endpoints.value.unread()):
        return None
    tables = [endpoint.addresses for endpoint in endpoints.value.known()]
    own = {one.address for table in tables if isinstance(table, Known) for one in table.value}
    if not own or not all(isinstance(table, Known) for table in tables):
        return None
    return None if symptom.address in own else symptom.address
