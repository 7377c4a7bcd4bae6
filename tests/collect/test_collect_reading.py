"""Paths into mappings and objects, and what odd values are read as."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from azure.core.exceptions import DeserializationError
from collect_answers import SUBSCRIPTION, body, connect
from hypothesis import given
from hypothesis import strategies as st

from core.collect.reading import entry, flag, listed, moment, number, part, required, switched_on, text, texts


class Model:
    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)


def test_a_path_goes_through_mappings_and_objects():
    assert part({"a": Model(b={"c": 1})}, "a", "b", "c") == 1
    assert part({"a": None}, "a", "b") is None
    assert part("text", "title") is None
    assert part([1], "count") is None


@pytest.mark.parametrize("odd", [None, 1, True, [], {}, ""])
def test_only_text_is_text(odd):
    assert text({"a": odd}, "a") is None
    with pytest.raises(DeserializationError):
        required({"a": odd}, "a")


@pytest.mark.parametrize("odd", [None, "3", True, [], {}, 3.5])
def test_only_a_whole_number_is_a_number(odd):
    assert number({"a": odd}, "a") is None


def test_a_word_is_no_flag_but_may_be_a_switch():
    assert flag({"a": "true"}, "a") is None
    assert flag({"a": False}, "a") is False
    assert switched_on({"a": "Enabled"}, "a") is True
    assert switched_on({"a": "disabled"}, "a") is False
    assert switched_on({"a": "sideways"}, "a") is None
    assert switched_on({"a": True}, "a") is None


def test_other_things_in_a_list_of_texts_are_left_out():
    assert texts({"a": ["x", None, 1, {"y": 2}]}, "a") == ("x",)
    assert texts({"a": "xyz"}, "a") == ()


def test_a_key_is_found_whatever_its_casing():
    assert entry({"tags": {"AKS-managed-POOLNAME": "one"}}, "tags", "aks-managed-poolName") == "one"
    assert entry({"tags": None}, "tags", "x") is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2022-05-07T06:52:45Z", datetime(2022, 5, 7, 6, 52, 45, tzinfo=UTC)),
        ("2022-08-12T06:52:31.8877679Z", datetime(2022, 8, 12, 6, 52, 31, 887767, tzinfo=UTC)),
        ("2025-04-22T21:54:02.022829+00:00", datetime(2025, 4, 22, 21, 54, 2, 22829, tzinfo=UTC)),
        ("2025-04-22T23:54:02+02:00", datetime(2025, 4, 22, 21, 54, 2, tzinfo=UTC)),
        ("2025-04-22T21:54:02", datetime(2025, 4, 22, 21, 54, 2, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("9999-12-31T23:59:59.9999999Z", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (1660287151, None),
        (None, None),
    ],
)
def test_moments(written, meant):
    assert moment({"a": written}, "a") == meant


def test_no_offset_means_utc_wherever_the_program_runs(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        found = moment({"a": "2025-04-22T21:54:02"}, "a")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found == datetime(2025, 4, 22, 21, 54, 2, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 7), st.integers(-12, 12))
def test_a_moment_is_the_same_at_any_offset_and_precision(when, digits, hours):
    offset = timezone(timedelta(hours=hours))
    try:
        there = when.astimezone(offset)
    except OverflowError:
        return
    fraction = f"{there.microsecond:06d}0"[:digits]
    written = f"{there:%H:%M:%S}" + (f".{fraction}" if digits else "") + f"{there:%z}"[:3] + ":00"
    found = moment({"a": f"{there.year:04d}-{there:%m-%d}T{written}"}, "a")
    assert found is not None
    assert timedelta(0) <= when - found < timedelta(seconds=1)


@pytest.mark.parametrize("odd", [None, "xyz", 5, [None], ["x"], [[]], [1]])
def test_what_is_no_list_of_objects(odd):
    with pytest.raises(DeserializationError):
        listed(odd)


def test_the_page_after_the_last_item_is_empty_and_its_address_has_two_tokens():
    page = body("paged", "managedClusters-list-nextlink-default-setting-01")
    azure, answers = connect({"GET /managedclusters?": [page, {"value": []}]})
    found = listed(azure.container_service(SUBSCRIPTION).managed_clusters.list())
    assert [text(model, "id") for model in found] == [page["value"][0]["id"]]
    assert "skipToken=2838025" in answers.urls()[1]
