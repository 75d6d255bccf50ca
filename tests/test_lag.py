"""How long after the speaker the translation comes."""

from dataclasses import replace

from live_translator.lag import LagMeter
from live_translator.timeline import Timeline
from tests.messages import playback, transcript, translation


def timeline(*, realtime: bool = True, origin_s: float = 100.0) -> Timeline:
    made = Timeline(lambda: 0.0, realtime=realtime)
    made.start(origin_s)
    return made


def test_it_is_from_the_first_source_word_to_the_first_sound_of_its_translation() -> None:
    meter = LagMeter(timeline(), spoken=True)
    meter.on_transcript(transcript(" Good", 1.0))
    meter.on_translation(translation(0, "Good", "Buenos", start_s=1.0))
    meter.on_translation(translation(1, "morning.", "días.", start_s=2.0))
    lags_s = [meter.lag_s]
    for segment, start_s in ((0, 3.5), (0, 4.0), (1, 4.25)):
        meter.on_playback(playback(segment, start_s, start_s + 0.5))
        lags_s.append(meter.lag_s)
    assert lags_s == [None, 2.5, 2.5, 2.25]
    meter.close()


def test_a_segment_that_is_never_spoken_is_passed_over() -> None:
    meter = LagMeter(timeline(), spoken=True)
    for segment in range(1000):
        meter.on_translation(translation(segment, "a", "b", start_s=float(segment)))
    meter.on_playback(playback(999, 1001.5, 1002.0))
    assert meter.lag_s == 2.5


def test_without_speech_a_translation_comes_when_it_is_shown() -> None:
    meter = LagMeter(timeline(origin_s=100.0), spoken=False)
    meter.on_translation(replace(translation(0, "a", "b", start_s=1.0), emitted_at_s=103.0))
    assert meter.lag_s == 2.0
    meter.on_translation(replace(translation(1, "a", "", start_s=1.0), emitted_at_s=109.0))
    assert meter.lag_s == 2.0


def test_at_full_pace_it_is_what_the_source_demands() -> None:
    meter = LagMeter(timeline(realtime=False), spoken=False)
    meter.on_translation(translation(0, "a", "b", start_s=1.0, end_s=2.5))
    assert meter.lag_s == 1.5
