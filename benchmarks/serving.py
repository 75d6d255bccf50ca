"""How many speakers the server holds at once, and what its protocol costs.

    python benchmarks/serving.py [--manifest speech.tsv] [--seconds 50]
    python benchmarks/serving.py --compare [--rounds 3] [--manifest speech.tsv --only PREFIX]

A real `live-translate serve` on loopback, which refuses nobody here, and clients with sockets of
their own in this process, which speak real recordings at the speed of a microphone. Without
`--compare`: one speaker, two, three, and so on until their lag grows or is too large, with
speech and as text alone; then one speaker beside another who reads at once, slowly, or not at
all. With it: a talk through the desktop program's pipeline and through the server, in
alternation. Writes `serving.md` and `serving.json` (`compare.*`). Without a manifest
(`benchmarks/talks.py`) everybody reads the sample, each from another place.
"""

import argparse
import asyncio
import contextlib
import difflib
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks import vitals
from benchmarks.clients import Heard, Reading, Told, pooled, talk
from benchmarks.metrics.offsets import drift
from benchmarks.recognition import SAMPLES, load, read_manifest
from live_translator import config as settings
from live_translator.assembly import Run, Wanted
from live_translator.audio.sinks import NullSink
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.direction import directions
from live_translator.engines import Engines
from live_translator.errors import LiveTranslateError
from live_translator.latency import percentile
from live_translator.messages import Playback, Samples, Transcript, Translation
from live_translator.model_store import ModelStore

STAGES = ("asr", "mt", "tts")
_NO_LIMITS = {
    "max_sessions": 1000,
    "max_busy": 10.0,
    "session_busy": 0.01,
    "connections": 1000,
    "requests_per_s": 10_000.0,
    "requests_burst": 10_000.0,
}
"""Of the server: whoever comes is taken."""
_PAUSE_S = 0.3
"""Between recordings: a speaker takes a breath."""
_START_S = 120.0
_READ_S = 1.0
_DRAIN_S = 15.0
"""For the last words of a talk. What takes longer has fallen behind."""
_MOST_DRIFT_S_PER_MIN = 2.0
"""A step of a minute has some 30 segments, whose lags scatter by a second: its slope is within
about 1.5 by chance alone."""
BAR_S = 0.150
"""How much later than the desktop pipeline the server may be, by the median."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was measured while so many spoke."""

    speakers: int
    speech: bool
    beside: Reading | None
    """How one more speaker reads, who is not counted."""
    segments: int
    lag_p50_s: float | None
    lag_p95_s: float | None
    drift_s_per_min: float | None
    commit_lag_p50_s: float | None
    """From the end of a word to its arrival."""
    refused: tuple[str, ...]
    unfinished: int
    """Talks whose last words did not come in time."""
    skipped: int
    busy: Mapping[str, float]
    """Share of the step in which each stage's engines were in use."""
    cpu_s_per_s: float
    client_cpu_s_per_s: float
    memory_mb: float
    threads: int
    neighbour: str
    """What became of the one beside."""

    def holds(self, most_lag_s: float) -> bool:
        """Return whether all were heard out, in time, and no later at the end."""
        return (
            not self.refused
            and not self.unfinished
            and self.lag_p95_s is not None
            and self.lag_p95_s <= most_lag_s
            and (self.drift_s_per_min or 0.0) <= _MOST_DRIFT_S_PER_MIN
        )

    @property
    def one_more(self) -> float:
        """What admission would expect one more talk to make of the busiest engine's share."""
        return max(self.busy.values()) * (self.speakers + 1) / self.speakers


class Server:
    """`live-translate serve` as a process, on a free port."""

    def __init__(self, folder: Path, *, source: str, target: str, profile: str) -> None:
        """Start it and wait until its models are loaded; raises OSError where that fails."""
        limits = folder / "serve.toml"
        lines = [f"{name} = {value}" for name, value in _NO_LIMITS.items()]
        limits.write_text("[serve]\n" + "\n".join(lines) + "\n", "utf-8")
        self._log = (folder / "server.log").open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "live_translator", "serve", "--port", "0"),
                *("--src", source, "--tgt", target, "--profile", profile),
                *("--config", str(limits)),
            ],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={key: value for key, value in os.environ.items() if key != "LIVE_TRANSLATE_TOKEN"},
        )
        said = self.process.stdout.readline() if self.process.stdout else ""
        found = re.search(r"http://(\S+);", said)
        if found is None:
            self.close()
            raise OSError(f"the server does not start: {Path(self._log.name).read_text('utf-8')}")
        self.address = found[1]
        until_s = time.monotonic() + _START_S
        while not self._is_ready():
            if time.monotonic() > until_s or self.process.poll() is not None:
                self.close()
                raise OSError("the server did not become ready")
            threading.Event().wait(0.2)

    @property
    def url(self) -> str:
        """Where a talk is held."""
        return f"ws://{self.address}/ws/stream"

    def metrics(self) -> dict[str, float]:
        """Return what it counts, by name and labels."""
        text = httpx.get(f"http://{self.address}/metrics", timeout=10.0).text
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def rest(self) -> None:
        """Wait until no talk goes on."""
        while self.metrics()["live_translate_talks"] > 0:
            threading.Event().wait(0.2)

    def close(self) -> None:
        """Stop it."""
        self.process.terminate()
        try:
            self.process.wait(30.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()

    def _is_ready(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"http://{self.address}/health", timeout=5.0).status_code == 200
        return False


class Watch(threading.Thread):
    """Reads a process as it goes."""

    def __init__(self, process: int) -> None:
        super().__init__(name="watch", daemon=True)
        self.readings: list[vitals.Reading] = []
        self._process = process
        self._ended = threading.Event()

    def run(self) -> None:
        """Read until `stop`."""
        while True:
            self.readings.append(vitals.read(self._process, time.monotonic()))
            if self._ended.wait(_READ_S):
                return

    def stop(self) -> None:
        """Read no more."""
        self._ended.set()
        self.join()


def voice(recordings: Sequence[Samples], seconds: float, speaker: int, of: int) -> bytes:
    """Return so many seconds of steady speech as s16le, which differ by speaker.

    All recordings in turn, again and again, from another place for each.
    """
    pause = np.zeros(int(_PAUSE_S * SAMPLE_RATE_HZ), np.float32)
    every = np.concatenate([part for samples in recordings for part in (samples, pause)])
    begin = len(every) * speaker // of
    whole = np.resize(np.roll(every, -begin), int(seconds * SAMPLE_RATE_HZ))
    return (np.clip(whole, -1, 1) * 32767).astype("<i2").tobytes()


def step(
    server: Server,
    voices: Sequence[bytes],
    *,
    source: str,
    target: str,
    speech: bool = True,
    beside: Reading | None = None,
) -> tuple[Step, list[Heard]]:
    """Let each voice be a speaker, the last one the neighbour if there is one; measure."""
    readings: list[Reading] = ["prompt"] * len(voices)
    if beside is not None:
        readings[-1] = beside

    async def everybody() -> list[Heard]:
        return await asyncio.gather(
            *(
                talk(
                    server.url,
                    pcm,
                    source=source,
                    target=target,
                    speech=speech,
                    drain_s=_DRAIN_S,
                    reading=reading,
                )
                for pcm, reading in zip(voices, readings, strict=True)
            )
        )

    server.rest()
    watch = Watch(server.process.pid)
    before, before_cpu_s = server.metrics(), vitals.cpu_s(server.process.pid)
    began_s, own_cpu_s = time.monotonic(), time.process_time()
    watch.start()
    heard = asyncio.run(everybody())
    watch.stop()
    wall_s, own_cpu_s = time.monotonic() - began_s, time.process_time() - own_cpu_s
    after, cpu_s = server.metrics(), vitals.cpu_s(server.process.pid) - before_cpu_s
    neighbour = heard.pop() if beside is not None else None
    lags = pooled(heard, speech=speech)
    words_s = [one.at_s - one.end_s for each in heard for one in each.sources]
    found = Step(
        speakers=len(heard),
        speech=speech,
        beside=beside,
        segments=len(lags),
        lag_p50_s=_number(percentile([lag_s for _, lag_s in lags], 50)),
        lag_p95_s=_number(percentile([lag_s for _, lag_s in lags], 95)),
        drift_s_per_min=_number(drift([at_s for at_s, _ in lags], [lag_s for _, lag_s in lags])),
        commit_lag_p50_s=_number(percentile(words_s, 50)),
        refused=tuple(each.refused for each in heard if each.refused),
        unfinished=sum(not each.has_ended and not each.refused for each in heard),
        skipped=sum(each.skipped for each in heard),
        busy={
            stage: (after[name] - before[name]) / wall_s
            for stage in STAGES
            for name in [f'live_translate_engine_busy_seconds_total{{stage="{stage}"}}']
        },
        cpu_s_per_s=cpu_s / wall_s,
        client_cpu_s_per_s=own_cpu_s / wall_s,
        memory_mb=max(reading.resident_mb for reading in watch.readings),
        threads=max(reading.threads for reading in watch.readings),
        neighbour=_fate(neighbour, before, after) if neighbour else "",
    )
    return found, heard


def _fate(heard: Heard, before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Return how a talk ended, for who may have read nothing of that."""
    told = re.findall(
        r'refused_total\{code="(\w+)"\}',
        " ".join(name for name in after if after[name] > before.get(name, 0.0)),
    )
    if told or heard.refused:
        return ", ".join(told) or heard.refused
    return "heard out" if heard.has_ended else "still behind"


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value


def climb(
    server: Server, recordings: Sequence[Samples], options: argparse.Namespace, *, speech: bool
) -> list[Step]:
    """Measure more and more speakers, up to the first number that is too many."""
    steps: list[Step] = []
    for count in options.speakers if speech else options.text_speakers:
        voices = [voice(recordings, options.seconds, i, count) for i in range(count)]
        found, _ = step(server, voices, source=options.src, target=options.tgt, speech=speech)
        steps.append(found)
        print(row(found, options.most_lag), flush=True)
        if not found.holds(options.most_lag):
            break
    return steps


def beside(
    server: Server, recordings: Sequence[Samples], options: argparse.Namespace
) -> list[Step]:
    """Measure some speakers beside one more, who reads at once, slowly, or not at all."""
    count = options.beside + 1
    voices = [voice(recordings, options.seconds, i, count) for i in range(count)]
    steps: list[Step] = []
    readings: tuple[Reading, ...] = ("prompt", "slow", "nothing")
    for reading in readings:
        found, _ = step(server, voices, source=options.src, target=options.tgt, beside=reading)
        steps.append(found)
        print(row(found, options.most_lag), flush=True)
    return steps


_HEADS = (
    "speakers",
    "segments",
    "lag p50, p95",
    "drift",
    "words p50",
    "refused, behind, skipped",
    "asr, mt, tts busy",
    "one more",
    "CPU-s/s",
    "memory",
    "holds",
)


def row(found: Step, most_lag_s: float) -> str:
    """Return a step as a row of a table."""
    what = f"{found.speakers}{'' if found.speech else ', text'}"
    cells = [
        what if found.beside is None else f"{what}, beside one who reads: {found.beside}",
        str(found.segments),
        f"{_s(found.lag_p50_s)}, {_s(found.lag_p95_s)}",
        "-" if found.drift_s_per_min is None else f"{found.drift_s_per_min:+.1f} s/min",
        _s(found.commit_lag_p50_s),
        f"{len(found.refused)}, {found.unfinished}, {found.skipped}",
        ", ".join(f"{found.busy[stage]:.2f}" for stage in STAGES),
        f"{found.one_more:.2f}",
        f"{found.cpu_s_per_s:.2f}",
        f"{found.memory_mb:.0f} MB",
        found.neighbour or ("yes" if found.holds(most_lag_s) else "no"),
    ]
    return f"| {' | '.join(cells)} |"


def _s(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.2f} s"


def table(steps: Sequence[Step], most_lag_s: float, *, last: str = "holds") -> str:
    """Return steps as Markdown."""
    heads = [*_HEADS[:-1], last]
    rule = "|---" * len(heads) + "|"
    rows = [row(found, most_lag_s) for found in steps]
    return "\n".join([f"| {' | '.join(heads)} |", rule, *rows]) + "\n"


def verdict(steps: Sequence[Step], most_lag_s: float) -> str:
    """Return how many are held, at which lag, and which `serve.max_busy` takes just those."""
    what = "with speech" if steps[0].speech else "as text alone"
    held = {found.speakers: found for found in steps if found.holds(most_lag_s)}
    cores = f"{os.cpu_count()} cores hold"
    if not held:
        return f"{cores} fewer than {steps[0].speakers} concurrent speakers {what}."
    best = held[max(held)]
    fewer = held.get(best.speakers - 1)
    least = f"from {fewer.one_more:.2f} to" if fewer else "below"
    each = ", ".join(
        f"{name} {share / best.speakers:.2f}" for name, share in best.busy.items() if share
    )
    return (
        f"{cores} {best.speakers} concurrent speakers {what}, at a lag of {_s(best.lag_p50_s)} "
        f"(p95 {_s(best.lag_p95_s)}). Each asks for {each}; `serve.max_busy` {least} "
        f"{best.one_more:.2f} takes them and no more."
    )


def harm(steps: Sequence[Step]) -> list[str]:
    """Return the lag beside each neighbour as a multiple of that beside one who reads at once."""
    base, *others = steps
    return [
        f"beside one who reads {other.beside}: lag p50 x{other.lag_p50_s / base.lag_p50_s:.2f}, "
        f"p95 x{other.lag_p95_s / base.lag_p95_s:.2f}"
        for other in others
        if other.lag_p50_s and other.lag_p95_s and base.lag_p50_s and base.lag_p95_s
    ]


class Desktop:
    """A `Listener` that makes a `Heard` of a run in this process."""

    def __init__(self) -> None:
        self.heard = Heard()
        self.run: Run
        self._segments: dict[int, Translation] = {}

    def on_transcript(self, message: Transcript) -> None:
        """Note committed words."""
        if text := message.committed.strip():
            self.heard.sources.append(self._told(text, message, message.speech_end_s))

    def on_translation(self, message: Translation) -> None:
        """Note a segment."""
        self._segments[message.segment] = message
        if message.target.strip():
            self.heard.targets.append(self._told(message.source.strip(), message, message.end_s))

    def on_playback(self, message: Playback) -> None:
        """Note when a segment begins to sound."""
        if message.skipped or message.segment in self.heard.sounds:
            return
        segment = self._segments[message.segment]
        self.heard.sounds[message.segment] = Told(
            text=segment.source.strip(),
            start_s=segment.start_s,
            end_s=segment.end_s,
            at_s=message.audio_start_s,
        )

    def close(self) -> None:
        """Nothing to close."""

    def _told(self, text: str, message: Transcript | Translation, end_s: float) -> Told:
        at_s = self.run.timeline.since_start(time.monotonic())
        return Told(text=text, start_s=message.start_s, end_s=end_s, at_s=at_s)


def on_desktop(path: Path, config: settings.Config, engines: Engines) -> Heard:
    """Run the desktop program's pipeline on a recording, in real time, into nothing."""
    listener = Desktop()
    wanted = Wanted(input=str(path), sink=NullSink(), captions=False)
    listener.run = run = Run(config, wanted, engines, listeners=[listener])
    with run:
        run.pipeline.run()
    return listener.heard


KINDS: dict[str, Callable[[Heard], list[tuple[str, float]]]] = {
    "committed source": lambda heard: [(one.text, one.at_s - one.end_s) for one in heard.sources],
    "committed target": lambda heard: [(one.text, one.lag_s) for one in heard.targets],
    "first audio of a segment": lambda heard: [
        (one.text, one.lag_s) for one in heard.sounds.values()
    ],
}
"""What is compared: (source words, seconds) of each piece. Source words count from their end,
all else from the onset of the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure of both programs."""

    what: str
    desktop_s: tuple[float, ...]
    server_s: tuple[float, ...]
    paired_s: tuple[float, ...]
    """How much later the server was, for pieces of the same words in the same round."""

    @property
    def p50_s(self) -> float:
        """How much later the server is, by the medians."""
        return statistics.median(self.server_s) - statistics.median(self.desktop_s)


def differences(rounds: Sequence[tuple[Heard, Heard]]) -> list[Difference]:
    """Return each measure over all rounds of (desktop, server)."""
    found = []
    for what, values in KINDS.items():
        pairs = [(values(desktop), values(server)) for desktop, server in rounds]
        found.append(
            Difference(
                what=what,
                desktop_s=tuple(s for desktop, _ in pairs for _, s in desktop),
                server_s=tuple(s for _, server in pairs for _, s in server),
                paired_s=tuple(itertools.chain(*(_paired(*pair) for pair in pairs))),
            )
        )
    return found


def _paired(
    ours: Sequence[tuple[str, float]], theirs: Sequence[tuple[str, float]]
) -> Iterator[float]:
    """Yield theirs - ours of pieces with the same words, in order."""
    matcher = difflib.SequenceMatcher(None, [t for t, _ in ours], [t for t, _ in theirs], False)
    for i, j, size in matcher.get_matching_blocks():
        for k in range(size):
            yield theirs[j + k][1] - ours[i + k][1]


def compared(found: Sequence[Difference]) -> str:
    """Return differences as Markdown."""
    rows = [
        "| | desktop p50 (n) | server p50 (n) | server later, p50 | same pieces, p50 (n) |",
        "|---|---|---|---|---|",
    ]
    for each in found:
        rows.append(
            f"| {each.what} | {statistics.median(each.desktop_s):.3f} s ({len(each.desktop_s)}) "
            f"| {statistics.median(each.server_s):.3f} s ({len(each.server_s)}) "
            f"| {1000 * each.p50_s:+.0f} ms "
            f"| {1000 * statistics.median(each.paired_s or (np.nan,)):+.0f} ms "
            f"({len(each.paired_s)}) |"
        )
    return "\n".join(rows) + "\n"


def compare(
    server: Server, recordings: Sequence[Samples], options: argparse.Namespace, folder: Path
) -> list[Difference]:
    """Run a talk on the desktop and over the server in alternation."""
    pcm = voice(recordings, options.seconds, 0, 1)
    path = folder / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        file.writeframes(pcm)
    config = settings.load(
        options.profile,
        None,
        {"source": options.src, "target": options.tgt, "pace": "realtime"},
    )
    rounds: list[tuple[Heard, Heard]] = []
    with contextlib.closing(Engines(config, ModelStore.default(), speech=True)) as engines:
        engines.prepare(*directions(config))
        for number in range(options.rounds):
            heard: dict[str, Heard] = {}
            # Each is first in turn.
            for which in ("desktop", "server")[:: -1 if number % 2 else 1]:
                if which == "desktop":
                    own_cpu_s = time.process_time()
                    heard[which] = on_desktop(path, config, engines)
                    used = (time.process_time() - own_cpu_s) / options.seconds
                else:
                    found, (heard[which],) = step(
                        server, [pcm], source=options.src, target=options.tgt
                    )
                    used = found.cpu_s_per_s
                print(
                    f"round {number + 1}, {which}: {len(heard[which].sounds)} segments, "
                    f"{used:.2f} CPU-s/s",
                    flush=True,
                )
            rounds.append((heard["desktop"], heard["server"]))
    return differences(rounds)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; 1 with a sentence where that cannot be done, or the comparison's bar is missed."""
    options = _parser().parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        recordings = _recordings(options)
        with contextlib.closing(
            Server(options.out, source=options.src, target=options.tgt, profile=options.profile)
        ) as server:
            return (_compare if options.compare else _load)(server, recordings, options)
    except (LiveTranslateError, OSError, ValueError) as error:
        print(f"serving: {error}", file=sys.stderr)
        return 1


def _recordings(options: argparse.Namespace) -> list[Samples]:
    rows = read_manifest(options.manifest, options.only, options.src)
    if not rows:
        raise ValueError(f"{options.manifest} has no {options.src} recording: check --only")
    recordings, seconds = list[Samples](), 0.0
    # Enough for everybody to say something else.
    wanted_s = options.seconds * max(*options.speakers, *options.text_speakers)
    for recording in rows:
        recordings.append(load(recording.path))
        seconds += len(recordings[-1]) / SAMPLE_RATE_HZ
        if seconds > wanted_s:
            break
    return recordings


def _load(server: Server, recordings: Sequence[Samples], options: argparse.Namespace) -> int:
    most_lag_s = options.most_lag
    warm = voice(recordings, 10.0, 0, 1)
    step(server, [warm], source=options.src, target=options.tgt)
    spoken = climb(server, recordings, options, speech=True)
    written = climb(server, recordings, options, speech=False)
    neighbours = beside(server, recordings, options)
    said = [
        verdict(spoken, most_lag_s),
        verdict(written, most_lag_s),
        *harm(neighbours),
    ]
    text = "\n".join(
        [
            table([*spoken, *written], most_lag_s),
            table(neighbours, most_lag_s, last="the neighbour"),
            *said,
            "",
        ]
    )
    _write(
        options.out / "serving",
        text,
        {
            "most_lag_s": most_lag_s,
            "seconds": options.seconds,
            "steps": [
                {**asdict(found), "holds": found.holds(most_lag_s)}
                for found in (*spoken, *written, *neighbours)
            ],
            "said": said,
        },
    )
    return 0


def _compare(server: Server, recordings: Sequence[Samples], options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = compare(server, recordings, options, Path(folder))
    late = [each for each in found if each.p50_s > BAR_S]
    bar = f"at most {1000 * BAR_S:.0f} ms later by the medians: {'no' if late else 'yes'}\n"
    _write(
        options.out / "compare",
        f"{compared(found)}\n{bar}",
        {"rounds": options.rounds, "seconds": options.seconds, "found": [*map(asdict, found)]},
    )
    return 1 if late else 0


def _write(path: Path, text: str, found: Mapping[str, Any]) -> None:
    path.with_suffix(".md").write_text(text, "utf-8")
    path.with_suffix(".json").write_text(json.dumps(found), "utf-8")
    print(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--compare", action="store_true", help="with the desktop pipeline")
    parser.add_argument("--manifest", type=Path, default=SAMPLES)
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX", help="of the ids")
    parser.add_argument("--src", default="en")
    parser.add_argument("--tgt", default="es")
    parser.add_argument("--profile", default="embedded")
    parser.add_argument(
        "--seconds", type=float, default=50.0, help="of speech in a step, or of the talk"
    )
    parser.add_argument("--speakers", nargs="*", type=int, default=[1, 2, 3, 4], metavar="N")
    parser.add_argument("--text-speakers", nargs="*", type=int, default=[2, 3, 4, 6], metavar="N")
    parser.add_argument(
        "--beside", type=int, default=1, metavar="N", help="speakers beside a slow one"
    )
    parser.add_argument(
        "--most-lag", type=float, default=6.0, metavar="SECONDS", help="p95, to be held"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of a comparison")
    parser.add_argument("--out", type=Path, default=Path("out/serving"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
