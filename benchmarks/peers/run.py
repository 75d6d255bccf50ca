"""Let another recogniser hear recordings as a microphone would; write down what it commits.

    benchmarks/peers/setup.sh
    .venv-peers/bin/python benchmarks/peers/run.py --peer whisperlivekit \\
      --manifest FILE.tsv [--only PREFIX ...] --out FILE.json

Manifests are those of `benchmarks/recognition.py`. The JSON has the `settings` and the
`versions` of the run and, for each of its `recordings`, `audio_s`, the `cpu_s` of all
threads and the committed `words` (`replay.Committed`).
"""

import argparse
import json
import platform
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import livekit, whisper_streaming
from benchmarks.peers.replay import Clock, Committed, replay
from benchmarks.recognition import SAMPLES, load, read_manifest
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import Samples
from live_translator.model_store import ModelStore

THREADS = 2
COMPUTE_TYPE = "int8"
SEED = 1
CHUNK_S = {"whisper_streaming": 1.0, "whisperlivekit": 0.0}
"""Each peer's own default."""

Transcribe = Callable[[Samples, Clock], list[Committed]]


def load_model(model_dir: Path) -> Any:
    """Return a faster-whisper model with which all peers are compared, warmed up."""
    # Heavy: only where they are used.
    import ctranslate2  # noqa: PLC0415
    from faster_whisper import WhisperModel  # noqa: PLC0415

    # Where Whisper doubts a transcript it draws others at random: the same ones each run.
    ctranslate2.set_random_seed(SEED)
    model = WhisperModel(
        str(model_dir),
        device="cpu",
        compute_type=COMPUTE_TYPE,
        cpu_threads=THREADS,
        local_files_only=True,
    )
    # The first decode takes longer than any other (as whisper_streaming does it).
    silence = np.zeros(SAMPLE_RATE_HZ, np.float32)
    list(model.transcribe(silence, language="en", word_timestamps=True)[0])
    return model


def make_peer(name: str, model: Any, model_dir: Path, language: str, chunk_s: float) -> Transcribe:
    """Return what transcribes a recording of that language as the named peer would."""
    if name == "whisperlivekit":
        return livekit.LiveKit(model, model_dir, language, chunk_s).transcribe
    return lambda samples, clock: replay(
        whisper_streaming.WhisperStreaming(model, language), samples, chunk_s, clock
    )


def main(arguments: list[str] | None = None) -> int:
    """Run one peer over a manifest; the file is written anew after each recording."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", required=True, choices=CHUNK_S)
    parser.add_argument("--manifest", type=Path, default=SAMPLES)
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX")
    parser.add_argument("--language", default="en")
    parser.add_argument("--model", default="whisper-base", help="its name in models/manifest.toml")
    parser.add_argument("--chunk-s", type=float, help="new audio per decode; default: the peer's")
    parser.add_argument(
        "--unaware", action="store_true", help="let computing take no time: exact delays"
    )
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    chunk_s = CHUNK_S[options.peer] if options.chunk_s is None else options.chunk_s
    recordings = read_manifest(options.manifest, options.only, options.language)
    if not recordings:
        parser.error(f"{options.manifest} has no such recording in {options.language}")
    model_dir = ModelStore.default().path(options.model)
    model = load_model(model_dir)
    transcribe = make_peer(options.peer, model, model_dir, options.language, chunk_s)
    clock: Clock = (lambda: 0.0) if options.unaware else time.perf_counter
    result: dict[str, Any] = {
        "peer": options.peer,
        "model": options.model,
        "settings": {
            "chunk_s": chunk_s,
            "computation_aware": not options.unaware,
            "compute_type": COMPUTE_TYPE,
            "threads": THREADS,
            "seed": SEED,
            "beam_size": whisper_streaming.BEAM_SIZE,
            "trim_s": whisper_streaming.TRIM_S,
        },
        "versions": versions(),
        "recordings": [],
    }
    for recording in recordings:
        samples = load(recording.path)
        began_s = _cpu_s()
        words = transcribe(samples, clock)
        result["recordings"].append(
            {
                "id": recording.name,
                "language": recording.language,
                "audio_s": len(samples) / SAMPLE_RATE_HZ,
                "cpu_s": _cpu_s() - began_s,
                "words": [asdict(word) for word in words],
            }
        )
        options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"{recording.name}: {len(words)} words", file=sys.stderr)
    return 0


def versions() -> dict[str, str]:
    """Return the versions of what decides a result, of those packages that are there."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in ("live-translate", "whisperlivekit", "faster-whisper", "ctranslate2", "torch"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
