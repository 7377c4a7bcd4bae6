"""The tree is whole: every check stands in it once, can be reached, and has its texts."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import core.checks
from core.checks.table import ALL
from core.collect.table import COLLECTORS
from core.model import Status
from core.symptoms.kinds import KINDS
from core.texts import load
from core.tree import TREE

CHECKS = {check.id: check for check in ALL}


def test_every_check_has_one_place_and_every_place_a_check() -> None:
    placed = set(TREE.checks())
    assert not CHECKS.keys() - placed, f"in no lane of core/tree.py: {sorted(CHECKS.keys() - placed)}"
    assert not placed - CHECKS.keys(), f"not in ALL of core/checks/table.py: {sorted(placed - CHECKS.keys())}"
    assert len(TREE.checks()) == len(placed), "a check stands in the lanes of core/tree.py twice"


def test_every_check_that_is_written_is_in_the_table() -> None:
    names = [module.name for module in pkgutil.walk_packages(core.checks.__path__, "core.checks.")]
    written = {name for name in names if hasattr(importlib.import_module(name), "CHECK")}
    listed = {check.evaluate.__module__ for check in ALL}
    assert not written - listed, f"not in ALL of core/checks/table.py: {sorted(written - listed)}"
    assert written == listed
    assert all(importlib.import_module(name).CHECK in ALL for name in written)


def test_every_check_can_be_reached_from_the_entry() -> None:
    reached = {TREE.entry}
    todo = [TREE.entry]
    while todo:
        for edge in TREE.edges_from(todo.pop()):
            if edge.target not in reached:
                reached.add(edge.target)
                todo.append(edge.target)
    missed = set(TREE.checks()) - reached
    assert not missed, f"no edge of core/tree.py leads to {sorted(missed)}"
    assert reached == set(TREE.checks())


def test_no_way_leads_back() -> None:
    def visit(check: str, path: tuple[str, ...]) -> None:
        assert check not in path, " -> ".join((*path, check))
        for edge in TREE.edges_from(check):
            visit(edge.target, (*path, check))

    visit(TREE.entry, ())


def test_every_edge_and_every_rule_names_checks_of_the_tree() -> None:
    known = set(TREE.checks())
    named = {edge.source for edge in TREE.edges} | {edge.target for edge in TREE.edges}
    named |= {moot.by for moot in TREE.moots} | {target for moot in TREE.moots for target in moot.targets}
    assert named | TREE.late | TREE.optional <= known


def test_every_reason_that_an_edge_or_rule_waits_for_has_its_text() -> None:
    reasons = load().table("checks")
    for edge in TREE.edges:
        for reason in edge.reasons or ():
            assert reason in reasons[edge.source]["reasons"], (edge.source, reason)
    for moot in TREE.moots:
        for reason in moot.reasons or ():
            assert reason in reasons[moot.by]["reasons"], (moot.by, reason)


def test_a_failure_ends_no_other_branch_than_its_own() -> None:
    gates = {check for check in CHECKS if not any(Status.FAIL in edge.on for edge in TREE.edges_from(check))}
    ends = {check for check in gates if any(True for _ in TREE.edges_from(check))}
    assert ends == {
        "context.tenant-and-cloud",
        "image.reference",
        "image.login-server",
        "identity.kind",
        "identity.kubelet-present",
        "network.path",
        "identity.sp-exists",
        "secret.in-use",
    }


def test_every_fact_that_a_check_needs_is_collected_or_given() -> None:
    given = {"choice", "cloud", "now"}
    provided = {collect.__name__ for collect in COLLECTORS} | given
    for check in ALL:
        for need in check.needs:
            said = f"{check.id} asks for {need.fact!r}, which no row of core/collect/table.py gives"
            assert need.fact in provided, said


def test_every_collected_fact_is_of_use() -> None:
    used = {need.fact for check in ALL for need in check.needs} | {"cluster_permissions", "registry_permissions"}
    by_fact = {collect.__name__: collect for collect in COLLECTORS}
    todo = list(used & by_fact.keys())
    while todo:
        for need in list(inspect.signature(by_fact[todo.pop()]).parameters)[1:]:
            if need in by_fact and need not in used:
                used.add(need)
                todo.append(need)
    assert set(by_fact) <= used


def test_the_file_of_a_check_is_named_for_it() -> None:
    for check in ALL:
        first, rest = check.id.split(".", 1)
        assert check.evaluate.__module__ == f"core.checks.{first}.{rest.replace('-', '_')}", check.id


def test_the_first_checks_of_every_symptom_are_ids_of_the_decision_tree() -> None:
    words = {check.id.split(".")[0] for check in ALL} | {"secret", "network", "dns", "net", "node", "active", "logs"}
    for kind in KINDS.values():
        for check in kind.lead.checks:
            assert check.split(".")[0] in words, (kind.id, check)
