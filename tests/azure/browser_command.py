"""A browser for tests: opens a sign-in page, picks an account and submits what comes back.

Run as a command (the BROWSER variable): `browser_command.py CA_FILE ACCOUNT|- URL`; `-` presses Cancel. Like a real
browser it returns at once and goes on by itself.
"""

from __future__ import annotations

import ssl
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import urlencode
from urllib.request import HTTPSHandler, ProxyHandler, build_opener


class Form(HTMLParser):
    """The one form of a page: where it goes, its hidden fields and its buttons by their text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, tuple[str, str]] = {}
        self._button: tuple[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "form":
            self.action = named["action"]
        elif tag == "input":
            self.fields[named["name"]] = named["value"]
        elif tag == "button":
            self._button = (named.get("name", ""), named.get("value", ""))

    def handle_data(self, data):
        if self._button is not None:
            self.buttons[data] = self._button
            self._button = None


def browse(ca_file: str, account: str, url: str) -> str:
    """Sign in and return the last page."""
    context = ssl.create_default_context(cafile=ca_file)
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))

    def submit(form: Form, fields: dict[str, str]) -> str:
        with opener.open(form.action, urlencode(fields).encode(), timeout=20) as answer:
            return answer.read().decode()

    with opener.open(url, timeout=20) as answer:
        form = Form(answer.read().decode())
    name, value = form.buttons["Cancel" if account == "-" else account]
    handover = Form(submit(form, {name: value}))
    return submit(handover, handover.fields) if handover.action else ""


if __name__ == "__main__":
    if sys.argv[1] == "--now":
        browse(*sys.argv[2:5])
    else:
        subprocess.Popen([sys.executable, __file__, "--now", *sys.argv[1:4]], start_new_session=True)
