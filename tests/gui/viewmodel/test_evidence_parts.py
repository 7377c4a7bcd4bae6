"""What was seen, taken apart for the eye."""

import pytest

from core.model import Evidence
from core.texts import Texts
from gui.viewmodel.evidence import HARD_BLANK, JOINER, PartKind, PartView, evidence_view, short_guids, short_ids

GUID = "9672d779-dc3f-5769-8415-a51edd2ee33f"
REGISTRY = "/subscriptions/b1406fe9/resourceGroups/rg-reg/providers/Microsoft.ContainerRegistry/registries/contosoreg"
LABELS = {"seen": "Seen", "command-to-ask": "To find out by hand"}


def parts(value: str, label: str = "seen") -> list[tuple[str, str]]:
    return [
        (part.kind.value, part.whole)
        for part in evidence_view(Evidence(label, value), Texts({"labels": LABELS})).parts
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("aks-app-agentpool", [("name", "aks-app-agentpool")]),
        ("sys: Succeeded, Running, 2", [("name", "sys: Succeeded, Running, 2")]),
        (
            f"AcrPull | this registry | direct | {REGISTRY}",
            [("name", "AcrPull"), ("detail", "this registry · direct"), ("id", REGISTRY)],
        ),
        (
            f"AcrPull | {'c' * 71} | direct | {REGISTRY}",
            [("name", "AcrPull"), ("detail", "direct"), ("id", REGISTRY), ("long", "c" * 71)],
        ),
        (f"{REGISTRY} | {REGISTRY}/x", [("id", REGISTRY), ("id", f"{REGISTRY}/x")]),
        (REGISTRY, [("id", REGISTRY)]),
        (f"A.B/roleAssignments/write ({REGISTRY})", [("name", "A.B/roleAssignments/write"), ("id", REGISTRY)]),
        ("web/Api:1\n    ^", [("marked", "web/Api:1\n    ^")]),
        ("one\ntwo", [("name", "one\ntwo")]),
        ("", [("name", "")]),
    ],
)
def test_names_come_first_then_what_is_told_then_ids(value: str, expected: list[tuple[str, str]]) -> None:
    assert parts(value) == expected


def test_a_command_stays_in_one_piece() -> None:
    command = "az role assignment list | grep /subscriptions/1"
    assert parts(command, "command-to-ask") == [("command", command)]


def test_a_guid_in_what_is_told_is_shown_by_its_ends_and_copied_whole() -> None:
    seen = evidence_view(Evidence("seen", f"aks-app | object id {GUID} | no condition"), Texts({"labels": LABELS}))
    assert seen.parts[1] == PartView(
        PartKind.DETAIL,
        f"object id 9672{JOINER}…{JOINER}e33f{HARD_BLANK}· no condition",
        f"object id {GUID} · no condition",
    )
    assert seen.parts[0].shown == "aks-app"


def test_a_guid_alone_is_the_name_and_stays_whole() -> None:
    seen = evidence_view(Evidence("seen", GUID), Texts({"labels": LABELS}))
    assert seen.parts == (PartView(PartKind.NAME, GUID, GUID),)
    assert short_guids("9672d779-dc3f-5769-8415-a51edd2ee33f1") == "9672d779-dc3f-5769-8415-a51edd2ee33f1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Ask for the role Reader on {REGISTRY}.", "Ask for the role Reader on …/contosoreg."),
        (f"You lack X ({REGISTRY}).", "You lack X (…/contosoreg)."),
        ("/subscriptions/b1406fe9 is over", "/subscriptions/b1406fe9 is over"),
        (
            "Microsoft.A/subscriptions/repositories/content/read",
            "Microsoft.A/subscriptions/repositories/content/read",
        ),
        ("https://sts.windows.net/subscriptions/a/b/", "https://sts.windows.net/subscriptions/a/b/"),
    ],
)
def test_an_id_in_a_sentence_is_shown_by_its_name(text: str, shown: str) -> None:
    assert short_ids(text).replace(f"…/{JOINER}", "…/") == shown
    assert short_ids(text).count(JOINER) == shown.count("…/")
