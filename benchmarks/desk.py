"""An hour at the desk: talks through real sound devices, and what becomes of memory and lag.

    python benchmarks/desk.py --minutes 60 --out out/desk talk.wav other.flac

A sound server of its own (PulseAudio) plays the recordings, again and again, into a null sink
that is the program's microphone; the program speaks into another. Nothing is simulated but
the room. Writes `desk.md`, a row for each span of time, beside transcript and report.
"""

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import vitals
from benchmarks.vitals import Reading
from tests.audio.sound_server import SoundServer

_SAMPLE_S = 10.0
_SETTLE_S = 10.0
"""What was heard last is translated before the program is told to stop."""
_STOP_S = 60.0
"""More than the program takes to say its last words."""


class Player(threading.Thread):
    """Plays recordings into the microphone until it is stopped."""

    def __init__(self, recordings: Sequence[Path]) -> None:
        super().__init__(name="player", daemon=True)
        self._recordings = itertools.cycle(recordings)
        self._stopped = threading.Event()
        self._playing: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Play one recording after the other."""
        while not self._stopped.is_set():
            command = ["paplay", "--device=mic", str(next(self._recordings))]
            self._playing = subprocess.Popen(command)
            self._playing.wait()

    def stop(self) -> None:
        """Play no more."""
        self._stopped.set()
        if self._playing is not None:
            self._playing.terminate()
        self.join()


def main() -> None:
    """Play, watch, and write the table."""
    options = _parser().parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as runtime:
        server = SoundServer(Path(runtime))
        os.environ.update(server.environment)
        if reason := server.start():
            raise SystemExit(f"PulseAudio does not start: {reason}")
        try:
            readings = _run(options.recordings, 60 * options.minutes, options.out, options.flags)
        finally:
            server.stop()
    table = _table(readings, options.out)
    (options.out / "desk.md").write_text(table, "utf-8")
    print(table)


def _run(
    recordings: Sequence[Path], seconds: float, out: Path, flags: Sequence[str]
) -> list[Reading]:
    command = [
        *(sys.executable, "-m", "live_translator", "--src", "en", "--tgt", "es"),
        *("--profile", "embedded", "--no-captions", *flags),
        *("--transcript", str(out / "transcript.jsonl"), "--report", str(out / "report.json")),
    ]
    with (out / "output.txt").open("w", encoding="utf-8") as output:
        program = subprocess.Popen(command, stdout=output, stderr=output)
    player = Player(recordings)
    player.start()
    began_s, readings, pause = time.monotonic(), list[Reading](), threading.Event()
    try:
        while program.poll() is None and (at_s := time.monotonic() - began_s) < seconds:
            readings.append(vitals.read(program.pid, at_s))
            pause.wait(_SAMPLE_S)
    finally:
        player.stop()
        pause.wait(_SETTLE_S)
        program.send_signal(signal.SIGINT)
        program.wait(_STOP_S)
    if program.returncode:
        raise SystemExit(f"the program ended with {program.returncode}: see {out / 'output.txt'}")
    return readings


def _table(readings: Sequence[Reading], out: Path) -> str:
    """Return rows over time, and what was heard in all."""
    lines = (out / "transcript.jsonl").read_text("utf-8").splitlines()
    spoken = [line for line in map(json.loads, lines) if "audio_start_s" in line]
    lags_s = [(line["start_s"], line["audio_start_s"] - line["start_s"]) for line in spoken]
    report = json.loads((out / "report.json").read_text("utf-8"))
    return (
        f"{vitals.table(readings, lags_s)}\n"
        f"{report['source_seconds']:.0f} s heard, {report['dropped_audio_s']:.1f} s dropped, "
        f"{report['words']['source']} words in, {report['words']['target']} out, "
        f"skipped {report['skipped_segments']}.\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("recordings", nargs="+", type=Path, help="WAV or FLAC, played in turn")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--out", type=Path, default=Path("out/desk"))
    parser.add_argument("--flags", nargs="*", default=[], help="further flags of the program")
    return parser


if __name__ == "__main__":
    main()
