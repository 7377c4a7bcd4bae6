"""Practice worlds as tests of the wizard use them."""

from core.azure.clouds import AZURE_PUBLIC
from core.practice.call_faults import CallFault
from core.practice.scenario import build, load_scenario
from core.practice.simulator import Simulator
from core.practice.tokens import PracticeCredential
from core.practice.transport import PracticeTransport
from core.session import Connection as CoreConnection
from core.session import Session
from gui.wizard.flow import Connection
from gui.wizard.jobs import Opened

PATIENCE = 20_000
"""ms that a test waits at most for what takes milliseconds on a quiet machine."""
WRONG_PRINCIPAL = "role-on-control-plane-identity"


def signed_in(scenario: str = WRONG_PRINCIPAL, *, latency: float = 0.0, faults: tuple[CallFault, ...] = ()) -> Opened:
    """Somebody signed in to the world of a scenario, as if it were the real Azure."""
    world = build(load_scenario(scenario))
    session = Session(
        CoreConnection(
            cloud=AZURE_PUBLIC,
            credential=PracticeCredential(world),
            transport=PracticeTransport(Simulator(world, faults, latency)),
            account="maria@contoso.com",
            tenant_id=world.home_tenant,
            tenant_name="Contoso",
            now=world.clock,
        )
    )
    return Opened(session, Connection("maria@contoso.com", "Contoso"))


def pod_text(scenario: str = WRONG_PRINCIPAL) -> str:
    return load_scenario(scenario).symptom
