"""Some clients speak to the server at once: what is measured, and whether it holds them."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import vitals
from benchmarks.clients import Heard, Reading, pooled, talk
from benchmarks.metrics.offsets import drift
from benchmarks.server_process import Server, Watch
from live_translator.config import SAMPLE_RATE_HZ, ServeConfig
from live_translator.latency import percentile
from live_translator.machine import usable_cores
from live_translator.messages import Samples
from live_translator.serve.admission import refusal

STAGES = ("asr", "mt", "tts")
_PAUSE_S = 0.3
"""Between recordings: a speaker takes a breath."""
_DRAIN_S = 15.0
"""For the last words of a talk. What takes longer has fallen behind."""
_MOST_DRIFT_S_PER_MIN = 2.0
"""A step of a minute has some 30 segments, whose lags scatter by a second: its slope is within
about 1.5 by chance alone."""


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
    def takes_one_more(self) -> bool:
        """Whether admission, as it is by default, would take one more talk."""
        talks = self.speakers + (self.beside is not None)
        return refusal(self.busy, talks, ServeConfig(), cores=usable_cores()) is None


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
        "taken" if found.takes_one_more else "refused",
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
    """Return how many are held, at which lag, and what each asks of the engines."""
    what = "with speech" if steps[0].speech else "as text alone"
    held = {found.speakers: found for found in steps if found.holds(most_lag_s)}
    cores = f"{usable_cores()} cores hold"
    if not held:
        return f"{cores} fewer than {steps[0].speakers} concurrent speakers {what}."
    best = held[max(held)]
    each = ", ".join(
        f"{name} {share / best.speakers:.2f}" for name, share in best.busy.items() if share
    )
    return (
        f"{cores} {best.speakers} concurrent speakers {what}, at a lag of {_s(best.lag_p50_s)} "
        f"(p95 {_s(best.lag_p95_s)}). Each asks for {each}."
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
