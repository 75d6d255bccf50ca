"""Names put where they were said: the decision with a window by hand, and real speech."""
# ruff: noqa: RUF001 - letters of the IPA

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.asr.names import NameHearer, Sighting, make_name_hearer
from live_translator.asr.phones import Phones, parse
from live_translator.asr.streaming import RecogniseProcessor
from live_translator.asr.whisper import WhisperTranscriber
from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.resample import Resampler
from live_translator.audio.sources import FileSource
from live_translator.audio.vad import SileroDetector
from live_translator.config import OUTPUT_RATE_HZ, SAMPLE_RATE_HZ, AsrConfig, CaptureConfig
from live_translator.glossary import Glossary, Term
from live_translator.languages import language
from live_translator.messages import AudioBlock, Samples
from live_translator.model_store import ModelStore
from live_translator.tts.kokoro import KokoroSynthesizer
from tests.conftest import SAMPLE

CONFIG = AsrConfig()
SURE, DOUBTED = 0.95, 0.3
SIOBHAN, ANA = Term("Siobhan", "Siobhan"), Term("Ana Ortiz", "Ana Ortiz")
SOUNDS = {"Siobhan": "ʃɪvɔn", "Shivan": "ʃɪvæn", "seven": "sɛvən", "Anna Ortis": "ænə ɔɹtis"}


def unit(text: str, probability: float = SURE, tokens: int = 1) -> Unit:
    return Unit(text, tuple(range(tokens)), 0.0, 0.2, probability)


def heard(text: str, **doubted: int) -> tuple[Unit, ...]:
    """The words of a text; those named are doubted, and spelt with so many tokens."""
    return tuple(
        unit(f" {word}", DOUBTED, doubted[word]) if word in doubted else unit(f" {word}")
        for word in text.split()
    )


class Window:
    """Finds a text as likely as its likeliest listed word says."""

    def __init__(self, logprobs: Mapping[str, float]) -> None:
        self._logprobs = logprobs
        self.asked: list[tuple[str, str, str]] = []

    def spell(
        self, words: str, rest: Sequence[Unit], *, prefix: Sequence[Unit] = (), prompt: str = ""
    ) -> tuple[Unit, ...]:
        text = words + "".join(unit.text for unit in rest)
        self.asked.append((text, "".join(unit.text for unit in prefix), prompt))
        units = tuple(unit(f" {word}") for word in text.split())
        found = [value for word, value in self._logprobs.items() if word in text]
        return (replace(units[0], logprob=max(found, default=0.0)), *units[1:])


def hearer(*terms: Term) -> NameHearer:
    def pronounce(text: str) -> Phones:
        return parse(SOUNDS.get(text, ""))

    sounds = {SIOBHAN: "ʃɪvɔn", ANA: "ana ɔɾtis"}
    return NameHearer(
        Glossary(terms), [(term, parse(sounds[term])) for term in terms], pronounce, CONFIG
    )


def corrected(names: NameHearer, units: tuple[Unit, ...], window: Window) -> list[str]:
    hypothesis = Hypothesis(units=units, mean_logprob=-0.3, no_speech_probability=0.1)
    result, _ = names.corrected(hypothesis, window, (unit(" Then"),))
    assert replace(result, units=units) == hypothesis
    return [unit.text for unit in result.units]


def test_a_doubtful_word_becomes_the_name_it_sounds_like_if_the_audio_agrees() -> None:
    window = Window({"Siobhan": -4.0, "Shivan": -5.0})
    said = corrected(hearer(SIOBHAN), heard("I asked Shivan to come", Shivan=2), window)
    assert said == [" I", " asked", " Siobhan", " to", " come"]
    assert window.asked == [
        (" Siobhan to come", " Then I asked", "Siobhan"),
        (" Shivan to come", " Then I asked", "Siobhan"),
    ]


@pytest.mark.parametrize(
    ("units", "logprobs"),
    [
        (heard("I asked Shivan"), {}),  # The recogniser is sure.
        (heard("I asked Shivan", Shivan=2), {"Siobhan": -20.0, "Shivan": -5.0}),
        (heard("It was seven", seven=1), {"Siobhan": 0.0, "seven": -5.0}),  # A common word.
        (heard("It was so", so=1), {"Siobhan": 0.0}),  # Nothing alike.
        ((), {}),
    ],
)
def test_other_words_stay(units: tuple[Unit, ...], logprobs: dict[str, float]) -> None:
    said = corrected(hearer(SIOBHAN), units, Window(logprobs))
    assert said == [unit.text for unit in units]


def test_a_possessive_stays_with_the_name() -> None:
    units = (unit(" Shivan's", DOUBTED, 3), unit(" car"))
    assert corrected(hearer(SIOBHAN), units, Window({}))[0] == " Siobhan's"


def test_a_name_of_several_words_is_one_unit_so_that_it_is_committed_as_a_whole() -> None:
    units = heard("with Anna Ortis today", Anna=1, Ortis=2)
    assert corrected(hearer(ANA), units, Window({})) == [" with", " Ana Ortiz", " today"]


def test_a_name_heard_right_is_left_alone_and_one_in_other_case_is_spelt_as_it_should() -> None:
    window = Window({})
    right = heard("and Siobhan came", Siobhan=2)
    assert corrected(hearer(SIOBHAN), right, window) == [" and", " Siobhan", " came"]
    assert window.asked == []
    lower = heard("and siobhan came", siobhan=2)
    assert corrected(hearer(SIOBHAN), lower, window) == [" and", " Siobhan", " came"]


def test_letters_left_over_from_a_name_that_is_committed_already_are_dropped() -> None:
    hypothesis = Hypothesis(units=(unit("e"), unit(" came")))
    for word, expected in ((" Siobhan", [" came"]), (" Siobh", ["e", " came"])):
        result, _ = hearer(SIOBHAN).corrected(hypothesis, Window({}), (unit(word),))
        assert [unit.text for unit in result.units] == expected


def test_a_name_is_tried_again_in_its_place_whatever_is_heard_there_next() -> None:
    names, window = hearer(SIOBHAN), Window({"Siobhan": -4.0, "Sherman": -5.0, "Shivan": -5.0})

    def said(word: str, start_s: float, sightings: list[Sighting]) -> tuple[str, list[Sighting]]:
        """What is made of a word that is said at 7 s, in a window that begins at `start_s`."""
        at_s = 7.0 - start_s
        units = (
            Unit(" Then", (1,), at_s - 1.0, at_s, SURE),
            Unit(f" {word}'s", (1, 2), at_s, at_s + 0.5, DOUBTED),
            Unit(",", (3,), at_s + 0.5, at_s + 0.5, SURE),
        )
        hypothesis = Hypothesis(units=units)
        result, after = names.corrected(
            hypothesis, window, (), start_s=start_s, sightings=sightings
        )
        return "".join(unit.text for unit in result.units), after

    assert said("Sherman", 0.0, [])[0] == " Then Sherman's,"
    (sighting,) = said("Shivan", 0.0, [])[1]
    here, elsewhere = replace(sighting, start_s=7.0, end_s=7.5), replace(sighting, start_s=8.0)
    assert said("Sherman", 4.0, [here])[0] == " Then Siobhan's,"
    assert said("Sherman", 4.0, [elsewhere]) == (" Then Sherman's,", [])


def test_only_names_are_listened_for() -> None:
    words = Glossary([Term("sprint", "iteración")])
    assert make_name_hearer(words, language("en"), CONFIG) is None
    assert make_name_hearer(Glossary([SIOBHAN]), language("en"), CONFIG) is not None


NAMES = (
    *("Siobhan", "Tlalpan", "Ximena Etxeberria", "Norvantis", "Wojciech", "Iztapalapa"),
    *("Kowalczyk", "Dijkstra", "Gdansk", "Brantivo", "Hrabowski", "Grafana", "Oluwaseun"),
)


@pytest.fixture(scope="module")
def transcriber(store: ModelStore) -> WhisperTranscriber:
    return WhisperTranscriber(store.path(CONFIG.model), "en", CONFIG)


@pytest.fixture(scope="module")
def names() -> NameHearer:
    glossary = Glossary([Term(name, name) for name in NAMES])
    hearer = make_name_hearer(glossary, language("en"), CONFIG)
    assert hearer is not None
    return hearer


def streamed(samples: Samples, transcriber: WhisperTranscriber, names: NameHearer | None) -> str:
    capture = CaptureProcessor(SileroDetector(), CaptureConfig(), lambda: 0.0)
    stage = RecogniseProcessor(transcriber, CONFIG, lambda: 0.0, coalesce=False, names=names)
    block = AudioBlock(samples=samples, start_s=0.0, captured_at_s=0.0)
    chunks = [*capture.process([block]), *capture.finish()]
    messages = [*stage.process(chunks), *stage.finish()]
    return "".join(message.committed for message in messages)


@pytest.mark.slow
def test_names_that_whisper_misspells_are_right_with_a_glossary(
    store: ModelStore, transcriber: WhisperTranscriber, names: NameHearer
) -> None:
    voice = KokoroSynthesizer(
        store.path("kokoro") / "kokoro-v1.0.int8.onnx",
        store.path("kokoro-voices") / "voices-v1.0.npz",
        language("en"),
        "af_heart",
    )
    speech = voice.synthesize(
        "They bought a small house in Tlalpan with a garden. "
        "Please give the keys to Voychek when you leave the office."
    )
    resampler = Resampler(OUTPUT_RATE_HZ, 1, SAMPLE_RATE_HZ)
    silence = np.zeros(SAMPLE_RATE_HZ, np.float32)
    samples = np.concatenate([resampler.push(speech), resampler.flush(), silence])
    without, with_names = (streamed(samples, transcriber, hears) for hears in (None, names))
    for name in ("Tlalpan", "Wojciech"):
        assert name not in without
        assert name in with_names


@pytest.mark.slow
def test_a_talk_without_the_names_is_heard_as_it_is_without_a_glossary(
    transcriber: WhisperTranscriber, names: NameHearer
) -> None:
    source = FileSource(Path(SAMPLE), clock=lambda: 0.0, realtime=False, buffer_s=30.0)
    samples = np.concatenate([block.samples for block in source.blocks()])[: 25 * SAMPLE_RATE_HZ]
    without, with_names = (streamed(samples, transcriber, hears) for hears in (None, names))
    assert len(with_names.split()) > 50
    assert with_names == without
