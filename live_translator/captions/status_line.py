"""The one line under the captions: how late, how loud, who speaks, what waits."""

from typing import TYPE_CHECKING, TypeAlias

from live_translator.status import Speaking, Status

if TYPE_CHECKING:
    from rich.text import Text

Piece: TypeAlias = tuple[str, str]
"""Text and its style."""

_METER_CELLS = 10
_QUIETEST_DBFS = -60.0
"""The meter's left end: the noise of a quiet room at a laptop's microphone."""
_LOUD_DBFS, _TOO_LOUD_DBFS = -12.0, -3.0
"""From where the meter is yellow and red: speech peaks 12 dB and more above its mean, so from
-12 it may clip, and at -3 it does."""
_LATE_S, _TOO_LATE_S = 5.0, 10.0
"""From where the lag is yellow and red: a listener loses the speaker after about a sentence."""
_GAP = ("   ", "")
_SPEAKING: dict[Speaking, Piece] = {
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
        line = Text(" ", end="")
        for index, (_, pieces) in enumerate(parts):
            line.append_text(Text.assemble(*([_GAP] if index else []), *pieces))
        if line.cell_len <= width or len(parts) == 1:
            line.truncate(max(1, width))
            return line
        parts.remove(min(parts, key=lambda part: part[0]))


def _parts(status: Status) -> list[tuple[int, list[Piece]]]:
    """Return what there is to say, in order, each with how much it matters."""
    depths = "/".join(str(depth) for depth in status.queues.values())
    to_say = (f"{status.behind_s:4.1f} s to say", "" if status.behind_s else "dim")
    parts: list[tuple[int, list[Piece]]] = [
        (6, [(status.way, "bold")]),
        (5, [_SPEAKING[status.speaking]]),
        (3, _meter(status.level_dbfs)),
        (4, _lag(status.lag_s)),
        (2, [to_say]),
        (1, [(f"queues {depths or '-'}", "dim")]),
    ]
    if status.question:
        parts.append((9, [(status.question, "bold")]))
    if status.paused:
        parts.append((7, [("PAUSED", "bold reverse")]))
    if status.muted:
        parts.append((8, [("MUTED", "bold reverse")]))
    return parts


def _meter(level_dbfs: float | None) -> list[Piece]:
    level = _QUIETEST_DBFS if level_dbfs is None else level_dbfs
    filled = round(min(1.0, max(0.0, 1.0 - level / _QUIETEST_DBFS)) * _METER_CELLS)
    style = _graded(level, _LOUD_DBFS, _TOO_LOUD_DBFS)
    return [("█" * filled, style), ("░" * (_METER_CELLS - filled), "dim")]


def _lag(lag_s: float | None) -> list[Piece]:
    if lag_s is None:
        return [("lag    - s", "dim")]
    return [("lag ", ""), (f"{lag_s:4.1f} s", _graded(lag_s, _LATE_S, _TOO_LATE_S))]


def _graded(value: float, warn: float, alarm: float) -> str:
    if value >= alarm:
        return "red"
    return "yellow" if value >= warn else "green"
