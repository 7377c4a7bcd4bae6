"""Conditions: reading their text, and what they do to the repository that is pulled."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity_world import (
    ABAC,
    ACRPULL,
    CHOICE,
    CONTENT,
    CUSTOM,
    GROUP,
    HEALTHY,
    HEALTHY_ABAC,
    METADATA,
    NO_KUBELET,
    REGISTRY_ID,
    REPOSITORY_READER,
    Case,
    ask,
    assigned,
    grant,
    prove,
    symptom,
    unreadable,
)

from core.checks.identity import role_conditions
from core.checks.identity.condition import Effect, effect, with_repository
from core.facts.fact import Denied
from core.model import Certainty, Status

CHECK = role_conditions.CHECK
ALLOWS, EXCLUDES = Effect.ALLOWS, Effect.EXCLUDES
NOT_UNDERSTOOD, NEEDS_REPOSITORY = Effect.NOT_UNDERSTOOD, Effect.NEEDS_REPOSITORY

NAME = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]"
GUARD = f"!(ActionMatches{{'{CONTENT}'}}) AND !(ActionMatches{{'{METADATA}'}})"

DOCUMENTED = """
(
 (
  !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})
  AND
  !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/metadata/read'})
 )
 OR
 (
  @Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEqualsIgnoreCase 'nginx'
 )
)
"""


def only(expression: str) -> str:
    """The shape that the portal generates, around one expression."""
    return f"( ( {GUARD} ) OR ( {expression} ) )"


@pytest.mark.parametrize(
    ("condition", "repository", "wanted"),
    [
        (DOCUMENTED, "nginx", ALLOWS),
        (DOCUMENTED, "Nginx", ALLOWS),
        (DOCUMENTED, "nginx/base", EXCLUDES),
        (DOCUMENTED.replace("\n", "\r\n"), "nginx", ALLOWS),
        (DOCUMENTED.replace("\n", ""), "redis", EXCLUDES),
        (only(f"{NAME} StringEquals 'web/api'"), "web/api", ALLOWS),
        (only(f"{NAME} StringEquals 'Web/api'"), "web/api", EXCLUDES),
        (only(f"{NAME} StringNotEquals 'web/api'"), "web/api", EXCLUDES),
        (only(f"{NAME} StringNotEqualsIgnoreCase 'WEB/api'"), "web/ui", ALLOWS),
        (only(f"{NAME} StringStartsWith 'team'"), "team2/x", ALLOWS),
        (only(f"{NAME} StringStartsWith 'team/'"), "team2/x", EXCLUDES),
        (only(f"{NAME} StringStartsWithIgnoreCase 'TEAM/'"), "team/x", ALLOWS),
        (only(f"{NAME} StringNotStartsWith 'team/'"), "team/x", EXCLUDES),
        (only(f"{NAME} StringLike 'web/*'"), "web/api/v2", ALLOWS),
        (only(f"{NAME} StringLike 'web/ap?'"), "web/api", ALLOWS),
        (only(f"{NAME} StringLike 'web/ap?'"), "web/apis", EXCLUDES),
        (only(f"{NAME} StringLike 'web.api'"), "web/api", EXCLUDES),
        (only(f"{NAME} StringLike 'web\\*'"), "web/api", EXCLUDES),
        (only(f"{NAME} StringLike 'web\\*'"), "web*", ALLOWS),
        (only(f"{NAME} StringLikeIgnoreCase 'WEB/*'"), "web/api", ALLOWS),
        (only(f"{NAME} StringNotLike 'web/*'"), "web/api", EXCLUDES),
        (only(f"{NAME} ForAnyOfAnyValues:StringEquals {{'a', 'web/api'}}"), "web/api", ALLOWS),
        (only(f"{NAME} ForAnyOfAnyValues:StringEquals {{'a','b'}}"), "web/api", EXCLUDES),
        (only(f"{NAME} ForAnyOfAnyValues:StringStartsWithIgnoreCase {{ 'X/' ,\n 'Web/' }}"), "web/api", ALLOWS),
        (only(f"{NAME} ForAllOfAllValues:StringLike {{'web/*', '*/api'}}"), "web/api", ALLOWS),
        (only(f"{NAME} ForAllOfAllValues:StringLike {{'web/*', '*/ui'}}"), "web/api", EXCLUDES),
        (only(f"{NAME} StringEquals {{'web/api'}}"), "web/api", ALLOWS),
        (only(f"{NAME} StringEquals 'a' OR {NAME} StringLike 'web*' OR {NAME} StringEquals 'b'"), "web/api", ALLOWS),
        (only(f"{NAME} StringEquals 'a' || {NAME} StringEquals 'b'"), "web/api", EXCLUDES),
        (only(f"{NAME} StringStartsWith 'web/' && {NAME} StringNotEquals 'web/api'"), "web/api", EXCLUDES),
        (only(f"NOT ({NAME} StringEquals 'web/api')"), "web/ui", ALLOWS),
        (only(f"{NAME.lower()} stringequals 'web/api'"), "web/api", ALLOWS),
        (only(f"{NAME.replace('[', ' [ ')} StringEquals 'web/api'"), "web/api", ALLOWS),
        ("((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/write'})) OR "
         f"({NAME} StringEquals 'a'))", "web/api", ALLOWS),
        ("((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/*'})) OR "
         f"({NAME} StringEquals 'a'))", "web/api", EXCLUDES),
        (only(f"{NAME} StringEquals 'web/api'") + "AND" + only(f"{NAME} StringLike '*i'"), "web/api", ALLOWS),
        (only(f"{NAME} StringEquals 'web/api'") + "AND" + only(f"{NAME} StringLike '*x'"), "web/api", EXCLUDES),
        (only(f"{NAME} StringEquals 'a'".replace("@Request", "@Resource")), "a", NOT_UNDERSTOOD),
        (only("@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:x] StringEquals 'a'"), "a", NOT_UNDERSTOOD),
        (only(f"@Environment[x] StringEquals 'a' OR {NAME} StringEquals 'web/api'"), "web/api", ALLOWS),
        (only(f"@Environment[x] StringEquals 'a' AND {NAME} StringEquals 'a'"), "web/api", EXCLUDES),
        (only(f"Exists {NAME}"), "web/api", NOT_UNDERSTOOD),
        (only(f"{NAME} NumericEquals 4"), "web/api", NOT_UNDERSTOOD),
        (only(f"{NAME} StringEquals {{'a', 'b'}}"), "web/api", NOT_UNDERSTOOD),
        (only(f"{NAME} StringLike 'a' AND {NAME} StringLike 'b' OR {NAME} StringLike 'c'"), "c", NOT_UNDERSTOOD),
        (f"({GUARD}", "web/api", NOT_UNDERSTOOD),
        (f"({GUARD}))", "web/api", NOT_UNDERSTOOD),
        ("", "web/api", NOT_UNDERSTOOD),
        ("everything", "web/api", NOT_UNDERSTOOD),
        (only(f"{NAME} StringEquals 'unterminated"), "web/api", NOT_UNDERSTOOD),
        (only(f"{NAME} StringEquals"), "web/api", NOT_UNDERSTOOD),
        (f"!(ActionMatches{{'{CONTENT}'}} AND SubOperationMatches{{'x'}})", "web/api", NOT_UNDERSTOOD),
        ("(" * 5000 + GUARD + ")" * 5000, "web/api", NOT_UNDERSTOOD),
        ("!" * 5000 + GUARD, "web/api", NOT_UNDERSTOOD),
        (DOCUMENTED, None, NEEDS_REPOSITORY),
        (f"!(ActionMatches{{'{METADATA}'}}) OR {NAME} StringEquals 'a'", None, ALLOWS),
    ],
)  # fmt: skip
def test_what_a_condition_does(condition: str, repository: str | None, wanted: Effect) -> None:
    assert effect(condition, CONTENT, repository) is wanted


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*"(){},!", "AND", "OR", NAME, "'a'", "StringEquals"])).map(" ".join)
)
def test_no_text_makes_it_stumble(text: str) -> None:
    assert effect(text, CONTENT, "web/api") in Effect


@given(
    st.sampled_from(["Equals", "StartsWith"]),
    st.lists(st.text("abw/", min_size=1, max_size=4), min_size=1, max_size=4),
    st.text("abw/", min_size=1, max_size=5),
)
def test_names_joined_by_or_mean_the_same_as_a_list(kind: str, names: list[str], repository: str) -> None:
    joined = only(" OR ".join(f"{NAME} String{kind} '{name}'" for name in names))
    listed = only(
        f"{NAME} ForAnyOfAnyValues:String{kind} {{{', '.join(f'{chr(39)}{name}{chr(39)}' for name in names)}}}"
    )
    found = any(repository == name if kind == "Equals" else repository.startswith(name) for name in names)
    wanted = ALLOWS if found else EXCLUDES
    assert effect(joined, CONTENT, repository) is wanted
    assert effect(listed, CONTENT, repository) is wanted


@given(st.text("ab*?", max_size=7), st.text("ab*", max_size=8))
def test_likeness_is_that_of_a_regular_expression(pattern: str, repository: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(letter, letter) for letter in pattern)
    wanted = ALLOWS if re.fullmatch(expression, repository) else EXCLUDES
    assert effect(only(f"{NAME} StringLike '{pattern}'"), CONTENT, repository) is wanted


def test_a_hostile_pattern_does_not_take_long() -> None:
    assert effect(only(f"{NAME} StringLike '{'*a' * 12}b'"), CONTENT, "a" * 60) is EXCLUDES


WEB = only(f"{NAME} StringStartsWith 'web/'")
UI = only(f"{NAME} StringStartsWith 'ui/'")
PASS, WARNING, FAIL, UNKNOWN, NA = Status.PASS, Status.WARNING, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
FIXES = ("widen-condition", "drop-condition")


def abac(*conditions: str | None, **more: Any) -> dict[str, Any]:
    grants = (grant(REPOSITORY_READER, condition=condition, version=None) for condition in conditions)
    return {**HEALTHY, "registry": ABAC, **assigned(*grants, **more)}


def of(image: str | None) -> dict[str, Any]:
    return {"choice": replace(CHOICE, image=image)}


CASES = [
    Case(CHECK, HEALTHY, PASS, "unconditioned"),
    Case(CHECK, HEALTHY_ABAC, PASS, "unconditioned"),
    Case(CHECK, abac(UI, None), PASS, "unconditioned"),
    Case(CHECK, abac(WEB), PASS, "satisfied", shows=("web/api",)),
    Case(CHECK, abac(UI, WEB), PASS, "satisfied"),
    Case(CHECK, {**abac(WEB), **of("CONTOSOREG.azurecr.io/web/api@sha256:00")}, PASS, "satisfied"),
    Case(
        CHECK,
        {**abac(WEB), "choice": replace(symptom("ANON_401", image="contosoreg.azurecr.io/web/api"), image=None)},
        PASS,
        "satisfied",
    ),
    Case(CHECK, abac(UI), FAIL, "repository-excluded", Certainty.DEFINITE, ("web/api", "ui/"), FIXES),
    Case(
        CHECK,
        {**HEALTHY, "registry": ABAC, **assigned(grant(REPOSITORY_READER, condition=UI, version="2.0"))},
        FAIL,
        "repository-excluded",
        Certainty.DEFINITE,
        fixes=FIXES,
    ),
    Case(CHECK, abac(UI, groups_expanded=False), FAIL, "repository-excluded", Certainty.LIKELY, fixes=FIXES),
    Case(
        CHECK,
        {
            **HEALTHY,
            "registry": ABAC,
            **assigned(grant(REPOSITORY_READER, condition=UI), grant(CUSTOM), definitions=unreadable(CUSTOM)),
        },
        FAIL,
        "repository-excluded",
        Certainty.LIKELY,
        fixes=FIXES,
    ),
    Case(CHECK, abac("strange"), WARNING, "not-understood", shows=("strange",)),
    Case(CHECK, abac(UI, "strange"), WARNING, "not-understood"),
    Case(
        CHECK,
        {**HEALTHY, "registry": ABAC, **assigned(grant(REPOSITORY_READER, condition=WEB, version="1.0"))},
        WARNING,
        "not-understood",
    ),
    Case(CHECK, {**abac(WEB), **of(None)}, WARNING, "repository-not-known"),
    Case(CHECK, {**abac(WEB), **of("nginx:1.27")}, WARNING, "repository-not-known"),
    Case(CHECK, {**abac(WEB), **of("otherreg.azurecr.io/web/api:1")}, WARNING, "repository-not-known"),
    Case(CHECK, {**HEALTHY, **assigned(grant(ACRPULL, condition=WEB))}, WARNING, "not-for-this-mode"),
    Case(
        CHECK,
        {**HEALTHY, **assigned(grant(ACRPULL, condition="!(ActionMatches{'Microsoft.Authorization/*'})"))},
        PASS,
        "satisfied",
    ),
    Case(CHECK, {**HEALTHY, **assigned()}, NA, "no-grant"),
    Case(CHECK, {**HEALTHY, **assigned(grant(CUSTOM), definitions=unreadable(CUSTOM))}, UNKNOWN, "denied"),
    Case(CHECK, NO_KUBELET, NA, "no-grant"),
    Case(CHECK, {**HEALTHY, "puller_assignments": Denied("x/read", REGISTRY_ID)}, UNKNOWN, "denied"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_conditions_do_to_the_image(case: Case, show: Any) -> None:
    verdict = ask(case.check, case.world)
    prove(case, verdict)
    assert show(case.check, verdict)


def test_the_commands_change_the_assignment_that_excludes(show: Any) -> None:
    through = grant(REPOSITORY_READER, GROUP, condition=UI, kind="Group")
    verdict = ask(CHECK, {**HEALTHY, "registry": ABAC, **assigned(through)})
    assert verdict.reason == "repository-excluded"
    values = verdict.fixes[1].values
    assert (values["assignment_id"], values["principal_id"], values["principal_type"], values["scope"]) == (
        through.id,
        GROUP,
        "Group",
        REGISTRY_ID,
    )


def test_a_widened_condition_takes_one_repository_more() -> None:
    wider = with_repository("(\n" + UI + "\n)", "web/api")
    assert "\n" not in wider
    for repository, wanted in (("web/api", ALLOWS), ("ui/x", ALLOWS), ("web/apis", EXCLUDES)):
        assert effect(wider, CONTENT, repository) is wanted
    assert effect(wider, "Microsoft.ContainerRegistry/registries/other", "x") is ALLOWS


def test_the_narrow_way_writes_the_same_assignment_with_the_wider_condition() -> None:
    through = grant(REPOSITORY_READER, condition=UI)
    fix = ask(CHECK, {**HEALTHY, "registry": ABAC, **assigned(through)}).fixes[0]
    assert fix.values["assignment_name"] == through.id.split("/")[-1]
    assert fix.values["condition"] == with_repository(UI, "web/api")


def test_a_name_that_no_repository_can_have_gets_into_no_condition() -> None:
    image = "contosoreg.azurecr.io/web'OR'a:1"
    fixes = ask(CHECK, {**abac(UI), **of(image)}).fixes
    assert [fix.key for fix in fixes] == ["drop-condition"]
