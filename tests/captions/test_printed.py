"""What the program prints goes where the captions can show it."""

import io
import logging
import sys

import pytest

from live_translator.captions.printed import LineWriter, printed_lines_go_to


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_prints_and_log_lines_are_handed_on_and_all_is_as_before_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, errors = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", errors)
    handler = logging.StreamHandler(errors)
    logging.getLogger().addHandler(handler)
    lines: list[str] = []
    try:
        with printed_lines_go_to(lines.append):
            print("one\ntwo")
            print("thr", end="")
            print("ee")
            logging.getLogger("somewhere").warning("dropped")
            print("rest", end="", file=sys.stderr)
            assert sys.stdout.isatty()
        logging.getLogger("somewhere").warning("afterwards")
    finally:
        logging.getLogger().removeHandler(handler)
    assert lines == ["one", "two", "three", "dropped", "rest"]
    assert (sys.stdout, sys.stderr) == (out, errors)
    assert out.getvalue() == ""
    assert errors.getvalue() == "afterwards\n"


def test_what_goes_to_a_file_still_goes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    monkeypatch.setattr(sys, "stdout", Terminal())
    lines: list[str] = []
    with printed_lines_go_to(lines.append):
        print("for the file", file=sys.stderr)
        print("for the terminal")
    assert lines == ["for the terminal"]
    assert file.getvalue() == "for the file\n"


def test_it_is_like_the_stream_that_it_stands_for() -> None:
    writer = LineWriter(lambda _: None, sys.__stderr__ or sys.stderr)
    assert writer.fileno() == 2
    assert writer.encoding.lower().startswith("utf")
    assert writer.writable()
    assert writer.write("half a line") == 11
    writer.flush()


def test_who_kept_it_writes_to_the_stream_afterwards() -> None:
    stream, lines = Terminal(), list[str]()
    with LineWriter(lines.append, stream) as writer:
        writer.write("one\n")
    writer.write("two\n")
    writer.flush()
    assert (lines, stream.getvalue()) == (["one"], "two\n")
