"""What to do after a failure: try again, start anew, leave a segment out, or give up."""

from collections import deque
from enum import Enum

from live_translator.config import RecoveryConfig


class Remedy(Enum):
    """What comes after a failure."""

    AGAIN = "try again"
    RESTART = "start anew and try again"
    SKIP = "leave the segment out"
    GIVE_UP = "end"


class RestartLimit:
    """Allows so many restarts in a time, and no more. Pure.

    The "maximum restart intensity" of a supervisor in Erlang/OTP,
    https://www.erlang.org/doc/system/sup_princ.html.
    """

    def __init__(self, config: RecoveryConfig) -> None:
        self._per_s = config.per_s
        self._restarted_s: deque[float] = deque(maxlen=config.restarts)

    def allows(self, at_s: float) -> bool:
        """Return whether to restart at a time, which never goes back; if so, that is counted."""
        restarted_s = self._restarted_s
        if len(restarted_s) == restarted_s.maxlen and at_s - restarted_s[0] < self._per_s:
            return False
        restarted_s.append(at_s)
        return True


class Remedies:
    """Chooses the remedy for each failure of one engine. Pure.

    A first failure on a segment may be chance, the next is the state of the engine, and one
    after a restart is the segment itself. An engine that hangs is not asked again.
    """

    def __init__(self, config: RecoveryConfig) -> None:
        self._limit = RestartLimit(config)
        self._failures = 0
        """On the segment in hand."""
        self._has_restarted = False
        """For the segment in hand."""

    def failed(self, at_s: float, *, hung: bool = False) -> Remedy:
        """Return the remedy for a failure at a time, which never goes back."""
        self._failures += 1
        if self._failures == 1 and not hung:
            return Remedy.AGAIN
        if self._has_restarted:
            self.settle()
            return Remedy.SKIP
        self._has_restarted = True
        return Remedy.RESTART if self._limit.allows(at_s) else Remedy.GIVE_UP

    def settle(self) -> None:
        """Begin with the next segment: this one went well, or is left out."""
        self._failures = 0
        self._has_restarted = False
