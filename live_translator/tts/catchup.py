"""How fast to speak when more speech is waiting than should."""


class CatchUp:
    """Maps the backlog to a speaking rate: 1 up to `after_s`, `max_speed` from `ramp_s` on.

    Between them it rises along a smoothstep (3x² - 2x³), so that neither its beginning nor
    its end can be heard as a change of pace.
    """

    def __init__(self, max_speed: float, after_s: float, ramp_s: float = 3.0) -> None:
        self.max_speed = max_speed
        self.after_s = after_s
        self.ramp_s = ramp_s

    def speed(self, backlog_s: float) -> float:
        """Return the rate, 1.0 and more, for speech with `backlog_s` waiting before it."""
        excess_s = backlog_s - self.after_s
        if excess_s <= 0:
            return 1.0
        x = 1.0 if excess_s >= self.ramp_s else excess_s / self.ramp_s
        return 1.0 + (self.max_speed - 1.0) * x * x * (3.0 - 2.0 * x)
