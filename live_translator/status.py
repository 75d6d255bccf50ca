"""What a run is doing at this moment, for whoever shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Speaking: TypeAlias = Literal["them", "us", "both"] | None
"""Whose voice sounds: the speaker's, the translation's, both at once (as they mostly do), none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A moment of a run; `Run.status()` makes one, in well under a millisecond."""

    way: str
    """Which language becomes which, such as en → es."""
    level_dbfs: float | None = None
    """How loud the input is, 0 at most; None before the first sound."""
    speaking: Speaking = None
    lag_s: float | None = None
    """How long after its source words the last translation came (`lag.LagMeter`)."""
    behind_s: float = 0.0
    """Seconds of speech that are queued and have not sounded."""
    queues: Mapping[str, int] = field(default_factory=dict)
    """How many messages wait in each channel, in the order of the stages."""
    paused: bool = False
    """Whether what is heard is let go by."""
    muted: bool = False
    """Whether the translation is shown and not spoken."""
    question: str = ""
    """What the person at the keys is asked, with the answer so far."""
