"""Streaming recognition against a one-shot decode by the same model: errors, lag, cost.

    python benchmarks/recognition.py --manifest FILE.tsv [--only PREFIX ...]
        [--vary KEY=VALUE[,KEY=VALUE] ...]

The manifest has the columns id, path, language and transcript; paths are relative to it.
The pipeline's own capture and recognising processors run in simulated time: audio arrives
as a microphone delivers it, and a decode takes the seconds of processor time that it took
here. So a run is as long as its computing, two can run side by side, and a busy machine
disturbs none. Lag is given without computation, by the audio alone, and with it.
"""

import argparse
import csv
import resource
import statistics
import string
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jiwer
import numpy as np

from live_translator import config as settings
from live_translator.asr.names import NameHearer
from live_translator.asr.streaming import RecogniseProcessor
from live_translator.asr.whisper import WhisperTranscriber
from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.sources import FileSource
from live_translator.audio.vad import SileroDetector
from live_translator.config import SAMPLE_RATE_HZ, Config
from live_translator.messages import Samples, Transcript
from live_translator.model_store import ModelStore

SAMPLES = Path(__file__).parent / "samples" / "manifest.tsv"
_WINDOW_S = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording and what is said in it."""

    name: str
    path: Path
    language: str
    transcript: str


def read_manifest(path: Path, only: Sequence[str] = (), language: str = "en") -> list[Recording]:
    """Return the recordings of one language whose id begins with one of `only`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Recording(
                name=row["id"],
                path=path.parent / row["path"],
                language=row["language"],
                transcript=row["transcript"],
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["language"] == language
            and row["transcript"]
            and row["id"].startswith(tuple(only) or ("",))
        ]


def normalise(text: str) -> str:
    """Return lower-case words without punctuation: what a word error rate compares."""
    table = str.maketrans(dict.fromkeys(string.punctuation.replace("'", "") + "…¿¡“”—–", " "))  # noqa: RUF001
    return " ".join(text.lower().replace("’", "'").translate(table).split())  # noqa: RUF001


def load(path: Path) -> Samples:
    """Return a whole recording as the program hears it."""
    source = FileSource(path, clock=time.monotonic, realtime=False, buffer_s=30.0)
    return np.concatenate([block.samples for block in source.blocks()])


def stream(
    path: Path,
    transcriber: WhisperTranscriber,
    config: Config,
    *,
    names: NameHearer | None = None,
) -> Iterator[Transcript]:
    """Yield what the pipeline's capture and recogniser make of a recording.

    `captured_at_s` and `emitted_at_s` are simulated seconds since the recording began.
    """
    now_s = 0.0
    began_s = _cpu_s()

    def clock() -> float:
        return now_s + _cpu_s() - began_s

    source = FileSource(path, clock=time.monotonic, realtime=False, buffer_s=30.0)
    capture = CaptureProcessor(SileroDetector(), config.endpointing, time.monotonic)
    recognise = RecogniseProcessor(
        transcriber, config.asr, clock, streaming=config.mode == "streaming", names=names
    )
    found = [chunk for block in source.blocks() for chunk in capture.process([block])]
    found += capture.finish()
    waiting = deque(replace(chunk, captured_at_s=chunk.end_s) for chunk in found)
    while waiting:
        now_s, began_s = max(clock(), waiting[0].end_s), _cpu_s()
        heard_s = now_s
        batch = [waiting.popleft()]
        while waiting and waiting[0].end_s <= heard_s:
            batch.append(waiting.popleft())
        yield from recognise.process(batch)
    yield from recognise.finish()


def commit_lags_s(message: Transcript) -> list[float]:
    """Return, for each committed word, how much had been heard beyond its end.

    A commit says when its first word began and its last one ended; between them words are
    taken as evenly spaced.
    """
    words = len(message.committed.split())
    begin_s = min(message.start_s, message.speech_end_s)
    step_s = (message.speech_end_s - begin_s) / max(1, words)
    return [message.end_s - begin_s - (index + 1) * step_s for index in range(words)]


def offline(samples: Samples, transcriber: WhisperTranscriber) -> str:
    """Return the one-shot greedy decode, in windows of 28 s cut at the quietest place."""
    texts = []
    while len(samples):
        window, samples = _split(samples)
        units = transcriber.listen(window).decode().units
        texts.append("".join(unit.text for unit in units))
    return "".join(texts)


def _split(samples: Samples) -> tuple[Samples, Samples]:
    limit = int(_WINDOW_S * SAMPLE_RATE_HZ)
    if len(samples) <= limit:
        return samples, samples[:0]
    frame = SAMPLE_RATE_HZ // 10
    tail = samples[limit // 2 : limit // frame * frame]
    tail = tail[: len(tail) // frame * frame]
    energy = np.square(tail.reshape(-1, frame)).sum(axis=1)
    cut = limit // 2 + int(energy.argmin()) * frame + frame // 2
    return samples[:cut], samples[cut:]


def read_flags(pairs: Sequence[str]) -> Mapping[str, Any]:
    """Return KEY=VALUE pairs as configuration, numbers as numbers."""
    flags: dict[str, Any] = {}
    for pair in pairs:
        key, _, text = pair.partition("=")
        try:
            flags[key] = int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError:
            flags[key] = text
    return flags


@dataclass(slots=True)
class Outcome:
    """What one setting made of the recordings, group by group."""

    references: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lags_s: list[float] = field(default_factory=list)
    aware_lags_s: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    def add(self, recording: Recording, transcriber: WhisperTranscriber, config: Config) -> None:
        """Stream one more recording."""
        began_s = _cpu_s()
        messages = list(stream(recording.path, transcriber, config))
        self.cpu_s += _cpu_s() - began_s
        for message in messages:
            lags_s = commit_lags_s(message)
            computing_s = message.emitted_at_s - message.captured_at_s
            self.lags_s += lags_s
            self.aware_lags_s += [lag_s + computing_s for lag_s in lags_s]
        self.say(recording, "".join(message.committed for message in messages))

    def say(self, recording: Recording, text: str) -> None:
        """Take the text of one more recording."""
        group = recording.name.split("/")[0]
        self.references[group].append(normalise(recording.transcript))
        self.texts[group].append(normalise(text))

    def wer(self, group: str | None = None) -> float:
        """Return the word error rate of a group, or of all."""
        groups = list(self.texts) if group is None else [group]
        references = [text for name in groups for text in self.references[name]]
        wer: float = jiwer.wer(references, [text for name in groups for text in self.texts[name]])
        return wer

    def words(self, group: str) -> int:
        """Return how many words the references of a group have."""
        return sum(len(text.split()) for text in self.references[group])


def main() -> int:
    """Print a row per setting, and for the first one a row per group of recordings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, default=SAMPLES)
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX")
    parser.add_argument("--language", default="en")
    parser.add_argument("--every", type=int, default=1, help="take each Nth recording")
    parser.add_argument(
        "--vary", nargs="*", default=[], metavar="KEY=VALUE[,KEY=VALUE]", help="other settings"
    )
    options = parser.parse_args()
    recordings = read_manifest(options.manifest, options.only, options.language)[:: options.every]
    defaults = settings.load("embedded")
    model = ModelStore.default().path(defaults.asr.model)
    whole = Outcome()
    transcriber = WhisperTranscriber(model, options.language, defaults.asr)
    audio_s = 0.0
    for recording in recordings:
        samples = load(recording.path)
        audio_s += len(samples) / SAMPLE_RATE_HZ
        whole.say(recording, offline(samples, transcriber))
    print(f"{'setting':<56} WER    of offline  lag     with computing  CPU-s/s")
    outcomes = []
    for setting in ["", *options.vary]:
        flags = read_flags(setting.split(",")) if setting else {}
        config = settings.load("embedded", None, flags)
        transcriber = WhisperTranscriber(model, options.language, config.asr)
        outcome = Outcome()
        for recording in recordings:
            outcome.add(recording, transcriber, config)
        outcomes.append(outcome)
        lag_s, aware_s = (statistics.fmean(x) for x in (outcome.lags_s, outcome.aware_lags_s))
        ratio = outcome.wer() / whole.wer() if whole.wer() else float("nan")
        print(
            f"{setting or 'the defaults':<56} {outcome.wer():<6.1%} {ratio:<11.2f} "
            f"{lag_s:<4.2f} s  {aware_s:<4.2f} s          {outcome.cpu_s / audio_s:.2f}",
            flush=True,
        )
    print(f"\n{'the defaults, by group':<28} files   words  streaming WER  offline WER")
    for group, texts in whole.texts.items():
        print(
            f"{group:<28} {len(texts):>5} {whole.words(group):>7} "
            f"{outcomes[0].wer(group):>13.1%} {whole.wer(group):>12.1%}"
        )
    print(f"all: offline {whole.wer():.1%}; {audio_s:.0f} s of audio")
    return 0


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
