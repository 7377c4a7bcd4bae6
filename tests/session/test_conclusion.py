"""From results to one answer: which failures are causes, in which order, and what is said when there are none.

The session brings the results; here they are made by hand, one rule at a time.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import replace

import pytest
from session_worlds import open_world, result_of

from core.engine.conclusion import Answer, conclude, open_questions, rank
from core.model import Certainty, CheckResult, MissingPermission, Outcome, Status, Symptom, Verdict
from core.symptoms import classify
from core.symptoms.kinds import KINDS
from core.texts import load
from core.tree import TREE

DEFINITE, LIKELY, POSSIBLE = Certainty.DEFINITE, Certainty.LIKELY, Certainty.POSSIBLE
NAMES = {"cluster": "aks-app", "registry": "contosoreg", "image": "contosoreg.azurecr.io/web/api:1.4.2"}

ROLE, SP_ROLE, NODES = "identity.acrpull-role", "identity.sp-role", "identity.node-assignment"
POWER, HEALTH, HOST = "cluster.power-state", "registry.health", "image.login-server"
WRONG = "identity.wrong-principal"


def reason_with_headline(check: str) -> str:
    reasons = load().table("checks")[check]["reasons"]
    return next(reason for reason, sentences in reasons.items() if "headline" in sentences)


def values_for(check: str, reason: str) -> dict[str, str]:
    sentences = load().table("checks")[check]["reasons"][reason].values()
    names = {name for sentence in sentences for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return {name: f"({name})" for name in names - set(NAMES)}


def failed(check: str, certainty: Certainty = DEFINITE, moot: str | None = None) -> CheckResult:
    reason = reason_with_headline(check)
    verdict = Verdict(Status.FAIL, reason, certainty, values=values_for(check, reason))
    return CheckResult(check, verdict, moot)


def ended(check: str, status: Status, reason: str = "x", missing: MissingPermission | None = None) -> CheckResult:
    return CheckResult(check, Verdict(status, reason, missing=missing))


def answer(results: Sequence[CheckResult], symptom: Symptom | None = None, cancelled: bool = False) -> Answer:
    return conclude(results, symptom, TREE, load(), NAMES, cancelled)


def ranked(results: Sequence[CheckResult], symptom: Symptom | None = None) -> list[str]:
    return [cause.check for cause in rank(results, symptom, TREE)]


def test_causes_stand_in_the_order_of_a_pull() -> None:
    assert ranked([failed(ROLE), failed(NODES), failed(POWER), failed(HEALTH)]) == [POWER, HEALTH, NODES, ROLE]


def test_the_registrys_own_firewall_is_met_after_everything_on_the_way_there() -> None:
    on_the_way = ["dns.vnet-link", "net.nsg-aks", "net.firewall-rules"]
    at_the_door = ["network.public-access", "network.ip-rules", "network.service-endpoint"]
    assert ranked([failed(check) for check in (*at_the_door, *on_the_way, ROLE)]) == [*on_the_way, *at_the_door, ROLE]
    text = Symptom("FW_IP", address="20.50.1.10")
    assert ranked([failed("net.firewall-rules"), failed("network.ip-rules")], text)[0] == "network.ip-rules"


def test_every_check_has_one_place_in_a_pull() -> None:
    assert sorted(TREE.in_pull_order()) == sorted(TREE.checks())


def test_the_surer_finding_comes_before_the_earlier_one() -> None:
    results = [failed(POWER, POSSIBLE), failed(NODES, LIKELY), failed(ROLE, DEFINITE)]
    assert ranked(results) == [ROLE, NODES, POWER]


def test_what_the_text_points_at_comes_before_the_surer_finding() -> None:
    results = [failed(POWER, DEFINITE), failed(ROLE, POSSIBLE)]
    assert ranked(results) == [POWER, ROLE]
    assert ranked(results, Symptom("ANON_401", "identity")) == [ROLE, POWER]
    both = [failed(ROLE, POSSIBLE), failed(NODES, LIKELY), failed(POWER)]
    assert ranked(both, Symptom("ANON_401", "identity")) == [NODES, ROLE, POWER]


@pytest.mark.parametrize("name", ["image.reference", HOST])
def test_a_wrong_name_is_the_answer_whatever_else_is_wrong(name: str) -> None:
    results = [failed(name, LIKELY), failed(ROLE, DEFINITE), failed(POWER, DEFINITE)]
    assert ranked(results, Symptom("ANON_401", "identity"))[0] == name
    assert answer(results).conclusion.causes[0] == name


def test_a_moot_failure_is_never_a_cause() -> None:
    results = [failed(ROLE, moot="identity.cross-tenant"), failed("identity.cross-tenant", LIKELY)]
    assert answer(results).conclusion.causes == ("identity.cross-tenant",)
    only = answer([failed(ROLE, moot="identity.cross-tenant")])
    assert only.conclusion.causes == ()
    assert only.conclusion.outcome is Outcome.NO_CAUSE_FOUND


def test_only_failures_are_causes() -> None:
    quiet = [status for status in Status if status is not Status.FAIL]
    results = [ended(check, status) for check, status in zip(TREE.checks(), quiet, strict=False)]
    causes = answer([*results, failed(ROLE)])
    assert causes.conclusion.causes == (ROLE,)
    assert causes.conclusion.outcome is Outcome.CAUSE_FOUND


def test_the_headline_is_that_of_the_first_cause() -> None:
    texts = load()
    one = answer([failed(NODES)])
    assert one.conclusion.headline == texts.headline(NODES, failed(NODES).verdict, NAMES)
    assert one.notes == ()
    two = answer([failed(ROLE), failed(NODES)])
    assert two.conclusion.headline == one.conclusion.headline
    assert two.notes == ()


def test_what_explains_a_failure_says_it_better() -> None:
    texts = load()
    explained = texts.headline(WRONG, failed(WRONG).verdict, NAMES)
    sure = answer([failed(ROLE), failed(WRONG)])
    assert sure.conclusion.causes == (ROLE, WRONG)
    assert sure.conclusion.headline == explained
    assert answer([failed(ROLE), failed(WRONG, LIKELY)]).conclusion.headline != explained
    assert answer([failed(POWER), failed(ROLE), failed(WRONG)]).conclusion.headline != explained


@pytest.mark.parametrize("check", sorted(set(TREE.checks()) - TREE.optional))
def test_what_could_not_be_checked_makes_a_run_inconclusive(check: str) -> None:
    found = answer([ended(check, Status.UNKNOWN), ended(POWER if check != POWER else HEALTH, Status.PASS)])
    assert found.conclusion.outcome is Outcome.INCONCLUSIVE
    assert found.conclusion.headline == load().fill("words", "headlines", "inconclusive", values=NAMES)
    moot = CheckResult(check, Verdict(Status.UNKNOWN, "x"), moot=HEALTH)
    assert answer([moot]).conclusion.outcome is Outcome.NO_CAUSE_FOUND


def test_what_is_optional_is_not_once_the_text_points_at_it() -> None:
    results = [ended("identity.node-image-current", Status.UNKNOWN)]
    assert open_questions(results, TREE, None) == ()
    assert open_questions(results, TREE, Symptom("ANON_401")) == ()
    assert open_questions(results, TREE, Symptom("OAUTH_401")) == tuple(results)


def test_a_text_that_nobody_understands_may_be_about_anything() -> None:
    results = [ended("image.kind", Status.UNKNOWN)]
    assert open_questions(results, TREE, None) == ()
    assert open_questions(results, TREE, Symptom("UNKNOWN")) == tuple(results)


def test_whoever_names_an_image_hears_when_it_could_not_be_looked_at() -> None:
    results = [ended("image.tag", Status.UNKNOWN)]
    for named, outcome in ((False, Outcome.NO_CAUSE_FOUND), (True, Outcome.INCONCLUSIVE)):
        assert conclude(results, None, TREE, load(), NAMES, image_named=named).conclusion.outcome is outcome


@pytest.mark.parametrize("check", sorted(TREE.optional))
def test_what_only_helps_to_read_the_result_does_not(check: str) -> None:
    assert answer([ended(check, Status.UNKNOWN)]).conclusion.outcome is Outcome.NO_CAUSE_FOUND


def test_a_cause_is_an_answer_even_if_something_else_could_not_be_checked() -> None:
    assert answer([failed(ROLE), ended(HEALTH, Status.UNKNOWN)]).conclusion.outcome is Outcome.CAUSE_FOUND


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_error_about_what_is_not_built_is_no_all_clear(kind: str) -> None:
    """Part 3.2 of the decision tree: a text leads into a branch; what is not built of it is said."""
    healthy = [ended(check, Status.PASS) for check in TREE.checks()]
    found = answer(healthy, Symptom(kind))
    opt_in = ("active.", "logs.")
    wanted = {check for check in KINDS[kind].lead.checks if not check.startswith(opt_in)} - set(TREE.checks())
    if not wanted:
        assert found.conclusion.outcome is Outcome.NO_CAUSE_FOUND
        assert found.notes == ()
    else:
        assert found.conclusion.outcome is Outcome.INCONCLUSIVE
        assert found.conclusion.headline == load().fill("words", "headlines", "inconclusive-branch", values=NAMES)
        (note,) = found.notes
        assert all(load().get("words", "areas", check.split(".")[0]) in note for check in wanted)
    assert answer([*healthy, failed(ROLE)], Symptom(kind)).notes == ()


def test_a_name_that_resolves_by_all_that_is_known_may_do_so_again() -> None:
    opened = open_world("healthy-public")
    text = (
        'Failed to pull image "contosoreg.azurecr.io/web/api:1.4.2": dial tcp: lookup contosoreg.azurecr.io on '
        "10.0.0.10:53: server misbehaving"
    )
    opened.choice = replace(opened.choice, symptom=classify(text))
    report = opened.diagnose()
    assert report.symptom is not None
    assert report.symptom.kind == "DNS_FAIL"
    assert report.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    names = {"cluster": "aks-app", "registry": "contosoreg"}
    assert report.conclusion.headline == load().fill("words", "headlines", "nothing-for-the-text", values=names)


def test_what_needs_only_time_is_said_before_other_warnings() -> None:
    opened = open_world("role-fresh")
    report = opened.diagnose()
    wait = result_of(report, "identity.role-propagation")
    assert wait.verdict.status is Status.WARNING
    texts = load()
    earlier, reason = next(
        (check, reason)
        for check in TREE.checks()
        for reason, sentences in texts.table("checks")[check]["reasons"].items()
        if "headline" in sentences and check != wait.check
    )
    other = CheckResult(earlier, Verdict(Status.WARNING, reason, values=values_for(earlier, reason)))
    for results in ([other, wait], [wait, other]):
        assert answer(results).conclusion.headline == texts.headline(wait.check, wait.verdict, NAMES)
    assert answer([other]).conclusion.headline == texts.headline(earlier, other.verdict, NAMES)
    assert answer([other, wait]).conclusion.outcome is Outcome.NO_CAUSE_FOUND


def test_a_warning_is_not_said_above_what_could_not_be_checked() -> None:
    wait = result_of(open_world("role-fresh").diagnose(), "identity.role-propagation")
    found = answer([wait, ended(HEALTH, Status.UNKNOWN)])
    assert found.conclusion.headline == load().fill("words", "headlines", "inconclusive", values=NAMES)


def test_a_cancelled_run_says_so_unless_it_has_its_cause() -> None:
    texts = load()
    cancelled = answer([ended(POWER, Status.PASS), ended(ROLE, Status.NOT_RUN, "cancelled")], cancelled=True)
    assert cancelled.conclusion.outcome is Outcome.INCONCLUSIVE
    assert cancelled.conclusion.headline == texts.get("words", "headlines", "cancelled")
    found = answer([failed(ROLE)], cancelled=True)
    assert found.conclusion.outcome is Outcome.CAUSE_FOUND
    assert found.notes == cancelled.notes == (texts.get("words", "notes", "cancelled"),)


def test_each_missing_permission_is_asked_for_once_however_azure_spells_it() -> None:
    scope = "/subscriptions/s/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/r"
    missing = [
        MissingPermission("Microsoft.Authorization/roleAssignments/read", scope, "Reader"),
        MissingPermission("Microsoft.Authorization/denyAssignments/read", scope.lower(), "Reader"),
        MissingPermission("Application.Read.All", "Microsoft Entra ID", "Directory Readers"),
        MissingPermission("a/read", "/subscriptions/a", "Reader", ("/subscriptions/b",)),
    ]
    results = [
        ended(check, Status.UNKNOWN, "denied", one) for check, one in zip(TREE.checks(), missing, strict=False)
    ]
    notes = answer(results).notes
    assert notes == (
        f"To check the rest, ask for the role Reader on {scope}.",
        "To check the rest, ask for the role Directory Readers on Microsoft Entra ID.",
        "To check the rest, ask for the role Reader on /subscriptions/a, /subscriptions/b.",
    )


def test_a_fault_of_the_program_is_named_as_one() -> None:
    broken = CheckResult(HEALTH, Verdict(Status.UNKNOWN, "unavailable-fault"), fault="Traceback")
    (note,) = answer([broken]).notes
    assert HEALTH in note
    assert "Pull Doctor" in note


@pytest.mark.parametrize(
    ("scenario", "by", "targets"),
    [
        ("cross-tenant-lighthouse", "identity.cross-tenant", {ROLE}),
        ("kubelet-identity-deleted", "identity.kubelet-exists", set()),
        ("kubelet-identity-recreated", "identity.kubelet-exists", {ROLE}),
        ("sp-deleted", "identity.sp-exists", {"identity.sp-credential", SP_ROLE}),
        ("registry-deleted", HEALTH, {ROLE, "identity.cross-tenant", "identity.role-mode", "identity.arm-audience"}),
        ("abac-acrpull-only", "identity.role-mode", {ROLE}),
    ],
)
def test_the_moot_rules_of_the_decision_tree_hold(scenario: str, by: str, targets: set[str]) -> None:
    """Part 3.6, as far as its checks are there."""
    report = open_world(scenario).diagnose()
    assert result_of(report, by).verdict.status is Status.FAIL
    assert result_of(report, by).moot is None
    for target in targets:
        assert result_of(report, target).moot == by
        assert target not in report.conclusion.causes


def test_a_registry_that_is_gone_leaves_the_name_checks() -> None:
    report = open_world("registry-deleted").diagnose()
    for check in ("image.reference", HOST):
        assert result_of(report, check).verdict.status is not Status.NOT_RUN
    for check in (ROLE, "identity.role-mode", "identity.deny-assignments"):
        assert result_of(report, check).verdict.status is Status.NOT_RUN


def test_another_registry_in_the_image_name_hides_no_other_verdict() -> None:
    report = open_world("wrong-login-server").diagnose()
    assert report.conclusion.causes[0] == HOST
    assert result_of(report, ROLE).verdict.status in (Status.PASS, Status.FAIL)
    assert result_of(report, ROLE).moot is None


def test_attaching_is_no_fix_for_a_registry_with_repository_permissions() -> None:
    for scenario in ("abac-acrpull-only", "abac-role-missing"):
        report = open_world(scenario).diagnose()
        keys = {fix.key for result in report.results for fix in result.fixes}
        assert keys
        assert "attach-acr" not in keys
    keys = {fix.key for result in open_world("role-missing").diagnose().results for fix in result.fixes}
    assert "attach-acr" in keys


def test_a_stopped_cluster_lets_the_configuration_be_checked() -> None:
    report = open_world("cluster-stopped").diagnose()
    assert result_of(report, POWER).verdict.status is Status.FAIL
    assert result_of(report, ROLE).verdict.status is Status.PASS


def test_after_a_fix_the_old_text_proves_nothing() -> None:
    healthy = [ended(check, Status.PASS) for check in TREE.checks()]
    found = conclude(healthy, Symptom("NXDOMAIN"), TREE, load(), NAMES, again=True)
    assert (found.conclusion.outcome, found.notes) == (Outcome.NO_CAUSE_FOUND, ())


def test_a_text_whose_checks_all_pass_is_not_contradicted() -> None:
    healthy = [ended(check, Status.PASS) for check in TREE.checks()]
    found = answer(healthy, Symptom("PLUGIN_IMDS"))
    assert found.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    assert found.conclusion.headline == load().fill("words", "headlines", "nothing-for-the-text", values=NAMES)


def test_the_limit_of_the_check_tool_is_told_as_such() -> None:
    texts = load()
    healthy = [ended(check, Status.PASS) for check in TREE.checks()]
    tool = classify("exec /canipull: exec format error\npod default/canipull-1f0b terminated (Error)")
    found = answer(healthy, tool)
    assert found.conclusion.outcome is Outcome.NO_CAUSE_FOUND
    assert found.conclusion.headline == texts.fill("words", "headlines", "check-tool-only", values=NAMES)
    for results in (healthy, [failed(ROLE)], [ended(POWER, Status.UNKNOWN)]):
        assert texts.get("words", "notes", "check-tool") in answer(results, tool).notes
    assert answer(healthy, classify("exec /app: exec format error")).notes == ()


def test_what_a_person_must_judge_is_no_all_clear() -> None:
    results = [ended(check, Status.PASS) for check in TREE.checks() if check != "identity.role-conditions"]
    results.append(CheckResult("identity.role-conditions", Verdict(Status.WARNING, "not-understood")))
    found = answer(results, None)
    assert found.conclusion.outcome is Outcome.INCONCLUSIVE


def test_a_headline_about_some_nodes_names_their_pools() -> None:
    verdict = replace(failed("net.nsg-aks").verdict, values={**failed("net.nsg-aks").verdict.values, "pools": "usr"})
    for pools, subject in ((("sys", "usr"), "Node pool usr of aks-app"), (("usr",), "aks-app")):
        told = conclude([CheckResult("net.nsg-aks", verdict)], None, TREE, load(), NAMES, pools=pools)
        assert told.conclusion.headline.startswith(f"{subject} cannot pull from contosoreg: ")
