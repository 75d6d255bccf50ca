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
import contextlib
import json
import sys
import tempfile
import time
import wave
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.clients import Heard, Reading
from benchmarks.load_step import Step, harm, row, step, table, verdict, voice
from benchmarks.protocol_delay import BAR_S, Difference, compared, differences, on_desktop
from benchmarks.recognition import SAMPLES, load, read_manifest
from benchmarks.server_process import Server
from live_translator import config as settings
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.direction import directions
from live_translator.engines import Engines
from live_translator.errors import LiveTranslateError
from live_translator.messages import Samples
from live_translator.model_store import ModelStore


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
                    if not heard[which].has_ended:
                        raise ValueError("the server was not done in time: is the machine busy?")
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
    wanted_s = options.seconds * max([*options.speakers, *options.text_speakers])
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
    late = [each for each in found if not each.p50_s <= BAR_S]
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
    parser.add_argument("--speakers", nargs="+", type=int, default=[1, 2, 3, 4], metavar="N")
    parser.add_argument("--text-speakers", nargs="+", type=int, default=[2, 3, 4, 6], metavar="N")
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
