"""What a user of the command line can do wrong."""

from __future__ import annotations


class Usage(Exception):
    """Wrong words, an unreadable file or an unknown name; the message is the whole explanation."""
