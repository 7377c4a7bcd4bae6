"""No secret that stands in a pasted text reaches the symptom."""

from __future__ import annotations

import pytest

from core.symptoms import classify
from core.symptoms.mask import mask_secrets

CANARY = "Zq9CanaryValue7x8y"
JWT = f"eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJ{CANARY}.{CANARY}-_x"

LEAKS = {
    "bearer": f"Authorization: Bearer {CANARY}{CANARY}",
    "jwt": f'"access_token":"{JWT}"',
    "bare-jwt": f"token {JWT} was refused",
    "signature": f"https://x.blob.core.windows.net/docker/registry/v2/blobs/sha256/aa/data?se=1&sig={CANARY}%3D&sp=r",
    "amazon": f"https://x.example/data?X-Amz-Credential={CANARY}%2F20250925&X-Amz-Signature={CANARY}",
    "docker-login": f"docker login contosoreg.azurecr.io -u 00000000-0000-0000-0000-000000000000 -p {CANARY}",
    "long-option": f"az acr login --password {CANARY}",
    "kubectl": f"kubectl create secret docker-registry acr --docker-password={CANARY}",
    "json": f'{{"username":"contosoreg","password":"{CANARY}"}}',
    "escaped-json": f'{{\\"username\\":\\"contosoreg\\",\\"password\\":\\"{CANARY}\\"}}',
    "yaml": f"clientSecret: {CANARY}",
    "form": f"grant_type=refresh_token&refresh_token={CANARY}&service=contosoreg.azurecr.io",
    "auth": f'"auths":{{"contosoreg.azurecr.io":{{"auth":"{CANARY}="}}}}',
    "basic": f"Authorization: Basic {CANARY}{CANARY}==",
    "address": f"https://contosoreg:{CANARY}@contosoreg.azurecr.io/v2/",
    "variable": f"AZURE_CLIENT_SECRET={CANARY}",
    "variable-of-ones-own": f"export ACR_PULL_TOKEN={CANARY}",
    "camel-case": f"registryPassword: {CANARY}",
    "hyphenated": f"client-secret: {CANARY}",
    "quoted-with-blanks": f'"password": "correct {CANARY} staple"',
    "quoted-option": f"az acr login --password 'correct {CANARY}'",
    "secret-option": f"acr build --client-secret {CANARY}",
    "glued-option": f"docker login contosoreg.azurecr.io -u contosoreg -p{CANARY}",
    "single-quotes": f"{{'auths': {{'contosoreg.azurecr.io': {{'auth': '{CANARY}='}}}}}}",
    "account-key": f"AccountName=x;AccountKey={CANARY}==;EndpointSuffix=core.windows.net",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
@pytest.mark.parametrize(
    "around",
    [
        "Error response from daemon: {}: unauthorized: authentication required",
        '{}\nFailed to pull image "contosoreg.azurecr.io/a:1": pull QPS exceeded',
        'Failed to pull image "contosoreg.azurecr.io/{}": 403 Forbidden',
        "image: {}",
    ],
    ids=["deciding", "beside", "in-image", "as-image"],
)
def test_no_secret_in_any_field(leak: str, around: str) -> None:
    assert CANARY not in repr(classify(around.replace("{}", leak)))


@pytest.mark.parametrize(
    "text",
    [
        "WARNING! Using --password via the CLI is insecure. Use --password-stdin.",
        "Incorrect username or password provided.",
        "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
        "basic auth is off for this registry",
        "the bearer of this message",
        "secretKeyRef: acr-pull, invalid_token: expired, secret: not found",
        "failed to fetch anonymous token: unexpected status: 401 Unauthorized",
        'WWW-Authenticate: Bearer realm="https://contosoreg.azurecr.io/oauth2/token"',
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask_secrets(text) == text
