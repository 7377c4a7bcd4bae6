"""Does the image point at the picked registry?

https://learn.microsoft.com/azure/container-registry/container-registry-endpoint-reference
https://learn.microsoft.com/azure/container-registry/container-registry-get-started-portal#configure-domain-name-label-dnl-option
"""

from __future__ import annotations

from core.checks.check import Check
from core.checks.fix_values import registry_values
from core.checks.image.host import Place, place
from core.checks.image.near import nearest
from core.checks.image.parse import correct, find_mistake, is_host, is_masked
from core.checks.image.wording import one_line, set_image
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.image import ImageRepository
from core.facts.image_name import DEFAULT_REGISTRY, MCR, Parts, split
from core.facts.registry import KnownRegistry, NameAvailability, Registry, RegistryNames
from core.facts.resource_id import same_id
from core.model import Branch, Certainty, Evidence, FixRef, Status, Verdict


def evaluate(
    choice: Choice,
    cloud: CloudNames,
    registry: Fact[Registry],
    registry_names: Fact[RegistryNames | None],
    name_availability: Fact[NameAvailability | None],
    cluster: Fact[Cluster],
    namesake_repository: Fact[ImageRepository | None],
) -> Verdict:
    """Compare the host of the image with the login server, and say what the host is if it is another one.

    Another name is proposed for a slip of the pen, or where the picked registry has a repository of that name.
    Who else has that name only sharpens the sentence: any host but the login server is the wrong one. The images of
    AKS itself are named for Microsoft's registry; a network-isolated cluster asks its bootstrap registry for them.
    """
    if choice.image is None or not choice.image.strip():
        return Verdict(Status.NOT_APPLICABLE, "no-image")
    parts = split(choice.image)
    if not _tells_host(parts, choice.image_from_text):
        return Verdict(Status.NOT_APPLICABLE, "no-host")
    if not isinstance(registry, Known):
        return unknown(registry, (Evidence("image-host", one_line(parts.host or DEFAULT_REGISTRY)),))
    picked = registry.value
    where = place(parts, picked, cloud)
    known = _known(parts, registry_names)
    values = {
        "host": one_line(where.host),
        "login_server": picked.login_server,
        "registry_name": picked.name,
        "cloud": cloud.name,
        "suffix": cloud.registry_suffix,
    }
    evidence = (Evidence("image-host", one_line(where.host)), Evidence("login-server", picked.login_server))
    if where.reason in ("same", "regional-endpoint"):
        status = Status.PASS if where.reason == "same" else Status.WARNING
        return Verdict(status, where.reason, values=values, evidence=evidence)
    if where.host.lower() == MCR and _bootstraps_from(cluster, picked):
        return Verdict(Status.PASS, "bootstrap", values=values, evidence=evidence)
    if where.host.lower() == MCR and not isinstance(cluster, Known):
        return unknown(cluster, evidence)
    more: tuple[Evidence, ...] = ()
    if known is not None:
        reason, meant = "another-registry", None
        more = (Evidence("other-registry", known.id),)
    elif where.reason == "other-registry":
        reason, more, meant = _stranger(where, picked, registry_names, name_availability)
    else:
        reason, meant = where.reason, where.meant
    meant = meant or (picked.login_server if _has(namesake_repository) else None)
    corrected = correct(f"{meant}/{where.rest}") if meant else None
    fixes: tuple[FixRef, ...] = (FixRef("show-login-server", registry_values(picked)),)
    if corrected is not None:
        more = (*more, Evidence("corrected", corrected))
    if meant is not None:
        fixes = (set_image(choice, corrected), *fixes)
    return Verdict(
        Status.FAIL,
        reason,
        certainty=Certainty.DEFINITE,
        values={**values, "meant": meant or picked.login_server},
        evidence=(*evidence, *more),
        fixes=fixes,
    )


def _has(repository: Fact[ImageRepository | None]) -> bool:
    return isinstance(repository, Known) and repository.value is not None


def _bootstraps_from(cluster: Fact[Cluster], registry: Registry) -> bool:
    """Whether the nodes get the images of AKS itself through this registry.

    https://learn.microsoft.com/azure/aks/concepts-network-isolated
    """
    if not isinstance(cluster, Known) or not cluster.value.bootstraps_from_cache:
        return False
    return same_id(cluster.value.bootstrap_registry_id or "", registry.id)


def _tells_host(parts: Parts, from_text: bool) -> bool:
    """Say whether the name tells where the image comes from; a malformed one is image.reference's to judge.

    Only in a text that was pasted can a well-formed name be a mask (`xxx.azurecr.io`).
    """
    if parts.host is None:
        return find_mistake(parts.text) is None and not (from_text and is_masked(parts.text))
    return is_host(parts.host) and not (from_text and is_masked(f"{parts.host}."))


def _known(parts: Parts, names: Fact[RegistryNames | None]) -> KnownRegistry | None:
    if parts.host is None or not isinstance(names, Known) or names.value is None:
        return None
    return names.value.by_login_server.get(parts.host.lower())


def _stranger(
    where: Place,
    registry: Registry,
    names: Fact[RegistryNames | None],
    availability: Fact[NameAvailability | None],
) -> tuple[str, tuple[Evidence, ...], str | None]:
    """Say what is known about a well-formed login server that is nobody's in sight, and which one was meant."""
    visible = names.value.by_login_server if isinstance(names, Known) and names.value is not None else {}
    host = where.host.lower()
    meant = nearest(host, [registry.login_server.lower()]) or nearest(host, visible)
    answer = availability.value if isinstance(availability, Known) else None
    about_it = answer is not None and host.startswith(f"{answer.name.lower()}.")
    free = answer.available if answer is not None and about_it else None
    existence = () if free is None else (Evidence("name-is-free" if free else "name-is-taken", where.host),)
    if meant is not None:
        return "misspelt", existence, meant
    return {True: "no-such-registry", False: "registry-elsewhere", None: "other-registry"}[free], existence, None


CHECK = Check("image.login-server", Branch.IMAGE, evaluate)
