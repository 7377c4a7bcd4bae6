"""The command line is run as a program, the simulated Azure as a server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from cli_program import ROOT, Run, Served

from core.practice.scenario import build, load_scenario
from core.practice.server import serve
from core.practice.simulator import Simulator


@pytest.fixture
def run() -> Run:
    """Run pull-doctor with these words; `text` goes to its standard input."""

    def run_program(
        *words: str, text: str = "", environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "SSL_", "REQUESTS_"))
        }
        return subprocess.run(
            [sys.executable, "-m", "pull_doctor", *words],
            input=text,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**clean, **(environment or {})},
            timeout=100,
            check=False,
        )

    return run_program


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """A served scenario (its name is the parameter), its simulator, and the environment that signs in as a reader."""
    simulator = Simulator(build(load_scenario(request.param)))
    with serve(simulator) as server:
        environment = {
            "SSL_CERT_FILE": str(server.ca_file),
            "HTTPS_PROXY": server.proxy,
            "NO_PROXY": "localhost",
            "AZURE_TENANT_ID": server.tenant,
            "AZURE_CLIENT_ID": server.reader.client_id,
            "AZURE_CLIENT_SECRET": server.reader.client_secret,
        }
        yield server, simulator, environment
