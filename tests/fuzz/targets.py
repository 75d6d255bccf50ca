"""What each of our parsers must hold to, whatever it is given: functions that take bytes.

Each returns, or raises AssertionError where a promise is broken; any other exception is a
finding too, as is a crash, an input that takes seconds or one that takes memory. The
functions are named in `TARGETS`, with seeds to begin from.
"""

import contextlib
import dataclasses
import functools
import io
import itertools
import json
import os
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from live_translator import cli, config, devices_command, models_command
from live_translator.arguments import ArgumentParser
from live_translator.asr.agreement import Unit
from live_translator.asr.guards import without_loops
from live_translator.asr.policy import make_policy as make_hearing_policy
from live_translator.audio.framer import Framer
from live_translator.audio.samples import tamed
from live_translator.audio.sources import FileSource, StdinSource
from live_translator.captions.plain import PlainCaptions
from live_translator.captions.roll_up import RollUp
from live_translator.captions.rows import Layout
from live_translator.captions.subtitles import SubtitleWriter
from live_translator.captions.text import clean, escaped
from live_translator.captions.transcript import TranscriptWriter
from live_translator.captions.utterances import Utterance
from live_translator.config import AsrConfig, MtConfig
from live_translator.doctor import command as doctor_command
from live_translator.errors import AudioError, LiveTranslateError, UsageError
from live_translator.glossary import Glossary
from live_translator.keys import Keymap
from live_translator.languages import language
from live_translator.model_store import Manifest
from live_translator.mt import apertium
from live_translator.mt.checks import faults
from live_translator.mt.glossary import GlossedTranslator
from live_translator.mt.policy import Draft, make_deadline, remaining_words
from live_translator.mt.policy import make_policy as make_translation_policy
from live_translator.mt.sentences import clauses, split
from live_translator.mt.text import lines_of, translate_lines
from live_translator.prefix import after_prefix
from live_translator.spelling import bare, likeness
from live_translator.timeline import Timeline
from live_translator.tts.clauses import FUNCTION_WORDS, ClauseCutter
from tests.captions.cues import read_srt, read_vtt
from tests.hostile.media import flac, wav
from tests.messages import playback, transcript, translation

MOST_READINGS = 8
"""Of a file that grows: more would take the square of an input's length."""
LONGEST_SENTENCE = 2000
"""Characters of an error: a list of allowed keys is the longest part of any."""


@dataclass(frozen=True)
class Target:
    """A parser, what it must hold to, and inputs to begin from."""

    check: Callable[[bytes], None]
    seeds: tuple[bytes, ...] = ()


class Feed:
    """Numbers and texts out of bytes; zero and empty once they have run out."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def below(self, count: int) -> int:
        return self.byte() % count

    def rest(self) -> bytes:
        rest, self._at = self._data[self._at :], len(self._data)
        return rest

    def text(self) -> str:
        return as_text(self.rest())

    def texts(self) -> list[str]:
        """Return what is left, cut at NUL."""
        return [as_text(part) for part in self.rest().split(b"\0")]


def as_text(data: bytes) -> str:
    """Return UTF-8 as text; what is none as halves of characters, as file names have them."""
    return data.decode("utf-8", "surrogateescape")


@functools.cache
def scratch() -> Path:
    """Return a folder for what a target must find in a file."""
    folder = tempfile.TemporaryDirectory(prefix="fuzz-")
    scratch.folder = folder  # type: ignore[attr-defined] # It goes when the process does.
    return Path(folder.name)


def in_file(data: bytes, name: str = "input") -> Path:
    path = scratch() / name
    path.write_bytes(data)
    return path


def is_sentence(error: BaseException) -> bool:
    """Whether an error can be shown as it is, once it is on one line."""
    said = str(error)
    return bool(said) and escaped(said).isprintable() and len(said) < LONGEST_SENTENCE


def has_controls(text: str) -> bool:
    return any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text)


def letters_of(text: str) -> str:
    """Return a text without its spaces."""
    return "".join(text.split())


# Files that people write


def configuration(data: bytes) -> None:
    """A configuration has every value within its bounds, or its error is a sentence."""
    try:
        loaded = config.load("embedded", in_file(data))
    except LiveTranslateError as error:
        assert is_sentence(error)
        return
    for table in (loaded, *(getattr(loaded, field.name) for field in dataclasses.fields(loaded))):
        if dataclasses.is_dataclass(table):
            for field in dataclasses.fields(table):
                low, high = field.metadata.get("low"), field.metadata.get("high")
                assert low is None or low <= getattr(table, field.name) <= high
    json.dumps(loaded.as_dict(), allow_nan=False)


def glossary(data: bytes) -> None:
    """A glossary finds each of its own terms, both ways, and nothing of no length."""
    try:
        terms = Glossary.read(in_file(data))
    except LiveTranslateError as error:
        assert is_sentence(error)
        return
    for way in (terms, terms.reversed()):
        for term in way.terms:
            assert not has_controls(term.source + term.target + "".join(term.sounds))
            text = unicodedata.normalize("NFC", term.source)
            assert way.matches(text), text
        check_matches(way, as_text(data))


def check_matches(terms: Glossary, text: str) -> None:
    end = 0
    for match in terms.matches(text):
        assert end <= match.begin < match.end
        end = match.end


def manifest(data: bytes) -> None:
    """A manifest's models stay in their folders, and its numbers are numbers."""
    try:
        read = Manifest.load(in_file(data))
    except LiveTranslateError as error:
        assert is_sentence(error)
        return
    for name, model in read.models.items():
        assert model.size >= 0
        assert len(model.digest) == 64
        for part in (name, *(file.name for file in model.files), *model.voices):
            path = Path(os.path.normpath(Path("/models") / part))
            assert path.parent == Path("/models")
            assert part.isprintable()
        for source in model.sources:
            str(source)
    for profile in read.profiles:
        assert all(read.model(name) for name in read.profile(profile))


# Sound


def standard_input(data: bytes) -> None:
    """Raw sound gives the same samples however it is cut."""
    feed = Feed(data)
    cuts = [1 + feed.byte() * (1 + feed.below(16)) for _ in range(8)]
    pcm = feed.rest()[:30_000]
    if pcm.startswith(b"RIFF"):
        return
    expected = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2") * np.float32(1 / 32768)
    # In packets, a pipe gives each write by itself to a read.
    reading, writing = os.pipe2(os.O_DIRECT)
    at = 0
    for cut in cuts:
        if piece := pcm[at : at + cut]:
            os.write(writing, piece)
            at += cut
    os.write(writing, pcm[at:])
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        try:
            blocks = list(StdinSource(stream, clock=time.monotonic).blocks())
        except AudioError as error:
            assert is_sentence(error)
            assert not pcm
            return
    assert all(len(block.samples) == 512 for block in blocks[:-1])
    heard = [block.samples for block in blocks]
    assert np.array_equal(np.concatenate([np.zeros(0, np.float32), *heard]), expected)


def samples(data: bytes) -> None:
    """Frames hold every sample in order, and a tamed sample is a number of at most 1."""
    feed = Feed(data)
    framer = Framer(1 + feed.byte())
    cuts = [feed.byte() for _ in range(4)]
    content = feed.rest()
    sound = np.frombuffer(content[: len(content) // 4 * 4], "<f4")
    calm = tamed(sound)
    assert calm.shape == sound.shape
    assert (np.abs(calm) <= 1.0).all()
    frames = [frame for piece in np.split(calm, np.cumsum(cuts)) for frame in framer.push(piece)]
    assert all(len(frame) == framer.frame_samples for frame in frames)
    assert np.array_equal(np.concatenate([*frames, framer.rest()]), calm)


def recording(data: bytes) -> None:
    """Any file is sound within bounds, or refused in a sentence."""
    source = FileSource(in_file(data), clock=time.monotonic, realtime=False, buffer_s=1.0)
    try:
        for block in source.blocks():
            assert 0 < len(block.samples) <= 512
            assert np.abs(block.samples).max() <= 1.0
    except AudioError as error:
        assert is_sentence(error)


# What is written and shown


def subtitles(data: bytes) -> None:
    """Subtitles are valid after every segment, in both formats, and hold every word."""
    feed = Feed(data)
    starts = [feed.byte() / 8 for _ in range(8)]
    texts = feed.texts()
    said = " ".join(clean(text) for text in texts).replace("-->", "→").split()
    for name, read in (("a.srt", read_srt), ("a.vtt", read_vtt)):
        writer = SubtitleWriter(scratch() / name)
        for number, text in enumerate(texts):
            start_s = starts[number % 8]
            end_s = start_s + starts[-number % 8]
            writer.on_translation(translation(number, "", text, start_s=start_s, end_s=end_s))
            if number < MOST_READINGS:
                read((scratch() / name).read_bytes())
        writer.close()
        cues = read((scratch() / name).read_bytes())
        assert " ".join(cue.text for cue in cues).split() == said


def transcripts(data: bytes) -> None:
    """A transcript is one JSON object a line, which a terminal may be given."""
    texts = Feed(data).texts()
    writer = TranscriptWriter(scratch() / "a.jsonl", Timeline(time.monotonic, realtime=True))
    for number, text in enumerate(texts):
        writer.on_transcript(transcript(f" {text}", 1.0 + number))
        writer.on_translation(translation(number, text, text[::-1], end_s=1.0 + number))
        if number % 2:
            writer.on_playback(playback(number, 2.0, 3.0))
    writer.close()
    content = (scratch() / "a.jsonl").read_bytes().decode("utf-8")
    lines = content.splitlines()
    assert content == "".join(f"{line}\n" for line in lines)
    assert not any(has_controls(line) for line in lines)
    found = [json.loads(line) for line in lines]
    told = [entry["target"] for entry in found if entry.get("target")]
    assert told == [text[::-1].strip() for text in texts if text[::-1].strip()]


@functools.cache
def layout() -> Layout:
    return Layout()


def screens(data: bytes) -> None:
    """Nothing that is said or heard can steer a terminal, or break out of its row."""
    from rich.cells import cell_len  # noqa: PLC0415 - the captions' modules only

    feed = Feed(data)
    width = 2 + feed.byte()
    text = feed.text()
    plain = io.StringIO()
    PlainCaptions(plain).on_translation(translation(0, text, text))
    assert plain.getvalue().count("\n") <= 1
    assert not has_controls(plain.getvalue().rstrip("\n"))
    lines = RollUp(columns=max(8, width), lines=2, clear_after_s=6.0)
    lines.add(text, 0, 0.0)
    shown = lines.text.split("\n")
    assert all(cell_len(line) <= max(8, width) and not has_controls(line) for line in shown)
    said = clean(text)
    utterance = Utterance(0, 0.0, source=said, unstable=said, target=said, target_unstable=said)
    for row in (*layout().ended(utterance, width), *layout().printed(text, width)):
        assert not has_controls(row.plain)
        assert row.cell_len <= width
    assert escaped(text).isprintable()


# Text


def sentences(data: bytes) -> None:
    """Sentences and clauses hold every word in order; none is longer than it may be."""
    feed = Feed(data)
    most, said, ended = 1 + feed.below(40), feed.below(20), bool(feed.below(2))
    text = feed.text()
    found = split(text, max_words=most, ended=ended, said_words=said)
    # A sentence may end where there is no space: behind 。.
    assert letters_of("".join([*found.complete, found.rest])) == letters_of(text)
    assert len(found.rest.split()) <= most
    assert all(found.complete)
    assert not (ended and found.rest)
    assert " ".join(clauses(text, min_words=1 + said)).split() == text.split()


def clause_cutter(data: bytes) -> None:
    """Pieces hold every word in order; an ending leaves nothing; few words do not wait long."""
    feed = Feed(data)
    code = ["", *FUNCTION_WORDS][feed.below(1 + len(FUNCTION_WORDS))]
    most = 4 + feed.below(20)
    cutter = ClauseCutter(
        code,
        first_clause_words=1 + feed.below(8),
        clause_words=2 + feed.below(20),
        max_clause_words=most,
        sentences_only=bool(feed.below(2)),
    )
    starving = feed.byte()
    pushed: list[str] = []
    taken: list[str] = []
    for number, text in enumerate(feed.texts()):
        pushed += cutter.push(text)
        while piece := cutter.take(starving=bool(starving >> number % 8 & 1)):
            taken += piece
    while piece := cutter.take(ending=True):
        taken += piece
    assert cutter.waiting_words == 0
    assert taken == pushed


def units_of(feed: Feed) -> Iterator[tuple[Unit, ...]]:
    """Yield hypotheses of one utterance, each made of the words of one text."""
    numbers = [feed.byte() for _ in range(16)]
    for text in feed.texts():
        end_s = 0.0
        units = []
        for index, word in enumerate(text.split(" ")):
            number = numbers[(index + len(word)) % 16]
            start_s, end_s = end_s, end_s + number / 100
            units.append(Unit(f" {word}", (number,), start_s, end_s, number / 255, -number / 10))
        yield tuple(units)


def hearing_policies(data: bytes) -> None:
    """Every policy of recognition commits a beginning of what is heard, and no more."""
    feed = Feed(data)
    audio_s = feed.byte() / 10
    hypotheses = list(units_of(feed))
    for name in ("agreement", "alignatt", "sure-or-agreed"):
        policy = make_hearing_policy(AsrConfig(policy=name))
        committed = 0
        for units in hypotheses:
            left = units[committed:]
            count = policy.step(left, audio_s)
            assert 0 <= count <= len(left)
            committed += count
        policy.reset()
        assert policy.step((), audio_s) == 0
    for units in hypotheses:
        kept = without_loops(units)
        assert len(kept) <= len(units)
        remaining = iter(units)
        assert all(unit in remaining for unit in kept)


def translation_policies(data: bytes) -> None:
    """Every policy of translation commits a beginning of the draft, never more than is there."""
    feed = Feed(data)
    source_words, ages = feed.byte(), sorted((feed.byte() / 10 for _ in range(8)), reverse=True)
    texts = [tuple(text.split()) for text in feed.texts()]
    pairs = (None, (language("en"), language("de")), (language("ja"), language("en")))
    for name in ("auto", "holdback", "agreement", "agreed-holdback", "attention"):
        for pair in pairs:
            settings = MtConfig(policy=name)
            policy = make_translation_policy(settings, forces_prefix=bool(pair), pair=pair)
            deadline = make_deadline(settings)
            committed = 0
            for words in texts:
                draft = Draft(words=words, committed=committed, source_words=source_words)
                if pair:
                    draft = replace(draft, attended=tuple(range(len(words))))
                due = deadline.due(draft, words, ages[: len(words)])
                count = max(policy.step(draft), due)
                assert 0 <= count <= len(words)
                assert len(draft.after(count).words) == len(words) - count
                committed += count
    for before, after in itertools.pairwise(texts):
        if len(before) * len(after) > 10_000:
            continue
        left = remaining_words(before, after)
        assert left == after[len(after) - len(left) :]
    for words in texts:
        if len(words) <= 100:
            assert remaining_words(words, words) == () or not any(map(bare, words))


def prefixes(data: bytes) -> None:
    """What follows a beginning is the end of the text, and has the letters that are left."""
    for text, prefix in pairs_of(Feed(data).texts()):
        rest = after_prefix(text, prefix)
        assert text.endswith(rest)
        letters, said = (sum(not letter.isspace() for letter in part) for part in (text, prefix))
        assert sum(not letter.isspace() for letter in rest) == max(0, letters - said)


def pairs_of(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(texts, [*texts[1:], texts[0]], strict=True)


def spelling(data: bytes) -> None:
    """A bare word stays so, and likeness is the same both ways."""
    for one, other in pairs_of(Feed(data).texts()):
        assert bare(bare(one)) == bare(one)
        assert likeness(one, other) == likeness(other, one)
        assert likeness(one, one) == 1.0


def translation_checks(data: bytes) -> None:
    """A translation is checked without failing; a text is never a bad translation of itself."""
    known = {"negation", "question", "broken characters", "sentences"}
    known |= {"length", "loop", "names", "given names", "surnames", "unknown words"}
    texts = Feed(data).texts()
    for source, target in pairs_of(texts):
        found = faults(source, target, "en", "es", hint=texts[0])
        assert {name for name in found if not name.endswith((" is lost", " is added"))} <= known
        assert faults(source, source, "en", "en", hint=source) == ()


def apertium_stream(data: bytes) -> None:
    """A text comes through Apertium's format as it went in, and cannot end it or give commands."""
    text = as_text(data)
    stream = apertium.to_stream(text)
    assert b"\0" not in stream
    assert re.sub(rb"\\.", b"", stream, flags=re.DOTALL).translate(None, b"\\[]{}^$<>/@") == re.sub(
        rb"\\.", b"", stream, flags=re.DOTALL
    )
    back = apertium.from_stream(stream, text)
    assert not has_controls(back)
    letters = "".join(text.encode("utf-8", "ignore").decode().split())
    for letter in "*#@":
        assert back.count(letter) == letters.count(letter)


class Echo:
    """An engine that says what it is given."""

    name = "echo"
    forces_prefix = True

    def translate(self, source: str, *, prefix: str = "") -> str:
        return prefix + source[len(prefix) :]

    def close(self) -> None:
        pass


def lines(data: bytes) -> None:
    """Text on standard input, whatever its bytes, is as many lines of translation."""
    stream = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    found = [line.text for line in translate_lines(Echo(), lines_of(stream))]
    assert len(found) == len(list(io.TextIOWrapper(io.BytesIO(data), "utf-8", "replace")))
    assert letters_of("".join(found)) == letters_of(data.decode("utf-8", "replace"))
    assert not any(has_controls(clean(line)) for line in found)


def glossed(data: bytes) -> None:
    """What an engine says is held to any glossary without failing, and with each term in it."""
    first, _, text = data.partition(b"\0")
    try:
        terms = Glossary.read(in_file(first))
    except LiveTranslateError:
        return
    for way, pair in ((terms, ("en", "es")), (terms.reversed(), ("es", "en"))):
        source = " ".join(as_text(text).split())
        engine = GlossedTranslator(Echo(), way, *map(language, pair))
        said = engine.answer(source)
        if said.is_sure:
            for match in way.matches(source):
                assert match.term.target.casefold() in said.text.casefold()
        words = source.split()
        prefix = " ".join(words[: len(words) // 2])
        assert engine.answer(source, prefix=prefix).text.startswith(prefix)


# What is typed


def parsers() -> Iterator[ArgumentParser]:
    yield cli._parser()
    yield models_command._parser("models")
    yield devices_command._parser()
    yield doctor_command._parser()


def arguments(data: bytes) -> None:
    """Arguments are understood, or misuse is a sentence; nothing else is printed."""
    typed = Feed(data).texts()
    for parser in parsers():
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                parser.parse_args(typed)
            except UsageError as error:
                assert is_sentence(error) or len(data) > LONGEST_SENTENCE // 4
                assert not out.getvalue()
            except SystemExit as leaving:
                assert leaving.code in (0, None)
        assert not err.getvalue()


def keys(data: bytes) -> None:
    """Keys, in any order, ask short questions and give commands; a question fits on a line."""
    keymap = Keymap()
    for key in data.decode("utf-8", "ignore"):
        command = keymap.press(key)
        assert keymap.prompt.isprintable()
        assert len(keymap.prompt) < 80
        if command is not None:
            assert command.text == command.text.strip()
            assert not keymap.prompt


def languages(data: bytes) -> None:
    """A language is known by its names, or refused in a sentence."""
    name = as_text(data[:100])
    try:
        assert language(name).code
    except UsageError as error:
        assert is_sentence(error)


def seeds_of(*texts: str) -> tuple[bytes, ...]:
    return tuple(text.encode() for text in texts)


# ruff: noqa: RUF001 - letters of other scripts
TALK = (
    "Good morning, Mr. Smith: 3.5 million people (in New York) said so.\0"
    "Buenos días, Sr. Smith… ¿cuántos? 3,5 millones.\0おはよう。元気？\0شكرا، 12:30"
)
TERMS = "Siobhan\t\tShivawn, Shevaun\nNew  York\tNueva York\nsprint\titeración\n東京\tTokio\n"
MODEL = f"""[profiles]
embedded = ["tiny"]
[models.tiny]
kind = "mt"
description = "d"
licence = "MIT"
files = [{{ name = "model.bin", size = 5, sha256 = "{"0" * 64}" }}]
[[models.tiny.sources]]
type = "pypi"
packages = ["a==1"]
members = {{ "model.bin" = ["a/b"] }}
"""
ARCHIVE = f"""[profiles]
[models.a]
kind = "voices"
description = "d"
licence = "MIT"
files = [{{ name = "v.npz", size = 0x10 }}]
voices = {{ a = "{"1" * 64}" }}
[[models.a.sources]]
type = "npm"
package = "k@1"
sha256 = "{"2" * 64}"
voices = "p/{{voice}}.bin"
[[models.a.sources]]
type = "url"
urls = {{ "v.npz" = "https://a/b" }}
"""

TARGETS: dict[str, Target] = {
    "configuration": Target(
        configuration,
        seeds_of(
            "[asr]\nstride_s = 1e0\nbeam_size = 3\n[mt]\nengines = ['compact']\n",
            "mode = \"complete\"\ntwo_way = true\ntts.voice = '''x'''\n# é\n",
            "a = 1979-05-27T07:32:00Z\n[[b]]\nc = {d = [0xff, inf, -nan]}\n",
        ),
    ),
    "glossary": Target(glossary, seeds_of(TERMS, "\ufeff# c\r\na-b\tc\td, e\n", "İ\tı\nß\tSS\n")),
    "manifest": Target(manifest, seeds_of(MODEL, ARCHIVE)),
    "standard_input": Target(standard_input, (bytes(range(200)), b"\1\0" * 40)),
    "samples": Target(samples, (np.array([1, np.nan, np.inf, 3e38], "<f4").tobytes() * 3,)),
    "recording": Target(recording, (wav()[:400], flac()[:600], wav(bits=8, rate_hz=44_100)[:300])),
    "subtitles": Target(subtitles, seeds_of("\1\2\3\4\5\6\7\x08" + TALK, "--> <b>&amp;\0\n\n1\n")),
    "transcripts": Target(transcripts, seeds_of(TALK, '\\"\0\x7f\u2028')),
    "screens": Target(
        screens, seeds_of(TALK, "P\x1b[31mred\x9b2J\u202e\u0301👩\u200d👧", "\x08שלום, 12")
    ),
    "sentences": Target(sentences, seeds_of("\x08\2\1" + TALK, "\1\0\0e.g. 3. A. B.. c!?\"")),
    "clause_cutter": Target(clause_cutter, seeds_of("\1\5\2\7\0\3" + TALK, "\2" * 6 + TALK)),
    "hearing_policies": Target(hearing_policies, seeds_of("\x10" * 17 + "no no no. no\0no, no no")),
    "translation_policies": Target(
        translation_policies, seeds_of("\x08" * 9 + "a b c d\0a b c d e f\0a, B. c")
    ),
    "prefixes": Target(prefixes, seeds_of("a b c\0ab", "  a\u3000b\0a b")),
    "spelling": Target(spelling, seeds_of("Straße\0STRASSE", "İ\0i̇", "it's\0its")),
    "translation_checks": Target(translation_checks, seeds_of(TALK, "Tom's 1,250\0Tom 1.250")),
    "apertium_stream": Target(apertium_stream, seeds_of("a [b] ^c$ \\ <d> *e #f @g ~h\0 i-j")),
    "lines": Target(lines, seeds_of("a\nb\r\n\n" + "c. " * 50, "\xff\ud7ff")),
    "glossed": Target(glossed, seeds_of(TERMS + "\0Siobhan's sprints in New York and 東京.")),
    "arguments": Target(
        arguments,
        seeds_of(
            "--src\0en\0--tgt\0es\0--input\0-x.wav",
            "get\0--profile\0embedded\0--pair=en-es",
            "--test\0--output-device=x\0--quick\0--bundle\0y",
            "--src=en\0--tgt=es\0--mode=complete\0--no-speech\0--pace\0fast\0--log-level\0debug",
        ),
    ),
    "keys": Target(keys, seeds_of("lfr\r ms?v\x7f\x1bq", "vx\x08\n")),
    "languages": Target(languages, seeds_of("en", "spa_Latn", " Portuguese ")),
}  # fmt: skip
"""By the name under which `python -m tests.fuzz` runs them."""


if not sys.platform.startswith("linux"):  # Pipes in packets are Linux's.
    del TARGETS["standard_input"]
