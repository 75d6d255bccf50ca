"""Hours of simulated talk through the real pipeline: does anything grow?

    python benchmarks/soak.py [--hours 2] [--load 1.5] [--manifest speech.tsv] [--no-speech]

Speech, pauses, music, noise and silence, in an order that is drawn anew for each round, are
one long recording, which the program hears as from a microphone. With a load of 2 its clock
runs twice as fast, so that the machine has half the time for all of it. The sample is the only
speech where no manifest (`benchmarks/talks.py`) names more, in any languages: what is not
English or Spanish is heard as well as it can be. Writes `soak.md` and `soak.json`; ends with 1
where memory grew by more than 3 % after the warm-up, threads or handles grew, or lag did.
"""

import argparse
import csv
import json
import random
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import vitals
from benchmarks.recognition import load
from benchmarks.vitals import Reading
from live_translator import config as settings
from live_translator.assembly import Run, Wanted
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.direction import directions
from live_translator.engines import Engines
from live_translator.errors import LiveTranslateError
from live_translator.messages import Samples
from live_translator.model_store import ModelStore

SAMPLE = Path(__file__).parent / "samples" / "two_cities.flac"
_SEED = 20261121
_READ_S = 5.0
_WARM_UP = 0.15
"""Of the run: until every shape of window and clause was met."""
_MOST_GROWTH = 0.03
_MOST_LAG_S_PER_HOUR = 0.5


def programme(recordings: Sequence[Path], seconds: float, path: Path) -> None:
    """Write so many seconds of talk and what comes between, as a WAV."""
    chance = random.Random(_SEED)
    written = 0
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        for samples in _parts(recordings, chance):
            file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
            written += len(samples)
            if written >= seconds * SAMPLE_RATE_HZ:
                return


def _parts(recordings: Sequence[Path], chance: random.Random) -> Iterator[Samples]:
    """Yield recordings in a new order each round, and after each what is not speech."""
    others: list[Callable[[float], Samples]] = [_silence, _silence, _silence, _noise, _music]
    while True:
        for path in chance.sample(recordings, len(recordings)):
            yield load(path)
            # Most pauses are short, a few are long.
            yield chance.choice(others)(chance.choice((0.3, 0.6, 1.0, 2.0, 15.0)))


def _silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * SAMPLE_RATE_HZ), np.float32)


def _noise(seconds: float) -> Samples:
    count = int(seconds * SAMPLE_RATE_HZ)
    return (0.02 * np.random.default_rng(count).standard_normal(count)).astype(np.float32)


def _music(seconds: float) -> Samples:
    """Return struck chords with overtones."""
    time_s = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tones = [np.sin(2 * np.pi * hz * time_s) / (n + 1) for n, hz in enumerate((220, 277, 330, 440))]
    return np.asarray(0.1 * sum(tones) * np.exp(-(time_s % 1.0)), np.float32)


def soak(talk: Path, *, load_factor: float, speech: bool) -> dict[str, Any]:
    """Run a recording at a load, and return readings, lags and the run's report."""
    config = settings.load("embedded", flags={"pace": "realtime"})
    engines = Engines(config, ModelStore.default(), speech=speech)
    engines.prepare(*directions(config))
    # Speech is timed and made, and goes nowhere.
    wanted = Wanted(input=str(talk), output=Path("/dev/null"), captions=False, speech=speech)
    run = Run(config, wanted, engines, clock=lambda: load_factor * time.monotonic())
    readings: list[Reading] = []
    lags_s: list[tuple[float, float]] = []
    depths: list[dict[str, int]] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_READ_S):
            status = run.status()
            at_s = run.timeline.now_s()
            readings.append(vitals.read("self", at_s))
            depths.append(dict(status.queues))
            if status.lag_s is not None:
                lags_s.append((at_s, status.lag_s))
            print(
                f"\r{at_s / 60:6.1f} min  {readings[-1].resident_mb:5.0f} MB  "
                f"lag {status.lag_s or 0.0:5.1f} s  {status.queues}   ",
                end="",
                flush=True,
            )

    watcher = threading.Thread(target=watch, name="soak", daemon=True)
    with run:
        watcher.start()
        try:
            run.pipeline.run()
        finally:
            ended.set()
            watcher.join()
    engines.close()
    print()
    return {
        "readings": readings,
        "lags_s": lags_s,
        "most_waiting": {name: max(d[name] for d in depths) for name in depths[0]},
        "report": run.report(),
    }


def verdict(found: dict[str, Any], seconds: float) -> tuple[list[str], bool]:
    """Return what to say of a soak, and whether all of it is as it should be."""
    readings: list[Reading] = found["readings"]
    warm_up_s = _WARM_UP * seconds
    memory = vitals.growth(readings, lambda reading: reading.resident_mb, warm_up_s=warm_up_s)
    threads = vitals.growth(readings, lambda reading: reading.threads, warm_up_s=warm_up_s)
    handles = vitals.growth(readings, lambda reading: reading.handles, warm_up_s=warm_up_s)
    warm_lags_s = [point for point in found["lags_s"] if point[0] >= warm_up_s]
    lag_slope = vitals.slope_per_hour(warm_lags_s)
    report = found["report"]
    lines = [
        f"memory {memory:+.1%}, threads {threads:+.1%}, handles {handles:+.1%} after the warm-up;",
        f"lag {lag_slope:+.2f} s an hour; most that waited: {found['most_waiting']};",
        f"{report['dropped_audio_s']:.1f} s dropped, ledger {report['ledger']}, "
        f"recovery {report['recovery']}",
    ]
    sound = (
        memory < _MOST_GROWTH and threads <= 0 and handles <= 0 and lag_slope < _MOST_LAG_S_PER_HOUR
    )
    return lines, sound


def main(argv: Sequence[str] | None = None) -> int:
    """Soak, and write what was seen; 1 where something grew."""
    options = _parser().parse_args(argv)
    recordings = [SAMPLE] if options.manifest is None else _recordings(options.manifest)
    seconds = 3600.0 * options.hours
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        talk = Path(folder) / "talk.wav"
        programme(recordings, seconds, talk)
        try:
            found = soak(talk, load_factor=options.load, speech=options.speech)
        except LiveTranslateError as error:
            print(f"soak: {error}", file=sys.stderr)
            return 1
    lines, sound = verdict(found, seconds)
    text = f"{vitals.table(found['readings'], found['lags_s'])}\n" + "\n".join(lines) + "\n"
    (options.out / "soak.md").write_text(text, "utf-8")
    kept = {**found, "readings": [asdict(reading) for reading in found["readings"]]}
    (options.out / "soak.json").write_text(json.dumps(kept), "utf-8")
    print(text)
    return 0 if sound else 1


def _recordings(manifest: Path) -> list[Path]:
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [manifest.parent / row["path"] for row in rows]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hours", type=float, default=2.0, help="of talk (default 2)")
    parser.add_argument("--load", type=float, default=1.5, help="how much faster than a talk is")
    parser.add_argument("--manifest", type=Path, metavar="FILE.tsv", help="recordings to hear")
    parser.add_argument("--no-speech", dest="speech", action="store_false", help="captions alone")
    parser.add_argument("--out", type=Path, default=Path("out/soak"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
