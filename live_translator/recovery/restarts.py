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
    after a restart is the segment itself. An engine that hangs is not asked again. As many
    restarts as are allowed in a time end it too where none of them helped, however long
    they took: an engine that hangs is started anew once in `limit_s` at most.
    """

    def __init__(self, config: RecoveryConfig) -> None:
        self._limit = RestartLimit(config)
        self._restarts = config.restarts
        self._in_vain = 0
        """Restarts since anything went well."""
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
            self._next()
            return Remedy.SKIP
        if self._in_vain == self._restarts or not self._limit.allows(at_s):
            return Remedy.GIVE_UP
        self._has_restarted = True
        self._in_vain += 1
        return Remedy.RESTART

    def settle(self) -> None:
        """Begin with the next segment: this one went well, or was at fault itself."""
        self._in_vain = 0
        self._next()

    def _next(self) -> None:
        self._failures = 0
        self._has_restarted = False
