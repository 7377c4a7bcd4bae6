"""Every recorded error answer, through a real SDK client, becomes the right fact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceResponseTimeoutError
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure_answers import SUBSCRIPTION, Answers, SignedIn

from core.azure.errors import AZURE_ERRORS, fact_of_error, role_for
from core.azure.graph import GraphClient
from core.azure.retry import BoundedRetryPolicy
from core.cancel import Cancelled
from core.facts.fact import Denied, Missing, Trouble, Unavailable
from core.practice.http import ConnectionReset, ReadTimeout, Response, arm_error, json_response

RECORDED = Path(__file__).parents[1] / "data" / "payloads"
ASKED = {
    "action": "Microsoft.ContainerRegistry/registries/read",
    "scope": "/subscriptions/a/resourceGroups/b",
    "resource": "contosoreg",
}
MICROSOFT = "72f988bf-86f1-41af-91ab-2d7cd011db47"

TROUBLE_OF_STATUS = {
    400: Trouble.BAD_ANSWER,
    401: Trouble.SIGN_IN,
    409: Trouble.SERVER,
    412: Trouble.BAD_ANSWER,
    429: Trouble.THROTTLED,
    500: Trouble.SERVER,
    502: Trouble.SERVER,
    503: Trouble.SERVER,
    504: Trouble.TIMEOUT,
}
SERVER_DESPITE_404 = {"InvalidResourceType", "ResourceTypeNotSupported"}


class OneTry(BoundedRetryPolicy):
    """The program's own retry policy, but out of tries, so that no test waits."""

    def configure_retries(self, options):
        return super().configure_retries(options) | {"total": 0, "connect": 0, "read": 0, "status": 0}


def recorded(folder):
    return sorted((RECORDED / folder).glob("*.json"), key=lambda path: path.name)


def replay(path):
    recording = json.loads(path.read_text(encoding="utf-8"))["response"]
    body = recording.get("body")
    encoded = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Response(recording["status"], recording["headers"], encoded), body


def arm_fact(answer, **more):
    """The fact of a registry GET that ends in `answer` (a Response or an exception)."""

    def give(request):
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = ContainerRegistryManagementClient(
        SignedIn(), SUBSCRIPTION, transport=Answers(give).transport(), retry_policy=OneTry()
    )
    with pytest.raises(AZURE_ERRORS) as caught:
        client.registries.get("rg-app", "contosoreg")
    return fact_of_error(caught.value, **(ASKED | more))


def test_there_are_recordings():
    assert len(recorded("errors-arm")) > 50
    assert len(recorded("errors-graph")) == 3


@pytest.mark.parametrize("path", recorded("errors-arm"), ids=lambda path: path.stem)
def test_recorded_arm_errors(path):
    answer, body = replay(path)
    fact = arm_fact(answer)
    code = ((body.get("error") or body) if isinstance(body, dict) else {}).get("code")
    if answer.status == 403:
        assert isinstance(fact, Denied)
        if code == "AuthorizationFailed":
            assert fact.action in body["error"]["message"]
            assert fact.action != ASKED["action"]
            assert fact.scope in body["error"]["message"]
        else:
            assert (fact.action, fact.scope) == (ASKED["action"], ASKED["scope"])
    elif answer.status == 404 and code not in SERVER_DESPITE_404:
        assert fact == Missing("contosoreg")
    else:
        assert isinstance(fact, Unavailable)
        assert fact.trouble is TROUBLE_OF_STATUS.get(answer.status, Trouble.SERVER)
        assert str(answer.status) in fact.detail
        assert "\n" not in fact.detail
        assert len(fact.detail) <= 300


def test_a_subscription_that_the_user_has_no_part_in_says_nothing_about_what_is_in_it():
    message = f"The subscription '{SUBSCRIPTION}' could not be found."
    body = json.dumps({"error": {"code": "SubscriptionNotFound", "message": message}}).encode()
    fact = arm_fact(Response(404, {"content-type": "application/json"}, body))
    assert fact == Denied(ASKED["action"], ASKED["scope"], "Reader")


@pytest.mark.parametrize("path", recorded("errors-graph"), ids=lambda path: path.stem)
def test_recorded_graph_errors(path):
    answer, _ = replay(path)
    fact = graph_fact(answer)
    assert fact == Missing("contosoreg")


@pytest.mark.parametrize("path", recorded("errors-aad"), ids=lambda path: path.stem)
def test_recorded_entra_errors(path):
    answer, body = replay(path)
    fact = arm_fact(answer)
    assert isinstance(fact, Unavailable)
    assert fact.trouble is Trouble.SIGN_IN
    assert fact.detail.startswith(body["error_description"][:20])


def graph_fact(answer):
    from core.azure.clouds import AZURE_PUBLIC

    client = GraphClient(AZURE_PUBLIC, SignedIn(), Answers(lambda request: answer).transport(), "test")
    with pytest.raises(AZURE_ERRORS) as caught:
        client.get("/servicePrincipals/x")
    return fact_of_error(caught.value, **(ASKED | {"action": "Application.Read.All", "scope": "/"}))


def test_graph_that_refuses_names_an_entra_role():
    refusal = json_response(
        {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}, 403
    )
    assert graph_fact(refusal) == Denied("Application.Read.All", "/", "Directory Readers")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"null", b'{"value":', b"[" * 100_000])
def test_graph_that_answers_no_object(body):
    fact = graph_fact(Response(200, {"content-type": "application/json"}, body))
    assert isinstance(fact, Unavailable)
    assert fact.trouble is Trouble.BAD_ANSWER


def test_denied_takes_action_and_scope_from_azures_sentence():
    sentence = (
        "The client 'a@b.c' with object id 'x' does not have authorization to perform action "
        "'Microsoft.ContainerRegistry/registries/listCredentials/action' over scope '/subscriptions/s/rg' "
        "or the scope is invalid."
    )
    assert arm_fact(arm_error(403, "AuthorizationFailed", sentence)) == Denied(
        "Microsoft.ContainerRegistry/registries/listCredentials/action",
        "/subscriptions/s/rg",
        "Contributor",
    )


def test_denied_on_a_linked_scope():
    sentence = (
        "The client has permission to perform action 'a/b/write' on scope '/x'; however, it does not have permission "
        "to perform action(s) 'c/d/action' on the linked scope(s) '/y' (respectively)."
    )
    fact = arm_fact(arm_error(403, "LinkedAuthorizationFailed", sentence))
    assert (fact.action, fact.scope) == ("c/d/action", "/y")


GROUP = "/subscriptions/s/resourceGroups/MC_x"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/r"


def denied_scope(named, asked):
    """The scope of a denial whose sentence names one, of a call that needs its permission on another."""
    sentence = f"The client 'a' does not have authorization to perform action 'a/b/read' over scope '{named}' or ..."
    return arm_fact(arm_error(403, "AuthorizationFailed", sentence), scope=asked).scope


@pytest.mark.parametrize(
    ("named", "grantable"),
    [
        (f"{GROUP}/providers/Microsoft.Compute", GROUP),
        (f"{GROUP}/providers/Microsoft.Compute/", GROUP),
        (f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets", GROUP),
        (f"{REGISTRY}/providers/Microsoft.Authorization", REGISTRY),
        (f"{REGISTRY}/providers/microsoft.authorization/roleAssignments", REGISTRY),
        (f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments/1a2b", REGISTRY),
        ("/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/1a2b", "/subscriptions/s"),
        ("/providers/Microsoft.Authorization/roleDefinitions/1a2b", "/"),
        (REGISTRY, REGISTRY),
        (f"{REGISTRY}/tokens/t", f"{REGISTRY}/tokens/t"),
        (f"{REGISTRY}/tokens", REGISTRY),
        (f"{REGISTRY}/tokens/t/parts/", f"{REGISTRY}/tokens/t"),
        (f"{REGISTRY}/providers/Microsoft.Insights/diagnosticSettings", REGISTRY),
        ("/subscriptions/s/resourceGroups", "/subscriptions/s"),
        ("/subscriptions/s/resourceGroups/providers", "/subscriptions/s/resourceGroups/providers"),
        (
            "/subscriptions/s/resourceGroups/providers/providers/Microsoft.Compute",
            "/subscriptions/s/resourceGroups/providers",
        ),
        ("/providers/Microsoft.Management/managementGroups/m", "/providers/Microsoft.Management/managementGroups/m"),
    ],
)
@pytest.mark.parametrize("asked", [GROUP, "/subscriptions/s"])
def test_the_scope_of_a_denial_is_one_that_a_role_can_be_granted_on(named, grantable, asked):
    assert denied_scope(named, asked) == grantable


def test_a_denial_without_a_scope_names_one_that_a_role_can_be_granted_on_all_the_same():
    assert arm_fact(arm_error(403, "AuthorizationFailed", "no"), scope=f"{REGISTRY}/tokens").scope == REGISTRY


def test_the_scope_of_a_denial_is_spelled_as_it_was_asked_about():
    assert denied_scope(f"{REGISTRY.lower()}/providers/Microsoft.Authorization", REGISTRY) == REGISTRY


def wrong_tenant(header):
    message = (
        "The access token is from the wrong issuer 'https://sts.windows.net/11111111-1111-1111-1111-111111111111/'. "
        f"It must match the tenant 'https://sts.windows.net/{MICROSOFT}/' associated with this subscription."
    )
    return arm_error(401, "InvalidAuthenticationTokenTenant", message, {"www-authenticate": header} if header else {})


@pytest.mark.parametrize(
    "header", ["", f'Bearer authorization_uri="https://login.windows.net/{MICROSOFT}", error="invalid_token"']
)
def test_a_token_of_the_wrong_tenant_names_the_right_one(header):
    fact = arm_fact(wrong_tenant(header))
    assert isinstance(fact, Unavailable)
    assert (fact.trouble, fact.tenant_id) == (Trouble.WRONG_TENANT, MICROSOFT)


def test_a_challenge_of_another_tenant_is_a_wrong_tenant_and_one_of_our_own_a_lapsed_sign_in():
    path = RECORDED / "errors-arm" / "401-authenticationfailed-01.json"
    answer, _ = replay(path)
    foreign = arm_fact(answer, tenant_id="11111111-1111-1111-1111-111111111111")
    assert (foreign.trouble, foreign.tenant_id) == (Trouble.WRONG_TENANT, MICROSOFT)
    assert arm_fact(answer, tenant_id=MICROSOFT.upper()).trouble is Trouble.SIGN_IN


def test_a_403_page_that_is_not_azures_is_no_denial():
    page = Response(403, {"content-type": "text/html"}, b"<html>Blocked by your company</html>")
    fact = arm_fact(page)
    assert fact.trouble is Trouble.BAD_ANSWER
    assert "proxy" in fact.detail


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<html>Sign in to the hotel's network</html>"),
        ("application/json", b""),
        ("application/json", b'{"id": "/subscr'),
        ("application/json", b"\xff\xfe\x00"),
        ("text/plain", b"Forbidden"),
    ],
)
def test_a_200_that_is_no_json_is_a_bad_answer(content_type, body):
    fact = arm_fact(Response(200, {"content-type": content_type}, body))
    assert fact == Unavailable(Trouble.BAD_ANSWER, "The answer was cut off or could not be read.")


def test_a_cut_off_body_is_no_fact():
    fact = arm_fact(Response(200, {"content-type": "application/json", "content-length": "900"}, b'{"id": '))
    assert fact.trouble in (Trouble.BAD_ANSWER, Trouble.CONNECTION)


def test_what_the_network_does():
    assert arm_fact(ReadTimeout("timed out")).trouble is Trouble.TIMEOUT
    assert arm_fact(ConnectionReset("reset")).trouble is Trouble.CONNECTION


def test_a_credential_that_gives_up_is_a_sign_in_trouble():
    fact = fact_of_error(ClientAuthenticationError(message="AADSTS700082: expired"), **ASKED)
    assert fact == Unavailable(Trouble.SIGN_IN, "AADSTS700082: expired")


def test_an_authority_that_cannot_be_reached_is_no_sign_in_trouble():
    error = ClientAuthenticationError(message="Authentication failed")
    error.__cause__ = ServiceRequestError("no route to host")
    assert fact_of_error(error, **ASKED).trouble is Trouble.CONNECTION
    error.__cause__ = ServiceResponseTimeoutError("timed out")
    assert fact_of_error(error, **ASKED).trouble is Trouble.TIMEOUT


def test_cancelled():
    assert fact_of_error(Cancelled(), **ASKED) == Unavailable(Trouble.CANCELLED)


def test_a_fault_of_the_program_is_raised_again():
    with pytest.raises(KeyError):
        fact_of_error(KeyError("x"), **ASKED)


def test_details_hold_no_secrets():
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
    fact = arm_fact(arm_error(500, "Oops", f"Token {token} and client_secret=Canary-1234 and\r\nBearer abcdefgh"))
    for secret in (token, "Canary-1234", "abcdefgh", "\n", "\r"):
        assert secret not in fact.detail


@pytest.mark.parametrize(
    ("action", "role"),
    [
        ("Microsoft.ContainerRegistry/registries/read", "Reader"),
        ("microsoft.authorization/roleassignments/READ", "Reader"),
        ("Microsoft.Authorization/roleAssignments/write", "Role Based Access Control Administrator"),
        ("Microsoft.ContainerRegistry/registries/listCredentials/action", "Contributor"),
        ("Microsoft.ContainerService/managedClusters/runCommand/action", "Contributor"),
        (
            "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
            "Azure Kubernetes Service Cluster User Role",
        ),
        ("Application.Read.All", "Directory Readers"),
        ("GroupMember.Read.All", "Directory Readers"),
    ],
)
def test_roles_that_grant_an_action(action, role):
    assert role_for(action) == role
