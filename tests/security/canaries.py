"""Made-up secrets in the shapes that real ones have, and where they are planted.

Every one holds a part that stands nowhere else, so that also a piece of a secret that got through is found.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from core.practice.world import World

MARK = "kAnArY"

CLIENT_SECRET = f"Xq18Q~{MARK}a1.B2-c3_D4~e5F6g7H8i9J0k1L2m3N4"
SECRET_TEXT = f"Zt98Q~{MARK}b1.B2-c3_D4~e5F6g7H8i9J0k1L2m3N4"
ADMIN_PASSWORD = f"{MARK}c1D2e3F4g5H6i7J8k9L0m1N2o3P4q5R6s7T8+ACRDt4x2Z"
OLD_PASSWORD = f"{MARK}d1=E2f3G4+h5I6/j7K8l9M0n1O2"
REFRESH_TOKEN = f"1.AXoA{MARK}e1-F2g3H4i5J6_k7L8m9N0o1P2q3R4s5T6u7V8w9X0y1Z2a3B4c5D6e7F8"
JWT = f"eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIx{MARK}In0.{MARK}f1-G2h3I4j5K6"
SIGNATURE = f"{MARK}g1H2i3J4k5L6m7N8%2Fo9P0%3D"
CLUSTER_TOKEN = "".join(f"{ord(letter):02x}" for letter in MARK) * 10
_LINE = f"MII{MARK}h1I2j3K4/l5M6n7O8p9Q0r1S2t3U4v5W6x7Y8z9A0b1C2d3E4f5G6h7I8j9K"
PRIVATE_KEY = f"-----BEGIN RSA PRIVATE KEY-----\n{_LINE}\n{_LINE}\n{MARK}==\n-----END RSA PRIVATE KEY-----"
KEY_DATA = base64.b64encode(PRIVATE_KEY.encode()).decode()
DOCKER_AUTH = base64.b64encode(f"contosoreg:{OLD_PASSWORD}".encode()).decode()

SECRETS = (
    CLIENT_SECRET,
    SECRET_TEXT,
    ADMIN_PASSWORD,
    OLD_PASSWORD,
    REFRESH_TOKEN,
    JWT,
    SIGNATURE,
    CLUSTER_TOKEN,
    PRIVATE_KEY,
    KEY_DATA,
    DOCKER_AUTH,
)

KUBECONFIG = f"""
users:
- name: clusterAdmin_rg-app_aks-app
  user:
    client-key-data: {KEY_DATA}
    token: {CLUSTER_TOKEN}
    password: {OLD_PASSWORD}
"""

IN_TEXTS = {
    "bearer": f"Authorization: Bearer {JWT}",
    "bare-jwt": f"the token {JWT} is not valid",
    "headers": f"{{'Authorization': 'Bearer {JWT}', 'Accept': 'application/json'}}",
    "opaque-bearer": f"authorization: bearer {ADMIN_PASSWORD}",
    "basic": f"Authorization: Basic {DOCKER_AUTH}",
    "form": f"grant_type=client_credentials&client_id=x&client_secret={OLD_PASSWORD}&scope=y",
    "encoded-form": "client_secret=" + CLIENT_SECRET.replace("~", "%7E"),
    "refresh-form": f"grant_type=refresh_token&service=contosoreg.azurecr.io&refresh_token={REFRESH_TOKEN}",
    "bare-refresh-token": f"the token {REFRESH_TOKEN} was revoked",
    "token-answer": f'{{"token_type":"Bearer","access_token":"{JWT}","refresh_token":"{REFRESH_TOKEN}"}}',
    "graph": f'{{"passwordCredentials":[{{"displayName":"rbac","secretText":"{OLD_PASSWORD}"}}]}}',
    "bare-client-secret": f"az login --service-principal -u 0000 used {CLIENT_SECRET} as secret",
    "list-credentials": f'{{"username":"r","passwords":[{{"name":"password","value":"{OLD_PASSWORD}"}},'
    f'{{"name":"password2","value":"{ADMIN_PASSWORD}"}}]}}',
    "bare-admin-password": f"docker said {ADMIN_PASSWORD} is wrong",
    "signed-address": f"https://x.blob.core.windows.net/a/docker/b?se=2026&sig={SIGNATURE}&sp=r",
    "login": f"docker login contosoreg.azurecr.io -u contosoreg -p {OLD_PASSWORD}",
    "login-long": f"az acr login --name r --username r --password {OLD_PASSWORD}",
    "kubectl": f"kubectl create secret docker-registry acr '--docker-password={OLD_PASSWORD}'",
    "address": f"https://contosoreg:{OLD_PASSWORD.replace('/', '%2F')}@contosoreg.azurecr.io/v2/",
    "docker-config": f'{{"auths":{{"contosoreg.azurecr.io":{{"username":"r","password":"{OLD_PASSWORD}",'
    f'"auth":"{DOCKER_AUTH}","identitytoken":"{REFRESH_TOKEN}"}}}}}}',
    "docker-secret": f"  .dockerconfigjson: {base64.b64encode(('x' * 60 + OLD_PASSWORD).encode()).decode()}",
    "kubeconfig": KUBECONFIG,
    "key": PRIVATE_KEY,
    "cut-off-key": PRIVATE_KEY[:120],
    "account-key": f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={OLD_PASSWORD};Suffix=y",
}
"""Texts as they stand in pastes, error bodies and exception messages, each with a secret."""


def leaks(text: str, *more: str) -> list[str]:
    """Give the secrets that a text holds, whole or as a telling piece; `more` are secrets of this test alone."""
    found = [secret for secret in (*SECRETS, *more) if secret and secret in text]
    found += re.findall(rf".{{0,30}}{MARK}.{{0,30}}", text)
    for coded in (KEY_DATA, DOCKER_AUTH, CLUSTER_TOKEN):
        pieces = {coded[start : start + 16] for start in range(0, len(coded) - 16, 4)}
        found += [piece for piece in pieces if piece in text]
    found += re.findall(r"eyJ[\w-]{6,}\.[\w-]+", text)
    return found


def plant(world: World) -> None:
    """Put secrets wherever an answer of Azure could hold one, whether it should or not."""
    for one in world.directory.values():
        if one.kind in ("application", "servicePrincipal"):
            for credential in one.body["passwordCredentials"]:
                credential |= {"secretText": SECRET_TEXT, "value": OLD_PASSWORD}
            one.body["keyCredentials"] = [{"key": KEY_DATA, "keyId": "1", "type": "AsymmetricX509Cert"}]
    credentials: dict[str, Any] = {
        "username": "contosoreg",
        "passwords": [{"name": "password", "value": OLD_PASSWORD}, {"name": "password2", "value": ADMIN_PASSWORD}],
    }
    for resource in world.resources.values():
        resource["properties"] |= {
            "credentials": credentials,
            "accessToken": JWT,
            "sasUrl": f"https://x?sig={SIGNATURE}",
        }
        if "agentPoolProfiles" in resource["properties"]:
            resource["properties"] |= {
                "kubeconfigs": [{"name": "clusterAdmin", "value": KEY_DATA}],
                "windowsProfile": {"adminUsername": "azureuser", "adminPassword": OLD_PASSWORD},
            }
            principal = resource["properties"].get("servicePrincipalProfile")
            if principal:
                principal["secret"] = CLIENT_SECRET
        resource.setdefault("tags", {})["note"] = f"password={OLD_PASSWORD}"
