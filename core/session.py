"""One connection to an Azure, real or simulated, and what a person does with it: list, diagnose, check again.

The command line and the window both work through this. Every method blocks and may be called from any thread but
the window's; a cancel makes it return at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from azure.core.credentials import TokenCredential
from azure.core.pipeline.transport import HttpTransport

from core.azure.clients import Azure
from core.azure.clouds import AZURE_PUBLIC, KNOWN_CLOUDS, Cloud, host_of
from core.azure.inventory import Inventory
from core.azure.sign_in import Account
from core.azure.tenants import tenant_name
from core.azure.trust import new_transport
from core.cancel import CancelToken
from core.checks.image.parse import image_reference
from core.checks.table import ALL
from core.collect.table import providers
from core.engine import could_not_check
from core.engine.conclusion import NOT_A_PULL, conclude
from core.engine.walk import Walk
from core.facts.choice import Choice
from core.facts.cloud import CloudNames
from core.facts.cluster import Cluster
from core.facts.fact import Fact, Known
from core.facts.inventory import Listing
from core.facts.registry import Registry
from core.facts.resource_id import ResourceId
from core.facts.subscriptions import Subscriptions
from core.fixes.render import render
from core.model import CheckFinished, CheckResult, Event, Fix, FixRef, Named, Report, RunFinished, RunStarted
from core.practice.scenario import Scenario, build, load_scenario
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.pull_secret.read import read_pull_secrets
from core.symptoms import classify
from core.texts import Texts, load
from core.tree import TREE

CHECKS = {check.id: check for check in ALL}


@dataclass(frozen=True, slots=True)
class Connection:
    """Everything that a signed-in connection is made of; the session closes `transport` and the account."""

    cloud: Cloud
    credential: TokenCredential = field(repr=False)
    transport: HttpTransport[Any, Any]
    account: str
    tenant_id: str
    tenant_name: str = ""
    practice: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    close_account: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Picked:
    """The two resources that a person named, and the facts that were read on the way and need not be read again."""

    cluster: ResourceId
    registry: ResourceId
    facts: Mapping[str, Fact[Any]]


class Session:
    """A signed-in connection and the language in which it answers."""

    def __init__(self, connection: Connection, language: str = "en") -> None:
        self._connection = connection
        self._texts = load(language)
        self.practice = connection.practice
        self.cloud_name = connection.cloud.name
        self.portal = connection.cloud.portal
        self.account = connection.account
        self.tenant_id = connection.tenant_id
        self.tenant_name = connection.tenant_name

    @property
    def texts(self) -> Texts:
        """The sentences in this session's language."""
        return self._texts

    def find_tenant_name(self, cancel: CancelToken) -> str:
        """Find out what the directory is called, and remember it; empty where Azure does not tell.

        Raises Cancelled.
        """
        azure = self._azure(cancel)
        try:
            self.tenant_name = tenant_name(azure, self.tenant_id) or ""
        finally:
            azure.close()
        return self.tenant_name

    def list_inventory(self, cancel: CancelToken, progress: Callable[[int, int], None]) -> Listing:
        """Give all subscriptions, clusters and registries that the account sees.

        `progress` is told how many subscriptions are listed and how many there are, from any thread. Raises
        InventoryError and Cancelled.
        """
        azure = self._azure(cancel)
        try:
            return Inventory(azure).listing(progress)
        finally:
            azure.close()

    def pick(self, cluster: str, registry: str, subscription: str | None, cancel: CancelToken) -> Picked:
        """Find the two resources by id, name or login server; full ids are taken without asking Azure.

        Raises UnknownResource, AmbiguousResource, InventoryError and Cancelled.
        """
        azure = self._azure(cancel)
        try:
            lists = Inventory(azure)
            found = lists.resolve_cluster(cluster, subscription), lists.resolve_registry(registry, subscription)
            facts: dict[str, Fact[Any]] = {}
            if lists.has_subscriptions:
                facts["subscriptions"] = Known(Subscriptions({one.id.lower(): one for one in lists.subscriptions()}))
                facts["listed_registries"] = Known(lists.listed_registries)
            return Picked(*found, facts)
        finally:
            azure.close()

    def diagnose(
        self,
        choice: Choice,
        sink: Callable[[Event], None],
        cancel: CancelToken,
        facts: Mapping[str, Fact[Any]] | None = None,
    ) -> Report:
        """Check everything that the tree reaches.

        `sink` is called from the calling thread, with RunFinished last. `facts` were read a moment ago (see
        `pick`) and are not read again.
        """
        return self._run(choice, sink, cancel, facts or {}, TREE.entry, None)

    def check_again(
        self, choice: Choice, report: Report, check: str, sink: Callable[[Event], None], cancel: CancelToken
    ) -> Report:
        """Check one step again with fresh data, and what hangs on it; all other results stay as they were."""
        return self._run(choice, sink, cancel, {}, check, report)

    def close(self) -> None:
        """Close the connections. A session that was closed is not used again."""
        self._connection.transport.close()
        self._connection.close_account()

    def _azure(self, cancel: CancelToken, consented: Collection[str] = ()) -> Azure:
        link = self._connection
        return Azure(link.cloud, link.credential, link.transport, cancel, consented)

    def _run(
        self,
        choice: Choice,
        sink: Callable[[Event], None],
        cancel: CancelToken,
        facts: Mapping[str, Fact[Any]],
        entry: str,
        before: Report | None,
    ) -> Report:
        began = time.monotonic()
        started_at = self._connection.now()
        azure = self._azure(cancel, _consented(choice))
        try:
            given: dict[str, Fact[Any]] = {
                "choice": Known(choice),
                "cloud": Known(cloud_names(self._connection.cloud)),
                "now": Known(started_at),
                **facts,
            }
            asked = TREE.below(entry)
            kept = {result.check: result for result in before.results if result.check not in asked} if before else {}
            start = TREE.entry if len(asked) == len(TREE.checks()) else entry
            sink(RunStarted(tuple(check for check in TREE.checks() if check in asked)))
            walk = Walk(TREE, CHECKS, providers(azure), given, self._render, sink, cancel, kept)
            if choice.symptom is not None and choice.symptom.kind == NOT_A_PULL:
                fresh = walk.skip_all()
            else:
                fresh = walk.run(start, asked)
            if before is not None and cancel.cancelled:
                fresh = _not_lost(before, fresh, sink)
            results = tuple((kept | fresh)[check] for check in TREE.checks())
            report = self._report(choice, walk, results, cancel, before)
            report = replace(
                report,
                started_at=started_at,
                duration_ms=round((time.monotonic() - began) * 1000),
                requests=azure.transport.requests(),
            )
        finally:
            azure.close()
        sink(RunFinished(report))
        return report

    def _render(self, fix: FixRef, facts: Mapping[str, Fact[Any]]) -> Fix:
        return render(fix, self._texts, facts)

    def _report(
        self, choice: Choice, walk: Walk, results: tuple[CheckResult, ...], cancel: CancelToken, before: Report | None
    ) -> Report:
        cluster = _named_cluster(choice, walk.fact("cluster"), before)
        registry = _named_registry(choice, walk.fact("registry"), before)
        names = {"cluster": cluster.name, "registry": registry.name, "image": choice.image or ""}
        again = before is not None
        named = choice.image is not None and not choice.image_from_text
        fact = walk.fact("cluster")
        pools = [pool.name for pool in fact.value.pools_with_nodes] if isinstance(fact, Known) else []
        answer = conclude(results, choice.symptom, TREE, self._texts, names, cancel.cancelled, again, named, pools)
        return Report(
            started_at=self._connection.now(),
            duration_ms=0,
            practice=self.practice,
            cloud=self.cloud_name,
            tenant_id=self.tenant_id,
            account=self.account,
            cluster=cluster,
            registry=registry,
            image=image_reference(choice.image) if choice.image else None,
            symptom=choice.symptom,
            conclusion=answer.conclusion,
            results=results,
            notes=answer.notes,
            cancelled=cancel.cancelled,
        )


def _consented(choice: Choice) -> tuple[str, ...]:
    """Give the paths of the calls that read a secret and that the person agreed to."""
    return (f"{choice.registry_id}/listCredentials",) if choice.may_list_passwords else ()


def _not_lost(
    before: Report, fresh: Mapping[str, CheckResult], sink: Callable[[Event], None]
) -> dict[str, CheckResult]:
    """Give the results of a cancelled second look, with those of the first where the second came to nothing."""
    earlier = {result.check: result for result in before.results}
    kept = dict(fresh)
    for check, result in fresh.items():
        if result.verdict.reason == could_not_check.CANCELLED:
            kept[check] = earlier[check]
            sink(CheckFinished(earlier[check]))
    return kept


def signed_in_session(account: Account, cloud: Cloud, language: str = "en") -> Session:
    """Give a session for somebody who has signed in.

    Raises BadCertificateFile.
    """
    connection = Connection(
        cloud=cloud,
        credential=account.credential,
        transport=new_transport(),
        account=account.username,
        tenant_id=account.tenant_id,
        close_account=account.close,
    )
    return Session(connection, language)


def practice_session(name: str, latency: float = 0.0, language: str = "en") -> tuple[Session, Scenario]:
    """Give a session in the simulated Azure of a scenario, already signed in, and the scenario.

    `latency` is what every simulated answer takes, in seconds. Raises UnknownScenario.
    """
    scenario = load_scenario(name)
    world = build(scenario)
    user = world.directory[world.caller]
    connection = Connection(
        cloud=AZURE_PUBLIC,
        credential=PracticeCredential(world),
        transport=PracticeTransport(Simulator(world, latency=latency)),
        account=str(user.body["userPrincipalName"]),
        tenant_id=world.home_tenant,
        tenant_name=str(world.tenants[world.home_tenant]["displayName"]),
        practice=True,
        now=world.clock,
    )
    return Session(connection, language), scenario


def scenario_choice(scenario: Scenario) -> Choice:
    """Give what to pick in a scenario, with the error text that its cluster prints."""
    return Choice(
        cluster_id=ResourceId.parse(scenario.choice.cluster),
        registry_id=ResourceId.parse(scenario.choice.registry),
        image=scenario.choice.image or None,
        symptom=classify(scenario.symptom) if scenario.symptom else None,
        namespace=scenario.choice.namespace or None,
        pull_secret=read_pull_secrets(scenario.pull_secret) if scenario.pull_secret else None,
        may_list_passwords=scenario.choice.compares_passwords,
    )


def cloud_names(cloud: Cloud) -> CloudNames:
    """Give the names of a cloud that checks need.

    Where nodes get their tokens goes with the registry suffix, whatever stands between this program and Entra.
    """
    others = tuple(other.acr_suffix for other in KNOWN_CLOUDS.values() if other.acr_suffix != cloud.acr_suffix)
    same = next((known for known in KNOWN_CLOUDS.values() if known.acr_suffix == cloud.acr_suffix), cloud)
    return CloudNames(cloud.name, cloud.acr_suffix, others, cloud.storage_suffix, host_of(same.authority))


def _named_cluster(choice: Choice, fact: Fact[Cluster] | None, before: Report | None) -> Named:
    if isinstance(fact, Known):
        return Named(fact.value.id, fact.value.name, fact.value.location)
    if before is not None:
        return before.cluster
    return Named(str(choice.cluster_id), choice.cluster_id.name)


def _named_registry(choice: Choice, fact: Fact[Registry] | None, before: Report | None) -> Named:
    if isinstance(fact, Known):
        return Named(fact.value.id, fact.value.name, fact.value.login_server)
    if before is not None:
        return before.registry
    return Named(str(choice.registry_id), choice.registry_id.name)
