"""Does the program hear itself? Its own voice over a talk, at several levels and delays.

    python benchmarks/echo.py [--manifest FILE.tsv] [--only ID ...] [--policy NAME ...]
        [--voice kokoro|espeak] [--level-db N ...] [--delay-s N ...]

Each recording is a talk in a room where the program speaks Spanish four fifths of the time,
also in the 5 s after the talk. The loudspeaker distorts and has no bass; the room answers for
0.35 s (RT60), 6 dB below the direct sound; the sink is wrong about its times by up to 30 ms,
another time after each pause. The level is the echo's against the talker's, both while
they sound; the recordings take the pairs of level and delay in turn. The program's own
capture and recogniser hear the mixture, in simulated time, after the wrappers that the
program puts around a microphone and loudspeakers.

For each policy: word errors, those of the talk without any echo beside them, and the words
that were heard where the same voice is alone in the room, which are self-translation.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import jiwer
import numpy as np

from benchmarks.recognition import SAMPLES, load, normalise, read_manifest
from live_translator import config as settings
from live_translator.asr.streaming import RecogniseProcessor
from live_translator.asr.whisper import WhisperTranscriber
from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.resample import Resampler
from live_translator.audio.room import share_room
from live_translator.audio.sinks import NullSink
from live_translator.audio.spectra import FRAME_SAMPLES
from live_translator.audio.vad import SileroDetector
from live_translator.config import OUTPUT_RATE_HZ, SAMPLE_RATE_HZ, Config, EchoConfig
from live_translator.interfaces import AudioSource
from live_translator.languages import language
from live_translator.messages import AudioBlock, Samples
from live_translator.model_store import ModelStore
from live_translator.tts.voices import make_synthesizer

LEVELS_DB = (0.0, -6.0, -12.0, -20.0, -30.0)
DELAYS_S = (0.02, 0.6, 0.1, 0.25, 0.4)
AFTER_S = 5.0
NOISE_DB = -50.0
"""Of the room, against the talker."""
WRONG_S = 0.03
"""How wrong a sink is about its times, either way."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause of ours, at 24 kHz: when it was said to sound, and when it does."""

    samples: Samples
    said_s: float
    sounds_s: float
    joins: bool
    """It follows the one before without a gap."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A microphone's sound at 16 kHz, and what the program plays meanwhile."""

    heard: Samples
    pieces: Sequence[Piece]


def our_voice(voice: str, store: ModelStore) -> list[Samples]:
    """Return the clauses of the sample's translation, spoken."""
    text = SAMPLES.read_text("utf-8").splitlines()[1].split("\t")[5]
    clauses = [clause.strip() for clause in text.replace(".", ",").split(",") if clause.strip()]
    config = settings.load("embedded", None, {"tts.voice": voice})
    synthesizer = make_synthesizer(language("es"), config.tts, store)
    try:
        return [synthesizer.synthesize(clause) for clause in clauses]
    finally:
        synthesizer.close()


def schedule(voice: Sequence[Samples], seconds: float, seed: int) -> list[Piece]:
    """Return clauses over a time: some follow at once, some after a breath or a pause."""
    random = np.random.default_rng(seed)
    pieces: list[Piece] = []
    at_s, wrong_s = 1.0, 0.0
    for samples in cycle(voice):
        breath, pause = random.random(2) < (0.3, 0.25)
        if pause or not pieces:
            at_s += random.uniform(0.3, 1.5)
            wrong_s = random.uniform(-WRONG_S, WRONG_S)
        elif breath:
            at_s += random.uniform(0.1, 0.2)
        if at_s >= seconds:
            return pieces
        joins = bool(pieces) and not pause and not breath
        pieces.append(Piece(samples, at_s + wrong_s, at_s, joins))
        at_s += len(samples) / OUTPUT_RATE_HZ
    return pieces


def mixed(
    talk: Samples, voice: Sequence[Samples], *, level_db: float | None, delay_s: float, seed: int
) -> Scene:
    """Return a talk with our voice in its room; with no level, without our voice."""
    count = len(talk) + round(AFTER_S * SAMPLE_RATE_HZ)
    random = np.random.default_rng(seed)
    loudness = active_rms(talk) if talk.any() else 0.05
    heard = loudness * 10 ** (NOISE_DB / 20) * random.standard_normal(count)
    heard[: len(talk)] += talk
    pieces = schedule(voice, count / SAMPLE_RATE_HZ, seed)
    if level_db is None:
        return Scene(heard.astype(np.float32), pieces)
    played = np.zeros(count + 30 * SAMPLE_RATE_HZ, np.float32)
    resampler = Resampler(OUTPUT_RATE_HZ, 1, SAMPLE_RATE_HZ)
    for piece in pieces:
        sound = np.concatenate([resampler.push(piece.samples), resampler.flush()])
        at = round((piece.sounds_s + delay_s) * SAMPLE_RATE_HZ)
        played[at : at + len(sound)] += sound
    echo = through_room(distorted(played), random)[:count]
    heard += echo * (loudness * 10 ** (level_db / 20) / active_rms(echo))
    return Scene(heard.astype(np.float32), pieces)


def distorted(samples: Samples) -> Samples:
    """Return what a small loudspeaker makes of it: peaks are rounded, by 2 dB at most."""
    peak = float(np.abs(samples).max()) or 1.0
    return np.asarray(np.tanh(samples / peak) * peak, np.float32)


def through_room(samples: Samples, random: np.random.Generator) -> Samples:
    """Return what a loudspeaker without bass and a room of RT60 0.35 s make of it."""
    length = round(0.4 * SAMPLE_RATE_HZ)
    time_s = np.arange(length) / SAMPLE_RATE_HZ
    answer = random.standard_normal(length) * 10 ** (-3 * time_s / 0.35)
    answer[:40] = 0.0
    answer *= 0.5 / np.linalg.norm(answer)
    answer[0] = 1.0
    size = 1 << (len(samples) + length).bit_length()
    frequency_hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    no_bass = 1 / (1 - 300j / np.maximum(frequency_hz, 1.0)) ** 2
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(answer, size) * no_bass
    return np.asarray(np.fft.irfft(spectrum, size)[: len(samples)], np.float32)


def active_rms(samples: Samples) -> float:
    """Return the level while there is sound: of the frames within 30 dB of the loudest."""
    frames = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    powers = np.square(frames).mean(axis=1)
    return float(np.sqrt(powers[powers > 1e-3 * powers.max()].mean()))


class Room:
    """A source of a scene, which plays our pieces into a sink when their time has come."""

    dropped_s = 0.0
    origin_s: float | None = 0.0

    def __init__(self, scene: Scene, config: EchoConfig) -> None:
        self._scene = scene
        self._now_s = 0.0
        source, self._sink = share_room(self, _SaidSink(scene.pieces), config)
        self.cleaned: AudioSource = source

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the scene as a microphone would."""
        upcoming = list(self._scene.pieces)
        for begin in range(0, len(self._scene.heard), FRAME_SAMPLES):
            start_s = begin / SAMPLE_RATE_HZ
            samples = self._scene.heard[begin : begin + FRAME_SAMPLES]
            # Speech is queued half a second before it sounds.
            while upcoming and upcoming[0].said_s < start_s + 0.5:
                piece = upcoming.pop(0)
                asked_s = 0.0 if piece.joins else piece.said_s
                self._sink.play(piece.samples, not_before_s=asked_s)
            end_s = start_s + len(samples) / SAMPLE_RATE_HZ
            yield AudioBlock(samples=samples, start_s=start_s, captured_at_s=end_s)

    def close(self) -> None:
        """Nothing to end."""


class _SaidSink(NullSink):
    """A sink that says the times that the scene has for it."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._said_s = iter([piece.said_s for piece in pieces])

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:  # noqa: ARG002
        start_s = next(self._said_s)
        return start_s, start_s + len(samples) / OUTPUT_RATE_HZ


@dataclass(slots=True)
class Heard:
    """What the program understood, and what cleaning took of the processor."""

    text: str
    cleaning_cpu_s: float


def listen(scene: Scene, transcriber: WhisperTranscriber, config: Config) -> Heard:
    """Return the words that the program's capture and recogniser hear in a scene."""
    began_s = time.thread_time()
    blocks = list(Room(scene, config.echo).cleaned.blocks())
    cleaning_cpu_s = time.thread_time() - began_s
    capture = CaptureProcessor(SileroDetector(), config.endpointing, lambda: 0.0)
    recognise = RecogniseProcessor(transcriber, config.asr, lambda: 0.0, coalesce=False)
    chunks = [chunk for block in blocks for chunk in capture.process([block])]
    chunks += capture.finish()
    messages = [message for chunk in chunks for message in recognise.process([chunk])]
    messages += recognise.finish()
    return Heard(normalise("".join(message.committed for message in messages)), cleaning_cpu_s)


@dataclass(frozen=True, slots=True)
class _Row:
    setting: str
    transcripts: list[str]
    texts: list[str]
    alone: list[str]
    seconds: float
    cleaning_cpu_s: float


def _print(row: _Row, baseline: float) -> None:
    wer = jiwer.wer(row.transcripts, row.texts)
    words = sum(len(text.split()) for text in row.alone)
    share = row.cleaning_cpu_s / row.seconds
    print(
        f"| {row.setting} | {wer:.1%} | {wer - baseline:+.1%} | {words} | {share:.1%} |", flush=True
    )


def main() -> int:
    """Print a table: a row for each policy and condition, and one for each policy in all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, default=SAMPLES)
    parser.add_argument("--only", nargs="*", default=[], metavar="ID")
    parser.add_argument(
        "--policy", nargs="*", default=["guard", "gate", "off"], choices=("guard", "gate", "off")
    )
    parser.add_argument("--voice", default="em_alex", help="a Kokoro voice, or espeak")
    parser.add_argument("--level-db", nargs="*", type=float, default=LEVELS_DB)
    parser.add_argument("--delay-s", nargs="*", type=float, default=DELAYS_S)
    parser.add_argument("--seconds", type=float, default=1e9, help="of each recording at most")
    options = parser.parse_args()
    store = ModelStore.default()
    config = settings.load("embedded")
    transcriber = WhisperTranscriber(store.path(config.asr.model), "en", config.asr)
    voice = our_voice(options.voice, store)
    recordings = read_manifest(options.manifest, options.only)
    conditions = list(zip(options.level_db, cycle(options.delay_s), strict=False))
    rounds = [(r, *c) for r, c in zip(recordings, cycle(conditions), strict=False)]
    if len(rounds) < len(conditions):
        rounds = [(r, *c) for c, r in zip(conditions, cycle(recordings), strict=False)]
    off = settings.load("embedded", None, {"echo.policy": "off"})
    baselines: list[tuple[str, str]] = []
    total_s = 0.0
    print("| policy, level, delay | WER | above no echo | words heard of our voice alone | CPU |")
    print("|---|---|---|---|---|")
    for recording, _, _ in rounds:
        talk = load(recording.path)[: int(options.seconds * SAMPLE_RATE_HZ)]
        total_s += len(talk) / SAMPLE_RATE_HZ + AFTER_S
        scene = mixed(talk, voice, level_db=None, delay_s=0.0, seed=1)
        heard = listen(scene, transcriber, off).text
        baselines.append((normalise(recording.transcript), heard))
    clean = jiwer.wer([wanted for wanted, _ in baselines], [text for _, text in baselines])
    print(f"| no echo, {total_s:.0f} s | {clean:.1%} | | | |", flush=True)
    for policy in options.policy:
        chosen = settings.load("embedded", None, {"echo.policy": policy})
        rows = []
        for seed, ((recording, level_db, delay_s), (wanted, clean_text)) in enumerate(
            zip(rounds, baselines, strict=True)
        ):
            talk = load(recording.path)[: int(options.seconds * SAMPLE_RATE_HZ)]
            with_talk, alone = (
                listen(
                    mixed(sound, voice, level_db=level_db, delay_s=delay_s, seed=seed),
                    transcriber,
                    chosen,
                )
                for sound in (talk, np.zeros_like(talk))
            )
            row = _Row(
                f"{policy}, {level_db:+.0f} dB, {1000 * delay_s:.0f} ms ({recording.name})",
                [wanted],
                [with_talk.text],
                [alone.text],
                2 * (len(talk) / SAMPLE_RATE_HZ + AFTER_S),
                with_talk.cleaning_cpu_s + alone.cleaning_cpu_s,
            )
            _print(row, jiwer.wer(wanted, clean_text))
            rows.append(row)
        whole = _Row(
            f"**{policy}, all**",
            [row.transcripts[0] for row in rows],
            [row.texts[0] for row in rows],
            [row.alone[0] for row in rows],
            sum(row.seconds for row in rows),
            sum(row.cleaning_cpu_s for row in rows),
        )
        _print(whole, clean)
    return 0


if __name__ == "__main__":
    sys.exit(main())
