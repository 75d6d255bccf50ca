"""Measure the program against the usual designs, in real time, and write a report.

    python benchmarks/run.py [--manifest my.tsv] [--only PREFIX ...] [--join group]

Every system goes through every talk at the speed of a microphone, with its real threads and
models, one system after the other: allow three times the length of the recordings and a
little more. Writes `report.json` and `report.html` into `benchmarks/report/`. The manifest
is described in `benchmarks/talks.py`.
"""

import argparse
import datetime
import json
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import cast

from benchmarks import report, schema
from benchmarks.measure import Job, offline_cascade
from benchmarks.recognition import SAMPLES
from benchmarks.systems import SYSTEMS
from benchmarks.talks import read_talks
from live_translator.errors import LiveTranslateError

FOLDER = Path(__file__).parent / "report"
_PACKAGES = (
    "live-translate",
    "ctranslate2",
    "faster-whisper",
    "kokoro-onnx",
    "onnxruntime",
    "numpy",
    "sacrebleu",
    "jiwer",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 1 with a sentence where that cannot be done."""
    options = _parser().parse_args(argv)
    try:
        _run(options)
    except (LiveTranslateError, OSError, KeyError, ValueError) as error:
        reason = (
            f"{options.manifest} lacks column {error}" if isinstance(error, KeyError) else error
        )
        print(f"benchmark: {reason}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"benchmark: {shlex.join(error.cmd)} failed", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    folder: Path = options.out
    scratch = folder / "runs"
    scratch.mkdir(parents=True, exist_ok=True)
    talks = read_talks(
        options.manifest,
        scratch,
        source=options.src,
        target=options.tgt,
        only=options.only,
        join=options.join,
        pause_s=options.pause,
    )
    if not talks:
        raise ValueError(
            f"{options.manifest} has no {options.src} recording that begins with "
            f"{' or '.join(options.only) or 'anything'}: check --src and --only"
        )
    job = Job(
        source=options.src,
        target=options.tgt,
        profile=options.profile,
        listen=options.listen,
        talks=tuple(talks),
    )
    described = scratch / "talks.json"
    job.write(described)
    seconds = sum(talk.seconds for talk in talks)
    wanted = [(name, "") for name in options.systems]
    wanted += [("streaming", setting) for setting in options.vary]
    print(f"{len(talks)} talks, {seconds:.0f} s, {len(wanted)} systems in real time", flush=True)
    systems = [
        _measure(name, setting, described, scratch / f"{number}-{name}.json")
        for number, (name, setting) in enumerate(wanted)
    ]
    print("offline", flush=True)
    systems.append(offline_cascade(job))
    result: schema.Report = {
        "schema": schema.SCHEMA,
        "made_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "benchmarks/run.py", *sys.argv[1:]]),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {
            "python": platform.python_version(),
            **{package: metadata.version(package) for package in _PACKAGES},
        },
        "set": {
            "name": options.manifest.parent.name,
            "recordings": sum(len(talk.sentences) for talk in talks),
            "seconds": seconds,
            "source": options.src,
            "target": options.tgt,
        },
        "systems": systems,
        "points": _points(systems),
        "axes": {"latency": "StreamLAAL, computation-aware (s)", "quality": "BLEU"},
    }
    written = folder / "report.json"
    written.write_text(json.dumps(result, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    page = folder / "report.html"
    page.write_text(report.page(result), encoding="utf-8")
    print(table(systems))
    print(f"wrote {written} and {page}")


def _measure(name: str, setting: str, talks: Path, out: Path) -> schema.System:
    print(" ".join([name, setting]), flush=True)
    command = [sys.executable, "-m", "benchmarks.measure", "--system", name]
    command += ["--talks", str(talks), "--out", str(out)]
    if setting:
        command += ["--set", *setting.split(",")]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[1])
    return cast("schema.System", json.loads(out.read_text(encoding="utf-8")))


def _points(systems: Sequence[schema.System]) -> list[schema.Point]:
    points: list[schema.Point] = []
    for system in systems:
        latency_s = system["metrics"].get("stream_laal_ca_s")
        quality = system["metrics"].get("bleu")
        if latency_s is not None and quality is not None:
            points.append(
                {
                    "system": system["name"],
                    "setting": system["setting"],
                    "latency_s": latency_s,
                    "quality": quality,
                }
            )
    return points


def table(systems: Sequence[schema.System]) -> str:
    """Return the metrics as text, a column per system."""
    heads = [
        system["name"] if system["setting"] == "defaults" else system["setting"]
        for system in systems
    ]
    lines = [" " * 32 + "".join(f"{head[:17]:>18}" for head in heads)]
    for metric in schema.METRICS:
        values = [system["metrics"].get(metric.key) for system in systems]
        if any(value is not None for value in values):
            cells = ["-" if value is None else format(value, metric.format) for value in values]
            lines.append(
                f"{metric.label[:26]:<27}{metric.unit:<5}" + "".join(f"{c:>18}" for c in cells)
            )
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--manifest", type=Path, default=SAMPLES)
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX", help="of the ids")
    parser.add_argument(
        "--join",
        choices=("none", "group", "all"),
        default="none",
        help="make one talk of the recordings whose ids share a beginning, or of all",
    )
    parser.add_argument(
        "--pause", type=float, default=1.0, metavar="SECONDS", help="between joined recordings"
    )
    parser.add_argument("--src", default="en")
    parser.add_argument("--tgt", default="es")
    parser.add_argument("--profile", default="embedded")
    parser.add_argument(
        "--systems", nargs="*", choices=sorted(SYSTEMS), default=list(SYSTEMS), metavar="NAME"
    )
    parser.add_argument(
        "--vary",
        nargs="*",
        default=[],
        metavar="KEY=VALUE[,KEY=VALUE]",
        help="the streaming mode again with other settings",
    )
    parser.add_argument(
        "--no-listen", dest="listen", action="store_false", help="leave out ASR-BLEU"
    )
    parser.add_argument("--out", type=Path, default=FOLDER)
    return parser


if __name__ == "__main__":
    sys.exit(main())
