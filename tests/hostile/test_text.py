"""Text that is none, is endless, or would steer whoever shows it."""

import errno
import io
import os
import time

import pytest

from live_translator import cli
from live_translator.captions.text import escaped
from live_translator.errors import UsageError
from live_translator.mt import engines
from live_translator.mt.text import lines_of, translate_lines

STEERING = "\x1b[2J\x1b]0;title\x07\x9b31m\x00\x08\u202e"


class Echo:
    """An engine that says what it is given."""

    name = "echo"
    forces_prefix = False

    def translate(self, source: str, *, prefix: str = "") -> str:
        return source

    def close(self) -> None:
        pass


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "choose_for_text", lambda *_: Echo())


def translated(content: bytes, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    """Run `live-translate text` on bytes; return its exit code."""
    stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stream)
    return cli.main(["text", "--src", "en", "--tgt", "es", *more])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ""),
        (b"no final line end", "no final line end\n"),
        (b"\n\n", "\n\n"),
        (b"a\r\nb\rc", "a\nb\nc\n"),
        (b"\xff\xfe\x00caf\xe9\n", "\ufffd\ufffdcaf\ufffd\n"),
        (b"\xed\xa0\x80 half a character", "\ufffd\ufffd\ufffd half a character\n"),
        ("\ufeffa byte order mark".encode(), "a byte order mark\n"),
        ("😀\n👩\u200d👧 🇪🇸".encode(), "😀\n👩\u200d👧 🇪🇸\n"),
        (f"a{STEERING}b".encode(), "a[2J]0;title31mb\n"),
        (b"\0" * 100, "\n"),
        ("\u2028\u2029\x85\n".encode(), "\n"),
    ],
)
@pytest.mark.usefixtures("echo")
def test_any_bytes_are_lines_of_text_and_steer_nothing(
    content: bytes,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert translated(content, monkeypatch) == 0
    assert capsys.readouterr() == (expected, "")


@pytest.mark.usefixtures("echo")
def test_a_screen_without_the_letters_gets_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(screen, encoding="ascii"))
    assert translated("mañana".encode(), monkeypatch) == 0
    assert screen.getvalue() == b"ma?ana\n"


@pytest.mark.usefixtures("echo")
def test_a_file_without_lines_ends_in_a_sentence_after_the_lines_before_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translated(b"first\n" + b"x" * 10_000_000, monkeypatch) == 2
    out, err = capsys.readouterr()
    assert out == "first\n"
    assert err.startswith("live-translate: line 2 of the text is longer than 1000000 characters")
    assert err.count("\n") == 1


class Endless(io.TextIOBase):
    """What /dev/zero is as text; counts what was read of it."""

    read_characters = 0

    def readline(self, size: int | None = -1) -> str:  # type: ignore[override]
        assert size is not None
        assert size > 0
        self.read_characters += size
        return "\0" * size


def test_of_an_endless_line_no_more_is_read_than_may_be_held() -> None:
    stream = Endless()
    with pytest.raises(UsageError, match="break it into lines"):
        list(lines_of(stream))  # type: ignore[arg-type]
    assert stream.read_characters < 2_000_000


LONG = 400_000


@pytest.mark.parametrize(
    "text",
    [
        "word " * (LONG // 5),
        "A sentence. " * (LONG // 12),
        "e.g. " * (LONG // 5),
        "x" * LONG,
        "." * LONG + "x",
        "。" * LONG,
        "?\"" * (LONG // 2) + "x",
        "a, " * (LONG // 3),
        " " * LONG + "x",
    ],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_a_long_line_is_cut_into_sentences_in_time_that_grows_with_it(text: str) -> None:
    began_s = time.process_time()
    (line,) = translate_lines(Echo(), [text])
    assert time.process_time() - began_s < 5.0
    assert "".join(line.text.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, ñ, 東京", "plain, ñ, 東京"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1b[31m\x07", r"\x1b[31m\x07"),
        ("caf\udce9\u202e", r"caf\udce9\u202e"),
        ("", ""),
    ],
)
def test_what_cannot_be_shown_is_shown_as_an_escape(text: str, expected: str) -> None:
    assert escaped(text) == expected
    assert escaped(text).isprintable()


NAMES = ("\x1b[31m.wav", "a\nlive-translate: all is well", "\u202etxt.wav", "caf\udce9")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("flag", ["--config", "--glossary", "--src", "--nonsense"])
def test_what_was_typed_cannot_steer_the_terminal_or_forge_a_line(
    name: str, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["text", "--src", "en", "--tgt", "es", flag, name])
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.endswith("\n")
    assert err[:-1].isprintable()
    assert "Traceback" not in err
    assert "should not have happened" not in err


class Full(io.StringIO):
    """Standard output on a disk without room."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("echo")
def test_a_full_disk_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout", Full())
    assert translated(b"Hello.", monkeypatch) == 1
    said = capsys.readouterr().err
    assert said.startswith("live-translate: the translation cannot be written (No space left")
    assert said.count("\n") == 1


@pytest.mark.usefixtures("echo")
def test_bytes_that_are_no_utf_8_are_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert translated("mañana\nniño\nsol".encode("latin-1"), monkeypatch) == 0
    (record,) = caplog.records
    assert record.getMessage().startswith("2 of the lines have bytes that are no UTF-8")


@pytest.mark.usefixtures("echo")
def test_a_text_s_language_has_to_be_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Hello."))
    assert cli.main(["text", "--src", "auto", "--tgt", "es"]) == 2
    assert "name it, as in --src en" in capsys.readouterr().err


def test_a_command_that_is_none_is_told_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["tex", "--src", "en"]) == 2
    assert "there is no command 'tex': use one of text, models" in capsys.readouterr().err
