"""Two languages in one talk, real models: a conversation, a language found, a turn on the way."""

import json
import wave
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from live_translator import config as settings
from live_translator.assembly import Run, Wanted
from live_translator.audio.resample import Resampler
from live_translator.config import SAMPLE_RATE_HZ, Config, TtsConfig
from live_translator.direction import directions
from live_translator.engines import Engines
from live_translator.errors import ModelError, UsageError
from live_translator.languages import LANGUAGES
from live_translator.messages import Playback, Samples, Transcript, Translation
from live_translator.model_store import ModelStore
from live_translator.tts.kokoro import KokoroSynthesizer
from live_translator.tts.voices import make_synthesizer

pytestmark = pytest.mark.slow

ENGLISH = "Good morning. I would like to know when the next train to the city leaves."
SPANISH = "El próximo tren sale a las nueve de la mañana y llega a la ciudad a las once."
PAUSE_S = 0.8


@pytest.fixture(scope="module")
def say(store: ModelStore) -> Callable[[str, str], Samples]:
    """Return what a text sounds like in a language, at the microphone's rate."""
    english = make_synthesizer(LANGUAGES["en"], TtsConfig(), store)
    assert isinstance(english, KokoroSynthesizer)
    voices = {"en": english, "es": english.in_voice(LANGUAGES["es"])}

    def said(text: str, code: str) -> Samples:
        resampler = Resampler(voices[code].sample_rate_hz, 1, SAMPLE_RATE_HZ)
        samples = voices[code].synthesize(text)
        return np.concatenate([resampler.push(samples), resampler.flush()])

    return said


@pytest.fixture
def conversation(say: Callable[[str, str], Samples], tmp_path: Path) -> Path:
    """A question in English, an answer in Spanish, thanks in English."""
    pause = np.zeros(int(PAUSE_S * SAMPLE_RATE_HZ), np.float32)
    spoken = [(ENGLISH, "en"), (SPANISH, "es"), ("Thank you very much for your help.", "en")]
    samples = np.concatenate([part for turn in spoken for part in (say(*turn), pause)])
    path = tmp_path / "conversation.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def engines(store: ModelStore) -> Iterator[Callable[[Config], Engines]]:
    """Make engines that are closed after the test."""
    made: list[Engines] = []

    def make(config: Config) -> Engines:
        made.append(Engines(config, store, speech=True))
        return made[-1]

    yield make
    for one in made:
        one.close()


class Turner:
    """Turns the talk round as soon as the first words have been translated."""

    def __init__(self) -> None:
        self.run: Run
        self.said = ""

    def on_transcript(self, message: Transcript) -> None:
        pass

    def on_translation(self, message: Translation) -> None:
        if not self.said and message.target:
            self.said = self.run.controls.swap()

    def on_playback(self, message: Playback) -> None:
        pass

    def close(self) -> None:
        pass


def segments(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def by_direction(lines: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return direction, source and target of each utterance, in order."""
    numbers = dict.fromkeys(line["utterance"] for line in lines)
    groups = [[line for line in lines if line["utterance"] == number] for number in numbers]
    return [
        (
            group[0]["direction"],
            " ".join(line["source"] for line in group),
            " ".join(line["target"] for line in group),
        )
        for group in groups
    ]


def test_a_conversation_is_translated_both_ways(
    conversation: Path, engines: Callable[[Config], Engines], tmp_path: Path
) -> None:
    config = settings.load("embedded", None, {"two_way": True, "pace": "fast"})
    transcript, audio = tmp_path / "out.jsonl", tmp_path / "out.wav"
    wanted = Wanted(input=str(conversation), output=audio, transcript=transcript, captions=False)
    with Run(config, wanted, engines(config)) as run:
        run.pipeline.run()
    (asked, question, pregunta), (_, respuesta, answer), (thanked, _, gracias) = by_direction(
        segments(transcript)
    )
    assert [asked, thanked] == 2 * ["en → es"]
    assert "train" in question
    assert "tren" in pregunta
    assert "tren" in respuesta
    assert "train" in answer
    assert "racias" in gracias
    assert len({line["segment"] for line in segments(transcript)}) == len(segments(transcript))


def test_a_language_that_nobody_named_is_found_and_spoken(
    say: Callable[[str, str], Samples],
    conversation: Path,
    engines: Callable[[Config], Engines],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "live_translator.notice")
    flags = {"source": "auto", "target": "en", "pace": "fast"}
    config = settings.load("embedded", None, flags)
    transcript = tmp_path / "out.jsonl"
    wanted = Wanted(input=str(conversation), transcript=transcript, speech=False, captions=False)
    with Run(config, wanted, engines(config)) as run:
        run.pipeline.run()
    ways = [direction for direction, _, _ in by_direction(segments(transcript))]
    assert ways == ["en → en", "es → en", "en → en"]
    assert [record.message for record in caplog.records] == [
        "English is spoken",
        "Spanish is spoken",
        "English is spoken",
    ]


def test_a_talk_that_is_turned_round_loses_no_sentence(
    conversation: Path, engines: Callable[[Config], Engines], tmp_path: Path
) -> None:
    """In real time: the first words are translated long before the English has ended."""
    config = settings.load("embedded", None, {})
    transcript, turner = tmp_path / "out.jsonl", Turner()
    wanted = Wanted(input=str(conversation), transcript=transcript, speech=False, captions=False)
    made = engines(config)
    made.prepare(*directions(config))
    with Run(config, wanted, made, listeners=[turner]) as run:
        turner.run = run
        run.pipeline.run()
    assert turner.said.startswith("es → en")
    spoken = by_direction(segments(transcript))
    assert spoken[0][0] == "en → es"
    assert {direction for direction, _, _ in spoken[1:]} == {"es → en"}
    assert any("tren" in source and "train" in target for _, source, target in spoken[1:])


def test_what_cannot_be_had_changes_nothing(
    conversation: Path, engines: Callable[[Config], Engines]
) -> None:
    config = settings.load("embedded", None, {"pace": "fast"})
    wanted = Wanted(input=str(conversation), speech=False, captions=False)
    made = engines(config)
    with closing(made), Run(config, wanted, made) as run:
        with pytest.raises(UsageError, match="swap"):
            run.controls.speak("English")
        with pytest.raises(ModelError, match="en-ko is missing: run `live-translate models get"):
            run.controls.speak("ko")
        assert [str(way) for way in run.steering.directions] == ["en → es"]
        run.pipeline.run()
