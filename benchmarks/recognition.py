"""Streaming recognition against a one-shot decode by the same model: errors, lag, cost.

    python benchmarks/recognition.py --manifest FILE.tsv [--only PREFIX ...]

The manifest has the columns id, path, language and transcript; paths are relative to it.
The pipeline's own capture and recognising processors run without threads, every stride
decoded, so that delays are exact and the machine's speed does not enter them.
"""

import argparse
import csv
import resource
import statistics
import string
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np

from live_translator import config as settings
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


def stream(path: Path, transcriber: WhisperTranscriber, config: Config) -> Iterator[Transcript]:
    """Yield what the pipeline's capture and recogniser make of a recording."""
    clock = time.monotonic
    source = FileSource(path, clock=clock, realtime=False, buffer_s=30.0)
    capture = CaptureProcessor(SileroDetector(), config.capture, clock)
    recognise = RecogniseProcessor(
        transcriber, config.asr, clock, streaming=config.mode == "streaming", coalesce=False
    )
    for block in source.blocks():
        for chunk in capture.process([block]):
            yield from recognise.process([chunk])
    for chunk in capture.finish():
        yield from recognise.process([chunk])
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


def main() -> int:
    """Print a row per group of recordings and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, default=SAMPLES)
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX")
    parser.add_argument("--language", default="en")
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="KEY=VALUE", help="asr.stride_s=0.5"
    )
    parser.add_argument("--texts", action="store_true", help="print every text")
    options = parser.parse_args()
    flags = {key: float(value) for key, value in (pair.split("=") for pair in options.set)}
    whole = {"asr.beam_size", "asr.prompt_words"}
    config = settings.load(
        "embedded",
        None,
        {key: int(value) if key in whole else value for key, value in flags.items()},
    )
    store = ModelStore.default()
    transcriber = WhisperTranscriber(store.path(config.asr.model), options.language, config.asr)
    rows: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    lags_s: list[float] = []
    audio_s = cpu_s = 0.0
    for recording in read_manifest(options.manifest, options.only, options.language):
        samples = load(recording.path)
        began_s = _cpu_s()
        messages = list(stream(recording.path, transcriber, config))
        cpu_s += _cpu_s() - began_s
        audio_s += len(samples) / SAMPLE_RATE_HZ
        for message in messages:
            lags_s += commit_lags_s(message)
        streamed = "".join(message.committed for message in messages)
        whole_text = offline(samples, transcriber)
        row = tuple(normalise(text) for text in (recording.transcript, streamed, whole_text))
        rows[recording.name.split("/")[0]].append((row[0], row[1], row[2]))
        if options.texts:
            print(recording.name)
            for name, text in zip(("ref", "str", "off"), row, strict=True):
                print(f"  {name} {text}")
    print(f"{'group':<28} files   words  streaming WER  offline WER  ratio")
    rows["all"] = [texts for group in rows.values() for texts in group]
    for group, texts in rows.items():
        references, streams, offlines = (list(column) for column in zip(*texts, strict=True))
        wer, base = jiwer.wer(references, streams), jiwer.wer(references, offlines)
        words = sum(len(reference.split()) for reference in references)
        ratio = wer / base if base else float("nan")
        print(f"{group:<28} {len(texts):>5} {words:>7} {wer:>13.1%} {base:>12.1%} {ratio:>6.2f}")
    print(
        f"mean commit lag of a word, from its end: {statistics.fmean(lags_s):.2f} s of source, "
        f"{cpu_s / audio_s:.2f} CPU-seconds per second over {audio_s:.0f} s"
    )
    return 0


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
