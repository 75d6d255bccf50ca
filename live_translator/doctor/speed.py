"""How fast the stages are on this machine, and what it can therefore hold in real time.

The rule: a profile holds in real time if all stages together take at most `CORES_SHARE` of
the cores, and none takes more than `THREADS_SHARE` of the threads that it may use. A
stage's load is the processor time, in seconds, that a second of speech costs it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from live_translator.config import Config

CORES_SHARE = 0.75
"""What is left is for sound, captions, the other programs of a call, and speech that is
denser than the sample."""
THREADS_SHARE = 0.9
"""A stage that is busier than that catches up too slowly after a hitch."""
LEAST_HEARD_S = 5.0
"""Of speech, decoded: before that the recogniser's windows are shorter than in a talk, and
cost less (on two cores 0.33 over the first 3 s, 0.54 over 11 s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speeds:
    """What was measured with one profile's models, in seconds of processor time."""

    load_s: float
    """By the clock, until the last engine was warm."""
    detector: float
    """Per second of sound."""
    recogniser: float
    """Per second of speech, decoded at the profile's stride, translation by Whisper included."""
    heard_s: float
    """How much speech that was measured on."""
    sentence_s: float
    """Of the translation of one sentence."""
    voice: float
    """Per second of speech that it says."""

    def __str__(self) -> str:
        return (
            f"recogniser {self.recogniser:.2f} s of computing for a second of speech (measured on "
            f"{self.heard_s:.0f} s), translator {1000 * self.sentence_s:.0f} ms a sentence, "
            f"voice {self.voice:.2f} s for a second of speech"
        )


class Outcome(StrEnum):
    """Whether a profile holds in real time."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"
    """It would, by what little could be measured in the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a profile holds in real time, and what that was judged by."""

    outcome: Outcome
    loads: Mapping[str, float]
    cores: int
    slowest: str
    """The stage that takes most of its threads."""
    heard_s: float
    """How much speech the recogniser was measured on."""

    @property
    def total(self) -> float:
        """The stages' loads together."""
        return sum(self.loads.values())

    @property
    def limit(self) -> float:
        """How much they may be."""
        return self.cores * CORES_SHARE

    def record(self) -> dict[str, object]:
        """Return what a support bundle holds of it."""
        return {"loads": dict(self.loads), "limit": self.limit, "outcome": self.outcome}

    def __str__(self) -> str:
        parts = " + ".join(f"{stage} {load:.2f}" for stage, load in self.loads.items())
        return (
            f"{parts} = {self.total:.2f} of {self.cores} cores "
            f"(the rule: at most {self.limit:.2f}, and no stage above {THREADS_SHARE:.0%} of its "
            f"own threads)"
        )


def judge(speeds: Speeds, config: Config, cores: int) -> Verdict:
    """Apply the rule; pure.

    While someone speaks, the sentence is translated anew at most once a stride, and the
    voice says about as many seconds as it hears: what would be longer is hurried.
    """
    loads = {
        "detector": speeds.detector,
        "recogniser": speeds.recogniser,
        "translator": speeds.sentence_s / config.asr.stride_s,
        "voice": speeds.voice,
    }
    threads = {
        "detector": 1,
        "recogniser": config.asr.threads,
        "translator": config.mt.threads,
        "voice": config.tts.threads,
    }
    shares = {stage: load / min(threads[stage], cores) for stage, load in loads.items()}
    slowest = max(shares, key=lambda stage: shares[stage])
    if sum(loads.values()) > cores * CORES_SHARE or shares[slowest] > THREADS_SHARE:
        outcome = Outcome.FAILS
    else:
        outcome = Outcome.HOLDS if speeds.heard_s >= LEAST_HEARD_S else Outcome.UNKNOWN
    return Verdict(
        outcome=outcome, loads=loads, cores=cores, slowest=slowest, heard_s=speeds.heard_s
    )


def advice(verdict: Verdict, lighter: Sequence[str]) -> str:
    """Return what helps a profile that does not hold; `lighter` are profiles that do. Pure."""
    if lighter:
        return f"use --profile {lighter[-1]}"
    without_voice = verdict.total - verdict.loads["voice"]
    if without_voice <= verdict.limit and verdict.slowest != "recogniser":
        return "use --voice espeak, which takes next to nothing"
    return "close other programs, use --no-speech, or take a faster machine"
