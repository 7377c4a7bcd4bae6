"""The permission algorithm against slower and simpler ones, over made-up roles, scopes and deny assignments."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st
from identity_world import (
    GROUP,
    IN,
    KUBELET,
    MANAGEMENT_GROUP,
    REGISTRY_ID,
    STRANGER,
    SUBSCRIPTION,
    deny,
    grant,
    role,
)

from core.checks.identity.permission import (
    EVERYBODY,
    LEGACY_PULL,
    REPOSITORY_READ,
    Denial,
    Right,
    denial,
    holders,
    holdings,
)
from core.facts.actions import action_matches
from core.facts.fact import Denied, Known
from core.facts.roles import PermissionBlock, RoleAssignment, RoleAssignments, RoleDefinition, RoleDefinitions

REACHING = (
    REGISTRY_ID,
    REGISTRY_ID.upper(),
    f"{IN}/rg-reg",
    f"{IN}/RG-reg/",
    f"/subscriptions/{SUBSCRIPTION}",
    MANAGEMENT_GROUP,
    "/",
)
MISSING_IT = (
    f"{REGISTRY_ID}2",
    f"{REGISTRY_ID}/repositories/web",
    f"{IN}/rg-reg2",
    f"{IN}/rg-app",
    f"/subscriptions/{SUBSCRIPTION[:-1]}",
    "/subscriptions/22222222-2222-2222-2222-222222222222",
)
PATTERNS = (
    "*",
    "*/read",
    "Microsoft.ContainerRegistry/*",
    "microsoft.containerregistry/registries/PULL/read",
    "Microsoft.ContainerRegistry/registries/*/read",
    "Microsoft.ContainerRegistry/registries/pull/write",
    "Microsoft.ContainerRegistry/registries/repositories/content/read",
    "Microsoft.ContainerRegistry/registries/repositories/*",
    "Microsoft.Compute/*",
)

patterns = st.lists(st.sampled_from(PATTERNS), max_size=3).map(tuple)
blocks = st.builds(PermissionBlock, patterns, patterns, patterns, patterns)
roles = st.lists(
    st.tuples(st.lists(blocks, min_size=1, max_size=2), st.booleans(), st.booleans()), min_size=1, max_size=3
)
rights = st.sampled_from([LEGACY_PULL, REPOSITORY_READ])


def slow_match(pattern: str, action: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), action, re.IGNORECASE | re.DOTALL) is not None


@given(st.text("ab/*", max_size=8), st.text("abAB/", max_size=10))
@example("ab*ba", "aba")
def test_wildcards_match_as_a_regular_expression_would(pattern: str, action: str) -> None:
    assert action_matches(pattern, action) is slow_match(pattern, action)


@given(st.sampled_from(PATTERNS), rights)
def test_real_patterns_match_as_a_regular_expression_would(pattern: str, right: Right) -> None:
    assert action_matches(pattern, right.action) is slow_match(pattern, right.action)


def slow_gives(right: Right, role: RoleDefinition) -> bool:
    for block in role.blocks:
        listed = block.data_actions if right.data else block.actions
        without = block.not_data_actions if right.data else block.not_actions
        allows = any(slow_match(one, right.action) for one in listed)
        if allows and not any(slow_match(one, right.action) for one in without):
            return True
    return False


@given(
    roles,
    rights,
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(REACHING + MISSING_IT),
            st.sampled_from([KUBELET, KUBELET.upper(), GROUP]),
        ),
        max_size=5,
    ),
    st.booleans(),
)
def test_holdings_are_the_assignments_that_reach_and_give(
    made: list[tuple[list[PermissionBlock], bool, bool]],
    right: Right,
    given_: list[tuple[int, str, str]],
    groups_expanded: bool,
) -> None:
    definitions = [replace(role(str(n), *parts), custom=custom) for n, (parts, custom, _) in enumerate(made)]
    readable = [not hidden for _, _, hidden in made]
    facts = RoleDefinitions(
        {
            item.guid: Known(item) if readable[n] else Denied("x/read", REGISTRY_ID)
            for n, item in enumerate(definitions)
        }
    )
    items: list[tuple[RoleAssignment, int]] = [
        (grant(definitions[n % len(definitions)], principal, scope), n % len(definitions))
        for n, scope, principal in given_
    ]
    held = holdings(
        right, REGISTRY_ID, KUBELET, RoleAssignments(tuple(item for item, _ in items), groups_expanded), facts
    )
    counted = [(item, n) for item, n in items if groups_expanded or item.principal_id.lower() == KUBELET]
    reaching = [(item, n) for item, n in counted if item.scope in REACHING]
    assert [one.assignment for one in held.grants] == [
        item for item, n in reaching if readable[n] and slow_gives(right, definitions[n])
    ]
    assert [item for item, _ in held.others] == [
        item for item, n in reaching if readable[n] and not slow_gives(right, definitions[n])
    ]
    assert list(held.unread) == [item for item, n in reaching if not readable[n]]
    assert list(held.elsewhere) == [item for item, _ in counted if item.scope in MISSING_IT]
    assert all(one.via_group == (one.assignment.principal_id == GROUP) for one in held.grants)
    assert held.complete is (groups_expanded and not held.unread)


@given(roles, rights)
def test_only_custom_roles_without_the_action_itself_count_as_wildcards(
    made: list[tuple[list[PermissionBlock], bool, bool]], right: Right
) -> None:
    for n, (parts, custom, _) in enumerate(made):
        item = replace(role(str(n), *parts), custom=custom)
        everybody = RoleAssignments((grant(item),))
        found = holders(right, REGISTRY_ID, everybody, RoleDefinitions({item.guid: Known(item)}))
        assert bool(found) is slow_gives(right, item)
        for one in found:
            named = any(
                pattern.lower() == right.action.lower()
                for block in parts
                if slow_gives(right, role("one", block))
                for pattern in (block.data_actions if right.data else block.actions)
            )
            assert one.wildcard is (custom and not named)


principals = st.frozensets(st.sampled_from([KUBELET, GROUP, STRANGER, EVERYBODY]), max_size=3)
groups = st.none() | st.frozensets(st.sampled_from([GROUP, "another"]))


@given(
    rights,
    st.lists(blocks, max_size=2).map(tuple),
    st.sampled_from(REACHING + MISSING_IT),
    st.booleans(),
    principals,
    principals,
    groups,
)
def test_a_denial_is_certain_only_if_groups_cannot_change_it(
    right: Right,
    denied: tuple[PermissionBlock, ...],
    scope: str,
    not_below: bool,
    who: frozenset[str],
    but: frozenset[str],
    of: frozenset[str] | None,
) -> None:
    item = deny(blocks=denied, scope=scope, not_for_child_scopes=not_below, principals=who, excluded_principals=but)
    found = denial(right, REGISTRY_ID, KUBELET.upper(), of, item)

    def denies(membership: frozenset[str]) -> bool:
        me = membership | {KUBELET}
        here = scope.lower() == REGISTRY_ID.lower()
        reaches = scope in REACHING and (here or not not_below)
        caught = EVERYBODY in who or bool(me & who)
        return reaches and slow_gives(right, role("denied", *denied)) and caught and not me & but

    possible = [frozenset[str](), frozenset({GROUP}), frozenset({STRANGER}), frozenset({GROUP, STRANGER})]
    outcomes = {denies(one) for one in ([of] if of is not None else possible)}
    if found is Denial.YES:
        assert outcomes == {True}
    elif found is Denial.NO:
        assert outcomes == {False}
    else:
        assert of is None
