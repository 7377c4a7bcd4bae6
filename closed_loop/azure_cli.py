"""The real Azure CLI, signed in to a simulated Azure that is served on this computer.

https://learn.microsoft.com/cli/azure/manage-clouds-azure-cli
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.practice.server import Server, ServicePrincipal

CLOUD = "practice"
LONGEST = 180.0
"""Seconds that one command may take."""

_SETTINGS = {
    "AZURE_CORE_COLLECT_TELEMETRY": "no",
    "AZURE_CORE_INSTANCE_DISCOVERY": "false",
    "AZURE_CORE_LOGIN_EXPERIENCE_V2": "no",
    "AZURE_CORE_NO_COLOR": "yes",
    "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
}


class CliFailed(Exception):
    """The Azure CLI could not be set up or signed in; the message is what it printed."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One executed command line and how it ended."""

    line: str
    code: int
    output: str
    errors: str


def free_port() -> int:
    """Give a port that nobody listens on; the CLI's settings name it, so that one has to do for many worlds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class AzureCli:
    """An Azure CLI with settings of its own in `home`, for the simulated Azure at one port."""

    def __init__(self, program: Path, home: Path) -> None:
        self._program = program
        self._template = home / "template"
        self._home = home / "settings"

    def sign_in(self, server: Server) -> None:
        """Forget everything and sign in as the one who may apply fixes.

        Raises CliFailed.
        """
        if not self._template.exists():
            self._register(server)
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.copytree(self._template, self._home)
        self.sign_in_as(server, server.owner)

    def sign_in_as(self, server: Server, who: ServicePrincipal, tenant: str = "") -> None:
        """Sign in as a service principal, in its own directory or in another one.

        Raises CliFailed.
        """
        words = ["login", "--service-principal", "--username", who.client_id, f"--password={who.client_secret}"]
        self._must(self._home, server, *words, "--tenant", tenant or who.tenant)

    def run(self, line: str, server: Server) -> Ran:
        """Execute a command line as a person would, in a shell."""
        try:
            done = subprocess.run(
                ["bash", "-c", line],
                env=self._environment(self._home, server),
                capture_output=True,
                text=True,
                timeout=LONGEST,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ran(line, 124, "", f"No end after {LONGEST:.0f} seconds.")
        return Ran(line, done.returncode, done.stdout, done.stderr)

    def _register(self, server: Server) -> None:
        self._must(
            self._template,
            server,
            "cloud",
            "register",
            "--name",
            CLOUD,
            "--endpoint-resource-manager",
            server.arm_endpoint,
        )
        self._must(self._template, server, "cloud", "set", "--name", CLOUD)

    def _must(self, home: Path, server: Server, *words: str) -> None:
        done = subprocess.run(
            [str(self._program), *words],
            env=self._environment(home, server),
            capture_output=True,
            text=True,
            timeout=LONGEST,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            raise CliFailed(f"az {words[0]}: {done.stderr.strip()}")

    def _environment(self, home: Path, server: Server) -> dict[str, str]:
        path = os.pathsep.join((str(self._program.parent), os.environ.get("PATH", "")))
        way = {"REQUESTS_CA_BUNDLE": str(server.ca_file), "HTTPS_PROXY": server.proxy, "NO_PROXY": "localhost"}
        return {**os.environ, **_SETTINGS, **way, "AZURE_CONFIG_DIR": str(home), "PATH": path}
