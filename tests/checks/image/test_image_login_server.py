from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.checks.check import Check
from core.checks.image.host import SUFFIX_TYPOS
from core.checks.image.login_server import CHECK, evaluate
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.fact import Denied, Fact, Known, Missing, Trouble, Unavailable
from core.facts.image import ImageRepository
from core.facts.registry import KnownRegistry, NameAvailability, Registry, RegistryNames
from core.model import Certainty, Evidence, Status, Verdict

Show = Callable[[Check, Verdict], str]
Judge = Callable[..., Verdict]

OTHER_ID = "/subscriptions/s2/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/fabrikam"
NAMES = RegistryNames(
    {
        "contosoreg.azurecr.io": KnownRegistry("id-1", "contosoreg", "contosoreg.azurecr.io"),
        "fabrikam.azurecr.io": KnownRegistry(OTHER_ID, "fabrikam", "fabrikam.azurecr.io"),
    }
)
VISIBLE = Known(NAMES)
NOT_ASKED = Known(None)


@pytest.fixture
def judge(choice: Choice, cloud: CloudNames, registry: Registry, cluster: Cluster) -> Judge:
    def judged(
        image: str | None,
        *,
        login_server: str = "contosoreg.azurecr.io",
        names: Fact[RegistryNames | None] = VISIBLE,
        availability: Fact[NameAvailability | None] = NOT_ASKED,
        pasted: bool = False,
        unread: Denied | Missing | Unavailable | None = None,
        bootstrap: str | None = None,
        namesake: Fact[ImageRepository | None] = NOT_ASKED,
    ) -> Verdict:
        picked = unread or Known(replace(registry, login_server=login_server))
        named = replace(choice, image=image, image_from_text=pasted)
        source = "Cache" if bootstrap else "Direct"
        asking = replace(cluster, bootstrap_artifact_source=source, bootstrap_registry_id=bootstrap)
        return evaluate(named, cloud, picked, names, availability, Known(asking), namesake)

    return judged


@pytest.mark.parametrize(
    ("image", "status", "reason"),
    [
        (None, Status.NOT_APPLICABLE, "no-image"),
        ("***.azurecr.io/web:1", Status.NOT_APPLICABLE, "no-host"),
        ("***/web:1", Status.NOT_APPLICABLE, "no-host"),
        ("-bad.azurecr.io/web:1", Status.NOT_APPLICABLE, "no-host"),
        ("ContosoReg/web:1", Status.NOT_APPLICABLE, "no-host"),
        ("contosoreg.azurecr.io/web:1", Status.PASS, "same"),
        ("ContosoReg.AzureCR.io:443/web:1", Status.PASS, "same"),
        ("contosoreg.azurecr.io/***", Status.PASS, "same"),
        ("contosoreg.westeurope.geo.azurecr.io/web:1", Status.WARNING, "regional-endpoint"),
        ("contosoreg/web/api:1", Status.FAIL, "bare-name"),
        ("contosoreg:443/web/api:1", Status.FAIL, "bare-name"),
        ("web/api:1", Status.FAIL, "docker-hub"),
        ("nginx", Status.FAIL, "docker-hub"),
        ("contosoreg.azurecr.us/web:1", Status.FAIL, "other-cloud"),
        ("fabrikam.azurecr.cn/web:1", Status.FAIL, "other-cloud"),
        ("contosoreg.azurecr.de/web:1", Status.FAIL, "retired-cloud"),
        ("contosoreg.westeurope.data.azurecr.io/web:1", Status.FAIL, "data-endpoint"),
        ("contosoreg.privatelink.azurecr.io/web:1", Status.FAIL, "privatelink"),
        ("contosoreg.westeurope.data.privatelink.azurecr.io/web:1", Status.FAIL, "privatelink"),
        ("contosoreg-abc123.azurecr.io/web:1", Status.FAIL, "hash-wrong"),
        ("fabrikam.azurecr.io/web:1", Status.FAIL, "another-registry"),
        ("contosorg.azurecr.io/web:1", Status.FAIL, "misspelt"),
        ("fabrikan.azurecr.io/web:1", Status.FAIL, "misspelt"),
        ("contosoregazurecr.io/web:1", Status.FAIL, "misspelt"),
        ("northwind.azurecr.io/web:1", Status.FAIL, "other-registry"),
        ("northwind.westeurope.geo.azurecr.io/web:1", Status.FAIL, "other-registry"),
        ("mcr.microsoft.com/dotnet/runtime:8.0", Status.FAIL, "not-a-registry"),
        ("ghcr.io/contoso/web:1", Status.FAIL, "not-a-registry"),
        ("docker.io/library/nginx:1", Status.FAIL, "not-a-registry"),
        ("localhost/web:1", Status.FAIL, "not-a-registry"),
    ],
)
def test_every_host(judge: Judge, show: Show, image: str | None, status: Status, reason: str) -> None:
    verdict = judge(image)
    assert (verdict.status, verdict.reason) == (status, reason)
    assert verdict.certainty is (Certainty.DEFINITE if status is Status.FAIL else None)
    assert show(CHECK, verdict)
    if status is Status.FAIL:
        assert [fix.key for fix in verdict.fixes][-1] == "show-login-server"


ELSEWHERE = [
    "mcr.microsoft.com/oss/kubernetes/coredns:v1.9.4",
    "nginx:1.27",
    "web/api:1",
    "ghcr.io/contoso/web:1",
    "fabrikam.azurecr.io/web/api:1",
    "northwind.azurecr.io/web/api:1",
    "fabrikam.azurecr.cn/web/api:1",
    "contosoreg.azurecr.de/web/api:1",
]


@pytest.mark.parametrize("image", ELSEWHERE[:-1])
@pytest.mark.parametrize("namesake", [NOT_ASKED, Missing("/r"), Denied("a/read", "/s"), Unavailable(Trouble.TIMEOUT)])
def test_no_name_is_proposed_that_the_registry_is_not_known_to_have(
    judge: Judge, show: Show, image: str, namesake: Fact[ImageRepository | None]
) -> None:
    verdict = judge(image, namesake=namesake)
    assert verdict.status is Status.FAIL
    assert [fix.key for fix in verdict.fixes] == ["show-login-server"]
    assert "corrected" not in [evidence.label for evidence in verdict.evidence]
    assert show(CHECK, verdict)


@pytest.mark.parametrize("image", ELSEWHERE)
def test_a_repository_of_the_picked_registry_may_be_what_is_meant(judge: Judge, show: Show, image: str) -> None:
    verdict = judge(image, namesake=Known(ImageRepository("web/api", True)))
    name = image.removeprefix(f"{image.split('/')[0]}/") if "." in image.split("/")[0] else image
    assert [fix.key for fix in verdict.fixes] == ["set-image", "show-login-server"]
    assert verdict.fixes[0].values["image"] == f"contosoreg.azurecr.io/{name}"
    assert Evidence("corrected", f"contosoreg.azurecr.io/{name}") in verdict.evidence
    assert show(CHECK, verdict)


@pytest.mark.parametrize(
    "image",
    [
        "contosoreg/web/api:1",
        "contosoreg.azureacr.io/web/api:1",
        "contosorg.azurecr.io/web/api:1",
        "contosoreg.azurecr.us/web/api:1",
        "contosoreg.azurecr.de/web/api:1",
        "contosoreg-abc123.azurecr.io/web/api:1",
        "contosoreg.westeurope.data.azurecr.io/web/api:1",
    ],
)
def test_a_slip_of_the_pen_is_corrected_whatever_is_known(judge: Judge, image: str) -> None:
    fix = judge(image, namesake=Denied("a/read", "/s")).fixes[0]
    assert (fix.key, fix.values["image"]) == ("set-image", "contosoreg.azurecr.io/web/api:1")


def test_only_in_a_pasted_text_can_a_host_be_a_mask(judge: Judge) -> None:
    assert judge("xxx.azurecr.io/web:1", pasted=True).reason == "no-host"
    assert judge("***.azurecr.io/web:1", pasted=True).reason == "no-host"
    assert judge("xxx.azurecr.io/web:1").status is Status.FAIL
    assert judge("nginx<x>").reason == "no-host"


UNREAD = [Missing("/x"), Denied("a/read", "/s"), Unavailable(Trouble.TIMEOUT)]


@pytest.mark.parametrize("unread", UNREAD)
def test_without_a_host_the_registry_does_not_matter(judge: Judge, unread: Denied | Missing | Unavailable) -> None:
    assert judge(None, unread=unread).reason == "no-image"
    assert judge("-bad.azurecr.io/web:1", unread=unread).reason == "no-host"


@pytest.mark.parametrize("unread", UNREAD)
def test_a_host_has_nothing_to_be_compared_with(
    judge: Judge, show: Show, unread: Denied | Missing | Unavailable
) -> None:
    verdict = judge("contosoreg.azurecr.io/web:1", unread=unread)
    assert verdict.status is Status.UNKNOWN
    assert Evidence("image-host", "contosoreg.azurecr.io") in verdict.evidence
    assert show(CHECK, verdict)


@pytest.mark.parametrize("suffix", sorted(SUFFIX_TYPOS | {"azurecr.ioo", "azrecr.io"}))
def test_misspelt_endings_are_corrected(judge: Judge, show: Show, suffix: str) -> None:
    own = judge(f"contosoreg.{suffix}/web/api:1.4.2")
    assert own.reason == "suffix-typo"
    assert own.fixes[0].values["image"] == "contosoreg.azurecr.io/web/api:1.4.2"
    other = judge(f"northwind.{suffix}/web/api:1.4.2")
    assert other.reason == "suffix-typo"
    assert other.fixes[0].values["image"] == "northwind.azurecr.io/web/api:1.4.2"
    assert "northwind.azurecr.io" in show(CHECK, other)


def test_the_hash_of_a_login_server_is_part_of_it(judge: Judge, show: Show) -> None:
    hashed = "contosoreg-exfrbuffaye7ceag.azurecr.io"
    assert judge(f"{hashed}/web:1", login_server=hashed).status is Status.PASS
    missing = judge("contosoreg.azurecr.io/web:1", login_server=hashed, names=Known(RegistryNames({})))
    assert missing.reason == "hash-missing"
    assert missing.fixes[0].values["image"] == f"{hashed}/web:1"
    assert show(CHECK, missing)
    wrong = judge("contosoreg-a1b2.azurecr.io/web:1", login_server=hashed)
    assert wrong.reason == "hash-wrong"
    bare = judge("contosoreg/web:1", login_server=hashed)
    assert bare.fixes[0].values["image"] == f"{hashed}/web:1"


def test_a_registry_that_can_be_seen_is_named_before_a_guess(judge: Judge) -> None:
    hashed = "contosoreg-exfrbuffaye7ceag.azurecr.io"
    verdict = judge("contosoreg.azurecr.io/web:1", login_server=hashed)
    assert verdict.reason == "another-registry"
    assert "id-1" in [evidence.value for evidence in verdict.evidence]


@pytest.mark.parametrize(
    ("host", "available", "reason"),
    [
        ("northwind", True, "no-such-registry"),
        ("northwind", False, "registry-elsewhere"),
        ("contosorg", True, "misspelt"),
        ("contosorg", False, "misspelt"),
    ],
)
def test_whether_the_name_is_taken(judge: Judge, show: Show, host: str, available: bool, reason: str) -> None:
    verdict = judge(f"{host}.azurecr.io/web:1", availability=Known(NameAvailability(host, available)))
    assert (verdict.status, verdict.reason) == (Status.FAIL, reason)
    labels = [evidence.label for evidence in verdict.evidence]
    assert ("name-is-free" if available else "name-is-taken") in labels
    assert show(CHECK, verdict)


def test_an_answer_about_another_name_tells_nothing(judge: Judge) -> None:
    verdict = judge("northwind.azurecr.io/web:1", availability=Known(NameAvailability("other", True)))
    assert verdict.reason == "other-registry"


@pytest.mark.parametrize("refused", [Denied("a/read", "/s"), Unavailable(Trouble.TIMEOUT)])
def test_refused_look_ups_do_not_change_the_verdict(judge: Judge, refused: Denied | Unavailable) -> None:
    verdict = judge("northwind.azurecr.io/web:1", names=refused, availability=refused)
    assert (verdict.status, verdict.reason) == (Status.FAIL, "other-registry")
    assert judge("contosoreg.azurecr.io/web:1", names=refused, availability=refused).status is Status.PASS


def test_the_name_in_front_is_not_repeated(judge: Judge) -> None:
    assert judge("contosoreg/web/api:1").fixes[0].values["image"] == "contosoreg.azurecr.io/web/api:1"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=60), st.text("aA:/@.-<*$ [\x00\u202e'\"", max_size=30)))
def test_any_text_gets_a_verdict_that_can_be_shown(judge: Judge, show: Show, text: str) -> None:
    verdict = judge(text)
    assert "\u202e" not in show(CHECK, verdict)


def test_images_of_aks_come_through_the_bootstrap_registry(judge: Judge, registry: Registry, show: Show) -> None:
    verdict = judge("mcr.microsoft.com/oss/kubernetes/pause:3.9", bootstrap=registry.id.upper())
    assert (verdict.status, verdict.reason) == (Status.PASS, "bootstrap")
    assert show(CHECK, verdict)
    for elsewhere in (None, OTHER_ID):
        assert judge("mcr.microsoft.com/oss/kubernetes/pause:3.9", bootstrap=elsewhere).status is Status.FAIL
    assert judge("ghcr.io/team/app:1", bootstrap=registry.id).status is Status.FAIL


def test_an_image_of_aks_is_nobodys_while_the_cluster_is_not_read(
    choice: Choice, cloud: CloudNames, registry: Registry
) -> None:
    unread = Denied("Microsoft.ContainerService/managedClusters/read", "/subscriptions/s")
    for image, status in (("mcr.microsoft.com/pause:3.9", Status.UNKNOWN), ("ghcr.io/team/app:1", Status.FAIL)):
        named = replace(choice, image=image)
        assert evaluate(named, cloud, Known(registry), VISIBLE, NOT_ASKED, unread, NOT_ASKED).status is status
