"""Are all regional copies of the registry healthy, and may the image have reached them?

https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.checks.check import Check
from core.checks.fix_values import registry_values, retry_values
from core.checks.unread import unknown
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known, Missing
from core.facts.image import ImageManifest, ImageTag
from core.facts.image_name import Wanted
from core.facts.registry import Registry, Replica
from core.facts.told_image import wanted_by_text
from core.model import Branch, Evidence, FixRef, Status, Verdict

REPLICATES_WITHIN = timedelta(minutes=30)
"""For how long after a push a copy may lack it.

Microsoft names no time: a push reaches all copies in the end, and the later the larger the image and the more was
pushed. Users tell of minutes; half an hour allows for a large image.
https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication
"""


def evaluate(
    choice: Choice,
    registry: Registry,
    replications: tuple[Replica, ...],
    cluster: Fact[Cluster],
    image_tag: Fact[ImageTag | None],
    image_manifest: Fact[ImageManifest | None],
    now: datetime,
) -> Verdict:
    """Look at the state of each copy; one that the global name does not lead to is only named.

    When the image was pushed matters to a text that says "not found" alone, and where a pull may be sent to another
    copy than the one that got the push. A copy that is not healthy comes first: no patience helps it.
    """
    if not replications:
        return Verdict(Status.NOT_APPLICABLE, "one-region")
    evidence = tuple(Evidence("replica", _line(replica)) for replica in replications)
    values = {"registry_name": registry.name}
    sick = [replica for replica in replications if (replica.provisioning_state or "Succeeded").lower() != "succeeded"]
    if sick:
        failed = [replica for replica in sick if (replica.provisioning_state or "").lower() in ("failed", "canceled")]
        where = failed or sick
        return Verdict(
            Status.WARNING,
            "failed" if failed else "busy",
            values={**values, "regions": ", ".join(replica.location for replica in where)},
            evidence=evidence,
            fixes=tuple(
                FixRef("inspect-replica", {**registry_values(registry), "region": replica.location})
                for replica in failed
            ),
        )
    healthy = Verdict(Status.PASS, "healthy", values=values, evidence=evidence)
    image = wanted_by_text(choice, registry.login_server, "NOT_FOUND")
    serving = [replica for replica in replications if replica.serves is not False]
    if image is None or len(serving) < 2:
        return healthy
    pushed = _pushed(image, image_tag, image_manifest)
    if isinstance(pushed, Missing):
        return healthy
    if not isinstance(pushed, Known):
        return unknown(pushed, evidence)
    if pushed.value is None:
        return Verdict(Status.UNKNOWN, "push-not-told", values=values, evidence=evidence)
    if now - pushed.value > REPLICATES_WITHIN:
        return healthy
    known = cluster.value if isinstance(cluster, Known) else None
    return Verdict(
        Status.WARNING,
        "on-its-way",
        values={
            **values,
            "pushed_image": f"{image.repository}@{image.digest}"
            if image.digest
            else f"{image.repository}:{image.tag}",
            "age": f"{max(0, round((now - pushed.value).total_seconds() / 60))} min",
            "regions": ", ".join(_sent_to(serving, known)),
        },
        evidence=(
            Evidence("pushed", f"{pushed.value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"),
            *((Evidence("cluster-region", known.location),) if known is not None else ()),
            *evidence,
        ),
        fixes=(FixRef("retry-pull", retry_values(choice, known)),) if known is not None else (),
    )


def _pushed(image: Wanted, tag: Fact[ImageTag | None], manifest: Fact[ImageManifest | None]) -> Fact[datetime | None]:
    """Say when what a pull asks for came into the registry, as the later of the tag and what it stands for.

    A copy that lacks either says "not found". When a tag was last changed is of no use: a lock changes it, too.
    """
    asked: tuple[Fact[ImageTag | None] | Fact[ImageManifest | None], ...] = (
        (manifest,) if image.digest else (tag, manifest)
    )
    for one in asked:
        if not isinstance(one, Known):
            return one
    times = (one.value.created_on for one in asked if isinstance(one, Known) and one.value is not None)
    return Known(max((time for time in times if time is not None), default=None))


def _sent_to(serving: Sequence[Replica], cluster: Cluster | None) -> tuple[str, ...]:
    """Give the regions that the nodes may be sent to: their own where it has a copy, else any."""
    own = tuple(one.location for one in serving if cluster is not None and _same(one.location, cluster.location))
    return own or tuple(one.location for one in serving)


def _same(one: str, other: str) -> bool:
    return one.lower().replace(" ", "") == other.lower().replace(" ", "")


def _line(replica: Replica) -> str:
    told = (replica.provisioning_state, replica.status, "not in use" if replica.serves is False else None)
    return f"{replica.location}: {', '.join(word for word in told if word) or '?'}"


CHECK = Check("registry.geo-replicas", Branch.REGISTRY, evaluate)
