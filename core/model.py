"""The words that every part of the program shares: verdicts, symptoms, fixes and events.

Everything here is an immutable value. The words of `Status`, `Certainty`, `Risk` and `Outcome` are the
ones that the report prints, so changing one changes the contract with other programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """How one check ended."""

    PASS = "pass"
    WARNING = "warning"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"
    NOT_RUN = "not-run"


class Certainty(StrEnum):
    """How sure a failed check is that it explains the failed pull, surest first."""

    DEFINITE = "definite"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Risk(StrEnum):
    """What applying a fix does besides fixing."""

    NONE = "none"
    DISRUPTIVE = "disruptive"
    WIDENS_ACCESS = "widens-access"


class Outcome(StrEnum):
    """What a whole run found."""

    CAUSE_FOUND = "cause-found"
    NO_CAUSE_FOUND = "no-cause-found"
    INCONCLUSIVE = "inconclusive"


class Branch(StrEnum):
    """A lane of the tree; the first word of a check id, except that `context` checks stand with the cluster."""

    CLUSTER = "cluster"
    REGISTRY = "registry"
    IMAGE = "image"
    IDENTITY = "identity"
    SECRET = "secret"
    NETWORK = "network"
    NODE = "node"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a check saw.

    `label` is a key of the `labels` text table (kebab-case); `value` is shown as it is and is always plain text.
    """

    label: str
    value: str


MOST_SCOPES = 20
"""How many scopes of one missing permission are named."""


@dataclass(frozen=True, slots=True)
class MissingPermission:
    """What the signed-in user lacks to let a check see: the action, where, and a role that grants it.

    `also` are further scopes where it is lacking.
    """

    action: str
    scope: str
    role: str
    also: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """All scopes on which the role is to be asked for, in words; of very many only the first."""
        shown = ", ".join((self.scope, *self.also[: MOST_SCOPES - 1]))
        more = len(self.also) + 1 - MOST_SCOPES
        return f"{shown} (+{more})" if more > 0 else shown


@dataclass(frozen=True, slots=True)
class FixRef:
    """A fix that a check asks for: a key of the fix catalogue and the real names to fill in.

    Where one thing has to be done in several places, `each` has the names of every place besides the common `values`:
    the fix's commands and portal steps are given once for each.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    each: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """A fix as it is shown: complete commands, one line each, quoted for their shell.

    `you_may_apply` is None where the program could not find out. `ask` is the message to send to somebody
    who may apply it, present unless the signed-in user may. `wait_minutes` is how long Azure takes to honour it.
    """

    key: str
    title: str
    changes: str
    risk: Risk
    permission: str
    scope: str
    you_may_apply: bool | None = None
    ask: str | None = None
    azure_cli: tuple[str, ...] = ()
    powershell: tuple[str, ...] = ()
    kubectl: tuple[str, ...] = ()
    portal: tuple[str, ...] = ()
    docs: str = ""
    wait_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says after looking at its facts.

    `reason` is a stable key under the check's texts; `values` fill that text's placeholders. `certainty` is set
    for `fail` only, `missing` for an `unknown` that a permission would resolve.
    """

    status: Status
    reason: str
    certainty: Certainty | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    missing: MissingPermission | None = None
    fixes: tuple[FixRef, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a certainty on anything but a fail, and a fail without one."""
        if (self.status is Status.FAIL) != (self.certainty is not None):
            raise ValueError(f"verdict {self.reason!r}: certainty belongs to a fail, and a fail needs one")


@dataclass(frozen=True, slots=True)
class ImageReference:
    """The parts of an image name as it stands in a text or a pod: nothing is checked or corrected here.

    `registry` is the host as written ("docker.io" where the name has none), `tag` is None where none is written.
    """

    reference: str
    registry: str
    repository: str
    tag: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class OtherSymptom:
    """A further error in the same paste that did not decide the kind."""

    kind: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Symptom:
    """What a pasted text says.

    `kind` is one of the ids of decision-tree rows (for example `ANON_401`), `branch` the lane to look at first
    (a `Branch` word, or None where the text points nowhere). Everything extracted is a piece of the pasted text,
    after unwrapping and unescaping, or None. `excerpt` is the line that decided, at most 400 characters.
    """

    kind: str
    branch: str | None = None
    excerpt: str = ""
    http_status: int | None = None
    address: str | None = None
    image: str | None = None
    registry: str | None = None
    pod: str | None = None
    namespace: str | None = None
    node: str | None = None
    others: tuple[OtherSymptom, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A verdict on its place in the run.

    `moot` names the check that made this one pointless. `fault` is a redacted trace where the program itself
    failed; it is never a finding. `softened_by` names the check that shows another way for the pull, which made this
    failure a warning; `certainty_alone` is how sure the failure would be without that way.
    """

    check: str
    verdict: Verdict
    moot: str | None = None
    fixes: tuple[Fix, ...] = ()
    duration_ms: int = 0
    fault: str | None = None
    softened_by: str | None = None
    certainty_alone: Certainty | None = None


@dataclass(frozen=True, slots=True)
class Requests:
    """How a run used the network.

    `count` is everything sent, `repeated` the GETs that were sent again though the one before was answered,
    `throttled` the answers 429. `failed` counts requests without an answer and 5xx; a 403 or 404 is an answer.
    """

    count: int = 0
    repeated: int = 0
    throttled: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A picked resource: its full id and the names to show (`detail` is a location or a login server)."""

    id: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The answer: one sentence, and the ids of the checks that explain the failure, most likely first."""

    outcome: Outcome
    headline: str
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a finished or cancelled run has to say. `results` stand in the tree's order."""

    started_at: datetime
    duration_ms: int
    practice: bool
    cloud: str
    tenant_id: str
    account: str
    cluster: Named
    registry: Named
    image: ImageReference | None
    symptom: Symptom | None
    conclusion: Conclusion
    results: tuple[CheckResult, ...]
    requests: Requests = field(default_factory=Requests)
    notes: tuple[str, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins; `checks` are the ids that may be visited, in the tree's order."""

    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """The walk reached this check and waits for its facts."""

    check: str


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check has its result; `came_from` is the check whose edge led here, None at an entry."""

    result: CheckResult
    came_from: str | None = None


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of a run, also after a cancel."""

    report: Report


Event = RunStarted | CheckStarted | CheckFinished | RunFinished
"""What the engine tells its one listener, in order, always from the same thread."""
