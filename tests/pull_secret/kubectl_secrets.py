"""Secrets as kubectl prints them."""

from __future__ import annotations

import base64
import json
from typing import Any

DOCKER_CONFIG_JSON = "kubernetes.io/dockerconfigjson"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def config(*entries: tuple[str, dict[str, str]]) -> str:
    return json.dumps({"auths": dict(entries)})


def entry(user: str = "shop-pull", password: str = "pass-word-1", **more: str) -> dict[str, str]:
    return {"username": user, "password": password, "auth": b64(f"{user}:{password}"), **more}


def secret(content: str, *, encode: bool = True, type_: str = DOCKER_CONFIG_JSON, **meta: str) -> dict[str, Any]:
    key = ".dockercfg" if type_.endswith("dockercfg") else ".dockerconfigjson"
    names = {"name": "acr-cred", "namespace": "shop", "creationTimestamp": "2025-03-01T08:00:00Z", **meta}
    data = {key: b64(content) if encode else content}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": names, "type": type_, "data": data}
