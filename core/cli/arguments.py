"""The words of the command line."""

from __future__ import annotations

import argparse
from typing import NoReturn

from core.azure.clouds import KNOWN_CLOUDS
from core.azure.sign_in import SignInMethod
from core.cli.errors import Usage
from core.report import FORMATS
from core.texts import languages
from core.version import NAME, VERSION


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Usage(f"{self.format_usage()}{self.prog}: {message}")


def parser() -> argparse.ArgumentParser:
    """Give the parser of the whole command line; wrong words raise Usage."""
    top = _Parser(
        prog=NAME,
        description="Why can this AKS cluster not pull images from this registry?",
        epilog="Without a command the window opens; --practice NAME opens it on a scenario.",
    )
    top.add_argument("--version", action="version", version=f"{NAME} {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    _diagnose(commands.add_parser("diagnose", help="check a cluster and a registry"))
    _classify(commands.add_parser("classify", help="say what a pasted error text means"))
    _practice(commands.add_parser("practice", help="the simulated Azure"))
    checks = commands.add_parser("checks", help="list every check")
    _format(checks, ("text", "json"))
    return top


def _diagnose(command: argparse.ArgumentParser) -> None:
    command.add_argument("--cluster", required=True, type=_name, metavar="ID|NAME", help="the AKS cluster")
    command.add_argument("--registry", required=True, type=_name, metavar="ID|NAME|LOGIN-SERVER", help="the registry")
    command.add_argument("--subscription", metavar="ID|NAME", help="where to look for names")
    command.add_argument("--image", metavar="REF", help="the image that is not pulled")
    command.add_argument("--error-text", metavar="FILE|-", help="the error that the pod shows")
    command.add_argument(
        "--pull-secret", metavar="FILE|-", help="the pull secret, as kubectl get secret -o yaml prints"
    )
    command.add_argument(
        "--compare-admin-password",
        action="store_true",
        help="agree to read the registry's admin passwords, to compare them with the one in the pull secret",
    )
    command.add_argument("--namespace", metavar="NAME", help="the pod's namespace")
    where = command.add_mutually_exclusive_group()
    where.add_argument("--cloud", choices=sorted(KNOWN_CLOUDS), default="AzureCloud", help="default: AzureCloud")
    where.add_argument("--arm-endpoint", metavar="URL", help="a cloud that is found through its ARM endpoint")
    command.add_argument("--tenant", metavar="ID", help="the directory to sign in to")
    command.add_argument(
        "--sign-in",
        choices=[method.value for method in SignInMethod],
        default=SignInMethod.BROWSER.value,
        help="default: browser",
    )
    _report(command)


def _report(command: argparse.ArgumentParser) -> None:
    _format(command, FORMATS)
    command.add_argument("--output", metavar="FILE", help="write the report there instead of printing it")
    command.add_argument("--redact", action="store_true", help="replace names, ids and addresses in the report")
    command.add_argument("--language", choices=languages(), default="en", help="of the report; default: en")


def _format(command: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    command.add_argument("--format", choices=formats, default="text", help="default: text")


def _classify(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE|-", help="the error text; - is standard input")
    _format(command, ("text", "json"))


def _practice(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=_Parser)
    _format(actions.add_parser("list", help="list the scenarios"), ("text", "json"))
    show = actions.add_parser("show", help="show a scenario: its story and its error text")
    show.add_argument("name", metavar="NAME")
    run = actions.add_parser("run", help="diagnose a scenario")
    run.add_argument("name", metavar="NAME")
    _report(run)
    serve = actions.add_parser("serve", help="serve a scenario as an Azure on this computer until Ctrl+C")
    serve.add_argument("name", metavar="NAME", nargs="?", default="healthy-public")
    serve.add_argument("--port", type=_port, default=0, metavar="N", help="0 takes a free one")


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("may not be empty")
    return text


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port
