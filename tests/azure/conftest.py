"""A connection whose answers a test makes up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from azure_answers import Answers, SignedIn

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.practice.http import Request, Response


@pytest.fixture
def cancel():
    return CancelToken()


@pytest.fixture
def connect(cancel):
    """`connect(answer)` gives an `Azure` whose requests `answer` answers, and the `Answers`."""
    made = []

    def make(answer: Callable[[Request], Response]) -> tuple[Azure, Answers]:
        answers = Answers(answer)
        azure = Azure(AZURE_PUBLIC, SignedIn(), answers.transport(), cancel)
        made.append(azure)
        return azure, answers

    yield make
    for azure in made:
        azure.close()
