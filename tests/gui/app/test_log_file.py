import logging
from pathlib import Path

from gui.log_file import start_logging, stop_logging

SECRET = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhIn0.c2lnbmF0dXJl"


def test_the_log_says_what_happened_and_no_secret(tmp_path: Path) -> None:
    handler = start_logging(tmp_path / "log")
    assert handler is not None
    logging.getLogger("core.somewhere").info("signed in with %s", SECRET)
    logging.getLogger("somebody.else").info("chatter")
    logging.getLogger("gui.somewhere").info("failed", exc_info=ValueError(SECRET))
    stop_logging(handler)
    logging.getLogger("core.somewhere").info("after the end")
    written = (tmp_path / "log" / "pull-doctor.log").read_text("utf-8")
    assert "signed in with" in written
    assert "ValueError" in written
    assert "after the end" not in written
    assert "chatter" not in written
    assert SECRET not in written


def test_a_place_that_cannot_be_written_to_does_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert start_logging(tmp_path / "file" / "log") is None
