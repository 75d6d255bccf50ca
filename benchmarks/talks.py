"""What is listened to: recordings with references, one by one or joined to talks.

A manifest is a TSV with the columns id, path (relative to it), language, transcript,
translation_language and translation; others are ignored. Recordings whose ids share what
comes before the slash can be joined to one talk, with pauses between them: then a system
cannot rest after each, and their references are the sentences of the talk.
"""

import csv
import itertools
import wave
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from benchmarks.recognition import load
from live_translator.audio.vad import SileroDetector
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import Samples

Join: TypeAlias = Literal["none", "group", "all"]
"""Which recordings make one talk."""

_SPEECH_PROBABILITY = 0.5
"""Silero's own threshold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What one recording says, and when in the talk it is spoken."""

    name: str
    transcript: str
    translation: str
    """Empty where there is no reference."""
    start_s: float
    """Source clock, where its first speech begins."""
    end_s: float
    """Source clock, where its last speech ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One file to listen to."""

    name: str
    path: Path
    seconds: float
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    path: Path
    transcript: str
    translation: str


def read_talks(
    manifest: Path,
    folder: Path,
    *,
    source: str,
    target: str,
    only: Sequence[str] = (),
    join: Join = "none",
    pause_s: float = 1.0,
) -> list[Talk]:
    """Write each talk as a WAV into `folder` and return them.

    Recordings of the source language whose id begins with one of `only`, with their
    translation where it is in the target language. Raises OSError, KeyError for a missing
    column, ValueError for what is no table, and AudioError.
    """
    rows = list(_rows(manifest, source, target, only))
    if join == "none":
        return [_talk([row], row.name, folder, 0.0) for row in rows]
    groups = itertools.groupby(
        rows, key=lambda row: row.name.split("/")[0] if join == "group" else "all"
    )
    return [_talk(list(group), name, folder, pause_s) for name, group in groups]


def _rows(manifest: Path, source: str, target: str, only: Sequence[str]) -> Iterator[_Row]:
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        for row in _table(file, manifest):
            wanted = row["language"] == source and row["transcript"]
            if wanted and row["id"].startswith(tuple(only) or ("",)):
                translated = row["translation_language"] == target
                yield _Row(
                    name=row["id"],
                    path=manifest.parent / row["path"],
                    transcript=row["transcript"],
                    translation=row["translation"] if translated else "",
                )


def _table(lines: Iterable[str], manifest: Path) -> Iterator[dict[str, str]]:
    """Yield rows; what a short one lacks is empty; raises ValueError for what is no table."""
    table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
    try:
        yield from table
    except csv.Error as error:
        raise ValueError(f"{manifest}, line {table.line_num}: {error}") from error


def _talk(rows: Sequence[_Row], name: str, folder: Path, pause_s: float) -> Talk:
    pieces: list[Samples] = []
    sentences: list[Sentence] = []
    samples_before = 0
    for row in rows:
        if pieces:
            pause = np.zeros(int(pause_s * SAMPLE_RATE_HZ), np.float32)
            pieces.append(pause)
            samples_before += len(pause)
        samples = load(row.path)
        start_s, end_s = _speech(samples)
        before_s = samples_before / SAMPLE_RATE_HZ
        sentences.append(
            Sentence(
                name=row.name,
                transcript=row.transcript,
                translation=row.translation,
                start_s=before_s + start_s,
                end_s=before_s + end_s,
            )
        )
        pieces.append(samples)
        samples_before += len(samples)
    path = folder / f"{name.replace('/', '-')}.wav"
    _write_wav(path, np.concatenate(pieces))
    return Talk(
        name=name,
        path=path,
        seconds=samples_before / SAMPLE_RATE_HZ,
        sentences=tuple(sentences),
    )


def _speech(samples: Samples) -> tuple[float, float]:
    """Return when the first speech begins and the last one ends; all of it if there is none."""
    detector = SileroDetector()
    size = detector.frame_samples
    speech = [
        index
        for index in range(len(samples) // size)
        if detector.probability(samples[index * size : (index + 1) * size]) > _SPEECH_PROBABILITY
    ]
    if not speech:
        return 0.0, len(samples) / SAMPLE_RATE_HZ
    return speech[0] * size / SAMPLE_RATE_HZ, (speech[-1] + 1) * size / SAMPLE_RATE_HZ


def _write_wav(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        file.writeframes((samples * 32767.0).round().astype("<i2").tobytes())
