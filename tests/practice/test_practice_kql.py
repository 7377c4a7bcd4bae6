"""The part of the query language that the practice world speaks, and that it refuses the rest."""

from __future__ import annotations

import pytest

from core.practice.kql import QueryError, run, table_of

ROWS = [
    {"id": "1", "name": "aks-app", "type": "t/clusters", "properties": {"state": "Running", "size": {"n": 3}}},
    {"id": "2", "name": "AKS-dev", "type": "t/clusters", "properties": {"state": "Stopped"}},
    {"id": "3", "name": "reg", "type": "t/registries", "properties": {}, "tags": None},
]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("type =~ 'T/Clusters'", "12"),
        ("type == 'T/Clusters'", ""),
        ("type == 't/clusters' and properties.state != 'Stopped'", "1"),
        ("name =~ 'aks-dev' or name == 'reg'", "23"),
        ("name =~ 'reg' or (type =~ 't/clusters' and properties.state =~ 'running')", "13"),
        ("type in~ ('T/Registries', 'T/Clusters')", "123"),
        ("type in ('T/Registries')", ""),
        ("name contains 'KS-'", "12"),
        ("name startswith 'aks'", "12"),
        ("name has 'app'", "1"),
        ("name has 'ap'", ""),
        ("tolower(name) == 'aks-dev'", "2"),
        ('tostring(properties.state) == "Stopped"', "2"),
        ("name !~ 'REG'", "12"),
    ],
)
def test_where(where: str, ids: str) -> None:
    assert "".join(row["id"] for row in run(f"resources | where {where}", ROWS)) == ids


def test_project_renames_and_digs() -> None:
    query = "resources | where id == '1' | project id, properties.state, n=properties.size.n, gone=properties.x.y"
    assert run(query, ROWS) == [{"id": "1", "properties_state": "Running", "n": 3, "gone": None}]


def test_extend_keeps_the_rest() -> None:
    (row,) = run("resources | where id == '1' | extend state=tostring(properties.state)", ROWS)
    assert row == ROWS[0] | {"state": "Running"}


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("name asc", "123"),
        ("name", "321"),
        ("name desc", "321"),
        ("type asc, name desc", "213"),
    ],
)
def test_order(order: str, ids: str) -> None:
    assert "".join(row["id"] for row in run(f"resources | order by {order}", ROWS)) == ids


def test_take() -> None:
    assert len(run("resources | take 2", ROWS)) == 2


def test_table_names_ignore_case() -> None:
    assert table_of(" ResourceContainers | take 1") == "resourcecontainers"


@pytest.mark.parametrize(
    "query",
    [
        "resources | summarize count()",
        "resources | where",
        "resources | where name",
        "resources | where name =~",
        "resources | where name ~ 'x'",
        "resources | where (name == 'x'",
        "resources | where name matches regex 'x'",
        "resources where name == 'x'",
        "resources | project",
        "resources | join (resources) on id",
        "resources | where name == 'x' ;",
        "resources | take many",
    ],
)
def test_the_rest_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        run(query, ROWS)


def test_nothing_is_no_query() -> None:
    with pytest.raises(QueryError):
        table_of("  ")
