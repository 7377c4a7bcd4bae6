"""The simulated Azure: takes a request, finds out who asks and whether they may, and answers from its world."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from core.practice import (
    arm_authorization,
    arm_authorization_writes,
    arm_compute,
    arm_compute_sizes,
    arm_containerservice,
    arm_containerservice_writes,
    arm_identity,
    arm_network,
    arm_network_actions,
    arm_network_writes,
    arm_private_link_writes,
    arm_providers,
    arm_registry,
    arm_registry_credentials,
    arm_registry_import,
    arm_registry_tokens,
    arm_resource_graph,
    arm_scope_maps,
    arm_subscriptions,
    arm_writes,
    graph,
    graph_writes,
    registry_blobs,
    registry_data,
)
from core.practice.arm_id import parse
from core.practice.call_faults import CallFault, Target, Trouble, authorization_failed, faulty_answer
from core.practice.http import ARM_HOST, GRAPH_HOST, Request, Response, arm_error, json_response
from core.practice.permissions import may
from core.practice.routing import Call, Refused, Route, required
from core.practice.tokens import ARM_AUDIENCES, GRAPH_AUDIENCES, BadToken, Caller, read
from core.practice.world import World

ARM_ROUTES: tuple[Route, ...] = (
    *arm_containerservice.ROUTES,
    *arm_registry.ROUTES,
    *arm_registry_import.ROUTES,
    *arm_authorization.ROUTES,
    *arm_compute.ROUTES,
    *arm_compute_sizes.ROUTES,
    *arm_identity.ROUTES,
    *arm_network_actions.ROUTES,
    *arm_network.ROUTES,
    *arm_resource_graph.ROUTES,
    *arm_subscriptions.ROUTES,
    *arm_providers.ROUTES,
    *arm_authorization_writes.ROUTES,
    *arm_containerservice_writes.ROUTES,
    *arm_writes.ROUTES,
    *arm_private_link_writes.ROUTES,
    *arm_network_writes.ROUTES,
    *arm_registry_credentials.ROUTES,
    *arm_registry_tokens.ROUTES,
    *arm_scope_maps.ROUTES,
)

GRAPH_ROUTES: tuple[Route, ...] = (*graph.ROUTES, *graph_writes.ROUTES)

LOGIN = "https://login.windows.net"


class Simulator:
    """One simulated Azure. Safe to call from several threads.

    `latency` is how many seconds every answer takes. `log` holds every request that was handled, `unknown` those
    whose address the simulator does not know (they got a 501).
    """

    def __init__(self, world: World, call_faults: Sequence[CallFault] = (), latency: float = 0.0) -> None:
        """Answer from `world`; the first fault that hits a call and is not used up is the one that happens."""
        self.world = world
        self.latency = latency
        self.log: list[Request] = []
        self.unknown: list[Request] = []
        self._faults = tuple(call_faults)
        self._left = [fault.times for fault in call_faults]
        self._lock = threading.RLock()

    def handle(self, request: Request) -> Response:
        """Answer one request; raises NoResponse where a fault says that no answer arrives."""
        with self._lock:
            self.log.append(request)
            fault = self._fault_for(request)
        wait = self.latency + (fault.seconds if fault and fault.trouble is Trouble.DELAY else 0.0)
        if wait:
            time.sleep(wait)
        with self._lock:
            honest = self._answer(request)
            return faulty_answer(fault, self._refusal(request), honest) if fault else honest

    def _fault_for(self, request: Request) -> CallFault | None:
        for number, fault in enumerate(self._faults):
            left = self._left[number]
            if left != 0 and fault.hits(request):
                self._left[number] = None if left is None else left - 1
                return fault
        return None

    def _answer(self, request: Request) -> Response:
        try:
            if request.host == ARM_HOST:
                return self._answer_arm(request)
            if request.host == GRAPH_HOST:
                return self._answer_graph(request)
            if (found := registry_data.answer(self.world, request)) is not None:
                return found
        except Refused as refusal:
            return refusal.response
        return self._does_not_know(request)

    def _answer_arm(self, request: Request) -> Response:
        caller = self._arm_caller(request)
        route, args = _find(ARM_ROUTES, request)
        if route is None:
            return self._does_not_know(request)
        self._check_address(request, caller)
        if not route.open:
            action, scope = required(request.method, request.path)
            if not may(self.world, caller.object_id, route.action or action, scope):
                target = Target(caller.name, caller.object_id, route.action or action, scope)
                return authorization_failed(target)
        group = parse(request.path)
        if group.group and f"/subscriptions/{group.subscription}/resourcegroups/{group.group}".lower() not in (
            self.world.groups
        ):
            message = f"Resource group '{group.group}' could not be found."
            return arm_error(404, "ResourceGroupNotFound", message)
        return route.answer(Call(self.world, request, caller, args))

    def _arm_caller(self, request: Request) -> Caller:
        caller = self._caller(request)
        if caller.audience not in ARM_AUDIENCES:
            message = (
                "The access token has been obtained for wrong audience or resource "
                f"'{caller.audience}'. It should exactly match with one of the allowed audiences "
                "'https://management.core.windows.net/','https://management.core.windows.net',"
                "'https://management.azure.com/','https://management.azure.com'."
            )
            raise Refused(_unauthorized("InvalidAuthenticationTokenAudience", message, caller.tenant))
        return caller

    def _caller(self, request: Request) -> Caller:
        header = request.headers.get("authorization", "")
        tenant = self.world.home_tenant
        if not header:
            message = "Authentication failed. The 'Authorization' header is missing."
            why = "The authentication failed because of missing 'Authorization' header."
            raise Refused(_unauthorized("AuthenticationFailed", message, tenant, why))
        try:
            caller = read(self.world, header.removeprefix("Bearer "))
        except BadToken as problem:
            message = "The access token is invalid."
            raise Refused(_unauthorized("InvalidAuthenticationToken", message, tenant)) from problem
        if caller.expires_on <= time.time():
            raise Refused(_expired(caller))
        return caller

    def _check_address(self, request: Request, caller: Caller) -> None:
        if "api-version" not in request.query:
            message = "The api-version query parameter (?api-version=) is required for all requests."
            raise Refused(arm_error(400, "MissingApiVersionParameter", message))
        subscription = parse(request.path).subscription
        if not subscription:
            return
        known = self.world.subscriptions.get(subscription.lower())
        if known is None:
            message = f"The subscription '{subscription}' could not be found."
            raise Refused(arm_error(404, "SubscriptionNotFound", message))
        if known["state"] == "Disabled" and request.method in ("PUT", "PATCH", "DELETE"):
            message = (
                f"The subscription '{subscription}' is disabled and therefore marked as read only. You cannot "
                "perform any write actions on this subscription until it is re-enabled."
            )
            raise Refused(arm_error(409, "ReadOnlyDisabledSubscription", message))
        owner = str(known["tenantId"])
        delegated = {str(manager["tenantId"]) for manager in known["managedByTenants"]}
        if caller.tenant != owner and caller.tenant not in delegated:
            raise Refused(_wrong_tenant(caller.tenant, owner))

    def _answer_graph(self, request: Request) -> Response:
        try:
            caller = self._caller(request)
        except Refused as refusal:
            raise Refused(graph.unauthorized(request, "CompactToken validation failed.")) from refusal
        if caller.audience not in GRAPH_AUDIENCES:
            raise Refused(graph.unauthorized(request, "Access token validation failure. Invalid audience."))
        route, args = _find(GRAPH_ROUTES, request)
        if route is None:
            return self._does_not_know(request)
        return route.answer(Call(self.world, request, caller, args))

    def _refusal(self, request: Request) -> Response:
        """What whoever answers this address says to a caller who may not ask."""
        if request.host == GRAPH_HOST:
            return graph.insufficient(request)
        if registry_data.registry_at(self.world, request.host) is not None:
            return registry_data.refusal(request)
        if request.host != ARM_HOST:
            return registry_blobs.refused(403, "AuthenticationFailed", "Server failed to authenticate the request.")
        try:
            caller = self._caller(request)
        except Refused:
            caller = Caller("", "", "", "")
        action, scope = required(request.method, request.path)
        return authorization_failed(Target(caller.name, caller.object_id, action, scope))

    def _does_not_know(self, request: Request) -> Response:
        self.unknown.append(request)
        message = f"The simulated Azure has no answer for {request.method} {request.url}"
        return json_response({"error": {"code": "SimulatorDoesNotKnow", "message": message}}, 501)


def _find(routes: Sequence[Route], request: Request) -> tuple[Route | None, dict[str, str]]:
    for route in routes:
        args = route.match(request.method, request.path)
        if args is not None:
            return route, args
    return None, {}


def _unauthorized(code: str, message: str, tenant: str, description: str = "") -> Response:
    challenge = (
        f'Bearer authorization_uri="{LOGIN}/{tenant}", error="invalid_token", '
        f'error_description="{description or message}"'
    )
    return arm_error(401, code, message, {"www-authenticate": challenge})


def _expired(caller: Caller) -> Response:
    ended, now = (_us_time(moment) for moment in (caller.expires_on, time.time()))
    message = f"The access token expiry UTC time '{ended}' is earlier than current UTC time '{now}'."
    return _unauthorized("ExpiredAuthenticationToken", message, caller.tenant, "The access token has expired.")


def _us_time(moment: float) -> str:
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S %p}"


def _wrong_tenant(ours: str, theirs: str) -> Response:
    message = (
        f"The access token is from the wrong issuer 'https://sts.windows.net/{ours}/'. It must match the tenant "
        f"'https://sts.windows.net/{theirs}/' associated with this subscription. Please use the authority (URL) "
        f"'{LOGIN}/{theirs}' to get the token. Note, if the subscription is transferred to another tenant there is "
        "no impact to the services, but information about new tenant could take time to propagate (up to an hour). "
        "If you just transferred your subscription and see this error message, please try back later."
    )
    return _unauthorized("InvalidAuthenticationTokenTenant", message, theirs)
