import logging
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.metrics.offsets import drift
from live_translator import latency
from live_translator.audio.sinks import NullSink, WavSink
from live_translator.config import OUTPUT_RATE_HZ, TtsConfig
from live_translator.errors import OutputError, SegmentError
from live_translator.languages import language
from live_translator.messages import Playback, Samples, Translation
from live_translator.timeline import Timeline
from live_translator.tts.kokoro import KokoroSynthesizer
from live_translator.tts.speaking import SpeakProcessor
from tests.tts.conftest import Recogniser, word_error_rate

SECONDS_A_WORD = 0.4


class Clock:
    """A monotonic clock that moves when told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


CALM = TtsConfig(
    first_clause_words=3,
    end_offset_s=5.0,
    max_voice_speed=1.2,
    max_stretch=1.25,
    starving_s=0.4,
)
"""In no hurry for five seconds, whatever the tuned defaults are."""


class SteadyVoice:
    """Says every word in the same time; cannot say 'impossible'."""

    name = "steady"
    sample_rate_hz = OUTPUT_RATE_HZ

    def __init__(self, clock: Clock | None = None, costs_s: float = 0.0) -> None:
        self.said: list[tuple[str, float]] = []
        self.closed = 0
        self._clock = clock
        self._costs_s = costs_s

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        if "impossible" in text:
            raise SegmentError("the word is too hard")
        if self._clock is not None:
            self._clock.now_s += self._costs_s
        self.said.append((text, speed))
        seconds = SECONDS_A_WORD * len(text.split()) / speed
        return np.full(round(seconds * OUTPUT_RATE_HZ), 0.1, np.float32)

    def close(self) -> None:
        self.closed += 1


def segment(
    number: int, target: str, end_s: float, *, utterance: int = 0, final: bool = False
) -> Translation:
    return Translation(
        utterance=utterance,
        start_s=0.0,
        end_s=end_s,
        captured_at_s=end_s,
        emitted_at_s=end_s,
        final=final,
        segment=number,
        source="",
        target=target,
    )


def fast_processor(
    voice: SteadyVoice | None, *, streaming: bool = True, config: TtsConfig | None = None
) -> SpeakProcessor:
    return SpeakProcessor(
        voice,
        NullSink(),
        config or CALM,
        Timeline(Clock(), realtime=False),
        streaming=streaming,
        language=language("es"),
    )


def spans(played: Sequence[Playback]) -> list[tuple[int, str, float, float]]:
    return [(p.segment, p.text, round(p.audio_start_s, 3), round(p.audio_end_s, 3)) for p in played]


def test_a_sentence_sounds_when_its_source_has_been_heard() -> None:
    voice = SteadyVoice()
    played = list(fast_processor(voice).process([segment(7, "Hola a todos.", 2.5, final=True)]))
    assert spans(played) == [(7, "Hola a todos.", 2.5, 3.7)]
    assert played[0].speech_end_s == 2.5
    assert voice.said == [("Hola a todos.", 1.0)]


def test_a_clause_of_several_segments_is_shared_by_characters() -> None:
    voice = SteadyVoice()
    stage = fast_processor(voice)
    batches = [
        segment(0, "los", 1.0),
        segment(1, "abuelos", 2.0),
        segment(2, "llegan.", 3.0, final=True),
    ]
    played = [p for message in batches for p in stage.process([message])]
    # 1.2 s for 17 letters, of which 3, 7 and 7.
    assert spans(played) == [
        (0, "los", 3.0, 3.212),
        (1, "abuelos", 3.212, 3.706),
        (2, "llegan.", 3.706, 4.2),
    ]
    assert [p.speech_end_s for p in played] == [1.0, 2.0, 3.0]


def test_pieces_follow_each_other_with_a_breath() -> None:
    stage = fast_processor(SteadyVoice())
    text = "Uno. Dos. Tres."
    assert spans(list(stage.process([segment(0, text, 1.0, final=True)]))) == [
        (0, "Uno.", 1.0, 1.4),
        (0, "Dos.", 1.6, 2.0),
        (0, "Tres.", 2.2, 2.6),
    ]


def test_a_breath_that_has_passed_is_not_drawn_again() -> None:
    stage = fast_processor(SteadyVoice())
    first = list(stage.process([segment(0, "Uno.", 1.0, final=True)]))
    second = list(stage.process([segment(1, "Dos.", 9.0, utterance=1, final=True)]))
    assert spans(first + second) == [(0, "Uno.", 1.0, 1.4), (1, "Dos.", 9.0, 9.4)]


def test_when_behind_it_saves_breath_then_hurries_voice_and_waveform() -> None:
    voice = SteadyVoice()
    stage = fast_processor(voice)
    text = "uno dos tres cuatro. " * 4
    played = spans(list(stage.process([segment(0, text, 1.0, final=True)])))
    speeds = [speed for _, speed in voice.said]
    assert speeds[0] == speeds[1] == 1.0 < speeds[2] < speeds[3] == 1.2
    pauses = [round(played[i + 1][2] - played[i][3], 3) for i in range(3)]
    assert pauses == [0.2, 0.2, 0.0]
    durations = [end - start for _, _, start, end in played]
    assert durations[-1] == pytest.approx(1.6 / 1.2 / 1.25, abs=0.05)


def test_what_is_hurried_just_enough_ends_in_time() -> None:
    stage = fast_processor(SteadyVoice(), config=TtsConfig(end_offset_s=2.5))
    text = "uno dos tres cuatro. uno dos tres."
    played = spans(list(stage.process([segment(0, text, 1.0, final=True)])))
    assert played[-1][3] == pytest.approx(1.0 + 2.5, abs=0.05)


def test_without_catching_up_nothing_is_hurried_and_no_breath_left_out() -> None:
    voice = SteadyVoice()
    stage = fast_processor(voice, config=TtsConfig(catch_up="none"))
    text = "uno dos tres cuatro. " * 8
    played = spans(list(stage.process([segment(0, text, 1.0, final=True)])))
    assert {speed for _, speed in voice.said} == {1.0}
    assert played[-1][3] == pytest.approx(1.0 + 8 * 1.6 + 7 * 0.2, abs=0.01)


def test_in_complete_mode_an_utterance_is_said_without_hurry() -> None:
    voice = SteadyVoice()
    stage = fast_processor(voice, streaming=False, config=TtsConfig())
    list(stage.process([segment(0, "uno dos tres cuatro. " * 4, 1.0, final=True)]))
    assert [speed for _, speed in voice.said] == [1.0] * 4


def test_a_starving_player_is_fed_early_and_a_busy_one_in_clauses() -> None:
    voice = SteadyVoice()
    stage = fast_processor(voice)
    text = "los niños juegan siempre alegres cerca del viejo parque central"
    for number, word in enumerate(text.split()):
        list(stage.process([segment(number, word, 1.0 + number * 0.1)]))
    list(stage.finish())
    assert [said for said, _ in voice.said] == [
        "los niños juegan",
        "siempre alegres cerca del viejo parque central",
    ]


def test_complete_mode_waits_for_whole_sentences() -> None:
    voice = SteadyVoice()
    stage = fast_processor(voice, streaming=False)
    assert list(stage.process([segment(0, "uno, dos, tres y cuatro", 1.0)])) == []
    list(stage.process([segment(1, "y cinco. Y seis", 2.0)]))
    assert [text for text, _ in voice.said] == ["uno, dos, tres y cuatro y cinco."]
    list(stage.finish())
    assert voice.said[-1][0] == "Y seis"


def test_an_utterance_never_runs_into_the_next() -> None:
    voice = SteadyVoice()
    stage = fast_processor(voice)
    list(stage.process([segment(0, "y de", 1.0)]))
    list(stage.process([segment(1, "Otra cosa.", 2.0, utterance=1, final=True)]))
    assert [text for text, _ in voice.said] == ["y de", "Otra cosa."]


def test_what_cannot_be_said_is_logged_counted_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = fast_processor(SteadyVoice())
    with caplog.at_level(logging.WARNING):
        played = list(stage.process([segment(0, "Eso es impossible. Esto no.", 1.0, final=True)]))
    assert [(piece.text, piece.skipped) for piece in played] == [
        ("Eso es impossible.", "the voice failed"),
        ("Esto no.", ""),
    ]
    left_out = played[0]
    assert left_out.audio_start_s == left_out.audio_end_s
    assert stage.skipped == 1
    assert "not spoken: 3 words (the word is too hard)" in caplog.text


def test_a_lone_dash_is_silent_and_no_failure() -> None:
    voice = SteadyVoice()
    stage = fast_processor(voice)
    played = list(stage.process([segment(0, "— ...", 1.0, final=True)]))
    assert [(piece.text, piece.skipped) for piece in played] == [("— ...", "without sound")]
    assert (voice.said, stage.skipped) == ([], 0)


def test_a_failing_sink_is_not_swallowed() -> None:
    class FullDisk(NullSink):
        def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
            raise OutputError("the disk is full")

    stage = SpeakProcessor(
        SteadyVoice(), FullDisk(), TtsConfig(), Timeline(Clock(), realtime=False)
    )
    with pytest.raises(OutputError):
        list(stage.process([segment(0, "Hola.", 1.0, final=True)]))


def test_without_a_voice_nothing_is_played() -> None:
    stage = fast_processor(None)
    assert list(stage.process([segment(0, "Hola.", 1.0, final=True)])) == []
    assert list(stage.finish()) == []
    stage.close()


def test_what_comes_while_it_is_muted_is_not_said_later() -> None:
    voice, muted = SteadyVoice(), [True]
    stage = SpeakProcessor(
        voice,
        NullSink(),
        CALM,
        Timeline(Clock(), realtime=False),
        muted=lambda: muted[0],
    )
    played = list(stage.process([segment(0, "Nobody hears this.", 2.0, final=True)]))
    muted[0] = False
    played += stage.process([segment(1, "This is heard.", 4.0, utterance=1, final=True)])
    assert [text for text, _ in voice.said] == ["This is heard."]
    assert [(piece.segment, piece.skipped) for piece in played] == [(0, "muted"), (1, "")]


def test_a_final_message_without_words_flushes() -> None:
    stage = fast_processor(SteadyVoice())
    assert list(stage.process([segment(0, "y de", 1.0)])) == []
    played = list(stage.process([segment(1, "", 1.5, final=True)]))
    assert spans(played) == [(0, "y de", 1.5, 2.3)]


def test_the_voice_stays_open_for_whoever_loaded_it() -> None:
    voice = SteadyVoice()
    fast_processor(voice).close()
    assert voice.closed == 0


def test_in_real_time_speech_starts_when_its_synthesis_is_done() -> None:
    clock = Clock()
    timeline = Timeline(clock, realtime=True)
    timeline.start()
    voice = SteadyVoice(clock, costs_s=0.5)
    stage = SpeakProcessor(voice, NullSink(), TtsConfig(), timeline, language=language("es"))
    clock.now_s += 2.0
    played = list(stage.process([segment(0, "Hola a todos.", 1.0, final=True)]))
    assert spans(played) == [(0, "Hola a todos.", 2.5, 3.7)]


def test_in_real_time_a_backlog_is_spoken_together() -> None:
    clock = Clock()
    voice = SteadyVoice(clock)
    stage = SpeakProcessor(
        voice, NullSink(), TtsConfig(), Timeline(clock, realtime=True), language=language("es")
    )
    text = "los niños ya juegan fuera"
    list(stage.process([segment(n, word, 1.0) for n, word in enumerate(text.split())]))
    assert [said for said, _ in voice.said] == [text]


def test_at_full_pace_the_result_does_not_depend_on_batches() -> None:
    text = "los niños pequeños juegan siempre alegres, cerca del viejo parque. Mañana no."
    messages = [segment(n, word, 1.0 + n * 0.3) for n, word in enumerate(text.split())]
    results = []
    for size in (1, 2, 5, len(messages)):
        stage = fast_processor(SteadyVoice())
        played = [
            p
            for begin in range(0, len(messages), size)
            for p in stage.process(messages[begin : begin + size])
        ]
        results.append(spans(played + list(stage.finish())))
    assert all(result == results[0] for result in results)
    assert " ".join(part for _, part, _, _ in results[0]) == text


class Whistle(SteadyVoice):
    """Whistles each piece at another pitch, and does not fade."""

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        samples = super().synthesize(text, speed=speed)
        pitch_hz = 150.0 + 50.0 * len(self.said)
        turns = np.arange(len(samples)) * (pitch_hz / OUTPUT_RATE_HZ)
        whistled: Samples = (0.5 * np.cos(2 * np.pi * turns)).astype(np.float32)
        return whistled


STEEPEST = 0.5 * 2 * np.pi * 350.0 / OUTPUT_RATE_HZ
"""The whistle's own largest step, for the pitches below."""
JOIN_S = 0.005


def whistled(path: Path, text: str, config: TtsConfig) -> tuple[Samples, list[Playback]]:
    """Say a text into a file, and read it."""
    sink = WavSink(path)
    stage = SpeakProcessor(
        Whistle(),
        sink,
        config,
        Timeline(Clock(), realtime=False),
        language=language("es"),
    )
    played = list(stage.process([segment(0, text, 1.0, final=True)]))
    sink.close(drain=True)
    with wave.open(str(path)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return pcm.astype(np.float32) / 32768.0, played


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("uno dos tres.", 0),
        ("uno dos tres. cuatro cinco.", 0),  # a breath between
        ("uno dos tres cuatro cinco seis siete ocho y nueve diez once doce", 1),
        (
            "a uno dos tres cuatro cinco seis siete "
            + "y uno dos tres cuatro cinco seis siete " * 3,
            3,
        ),
    ],
)
def test_pieces_that_touch_pass_into_each_other_and_nothing_clicks(
    tmp_path: Path, text: str, joins: int
) -> None:
    samples, played = whistled(tmp_path / "w.wav", text, TtsConfig(catch_up="none"))
    sounding = samples[OUTPUT_RATE_HZ:]
    gaps_s = [after.audio_start_s - before.audio_end_s for before, after in pairwise(played)]
    assert [round(gap_s, 4) for gap_s in gaps_s].count(0.0) == joins
    # Nothing clicks where a piece starts, ends or passes into the next.
    assert np.abs(np.diff(samples)).max() < 1.5 * STEEPEST + 0.01
    assert samples[-1] == sounding[0] == 0.0
    # It lasts as long as what is reported of it, less than its parts by a few ms a join.
    said_s = SECONDS_A_WORD * len(text.split())
    paused_s = sum(gaps_s)
    assert len(sounding) / OUTPUT_RATE_HZ == pytest.approx(said_s + paused_s - joins * JOIN_S)
    assert played[-1].audio_end_s == pytest.approx(len(samples) / OUTPUT_RATE_HZ)


def test_a_hurried_piece_does_not_click_either(tmp_path: Path) -> None:
    config = TtsConfig(end_offset_s=0.5)
    samples, _ = whistled(tmp_path / "w.wav", "uno dos tres. cuatro cinco seis.", config)
    assert np.abs(np.diff(samples)).max() < 1.5 * STEEPEST + 0.01
    assert samples[OUTPUT_RATE_HZ] == samples[-1] == 0.0


class Listening(NullSink):
    """Notes what it is given, and when."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.given: list[tuple[float, Samples]] = []

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        self.given.append((self._clock.now_s, samples))
        return super().play(samples, not_before_s=not_before_s)


@pytest.mark.parametrize(
    ("text", "costs_s", "joins"),
    [
        ("uno dos tres cuatro cinco seis siete ocho. nueve diez.", 0.3, 1),
        ("nueve diez. uno dos tres cuatro cinco seis siete ocho.", 0.3, 0),
        ("nueve diez. uno dos tres cuatro cinco seis siete ocho.", 9.0, 0),
    ],
)
def test_in_real_time_a_piece_is_whole_before_the_next_could_be_late(
    text: str, costs_s: float, joins: int
) -> None:
    clock = Clock()
    timeline = Timeline(clock, realtime=True)
    timeline.start()
    sink = Listening(clock)
    config = TtsConfig(catch_up="none", sentence_pause_s=0.0)
    stage = SpeakProcessor(Whistle(clock, costs_s), sink, config, timeline, language=language("es"))
    list(stage.process([segment(0, text, 1.0, final=True)]))
    first = text.split(".", maxsplit=1)[0]
    first_samples = sum(len(samples) for at_s, samples in sink.given if at_s == sink.given[0][0])
    kept_s = joins * JOIN_S
    assert first_samples / OUTPUT_RATE_HZ == pytest.approx(
        SECONDS_A_WORD * len(first.split()) - kept_s
    )
    samples = np.concatenate([samples for _, samples in sink.given])
    assert len(samples) / OUTPUT_RATE_HZ == pytest.approx(SECONDS_A_WORD * 10 - kept_s)
    assert np.abs(np.diff(samples)).max() < 1.5 * STEEPEST + 0.01


def talk_offsets(config: TtsConfig) -> tuple[list[float], list[float]]:
    """Ten minutes of speech whose translation takes 1.3 times as long: when, and how late.

    The stage takes what has come whenever it is free, as its thread does, and each piece
    costs 0.5 s of computing.
    """
    clock = Clock()
    timeline = Timeline(clock, realtime=True)
    timeline.start()
    origin_s = clock.now_s
    words = 6
    period_s = SECONDS_A_WORD * words / 1.3
    messages = []
    for number in range(round(600 / period_s)):
        mark = (",", "", ".")[number % 3]
        text = "uno dos tres cuatro cinco y" if mark == "" else "uno dos tres cuatro cinco seis"
        end_s = period_s * (number + 1)
        messages.append(segment(number, text + mark, end_s, utterance=number // 9))
    stage = SpeakProcessor(
        SteadyVoice(clock, costs_s=0.5), NullSink(), config, timeline, language=language("es")
    )
    played: list[Playback] = []
    while messages:
        clock.now_s = max(clock.now_s, origin_s + messages[0].end_s)
        here = [m for m in messages if origin_s + m.end_s <= clock.now_s]
        messages = messages[len(here) :]
        played += stage.process(here)
    played += stage.finish()
    assert sum(len(part.text.split()) for part in played) == words * round(600 / period_s)
    return (
        [part.speech_end_s for part in played],
        [part.audio_end_s - part.speech_end_s for part in played],
    )


def test_speech_longer_than_its_source_falls_no_further_behind_over_a_long_talk() -> None:
    ends_s, offsets_s = talk_offsets(TtsConfig())
    assert ends_s[-1] == pytest.approx(600, abs=2)
    assert drift(ends_s, offsets_s) <= 0.1
    assert latency.percentile(offsets_s, 95) < 6.0
    unhurried = drift(*talk_offsets(TtsConfig(catch_up="none")))
    assert unhurried > 15  # 0.3 s a second, 18 s a minute


@pytest.mark.slow
def test_words_that_come_in_bit_by_bit_are_understood_from_the_file(
    kokoro_files: tuple[Path, Path], recognise: Recogniser, tmp_path: Path
) -> None:
    text = (
        "Hace mucho tiempo, en un pueblo pequeño cerca del mar, vivía una mujer que contaba "
        "historias a los niños. Todos los días, después de la escuela, iban a su casa."
    )
    words = text.split()
    pairs = [" ".join(words[n : n + 2]) for n in range(0, len(words), 2)]
    path = tmp_path / "spoken.wav"
    sink = WavSink(path)
    voice = KokoroSynthesizer(*kokoro_files, language("es"))
    stage = SpeakProcessor(
        voice,
        sink,
        TtsConfig(),
        Timeline(Clock(), realtime=False),
        language=language("es"),
    )
    played: list[Playback] = []
    for number, pair in enumerate(pairs):
        final = number == len(pairs) - 1
        played += stage.process([segment(number, pair, 1.0 + number * 0.8, final=final)])
    sink.close(drain=True)

    with wave.open(str(path)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    samples = pcm.astype(np.float32) / 32768.0
    assert " ".join(playback.text for playback in played) == text
    assert [p.segment for p in played] == sorted(p.segment for p in played)
    assert played[-1].audio_end_s == pytest.approx(len(samples) / OUTPUT_RATE_HZ)
    assert not samples[: round(played[0].audio_start_s * OUTPUT_RATE_HZ)].any()
    assert word_error_rate(text, recognise(samples, OUTPUT_RATE_HZ, "es")) < 0.35
