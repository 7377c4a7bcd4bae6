"""The transport that really sends: azure-core's, over the session of `core.azure.trust`."""

from __future__ import annotations

from azure.core.pipeline.transport import RequestsTransport

from core.azure.trust import CONNECT_TIMEOUT, READ_TIMEOUT, new_session


def new_transport() -> RequestsTransport:
    """A transport of its own for SDK clients or a credential; whoever makes it closes it.

    Raises `core.azure.trust.BadCertificateFile`.
    """
    return RequestsTransport(
        session=new_session(), session_owner=True, connection_timeout=CONNECT_TIMEOUT, read_timeout=READ_TIMEOUT
    )
