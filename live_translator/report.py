"""The report of a run: what was used, how late it was, how busy every stage."""

import dataclasses
import importlib.metadata
import json
import os
import platform
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from live_translator import __version__
from live_translator.captions.whole_file import WholeFile
from live_translator.channel import ChannelStats
from live_translator.config import Config
from live_translator.metrics import MetricsCollector

SCHEMA = "live-translate/report/1"
"""Changes when a key is renamed or removed, not when one is added."""

_PACKAGES = (
    "ctranslate2",
    "faster-whisper",
    "kokoro-onnx",
    "onnxruntime",
    "sentencepiece",
    "numpy",
    "av",
)


def build(
    *,
    config: Config,
    engines: Mapping[str, str],
    metrics: MetricsCollector,
    queues: Mapping[str, ChannelStats],
    source_s: float,
    wall_s: float,
    dropped_s: float,
    skipped: Mapping[str, int],
    recovery: Mapping[str, Any],
    ledger: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the report as plain tables; seconds unless a key says otherwise."""
    source_words, target_words = metrics.words()
    return {
        "schema": SCHEMA,
        "config": config.as_dict(),
        "engines": dict(engines),
        "versions": _versions(),
        "source_seconds": round(source_s, 3),
        "wall_seconds": round(wall_s, 3),
        "words": {"source": source_words, "target": target_words},
        "latency": metrics.latencies(),
        "stages": {name: meter.snapshot(wall_s) for name, meter in metrics.meters.items()},
        "queues": {name: dataclasses.asdict(stats) for name, stats in queues.items()},
        "dropped_audio_s": round(dropped_s, 3),
        "skipped_segments": dict(skipped),
        "recovery": dict(recovery),
        "ledger": dict(ledger),
        "real_time_factor": round(wall_s / source_s, 4) if source_s > 0 else None,
        "peak_rss_mb": round(_peak_rss_mb(), 1),
    }


def write(path: Path, report: Mapping[str, Any]) -> None:
    """Write a report as JSON, which is whole or not there; raises OutputError."""
    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)
    WholeFile(path).replace(text + "\n")


def table(report: Mapping[str, Any]) -> str:
    """Return the small table that ends a run."""
    latency = report["latency"]
    lines = ["", "  latency                                     seconds"]
    for key, label in (
        ("first_audio_s", "first word to first audio"),
        ("laal_s", "average lagging (LAAL)"),
        ("laal_ca_s", "  with computation"),
        ("atd_s", "average token delay of the speech"),
        ("end_offset_p50_s", "end of an utterance to end of its audio, p50"),
        ("end_offset_p95_s", "  p95"),
        ("end_offset_s", "end of the talk to end of the audio"),
    ):
        value = latency[key]
        lines.append(f"  {label:<44} {'-' if value is None else f'{value:6.2f}'}")
    lines.append("")
    lines.append("  stage      messages    p50 ms    p95 ms    busy")
    for name, stage in report["stages"].items():
        lines.append(
            f"  {name:<9} {stage['count']:>9} {stage['p50_ms']:>9.1f} {stage['p95_ms']:>9.1f}"
            f" {stage['busy_fraction']:>7.0%}"
        )
    lines.append("")
    lines.append(
        f"  {report['source_seconds']:.1f} s of sound, {report['dropped_audio_s']:.1f} s dropped, "
        f"{report['words']['source']} words in, {report['words']['target']} out, "
        f"{report['peak_rss_mb']:.0f} MB"
    )
    return "\n".join(lines)


def _versions() -> dict[str, str]:
    versions = {"live-translate": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        versions[package] = importlib.metadata.version(package)
    versions["machine"] = f"{platform.machine()}, {os.cpu_count()} cores"
    return versions


def _peak_rss_mb() -> float:
    # Linux counts in KiB, macOS in bytes (getrusage(2)).
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
