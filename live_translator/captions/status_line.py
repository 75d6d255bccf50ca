"""The one line under the captions: how late, how loud, who speaks, what waits."""

from typing import TYPE_CHECKING

from live_translator.status import Speaking, Status

if TYPE_CHECKING:
    from rich.text import Text

_METER_CELLS = 10
_QUIETEST_DBFS = -60.0
"""The meter's left end: the noise of a quiet room at a laptop's microphone."""
_LOUD_DBFS, _TOO_LOUD_DBFS = -12.0, -3.0
"""From where the meter is yellow and red: speech peaks 10-12 dB above its mean, so a mean
above -12 is near clipping, and above -3 it clips."""
_LATE_S, _TOO_LATE_S = 5.0, 10.0
"""From where the lag is yellow and red: a listener loses the speaker after about a sentence."""
_GAP = "   "
_SPEAKING: dict[Speaking, tuple[str, str]] = {
    # Words of one length, so that what stands to the right stays where it is.
    "them": ("● speaker", "green"),
    "us": ("● voice  ", "magenta"),
    "both": ("● both   ", "cyan"),
    None: ("○ silence", "dim"),
}


def status_line(status: Status, width: int) -> "Text":
    """Return the line, at most `width` cells wide: of what has no room, the least matters."""
    from rich.text import Text  # noqa: PLC0415 - heavy: the captions' modules only

    parts = _parts(status)
    while True:
        line = Text(" ", end="").append_text(Text(_GAP).join(text for _, text in parts))
        if line.cell_len <= width or len(parts) == 1:
            line.truncate(max(1, width))
            return line
        parts.remove(min(parts, key=lambda part: part[0]))


def _parts(status: Status) -> list[tuple[int, "Text"]]:
    """Return what there is to say, in order, each with how much it matters."""
    from rich.text import Text  # noqa: PLC0415 - heavy: the captions' modules only

    found = [
        (6, Text(status.way, "bold")),
        (5, Text(*_SPEAKING[status.speaking])),
        (3, _meter(status.level_dbfs)),
        (4, _lag(status.lag_s)),
        (2, Text(f"{status.behind_s:4.1f} s to say", "dim" if status.behind_s < 0.05 else "")),
        (1, _queues(status)),
    ]
    found += [(9, Text(status.question, "bold"))] if status.question else []
    found += [(7, Text("PAUSED", "bold reverse"))] if status.paused else []
    found += [(8, Text("MUTED", "bold reverse"))] if status.muted else []
    return found


def _meter(level_dbfs: float | None) -> "Text":
    from rich.text import Text  # noqa: PLC0415 - heavy: the captions' modules only

    level = _QUIETEST_DBFS if level_dbfs is None else level_dbfs
    share = min(1.0, max(0.0, 1.0 - level / _QUIETEST_DBFS))
    filled = round(share * _METER_CELLS)
    style = _graded(level, _LOUD_DBFS, _TOO_LOUD_DBFS)
    return Text.assemble(("█" * filled, style), ("░" * (_METER_CELLS - filled), "dim"))


def _lag(lag_s: float | None) -> "Text":
    from rich.text import Text  # noqa: PLC0415 - heavy: the captions' modules only

    if lag_s is None:
        return Text("lag    - s", "dim")
    return Text.assemble("lag ", (f"{lag_s:4.1f} s", _graded(lag_s, _LATE_S, _TOO_LATE_S)))


def _queues(status: Status) -> "Text":
    from rich.text import Text  # noqa: PLC0415 - heavy: the captions' modules only

    depths = "/".join(str(depth) for depth in status.queues.values())
    return Text(f"queues {depths or '-'}", "dim")


def _graded(value: float, warn: float, alarm: float) -> str:
    if value >= alarm:
        return "red"
    return "yellow" if value >= warn else "green"
