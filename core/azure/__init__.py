"""The connection to Azure: clouds, sign-in, SDK clients, the watched transport and the inventory."""

from __future__ import annotations

import logging

for _name in ("azure", "msal", "msal_extensions"):
    # What goes wrong is reported by the program in its own words; the libraries' lines hold urls and error bodies.
    logging.getLogger(_name).setLevel(logging.CRITICAL)
