"""Worlds with an Azure Firewall on the way out, judged by the check of its rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from traffic_world import DEFAULT, FIREWALL_ADDRESS, TrafficWorld

from core.checks.check import Check
from core.checks.net.firewall_rules import CHECK
from core.facts.choice import Choice
from core.facts.cluster import Cluster
from core.facts.firewalls import RuleGroup
from core.facts.paths import Way
from core.facts.registry import Registry
from core.facts.routing import Route
from core.model import Verdict

Show = Callable[[Check, Verdict], str]

TO_PE = Route("to-pe", "10.0.2.0/24", "VirtualAppliance", FIREWALL_ADDRESS)


class Case:
    """Worlds with one way out, through the firewall, and what the check says of them."""

    def __init__(self, cluster: Cluster, registry: Registry, choice: Choice, show: Show) -> None:
        self.cluster, self.registry, self.choice, self.show = cluster, registry, choice, show

    def public(self, *groups: RuleGroup, app_id: str | None = None, **more: Any) -> Verdict:
        return self.judged(TrafficWorld(routes=(DEFAULT,), groups=groups, **more), app_id)

    def private(self, *groups: RuleGroup, **more: Any) -> Verdict:
        return self.judged(
            TrafficWorld(Way.PRIVATE, routes=(DEFAULT, TO_PE), policies="Enabled", groups=groups, **more)
        )

    def judged(self, world: TrafficWorld, app_id: str | None = None) -> Verdict:
        cluster = replace(self.cluster, service_principal_client_id=app_id)
        verdict = world.filtered(cluster, self.registry, self.choice)
        self.show(CHECK, verdict)
        return verdict
