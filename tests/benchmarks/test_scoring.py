"""From messages to numbers, on a talk small enough to reckon by hand."""

from pathlib import Path

import pytest

from benchmarks.scoring import Ran, lags, metrics, sentences
from benchmarks.talks import Sentence, Talk
from benchmarks.trace import Recorder
from live_translator.messages import Transcript, Translation
from live_translator.timeline import Timeline
from tests.messages import playback

REPORT = {
    "latency": {"laal_s": 1.0, "laal_ca_s": 1.5, "first_audio_s": 2.0, "atd_s": 3.0},
    "dropped_audio_s": 0.0,
    "wall_seconds": 12.0,
    "peak_rss_mb": 600.0,
}
TALK = Talk(
    name="two",
    path=Path("two.wav"),
    seconds=10.0,
    sentences=(
        Sentence(
            name="1",
            transcript="the house is big",
            translation="la casa es grande",
            start_s=0.0,
            end_s=4.0,
        ),
        Sentence(
            name="2",
            transcript="good morning friends",
            translation="buenos días amigos",
            start_s=5.0,
            end_s=9.0,
        ),
    ),
)


def heard(
    text: str, start_s: float, speech_end_s: float, end_s: float, late_s: float
) -> Transcript:
    return Transcript(
        utterance=0,
        start_s=start_s,
        end_s=end_s,
        captured_at_s=0.0,
        emitted_at_s=100.0 + end_s + late_s,
        committed=text,
        unstable=" maybe" if late_s else "",
        speech_end_s=speech_end_s,
    )


def translated(segment: int, text: str, end_s: float, late_s: float) -> Translation:
    return Translation(
        utterance=0,
        segment=segment,
        start_s=0.0,
        end_s=end_s,
        captured_at_s=0.0,
        emitted_at_s=100.0 + end_s + late_s,
        source="",
        target=text,
    )


@pytest.fixture
def ran() -> Ran:
    recorder = Recorder()
    recorder.timeline = Timeline(lambda: 100.0, realtime=True)
    recorder.timeline.start(100.0)
    recorder.depths = lambda: {"speech": 3, "transcripts": 1, "translations": 0}
    recorder.on_transcript(heard(" the house", 0.0, 2.0, 3.0, 0.5))
    recorder.on_transcript(heard(" is big", 2.0, 4.0, 5.0, 0.5))
    recorder.on_transcript(heard(" good morning", 5.0, 9.0, 9.0, 0.0))
    recorder.on_translation(translated(0, "La casa", 3.0, 1.0))
    recorder.on_translation(translated(1, "es grande. Buenos", 5.0, 1.0))
    recorder.on_translation(translated(2, "días amigos.", 9.0, 1.0))
    recorder.on_playback(playback(0, 5.0, 6.0, text="La casa"))
    recorder.on_playback(playback(1, 6.0, 8.0, text="es grande. Buenos"))
    recorder.on_playback(playback(2, 11.0, 12.0, text="días amigos."))
    return Ran(
        talk=TALK,
        trace=recorder.trace,
        report=REPORT,
        cpu_s=5.0,
        anchors=tuple(sentence.translation for sentence in TALK.sentences),
        heard="la casa es grande buenos días amigos",
    )


def test_what_came_out_is_cut_to_the_sentences(ran: Ran) -> None:
    first, second = sentences(ran)
    assert first.hypothesis == "La casa es grande."
    assert second.hypothesis == "Buenos días amigos."
    assert first.delays_s == (3.0, 3.0, 5.0, 5.0)
    assert first.elapsed_s == (4.0, 4.0, 6.0, 6.0)
    assert second.delays_s == (0.0, 4.0, 4.0)
    assert first.start_offset_s == pytest.approx(5.0)
    # 15 letters and marks in two seconds, of which "es grande." are nine.
    assert first.end_offset_s == pytest.approx(6.0 + 2.0 * 9 / 15 - 4.0)
    assert second.end_offset_s == pytest.approx(12.0 - 9.0)
    assert (first.heard, second.heard) == ("la casa es grande", "buenos días amigos")


def test_metrics_are_those_of_the_formulas(ran: Ran) -> None:
    found = metrics([ran])
    assert found["wer"] == pytest.approx(1 / 7)
    # Words end after 1 and 2, 3 and 4, 7 and 9 s; 3, 5 and 9 s had been heard.
    assert found["commit_lag_s"] == pytest.approx((2 + 1 + 2 + 1 + 2 + 0) / 6)
    assert found["commit_lag_ca_s"] == pytest.approx((2 + 1 + 2 + 1 + 2 + 0 + 4 * 0.5) / 6)
    assert found["end_offset_p50_s"] == pytest.approx(3.0)
    assert found["end_offset_p95_s"] == pytest.approx(6.0 + 2.0 * 9 / 15 - 4.0)
    # Of nine and four final words: "maybe" is taken back twice.
    assert found["normalised_erasure"] == pytest.approx(2 / 6)
    assert found["cpu_s_per_s"] == pytest.approx(0.5)
    assert found["real_time_factor"] == pytest.approx(1.2)
    assert found["asr_bleu"] == pytest.approx(100.0)
    assert found["drift_s_per_min"] is None, "the talk is too short for a slope"
    assert lags(ran) == [(3.0, 3.0), (5.0, 3.0), (9.0, 3.0)]


def test_without_a_reference_there_is_no_quality_but_there_are_latencies(ran: Ran) -> None:
    bare = Talk(
        name=TALK.name,
        path=TALK.path,
        seconds=TALK.seconds,
        sentences=tuple(
            Sentence(
                name=s.name,
                transcript=s.transcript,
                translation="",
                start_s=s.start_s,
                end_s=s.end_s,
            )
            for s in TALK.sentences
        ),
    )
    found = metrics(
        [Ran(talk=bare, trace=ran.trace, report=REPORT, cpu_s=5.0, anchors=ran.anchors)]
    )
    assert "bleu" not in found
    assert found["end_offset_p50_s"] == pytest.approx(3.0)


def test_nothing_said_is_no_number_and_no_error() -> None:
    empty = Ran(
        talk=TALK,
        trace=Recorder().trace,
        report=REPORT,
        cpu_s=1.0,
        anchors=tuple(sentence.translation for sentence in TALK.sentences),
    )
    found = metrics([empty])
    assert found["wer"] == 1.0
    assert found["end_offset_p50_s"] is None
    assert found["bleu"] == 0.0
