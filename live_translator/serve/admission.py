"""Whether one more talk can be held in real time."""

from collections.abc import Mapping

from live_translator.config import ServeConfig


def refusal(busy: Mapping[str, float], talks: int, config: ServeConfig) -> str | None:
    """Return why one more talk cannot be taken, None where it can.

    `busy` is the share of the last window for which each engine was in use, by the `talks`
    that there are. One more is expected to ask for as much as these do in the mean, and
    for `session_busy` at least: those who are silent now will speak. The first is always
    taken. A pure policy.
    """
    if talks >= config.max_sessions:
        return f"{talks} talks are going on, as many as this server takes"
    if talks == 0:
        return None
    name, share = max(
        ((name, max(share / talks, config.session_busy)) for name, share in busy.items()),
        key=lambda entry: entry[1],
        default=("", config.session_busy),
    )
    expected = share * (talks + 1)
    if expected > config.max_busy:
        return (
            f"{talks} talks are going on, and one more would need {expected:.0%} of {name}'s "
            "time: it would make all of them late"
        )
    return None


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
