"""Whether one more talk can be held in real time."""

from collections.abc import Mapping

from live_translator.config import ServeConfig

_RECOGNITION = "asr"


def refusal(
    busy: Mapping[str, float], talks: int, config: ServeConfig, *, cores: int
) -> str | None:
    """Return why one more talk cannot be taken, None where it can.

    `busy` is the share of the last window for which each stage's engine was in use, by the
    `talks` that there are. One more is expected to need as much as these do in the mean, and
    `session_busy` at least: those who are silent now will speak. The first is always taken.
    A pure policy.
    """
    if talks >= config.max_sessions:
        return f"{talks} talks are going on, as many as this server takes"
    if talks == 0:
        return None
    each = {name: share / talks for name, share in busy.items()}
    if _RECOGNITION in each:
        # A recogniser that has time takes smaller steps than it needs to.
        each[_RECOGNITION] = min(each[_RECOGNITION], config.pressed_busy)
    name, most = max(each.items(), key=lambda entry: entry[1], default=("", 0.0))
    of_engine = most * (talks + 1)
    of_machine = max(sum(each.values()), config.session_busy) * (talks + 1) / cores
    if of_engine > config.max_busy:
        needed = f"{of_engine:.0%} of {name}'s time"
    elif of_machine > config.max_core_busy:
        needed = f"{of_machine:.0%} of the machine's time"
    else:
        return None
    return (
        f"{talks} talks are going on, and one more would need {needed}: all of them would be late"
    )


def room_refusal(busy: Mapping[str, float], talks: int, config: ServeConfig) -> str | None:
    """Return why one more in a room where somebody speaks cannot speak, None where he can.

    People in one room take turns: another microphone adds little, while there is time for
    what is said now. A pure policy.
    """
    if talks >= config.max_sessions:
        return f"{talks} talks are going on, as many as this server takes"
    name, share = max(busy.items(), key=lambda entry: entry[1], default=("", 0.0))
    if share > config.room_busy:
        return f"{name} was busy for {share:.0%} of the time: another speaker would make all late"
    return None
