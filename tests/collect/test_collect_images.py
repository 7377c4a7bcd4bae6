"""What is read of an image: in few requests, from its own registry only, and what stands there instead of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from collect_answers import choice

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC
from core.cancel import CancelToken
from core.collect import images, manifests
from core.collect.asking import NotRead, outcome_of
from core.collect.clusters import to_cluster
from core.collect.registries import registry as read_registry
from core.facts.fact import Denied, Known, Missing, Trouble, Unavailable
from core.facts.image import DeletedImage, Platform
from core.facts.image_name import Wanted, wanted_of
from core.model import Symptom
from core.practice.base import base_public
from core.practice.faults import deny, set_value
from core.practice.names import SCOPES
from core.practice.registry_contents import Manifest
from core.practice.registry_faults import delete_image, lock, lose_manifest, push
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport

HOST = "contosoreg.azurecr.io"


class Reading:
    """The facts about one image in a world, each read with what it needs, as the engine does it."""

    def __init__(self, world, image):
        self.simulator = Simulator(world)
        self.azure = Azure(AZURE_PUBLIC, PracticeCredential(world), PracticeTransport(self.simulator), CancelToken())
        self.choice = choice(SCOPES["cluster"], SCOPES["registry"], image)
        self.registry = read_registry(self.azure, self.choice)
        self.cluster = to_cluster(world.resources[SCOPES["cluster"].lower()])
        self.simulator.log.clear()
        self.repository = outcome_of(lambda: images.image_repository(self.azure, self.choice, self.registry))
        self.tag = self.of(self.repository, images.image_tag)
        self.manifest = self.of(self.repository, manifests.image_manifest, self.tag)

    def of(self, repository, collect, *more):
        if not isinstance(repository, Known):
            return repository
        return outcome_of(lambda: collect(self.azure, self.choice, self.registry, repository.value, *more))

    def names(self):
        return images.repository_names(self.azure, self.choice, self.registry, self.repository)

    def tags(self):
        return images.tag_names(self.azure, self.choice, self.registry, self.tag)

    def deleted(self):
        return images.deleted_images(self.azure, self.choice, self.registry, self.repository, self.tag, self.manifest)

    def downloads(self, kind="NO_SPACE", told=None):
        asking = replace(self.choice, symptom=Symptom(kind, image=told))
        self.simulator.log.clear()
        return outcome_of(lambda: manifests.image_sizes(self.azure, asking, self.registry, self.manifest.value))

    def sizes(self):
        return manifests.vm_sizes(self.azure, self.choice, self.cluster, self.registry)

    @property
    def paths(self):
        return [f"{one.method} {one.path}" for one in self.simulator.log]


@pytest.fixture
def world():
    return base_public()


@pytest.fixture
def read(world):
    made = []

    def reading(image):
        made.append(Reading(world, image))
        return made[-1]

    yield reading
    for one in made:
        one.azure.close()
        assert not one.simulator.unknown


@pytest.mark.parametrize(
    ("image", "wanted"),
    [
        ("contosoreg.azurecr.io/web/api:1.4.2", Wanted("web/api", "1.4.2", None)),
        ("CONTOSOREG.azurecr.io:443/web/api", Wanted("web/api", "latest", None)),
        (f"contosoreg.azurecr.io/web/api@sha256:{'a' * 64}", Wanted("web/api", None, f"sha256:{'a' * 64}")),
        ("contosodev.azurecr.io/web/api:1.4.2", None),
        ("web/api:1.4.2", None),
        ("contosoreg.azurecr.io/Web/api:1", None),
        ("contosoreg.azurecr.io/web/../api:1", None),
        ("contosoreg.azurecr.io/web/api:", None),
        ("contosoreg.azurecr.io/web/api:1@sha256:short", None),
        ("contosoreg.azurecr.io.evil.example/web/api:1", None),
    ],
)
def test_only_what_the_picked_registry_could_have_is_asked_for(image, wanted):
    assert wanted_of(image, "contosoreg.azurecr.io") == wanted


def test_a_login_server_may_have_a_port():
    assert wanted_of("localhost:5001/web/api:1", "localhost:5001") == Wanted("web/api", "1", None)
    assert wanted_of("localhost:5002/web/api:1", "localhost:5001") is None


@pytest.mark.parametrize("image", [None, "contosodev.azurecr.io/web/api:1.4.2", "evil.example/web/api:1"])
def test_nothing_is_asked_about_an_image_of_somebody_else(read, image):
    reading = read(image)
    assert (reading.repository, reading.tag, reading.manifest) == (Known(None), Known(None), Known(None))
    assert (reading.names(), reading.tags(), reading.deleted(), reading.sizes().architectures) == (None, None, (), {})
    assert reading.paths == []


@pytest.mark.parametrize(
    ("image", "found"),
    [
        (f"{HOST}/web/api:1.4.2", None),
        (None, None),
        ("", None),
        ("ghcr.io/Web/API:1", None),
        ("ghcr.io/web/api:9", "web/api"),
        ("web/api", "web/api"),
        ("mcr.microsoft.com/oss/kubernetes/coredns:v1.9.4", Missing),
    ],
)
def test_an_image_of_somebody_else_may_have_a_namesake_here(read, image, found):
    reading = read(image)
    reading.simulator.log.clear()
    outcome = outcome_of(lambda: images.namesake_repository(reading.azure, reading.choice, reading.registry))
    if found is Missing:
        assert outcome == Missing(f"{HOST}/oss/kubernetes/coredns")
    else:
        assert (outcome.value.name if outcome.value else None) == found
    assert bool(reading.paths) is (found is not None)


def test_a_healthy_image_takes_six_requests(read):
    reading = read(f"{HOST}/web/api:1.4.2")
    assert reading.repository.value.can_read is True
    assert reading.tag.value.name == "1.4.2"
    content = reading.manifest.value.content.value
    assert content.platforms == Known((Platform("linux", "amd64"),))
    assert reading.manifest.value.quarantine_state == "Passed"
    assert (reading.names(), reading.tags(), reading.deleted()) == (None, None, ())
    *in_turn, one, other = (path.partition("?")[0] for path in reading.paths)
    assert [*in_turn, *sorted((one, other))] == [
        "POST /oauth2/exchange",
        "POST /oauth2/token",
        "GET /acr/v1/web/api",
        "GET /acr/v1/web/api/_tags/1.4.2",
        f"GET /acr/v1/web/api/_manifests/{reading.tag.value.digest}",
        f"GET /v2/web/api/manifests/{reading.tag.value.digest}",
    ]


def test_when_it_was_pushed_comes_with_tag_and_manifest(world, read):
    push(world, repository="web/api", tag="2", days_ago=0, minutes_ago=7)
    reading = read(f"{HOST}/web/api:2")
    for found in (reading.tag.value, reading.manifest.value):
        assert 6.9 < (world.now - found.created_on).total_seconds() / 60 < 8


def test_an_index_tells_its_platforms_and_no_attestation(read):
    content = read(f"{HOST}/web/ui:2.1.0").manifest.value.content.value
    assert content.config_type is None
    assert [str(one) for one in content.platforms.value] == ["linux/amd64", "linux/arm64"]


def test_the_version_of_windows_stands_in_the_configuration_only(read):
    platforms = read(f"{HOST}/base/dotnet:8.0-ltsc2022").manifest.value.content.value.platforms
    assert platforms == Known((Platform("windows", "amd64", "", "10.0.20348.2527"),))


def test_a_platform_that_the_registry_does_not_tell_is_in_the_configuration(world, read):
    push(world, repository="web/api", tag="9", platforms=["linux/arm/v7"])
    repository = world.contents[SCOPES["registry"].lower()].repositories["web/api"]
    manifest: Manifest = repository.manifests[repository.tags["9"].digest]
    manifest.os = manifest.architecture = ""
    platforms = read(f"{HOST}/web/api:9").manifest.value.content.value.platforms
    assert platforms == Known((Platform("linux", "arm", "v7"),))


def test_the_size_of_an_image_stands_in_its_manifest(world, read):
    push(world, repository="web/api", tag="2", megabytes=700)
    reading = read(f"{HOST}/web/api:2")
    (size,) = reading.downloads().value
    assert size.platform == Platform("linux", "amd64")
    assert 700_000_000 < size.download.value < 700_001_000
    assert reading.paths == []


def test_the_sizes_of_an_index_stand_in_the_manifests_of_its_images(world, read):
    platforms = ["linux/amd64", "linux/arm64", "linux/s390x"]
    push(world, repository="web/api", tag="2", platforms=platforms, megabytes=700)
    reading = read(f"{HOST}/web/api:2")
    sizes = reading.downloads().value
    assert [str(one.platform) for one in sizes] == platforms[:2]
    assert all(700_000_000 < one.download.value < 700_001_000 for one in sizes)
    assert len(reading.paths) == len(sizes)
    assert all(path.startswith("GET /v2/web/api/manifests/sha256:") for path in reading.paths)


def test_of_a_large_index_a_few_images_are_looked_at(world, read, monkeypatch):
    monkeypatch.setattr(manifests, "MOST_MEMBERS", 1)
    reading = read(f"{HOST}/web/ui:2.1.0")
    assert len(reading.downloads().value) == len(reading.paths) == 1


@pytest.mark.parametrize(
    ("kind", "told"), [("NOT_FOUND", None), ("NO_SPACE", f"{HOST}/web/ui:2.0.1"), ("NO_SPACE", "docker.io/app:1")]
)
def test_no_size_is_asked_for_unless_this_image_found_no_room(read, kind, told):
    reading = read(f"{HOST}/web/ui:2.1.0")
    assert reading.downloads(kind, told) == Known(())
    assert reading.paths == []


def test_one_image_of_an_index_that_cannot_be_read_leaves_the_other(world, read):
    reading = read(f"{HOST}/web/ui:2.1.0")
    stored = world.contents[SCOPES["registry"].lower()].repositories["web/ui"]
    first, second = reading.manifest.value.content.value.members
    del stored.manifests[first[1]]
    gone, there = reading.downloads().value
    assert gone.download == Missing(f"{HOST}/web/ui@{first[1]}")
    assert (gone.platform, there.platform) == (first[0], second[0])
    assert isinstance(there.download, Known)


def test_a_manifest_that_is_locked_tells_no_size(world, read):
    lock(world, repository="web/api", tag="1.4.2", manifest=True)
    assert read(f"{HOST}/web/api:1.4.2").downloads().trouble is Trouble.LOCKED


@pytest.mark.parametrize(
    ("config", "layers", "size"),
    [
        ({"size": 5}, [{"size": 7}, {"size": 0}], 12),
        ({"size": 5}, [{"size": -7}], None),
        ({"size": 5}, [{"size": "7"}], None),
        ({"size": 5}, [{}], None),
        ({"size": True}, [{"size": 7}], None),
        ({"size": 5}, [], None),
        (None, [{"size": 7}], None),
        (None, "layers", None),
    ],
)
def test_a_size_is_told_whole_or_not_at_all(config, layers, size):
    assert manifests._download({"config": config, "layers": layers}) == size


def test_a_chart_has_no_platform(read):
    content = read(f"{HOST}/charts/web:1.4.2").manifest.value.content.value
    assert content.config_type == "application/vnd.cncf.helm.config.v1+json"
    assert content.platforms == Known(())


def test_a_missing_repository_brings_the_names_of_the_others(read):
    reading = read(f"{HOST}/web/apii:1")
    assert reading.repository == Missing(f"{HOST}/web/apii")
    assert reading.names().names == ("base/dotnet", "charts/web", "jobs/report", "web/api", "web/ui")
    assert reading.names().complete
    assert reading.tags() is None


def test_five_thousand_names_are_enough(world, read, monkeypatch):
    monkeypatch.setattr(images, "MOST_NAMES", 3)
    names = read(f"{HOST}/web/apii:1").names()
    assert names.names == ("base/dotnet", "charts/web", "jobs/report")
    assert not names.complete


def test_a_missing_tag_brings_the_newest_others(read):
    reading = read(f"{HOST}/web/api:1.4.3")
    assert reading.tag == Missing(f"{HOST}/web/api:1.4.3")
    assert reading.tags().names == ("1.4.2", "1.4.1", "1.4.0", "1.3.9")
    assert reading.names() is None


def test_a_tag_may_outlive_its_manifest(world, read):
    lose_manifest(world, repository="web/api", tag="1.4.2")
    reading = read(f"{HOST}/web/api:1.4.2")
    assert isinstance(reading.tag, Known)
    assert isinstance(reading.manifest, Missing)


def test_what_was_deleted_is_listed_where_something_is_missing(world, read):
    set_value(world, resource="registry", path="properties.policies.softDeletePolicy.status", value="enabled")
    repository = world.contents[SCOPES["registry"].lower()].repositories["web/api"]
    digest = repository.tags["1.4.2"].digest
    delete_image(world, repository="web/api", tag="1.4.2", kept=True)
    assert read(f"{HOST}/web/api:1.4.2").deleted() == (DeletedImage(digest, "1.4.2"),)
    by_digest = read(f"{HOST}/web/api@{digest}").deleted()
    assert DeletedImage(digest, None) in by_digest
    rummaging = "Microsoft.ContainerRegistry/registries/deleted/read"
    deny(world, name="No", scope="registry", principals=["maria"], actions=[rummaging])
    reading = read(f"{HOST}/web/api:1.4.2")
    with pytest.raises(NotRead) as refused:
        reading.deleted()
    assert refused.value.outcome == Denied(rummaging, reading.registry.id, "Reader")


def test_a_locked_manifest_keeps_its_attributes(world, read):
    lock(world, repository="web/api", tag="1.4.2", manifest=True)
    manifest = read(f"{HOST}/web/api:1.4.2").manifest.value
    assert manifest.can_read is False
    assert manifest.content.trouble is Trouble.LOCKED


def test_a_computer_that_is_not_let_in_knows_nothing(world, read):
    set_value(world, resource="registry", path="properties.publicNetworkAccess", value="Disabled")
    reading = read(f"{HOST}/web/api:1.4.2")
    assert isinstance(reading.repository, Unavailable)
    assert reading.repository.trouble is Trouble.WORKSTATION
    assert reading.manifest == reading.repository


def test_repository_permissions_are_named_where_they_count(world, read):
    set_value(world, resource="registry", path="properties.roleAssignmentMode", value="AbacRepositoryPermissions")
    reading = read(f"{HOST}/web/api:1.4.2")
    assert reading.repository == Denied(
        images.READ_METADATA, reading.registry.id, "Container Registry Repository Reader"
    )
    with pytest.raises(NotRead) as refused:
        reading.names()
    assert refused.value.outcome.role == "Container Registry Repository Catalog Lister"


def test_processors_are_those_of_the_clusters_sizes_whatever_their_casing(world, read):
    set_value(world, resource="cluster", path="properties.agentPoolProfiles.1.vmSize", value="standard_d4pds_v5")
    reading = read(f"{HOST}/web/api:1.4.2")
    assert dict(reading.sizes().architectures) == {"standard_d4s_v5": "amd64", "standard_d4pds_v5": "arm64"}
    assert "location eq 'westeurope'" in reading.simulator.log[-1].query["$filter"]


def test_a_size_may_tell_no_processor():
    sizes = {"name": "x", "capabilities": [{"name": "vCPUs", "value": "4"}, {"name": "CpuArchitectureType"}]}
    assert manifests.to_architecture(sizes) is None
    assert manifests.to_architecture(json.loads('{"capabilities": null}')) is None
