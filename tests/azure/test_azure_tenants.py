"""What a directory is called."""

from __future__ import annotations

import pytest

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.azure.tenants import tenant_name
from core.cancel import Cancelled
from core.practice.base import CONTOSO, base_public
from core.practice.http import ConnectionReset, arm_error, json_response
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport

OTHER = {"tenantId": "00000000-0000-0000-0000-0000000000ff", "displayName": "Fabrikam"}


def test_a_directory_of_the_practice_world(cancel):
    world = base_public()
    simulator = Simulator(world)
    azure = Azure(AZURE_PUBLIC, PracticeCredential(world), PracticeTransport(simulator), cancel)
    assert tenant_name(azure, CONTOSO.upper()) == world.tenants[CONTOSO]["displayName"]
    assert len(simulator.log) == 1
    azure.close()


@pytest.mark.parametrize(
    "answer",
    [
        json_response({"value": [OTHER]}),
        json_response({"value": [OTHER, {"tenantId": CONTOSO}]}),
        json_response({"value": [{"tenantId": CONTOSO, "displayName": 7}]}),
        json_response({"value": [None]}),
        json_response({"value": None}),
        json_response([]),
        arm_error(403, "AuthorizationFailed", "no"),
        arm_error(404, "NotFound", "no"),
    ],
)
def test_a_directory_without_a_name(connect, answer):
    azure, _ = connect(lambda request: answer)
    assert tenant_name(azure, CONTOSO) is None


def test_a_cancel_is_no_missing_name(connect, cancel):
    def broken(request):
        cancel.cancel()
        raise ConnectionReset("reset")

    azure, _ = connect(broken)
    with pytest.raises(Cancelled):
        tenant_name(azure, CONTOSO)
