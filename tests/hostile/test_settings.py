"""Settings, word lists and manifests that are broken or hostile: a sentence each, and no wait."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.talks import read_talks
from live_translator.config import load
from live_translator.errors import ConfigError, LiveTranslateError, ModelError
from live_translator.glossary import Glossary
from live_translator.model_store import Manifest
from live_translator.text_file import MAX_BYTES, read_text
from tests.conftest import ROOT
from tests.fuzz.targets import ARCHIVE, MODEL
from tests.hostile.media import write

DEEP = 100_000


def refusal(read: Callable[[Path], Any], path: Path) -> str:
    with pytest.raises(LiveTranslateError) as raised:
        read(path)
    said = str(raised.value)
    assert len(said) < 2000
    return said


def configuration(path: Path) -> Any:
    return load("embedded", path)


# Files that are no text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe[\0a\0]\0", "not a UTF-8 text file: save it as UTF-8"),
        (b"\x80" * 99, "not a UTF-8 text file"),
        (b"x" * (MAX_BYTES + 1), "larger than 1 MB: is it a "),
    ],
)
@pytest.mark.parametrize("read", [configuration, Glossary.read])
def test_what_is_no_text_is_refused(
    read: Callable[[Path], Any], content: bytes, says: str, tmp_path: Path
) -> None:
    assert says in refusal(read, write(tmp_path, content, "own"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/dev/zero", "larger than 1 MB"),
        ("/dev/urandom", "larger than 1 MB"),
        ("/tmp", "Is a directory"),  # noqa: S108 - any folder will do
        ("a" * 300, "File name too long"),
        ("a\0b", "that is no file name"),
        ("nowhere/nothing", "No such file"),
    ],
)
@pytest.mark.parametrize("read", [configuration, Glossary.read])
def test_what_is_no_file_is_refused(read: Callable[[Path], Any], name: str, says: str) -> None:
    assert says in refusal(read, Path(name))


def test_a_link_that_leads_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "a")
    assert "Too many levels of symbolic links" in refusal(configuration, tmp_path / "a")


def test_a_pipe_will_do(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=("[asr]\nbeam_size = 7\n",), daemon=True)
    writer.start()
    assert load("embedded", path).asr.beam_size == 7
    writer.join(5)


def test_of_a_hundred_megabytes_no_more_is_held_than_is_read() -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from live_translator.config import load\n"
        "from tests.hostile.peak import peak_kb\n"
        "before = peak_kb()\n"
        "try: load('embedded', Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__)\n"
        "print(peak_kb() - before)\n"
    )
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        file.truncate(100_000_000)
        done = subprocess.run(
            [sys.executable, "-c", program, file.name],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
    kind, swelled_kb = done.stdout.split()
    assert kind == "ConfigError"
    assert int(swelled_kb) < 20_000


# Settings


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = " + "[" * DEEP, "nested too deeply"),
        ("a = " + "{a=" * DEEP, "nested too deeply"),
        ("[asr]\nbeam_size = " + "9" * 5000, "a number has too many digits"),
        ("[asr]\nbeam_size = 0x" + "f" * 9000, "between 1 and 10, not such a number"),
        ("[asr]\nbeam_size = -9223372036854775808", "between 1 and 10, not -922"),
        ("[asr]\nstride_s = nan", "between 0.1 and 10.0, not nan"),
        ("[asr]\nstride_s = -inf", "not -inf"),
        ("[asr]\nstride_s = 1e999", "not inf"),
        ("[asr]\nstride_s = 1979-05-27", "must be a number, not datetime.date"),
        ("[asr]\nmodel = []", "must be a string, not []"),
        ("[[asr]]\nmodel = 'x'", "asr must be a table"),
        ("[asr.model]\nx = 1", "asr.model must be a string"),
        ("[mt]\nengines = [['a']]", "a list of strings"),
        ("[mt]\nengines = '" + "x" * 9000 + "'", "must be a list of strings, not 'xxx"),
        ("two_way = 'yes'", "true or false"),
        ('"\\u001b[31m" = 1', "unknown key '\\x1b[31m'"),
        ("x" * 9000 + " = 1", "unknown key 'xxx"),
        ("__class__ = 1", "unknown key '__class__'"),
        ("a = 1\na = 2", "not valid TOML"),
        ("a = '\x00'", "not valid TOML"),
        ("profile = 'other'", "profile must be one of"),
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_settings_that_cannot_be_are_named_in_a_short_sentence(
    text: str, says: str, tmp_path: Path
) -> None:
    assert says in refusal(configuration, write(tmp_path, text.encode(), "own.toml"))


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf[asr]\r\nbeam_size = 2\r\n", "own.toml")
    assert load("embedded", path).asr.beam_size == 2


def test_a_glossary_that_settings_name_is_refused_as_one_that_is_typed(tmp_path: Path) -> None:
    path = write(tmp_path, b'glossary = "a\\u0000b"', "own.toml")
    name = Path(configuration(path).glossary)
    with pytest.raises(ConfigError, match="that is no file name"):
        read_text(name, "glossary")


# Glossaries


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\tb\tc\x1b[31m", "line 1: .*control character"),
        ("a\tb\t" + "c" * 101, "line 1: .*is too long"),
        ("a\nb\nA\tc\n", "line 3: 'A' stands above"),
        ("a\t" * 9, "columns"),
        ("\t\t\n", "has no terms"),
        ("\u202e\tx", "has no letter"),
    ],
)
def test_a_line_that_is_no_term_is_named(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=says):
        Glossary.read(write(tmp_path, text.encode(), "terms.tsv"))


@pytest.mark.parametrize(
    "term",
    [".*", "(a+)+$", "[", "a|b", "\\d", "a{9999999}", "(?i)x", "^a$", "C++", "a--b", "שלום", "٣"],
)
def test_a_term_is_letters_and_no_pattern(term: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"{term}\tterm\n".encode(), "terms.tsv")
    if not any(letter.isalnum() for letter in term):
        assert "has no letter" in refusal(Glossary.read, path)
        return
    terms = Glossary.read(path)
    assert [match.term.source for match in terms.matches(f"so {term} it is")] == [term]
    assert not terms.matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")


def test_a_translation_that_is_no_word_is_not_looked_for_on_the_way_back(tmp_path: Path) -> None:
    path = write(tmp_path, b"sprint\t-\nrun\t...\nAna\n", "terms.tsv")
    back = Glossary.read(path).reversed()
    assert [term.source for term in back.terms] == ["Ana"]
    assert back.matches("a - b ... Ana")[0].term.source == "Ana"


# The manifest of models

HASH = "0" * 64


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('"model.bin", s', '"../model.bin", s', "plain file name"),
        ('"model.bin", s', '"/etc/passwd", s', "plain file name"),
        ('"model.bin", s', '"..", s', "plain file name"),
        ('"model.bin", s', '"a\\\\b", s', "plain file name"),
        ('"model.bin", s', '"a\\u0000b", s', "control character"),
        ('"model.bin", s', '"a\\nb", s', "control character"),
        ("models.tiny", 'models."../tiny"', "plain file name"),
        ("models.tiny", 'models.""', "plain file name"),
        ("size = 5", "size = -5", "another type"),
        ("size = 5", "size = 5.5", "another type"),
        ("size = 5", 'size = "5"', "another type"),
        (HASH, HASH[1:], "no sha256"),
        (HASH, HASH[1:] + "g", "no sha256"),
        (HASH, HASH[1:] + "F", "no sha256"),
        (f'"{HASH}"', "0", "another type"),
        ('["a==1"]', '["--index-url=https://x"]', "no name of a package"),
        ('["a==1"]', '["a\\n-r b"]', "no name of a package"),
        ('["a==1"]', '"a==1"', "another type"),
        ('["a/b"]', "3", "is not iterable"),
        ('"pypi"', "3", "3"),
        ('"pypi"', "['pypi']", "unhashable"),
        ('kind = "mt"', "kind = 3", "another type"),
        ('kind = "mt"', 'kind = "mt"\nx = 3', "unexpected"),
        ('embedded = ["tiny"]', 'embedded = ["other"]', "a profile needs 'other'"),
        ('embedded = ["tiny"]', "embedded = 3", "is not iterable"),
        ("[profiles]", "[[profiles]]", "cannot be used"),
        ("[profiles]", "a = " + "[" * DEEP, "cannot be used"),
    ],
)
def test_a_manifest_that_leads_astray_is_refused(
    right: str, wrong: str, says: str, tmp_path: Path
) -> None:
    assert right in MODEL
    path = write(tmp_path, MODEL.replace(right, wrong).encode(), "manifest.toml")
    said = refusal(Manifest.load, path)
    assert says in said
    assert "install the program again" in said


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a/b", "a/b", "//a/b", "https://", "https://a b/c", ""]
)
def test_an_address_that_is_none_of_the_web_is_refused(url: str, tmp_path: Path) -> None:
    path = write(tmp_path, ARCHIVE.replace("https://a/b", url).encode(), "manifest.toml")
    with pytest.raises(ModelError, match="no web address"):
        Manifest.load(path)


def test_the_manifests_that_these_tests_spoil_are_sound(tmp_path: Path) -> None:
    for text in (MODEL, ARCHIVE):
        assert Manifest.load(write(tmp_path, text.encode(), "manifest.toml")).models


# The table of recordings that benchmarks take

COLUMNS = "id\tpath\tlanguage\ttranscript\ttranslation_language\ttranslation\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", None),
        (COLUMNS.encode(), None),
        (b"\xef\xbb\xbf" + COLUMNS.encode(), None),
        (COLUMNS.encode() + b"a\n\n\t\t\t\n", None),
        (COLUMNS.encode() + b"a\tnowhere.wav\ten\tone\n", LiveTranslateError),
        (
            COLUMNS.encode() + b"a\t/dev/zero\ten\tone\tes\tuno\tmore\tand more\n",
            LiveTranslateError,
        ),
        (COLUMNS.encode() + b"a\t" + b"x" * 200_000 + b"\ten\tone\n", ValueError),
        (b"id\tlanguage\nx\ten\n", KeyError),
        (b"id\xff", ValueError),
    ],
)
def test_a_table_of_recordings_is_read_or_refused(
    content: bytes, kind: type[Exception] | None, tmp_path: Path
) -> None:
    path = write(tmp_path, content, "manifest.tsv")
    if kind is None:
        assert read_talks(path, tmp_path, source="en", target="es") == []
        return
    with pytest.raises(kind):
        read_talks(path, tmp_path, source="en", target="es")
