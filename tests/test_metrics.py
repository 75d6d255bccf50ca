"""The collector: stage times, and the latencies of what was said."""

import json
import math

import pytest

from live_translator import config as settings
from live_translator import report
from live_translator.channel import ChannelStats
from live_translator.metrics import MetricsCollector, StageMeter
from tests.messages import playback, transcript, translation


def test_a_meter_gives_percentiles_of_the_steps_that_emitted() -> None:
    meter = StageMeter()
    for milliseconds in (10, 20, 30, 40):
        meter.record(milliseconds / 1000, 2)
    meter.record(1.0, 0)
    snapshot = meter.snapshot(wall_s=2.0)
    assert snapshot["count"] == 8
    assert snapshot["max_ms"] == 40
    assert 20 <= snapshot["p50_ms"] <= 30
    assert snapshot["busy_fraction"] == pytest.approx(0.55)


def test_an_idle_meter_is_all_zero() -> None:
    assert set(StageMeter().snapshot(wall_s=0.0).values()) == {0}


def collected() -> MetricsCollector:
    metrics = MetricsCollector(realtime=True)
    metrics.start(0.0)
    metrics.on_transcript(transcript(" one two", 3.0, start_s=1.0))
    metrics.on_translation(translation(0, "one two", "uno dos", start_s=1.0, end_s=3.0))
    metrics.on_playback(playback(0, 4.0, 5.0))
    metrics.on_transcript(transcript(" three", 4.0, start_s=3.5, final=True))
    metrics.on_translation(translation(1, "three", "tres", end_s=4.0, final=True))
    metrics.on_playback(playback(1, 5.0, 6.5))
    return metrics


def test_first_audio_counts_from_the_first_word_and_end_offset_from_the_last() -> None:
    latencies = collected().latencies()
    assert latencies["first_audio_s"] == 3.0
    assert latencies["end_offset_s"] == 2.5
    assert latencies["end_offset_p50_s"] == latencies["end_offset_p95_s"] == 2.5


def test_lagging_follows_its_formula() -> None:
    # Delays from the utterance's start at 1.0: 2, 2, 3 of 3 s. The ideal is a word a second:
    # 0, 1, 2. All words count until the first that waited for the whole source.
    assert collected().latencies()["laal_s"] == pytest.approx((2 - 0 + 2 - 1 + 3 - 2) / 3, abs=1e-3)


def test_computation_is_only_counted_in_real_time() -> None:
    metrics = MetricsCollector(realtime=False)
    metrics.on_transcript(transcript(" one", 3.0, start_s=1.0))
    metrics.on_translation(translation(0, "one", "uno", end_s=3.0))
    latencies = metrics.latencies()
    assert latencies["laal_ca_s"] is None
    assert latencies["laal_s"] is not None


def built(metrics: MetricsCollector) -> dict[str, object]:
    stats = ChannelStats(capacity=1, high_water=0, blocked_s=0.0, refused=0)
    return report.build(
        config=settings.load("embedded"),
        engines={"asr": "a", "mt": "b", "tts": "c"},
        metrics=metrics,
        queues={"speech": stats},
        source_s=0.0,
        wall_s=0.0,
        dropped_s=0.0,
        skipped={"mt": 0, "tts": 0},
        recovery={},
        ledger={},
    )


@pytest.mark.parametrize("metrics", [MetricsCollector(realtime=True), collected()])
def test_a_report_is_valid_json_even_if_nothing_was_said(metrics: MetricsCollector) -> None:
    content = built(metrics)
    again = json.loads(json.dumps(content, allow_nan=False))
    assert again["schema"] == report.SCHEMA
    assert "first word to first audio" in report.table(content)


def test_an_utterance_of_no_length_gives_no_number_rather_than_a_wrong_one() -> None:
    metrics = MetricsCollector(realtime=True)
    metrics.on_transcript(transcript(" one", 1.0, start_s=1.0))
    metrics.on_translation(translation(0, "one", "uno", end_s=1.0))
    metrics.on_playback(playback(0, 2.0, 3.0))
    for value in metrics.latencies().values():
        assert value is None or math.isfinite(value)
