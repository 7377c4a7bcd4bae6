"""The names that commands are filled with: what the text tells stands there, and only that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.checks.fix_values import namespace_of, told_image_values
from core.facts.choice import Choice
from core.model import Symptom

NOT_TOLD = ("<login-server>", "<repository>", "<tag>")


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("contosoreg.azurecr.io/shop/cart:5.3.0", ("contosoreg.azurecr.io", "shop/cart", "5.3.0")),
        ("ContosoReg.azurecr.io/shop/cart", ("contosoreg.azurecr.io", "shop/cart", "latest")),
        ("contosoreg-b7gz.azurecr.io/cart:1", ("contosoreg-b7gz.azurecr.io", "cart", "1")),
        ("contosoreg.azurecr.cn/cart@sha256:" + 64 * "a", ("contosoreg.azurecr.cn", "cart", "<tag>")),
        ("contosoreg2.azurecr.io/shop/cart:5.3.0", NOT_TOLD),
        ("contosoreg.example.com/shop/cart:5.3.0", NOT_TOLD),
        ("contosoreg.azurecr.io/shop/***:5.3.0", NOT_TOLD),
        ("shop/cart:5.3.0", NOT_TOLD),
        (None, NOT_TOLD),
    ],
)
def test_the_image_tells_of_a_registry_that_cannot_be_read(
    choice: Choice, image: str | None, told: tuple[str, str, str]
) -> None:
    by_text = replace(choice, image=None, symptom=Symptom("ANON_401", image=image))
    for one in (by_text, replace(choice, image=image)):
        values = told_image_values(one, "contosoreg")
        assert (values["login_server"], values["repository"], values["tag"]) == told


def test_the_namespace_that_was_named_comes_before_the_one_of_the_text(choice: Choice) -> None:
    told = replace(choice, namespace=None, symptom=Symptom("PULL_QPS", namespace="shop"))
    assert namespace_of(told) == "shop"
    assert namespace_of(replace(told, namespace="web")) == "web"
    assert namespace_of(replace(told, symptom=None)) == "<namespace>"
