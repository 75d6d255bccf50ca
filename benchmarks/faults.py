"""Faults on purpose, at every engine and moment, and in the real program: what becomes of a talk.

    python benchmarks/faults.py [--attempts N] [--only TEXT] [--out faults.md]

The first table breaks the engines of real runs: a model call raises, runs out of memory or
never comes back, once or from then on, at the talk's first, middle or last call. The second
kills, interrupts and starves the whole program at random moments. Every row says how many
runs hung, lost a word that had been recognised, or left a file that cannot be read: each
should be 0. Takes forty minutes; the seed is fixed.
"""

import argparse
import contextlib
import itertools
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.recognition import load
from live_translator import config as settings
from live_translator.asr.whisper import WhisperWindow
from live_translator.assembly import Run, Wanted
from live_translator.audio.vad import SileroDetector
from live_translator.config import Config
from live_translator.engines import Engines
from live_translator.errors import LiveTranslateError
from live_translator.model_store import ModelStore
from live_translator.mt.router import RoutedTranslator
from live_translator.tts.kokoro import KokoroSynthesizer
from tests.outcome import Files

SAMPLE = Path(__file__).parent / "samples" / "two_cities.flac"
_SEED = 20261121
_EXCERPT_S = 16.0
"""Of the sample, for faults of engines: five clauses, of which the middle one may fail."""
_ENDS_WITHIN_S = 200.0
"""Many times what a run takes."""
LIMIT_S = 10.0
"""`recovery.limit_s` here: much longer than any call of the sample, on a busy machine too."""

PLACES: dict[str, tuple[type, str]] = {
    "capture": (SileroDetector, "probability"),
    "asr": (WhisperWindow, "decode"),
    "mt": (RoutedTranslator, "answer"),
    "tts": (KokoroSynthesizer, "synthesize"),
}
"""The model call of each stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong, where, and when."""

    stage: str
    kind: str
    """'error', 'memory' or 'hang'."""
    moment: str
    """'first', 'middle' or 'last' call of the talk."""
    lasts: bool = False
    """Whether all calls fail from then on."""

    @property
    def label(self) -> str:
        """The row it belongs to."""
        return f"{self.stage}: {self.kind}, {'from then on' if self.lasts else 'once'}"


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of one run."""

    seconds: float
    hung: bool = False
    said: str = ""
    """The sentence that it ended with, if any."""
    lost: int = 0
    """Recognised words that are in no file, or unaccounted for in a run that was complete."""
    invalid: str = ""
    """What of the files cannot be read."""
    report: dict[str, Any] = field(default_factory=dict)


class Injector:
    """Counts the calls of a stage's engine, and makes some of them fail."""

    def __init__(self, fault: Fault | None, calls: int) -> None:
        """Prepare for a talk in which the engine is called so often."""
        self.calls = 0
        self._fault = fault
        at = {"first": 1, "middle": max(1, calls // 2), "last": max(1, calls)}
        self._at = at[fault.moment] if fault else 0
        self._let_go = threading.Event()

    @contextlib.contextmanager
    def installed(self, stage: str) -> Iterator[None]:
        """Stand between a stage and its engine."""
        kind, name = PLACES[stage]
        original = getattr(kind, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._strike()
            return original(*arguments, **named)

        setattr(kind, name, call)
        try:
            yield
        finally:
            setattr(kind, name, original)
            self._let_go.set()

    def _strike(self) -> None:
        self.calls += 1
        fault = self._fault
        if fault is None or self.calls < self._at or (self.calls > self._at and not fault.lasts):
            return
        if fault.kind == "hang":
            self._let_go.wait(_ENDS_WITHIN_S)
        elif fault.kind == "memory":
            raise MemoryError
        else:
            raise RuntimeError("broken on purpose")


def engine_faults() -> list[Fault]:
    """Return all faults of engines. A detector has no thread of its own to hang on."""
    return [
        Fault(stage=stage, kind=kind, moment=moment, lasts=lasts)
        for stage, kind, lasts, moment in itertools.product(
            PLACES, ("error", "memory", "hang"), (False, True), ("first", "middle", "last")
        )
        if not (stage == "capture" and kind == "hang")
    ]


def configuration() -> Config:
    """Return the embedded profile, at full pace, impatient with calls that hang."""
    return settings.load("embedded", flags={"pace": "fast", "recovery.limit_s": LIMIT_S})


def broken_run(
    fault: Fault | None,
    config: Config,
    engines: Engines,
    folder: Path,
    *,
    stage: str = "asr",
    calls: int = 0,
) -> tuple[Outcome, int]:
    """Run an excerpt with a fault; return what became of it, and how often `stage` called."""
    files = Files(folder)
    wanted = Wanted(
        input=str(_excerpt(folder)),
        output=files.audio,
        subtitles=files.subtitles,
        transcript=files.transcript,
        report=files.report,
        captions=False,
    )
    injector = Injector(fault, calls)
    outcome = Outcome(seconds=0.0)
    began_s = time.monotonic()
    with injector.installed(fault.stage if fault else stage):
        run = Run(config, wanted, engines)
        # A run that never ends is left behind, and said to have hung.
        worker = threading.Thread(target=_supervise, args=(run, outcome), daemon=True)
        worker.start()
        worker.join(_ENDS_WITHIN_S)
        outcome.hung = worker.is_alive()
    outcome.seconds = time.monotonic() - began_s
    if not outcome.hung:
        outcome.report = run.report()
        _judge(outcome, files)
    return outcome, injector.calls


def _excerpt(folder: Path) -> Path:
    path = folder / "excerpt.wav"
    samples = load(SAMPLE)[: int(_EXCERPT_S * settings.SAMPLE_RATE_HZ)]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, settings.SAMPLE_RATE_HZ, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def _supervise(run: Run, outcome: Outcome) -> None:
    try:
        with run:
            run.pipeline.run()
    except LiveTranslateError as error:
        outcome.said = str(error)


def _judge(outcome: Outcome, files: Files) -> None:
    try:
        files.check_valid()
        written = " ".join(segment["source"] for segment in files.segments())
    except (AssertionError, ValueError, EOFError) as error:
        outcome.invalid = str(error) or type(error).__name__
        return
    source, target = outcome.report["ledger"]["source"], outcome.report["ledger"]["target"]
    outcome.lost = max(0, source["words"] - len(written.split()))
    outcome.lost += source["mismatches"] + target["mismatches"]
    if not outcome.said:
        outcome.lost += source["open"] + target["open"]


@dataclass(slots=True)
class Row:
    """Outcomes of one kind of fault."""

    label: str
    outcomes: list[Outcome] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        """Return what the table shows."""
        ends: Counter[str] = Counter(
            "hung" if outcome.hung else outcome.said or "went on to the end"
            for outcome in self.outcomes
        )
        return (
            self.label,
            str(len(self.outcomes)),
            str(sum(outcome.hung for outcome in self.outcomes)),
            str(sum(outcome.lost for outcome in self.outcomes)),
            str(sum(bool(outcome.invalid) for outcome in self.outcomes)),
            "; ".join(f"{end} ({count})" for end, count in ends.most_common()),
        )


def break_engines(only: str, show: Callable[[Row], None]) -> None:
    """Run the faults of engines whose row's name contains `only`."""
    config, store = configuration(), ModelStore.default()
    calls: dict[str, int] = {}
    engines = Engines(config, store, speech=True)
    faults = [fault for fault in engine_faults() if only in fault.label]
    for stage in dict.fromkeys(fault.stage for fault in faults):
        with tempfile.TemporaryDirectory() as folder:
            _, calls[stage] = broken_run(None, config, engines, Path(folder), stage=stage)
    rows: dict[str, Row] = {}
    for fault in faults:
        row = rows.setdefault(fault.label, Row(fault.label))
        with tempfile.TemporaryDirectory() as folder:
            outcome, _ = broken_run(fault, config, engines, Path(folder), calls=calls[fault.stage])
        row.outcomes.append(outcome)
        if fault.lasts:
            # What was given up stays so for the next run, which is to begin with all of it.
            engines.close()
            engines = Engines(config, store, speech=True)
        if len(row.outcomes) == len(("first", "middle", "last")):
            show(row)
    engines.close()


def killed_run(number: signal.Signals, chance: random.Random, folder: Path) -> Outcome:
    """Send a signal to the program in real time, some time after its first caption."""
    files = Files(folder)
    process = _started(files, [])
    if process.stdout is not None:
        process.stdout.readline()  # The first caption: the talk is going on.
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(chance.uniform(0.0, 40.0))
    process.send_signal(number)
    return _ended(process, files)


def full_disk_run(which: str, chance: random.Random, folder: Path) -> Outcome:
    """Run the program with one of its files on a disk with little room."""
    files = Files(folder)
    small = folder / "small"
    small.mkdir()
    flags = ["--pace", "fast"]
    path = getattr(files, which)
    setattr(files, which, small / path.name)
    size = f"size={chance.choice((4096, 4096, 8192, 262_144))}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(small)], check=True)
    try:
        outcome = _ended(_started(files, flags), files)
        outcome.said = outcome.said.replace(f"{small}/", "")  # So that like ends are counted.
        return outcome
    finally:
        subprocess.run(["umount", str(small)], check=True)


def _started(files: Files, flags: Sequence[str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "live_translator", "--src", "en", "--tgt", "es"]
    command += ["--profile", "embedded", "--input", str(SAMPLE), *files.flags(), *flags]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _ended(process: "subprocess.Popen[str]", files: Files) -> Outcome:
    began_s = time.monotonic()
    outcome = Outcome(seconds=0.0)
    try:
        _, errors = process.communicate(timeout=_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        _, errors = process.communicate()
        outcome.hung = True
    outcome.seconds = time.monotonic() - began_s
    said = [line for line in errors.splitlines() if line.startswith("live-translate:")]
    outcome.said = said[-1].removeprefix("live-translate: ") if said else ""
    if "Traceback" in errors or (process.returncode < 0 and process.returncode != -signal.SIGKILL):
        outcome.said = f"crashed: {errors.splitlines()[-1:]} ({process.returncode})"
    try:
        files.check_valid()
    except (AssertionError, ValueError, EOFError) as error:
        outcome.invalid = str(error) or type(error).__name__
    return outcome


def program_faults() -> Iterator[tuple[str, Callable[[random.Random, Path], Outcome]]]:
    """Yield what the program is put through: a row's name, and one run of it in a folder."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        yield f"{number.name} at a random moment", partial(killed_run, number)
    for which in ("transcript", "subtitles", "audio", "report"):
        yield f"disk full: {which}", partial(full_disk_run, which)


def break_program(attempts: int, only: str, show: Callable[[Row], None]) -> None:
    """Kill, interrupt and starve the program, where the row's name contains `only`."""
    chance = random.Random(_SEED)
    for label, broken in program_faults():
        if only in label:
            row = Row(label)
            for _ in range(attempts):
                with tempfile.TemporaryDirectory() as folder:
                    row.outcomes.append(broken(chance, Path(folder)))
            show(row)


def main(argv: Sequence[str] | None = None) -> int:
    """Print both tables, and write them where that is wanted; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=10, help="of each fault of the program")
    parser.add_argument("--only", default="", metavar="TEXT", help="rows whose name contains it")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the tables there too")
    options = parser.parse_args(argv)
    lines: list[str] = []
    bad = 0

    def show(row: Row) -> None:
        nonlocal bad
        bad += any(
            outcome.hung or outcome.lost or outcome.invalid or outcome.said.startswith("crashed")
            for outcome in row.outcomes
        )
        lines.append(f"| {' | '.join(row.cells())} |")
        print(lines[-1], flush=True)

    lines += ["| fault | runs | hung | words lost | invalid files | how it ended |",
              "|---|---|---|---|---|---|"]  # fmt: skip
    print("\n".join(lines))
    break_engines(options.only, show)
    break_program(options.attempts, options.only, show)
    if options.out is not None:
        options.out.write_text("\n".join(lines) + "\n", "utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
