"""How a URL finds the function that answers it, and what such a function gets to see."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from core.practice.http import ARM_HOST, Json, Request, Response, arm_error, json_response
from core.practice.tokens import Caller
from core.practice.world import World

_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}


class Refused(Exception):
    """The request ends here, with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request on its way to its answer. `args` are the named parts of the path, as written."""

    world: World
    request: Request
    caller: Caller
    args: Mapping[str, str]

    @property
    def api_version(self) -> str:
        """The api-version that was asked for."""
        return self.request.query.get("api-version", "")

    @property
    def filter(self) -> str:
        """The `$filter` expression, or an empty text."""
        return self.request.query.get("$filter", "")

    def body(self) -> Json:
        """The JSON body; refuses what is none as Azure does."""
        try:
            return self.request.json()
        except ValueError as problem:
            message = "The request content was invalid and could not be deserialized."
            raise Refused(arm_error(400, "InvalidRequestContent", message)) from problem


Answer = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """An address pattern and who answers it.

    `template` names path parts in braces; `{scope}` stands for any number of segments. Matching ignores case.
    `open` routes are answered without a check of the caller's permission: they filter or check by themselves.
    `action` names the permission where it does not follow from the address. `only` is what `{set}` may be.
    """

    method: str
    template: str
    answer: Answer
    open: bool = False
    action: str | None = None
    only: str = "[^/]+"

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The named parts of a path that this route answers, or None."""
        if method != self.method:
            return None
        found = _pattern(self.template, self.only).fullmatch(path.rstrip("/"))
        return found.groupdict() if found else None


@cache
def _pattern(template: str, only: str) -> re.Pattern[str]:
    pattern = re.escape(template).replace(r"\{scope\}", "(?P<scope>.*?)")
    pattern = pattern.replace(r"\{set\}", f"(?P<set>{only})")
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern), re.IGNORECASE)


def required(method: str, path: str) -> tuple[str, str]:
    """The action that a resource manager call needs and the scope it is checked at, as the address implies them.

    A path with an odd number of segments behind its namespace names a collection (or an action, for a POST) of the
    resource before it.
    """
    path = path.rstrip("/")
    head, provider, tail = path.rpartition("/providers/")
    if not provider:
        kind = "subscriptions/resourceGroups" if "/resourcegroups" in path.lower() else "subscriptions"
        return f"Microsoft.Resources/{kind}/{_VERBS[method]}", path
    namespace, *segments = tail.split("/")
    action = "/".join([namespace, *segments[::2], "action" if method == "POST" else _VERBS[method]])
    if len(segments) % 2 == 0:
        return action, path
    owner = "/".join([namespace, *segments[:-1]])
    return action, f"{head}/providers/{owner}" if len(segments) > 1 else head or "/"


def page(call: Call, items: list[Json], *, parameter: str = "$skiptoken", empty_last: bool = False) -> Response:
    """One page of a list, with a nextLink where more follows.

    With `empty_last` a list that takes more than one page (any list, where the world says so) ends with an empty one,
    as the lists of AKS do, and the link carries the token under both spellings that AKS uses.
    """
    size = call.world.page_size
    token = call.request.query.get(parameter.lower(), "0")
    start = int(token) if token.isdigit() else 0
    body: Json = {"value": items[start : start + size]}
    stop = start + size
    ends_empty = empty_last and (len(items) > size or call.world.empty_last_pages)
    if stop < len(items) or (ends_empty and start < len(items)):
        path = quote(call.request.path, safe="/")
        link = f"https://{ARM_HOST}{path}?{quote(parameter)}={stop}&api-version={call.api_version}"
        if call.filter:
            link += f"&{quote('$filter')}={quote(call.filter)}"
        body["nextLink"] = link + (f"&{parameter.lstrip('$')}={stop}" if empty_last else "")
    return json_response(body)


def not_found(type_: str, name: str, group: str) -> Response:
    """The resource manager's answer for a resource that does not exist in a group that does."""
    return arm_error(
        404,
        "ResourceNotFound",
        f"The Resource '{type_}/{name}' under resource group '{group}' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )
