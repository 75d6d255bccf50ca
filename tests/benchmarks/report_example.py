"""A small made-up benchmark: three systems, two recordings, every kind of value."""

import base64
import io
import math
import wave
from collections.abc import Sequence

import numpy as np

from benchmarks.schema import (
    METRICS,
    SCHEMA,
    MetricKey,
    Metrics,
    Recording,
    Report,
    Segment,
    Sentence,
    Stage,
    System,
    Word,
)

Phrase = tuple[str, str]

TALKS: dict[str, list[list[Phrase]]] = {
    "two_cities": [
        [
            ("It was the best of times,", "Era el mejor de los tiempos,"),
            ("it was the worst of times,", "era el peor de los tiempos,"),
            ("it was the age of wisdom,", "era la edad de la sabiduría,"),
            ("it was the age of foolishness.", "era la edad de la necedad."),
        ],
        [
            ("It was the season of light,", "Era la estación de la luz,"),
            ("it was the season of darkness.", "era la estación de las tinieblas."),
        ],
    ],
    "gb0_radio": [
        [("Good morning.", "Buenos días.")],
        [
            ("This Tuesday is", "Este martes"),
            ("Election Day.", "es el día de las elecciones."),
        ],
    ],
}
"""Sentences of each talk, in phrases."""

QUALITY: dict[str, dict[MetricKey, float | None]] = {
    "streaming": {"wer": 0.031, "bleu": 22.8, "chrf": 51.2, "asr_bleu": 19.4},
    "windows": {"wer": 0.094, "bleu": 16.1, "chrf": 44.0, "asr_bleu": None},
    "complete": {"wer": 0.025, "bleu": 23.5, "chrf": 52.0, "asr_bleu": 20.6},
}


def example() -> Report:
    """Return a new report each time, so that a test may change it."""
    systems = [
        _system("streaming", "commits words while they are spoken", "stride 0.6 s", 0.6, 1.2),
        _system("windows", "every window by itself", "2 s", 2.0, 2.1),
        _system("complete", "waits for the end of each utterance", "beam 5", 6.0, 1.0),
    ]
    return {
        "schema": SCHEMA,
        "made_at": "2026-11-21T12:00:00+00:00",
        "command": "python benchmarks/run.py --manifest 'my talks.tsv'",
        "machine": "Linux x86_64, 2 cores",
        "versions": {"python": "3.11.2", "live-translate": "0.1.0", "ctranslate2": "4.6.0"},
        "set": {
            "name": "samples",
            "recordings": 2,
            "seconds": sum(recording["seconds"] for recording in systems[0]["recordings"]),
            "source": "en",
            "target": "es",
        },
        "systems": systems,
        "points": [
            {"system": system, "setting": setting, "latency_s": latency_s, "quality": quality}
            for system, setting, latency_s, quality in (
                ("streaming", "stride 0.6 s", 3.12, 22.8),
                ("streaming", "stride 0.3 s", 2.74, 21.6),
                ("streaming", "stride 1.0 s", 3.55, 23.1),
                ("windows", "2 s", 4.4, 16.1),
                ("windows", "4 s", 6.6, 19.0),
                ("complete", "beam 5", 8.2, 23.5),
            )
        ],
        "axes": {"latency": "StreamLAAL, computation-aware (s)", "quality": "BLEU"},
    }


def empty() -> Report:
    """Return a report in which nothing was measured."""
    return {
        **example(),
        "systems": [],
        "points": [],
        "versions": {},
        "set": {"name": "none", "recordings": 0, "seconds": 0.0, "source": "en", "target": "es"},
    }


def tone(seconds: float = 0.3) -> str:
    """Return a quiet tone as a data: URI."""
    rate_hz = 8000
    moments = np.arange(int(seconds * rate_hz)) / rate_hz
    samples = (3000 * np.sin(2 * np.pi * 220 * moments)).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate_hz)
        sound.writeframes(samples.tobytes())
    return "data:audio/wav;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _system(name: str, what: str, setting: str, stride_s: float, slowness: float) -> System:
    recordings = [
        _recording(talk, sentences, name, stride_s, slowness) for talk, sentences in TALKS.items()
    ]
    return {
        "name": name,
        "what": what,
        "setting": setting,
        "reference": name == "complete",
        "metrics": _metrics(name, stride_s),
        "stages": {
            "capture": _stage(900, 0.8, 1.9, 0.03),
            "asr": _stage(70, 290 * slowness, 520 * slowness, 0.41),
            "mt": _stage(46, 4.2, 11.0, 0.01),
            "tts": _stage(38, 360, 670, 0.22),
        },
        "queues": {
            "speech": {"capacity": 64, "high_water": 9, "blocked_s": 0.0},
            "transcripts": {"capacity": 16, "high_water": 2, "blocked_s": 0.0},
            "translations": {"capacity": 8, "high_water": 3, "blocked_s": 0.4},
        },
        "recordings": recordings,
    }


def _stage(count: int, p50_ms: float, p95_ms: float, busy: float) -> Stage:
    return {
        "count": count,
        "p50_ms": p50_ms,
        "p95_ms": p95_ms,
        "max_ms": 1.4 * p95_ms,
        "busy_fraction": busy,
    }


def _metrics(name: str, stride_s: float) -> Metrics:
    late_s = 1.9 + 0.9 * stride_s
    found: dict[MetricKey, float | None] = {
        metric.key: round(late_s * (1 + 0.07 * index), 3)
        for index, metric in enumerate(METRICS)
        if metric.key.endswith("_s")
    }
    found |= QUALITY[name]
    found |= {
        "ap": 0.6,
        "drift_s_per_min": -0.04 if name == "streaming" else 0.31,
        "dropped_audio_s": 0.0,
        "normalised_erasure": None if name == "complete" else 0.12,
        "cpu_s_per_s": 0.61,
        "peak_rss_mb": 842.3,
        "yaal_s": None,
    }
    return found


def _recording(
    name: str, sentences: Sequence[Sequence[Phrase]], system: str, stride_s: float, slowness: float
) -> Recording:
    words: list[Word] = []
    segments: list[Segment] = []
    scored: list[Sentence] = []
    now_s = free_s = 0.4
    for number, phrases in enumerate(sentences):
        begin_s = now_s
        for source, target in phrases:
            from_s = now_s
            for text in source.split():
                length_s = 0.12 + 0.045 * len(text)
                # A word is committed at the first stride that ends a little after it.
                heard_s = math.ceil((now_s + length_s + 0.5) / stride_s) * stride_s
                words.append(
                    {
                        "text": text,
                        "start_s": round(now_s, 3),
                        "end_s": round(now_s + length_s, 3),
                        "committed_at_s": round(heard_s + 0.28 * slowness, 3),
                    }
                )
                now_s += length_s
            committed_s = words[-1]["committed_at_s"] + 0.01
            audio_s = max(free_s, committed_s + 0.36)
            free_s = audio_s + 0.065 * len(target)
            segments.append(
                {
                    "source": source,
                    "target": target,
                    "start_s": round(from_s, 3),
                    "end_s": round(now_s, 3),
                    "committed_at_s": round(committed_s, 3),
                    "audio_start_s": round(audio_s, 3),
                    "audio_end_s": round(free_s, 3),
                }
            )
            now_s += 0.15
        hypothesis = " ".join(target for _, target in phrases)
        if system == "windows":
            hypothesis = hypothesis.replace("edad", "la era").replace("tiempos", "veces")
        scored.append(
            {
                "source": " ".join(source for source, _ in phrases),
                "reference": " ".join(target for _, target in phrases),
                "hypothesis": hypothesis,
                "start_s": round(begin_s, 3),
                "end_s": round(now_s, 3),
                "end_offset_s": round(free_s - now_s, 3),
                "score": 100.0 - 9 * number - 4 * stride_s,
                "audio": tone(),
            }
        )
        now_s += 0.5
    return {
        "id": name,
        "seconds": round(now_s, 3),
        "transcript": " ".join(sentence["source"] for sentence in scored),
        "translation": " ".join(sentence["reference"] or "" for sentence in scored),
        "metrics": {
            "bleu": (QUALITY[system]["bleu"] or 0.0) + len(name) - 9.5,
            "stream_laal_ca_s": 2.0 + stride_s + 0.3 * len(name) / 10,
            "end_offset_p50_s": 3.0 + stride_s,
        },
        "words": words,
        "segments": segments,
        "sentences": scored,
        "depths": [
            [round(0.5 * step, 2), step * 7 % 10, step % 3, step * 5 % 4]
            for step in range(int(2 * free_s))
        ],
        "lags": [
            [segment["end_s"], round((segment.get("audio_end_s") or 0.0) - segment["end_s"], 3)]
            for segment in segments
        ],
    }
