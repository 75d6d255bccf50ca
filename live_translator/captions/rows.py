"""Captions laid out in rows of a terminal: a time, the source, the translation under it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from live_translator.captions.text import RIGHT_TO_LEFT, clean, is_right_to_left
from live_translator.captions.utterances import Utterance

if TYPE_CHECKING:
    from rich.text import Text

_MARGIN = 10
"""Cells left of the text, for the time: up to 999:59:59 and a space."""
_LEAST_WIDTH = 16
"""Cells of text under which there is no margin: words must still fit."""
_UNSTABLE = "dim italic"
_SOURCE, _TARGET = "", "bold green"


class Layout:
    """Turns utterances into rows at most `width` cells wide."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - heavy: the captions' modules only

        self._console = Console(legacy_windows=False)

    def ended(self, utterance: Utterance, width: int) -> list["Text"]:
        """Return all rows of an utterance, for the scrollback."""
        return [*self._source(utterance, width), *self._target(utterance, width)]

    def printed(self, line: str, width: int) -> list["Text"]:
        """Return the rows of a line that the rest of the program printed."""
        from rich.text import Text  # noqa: PLC0415 - heavy: the captions' modules only

        return list(Text(clean(line), end="").wrap(self._console, width, overflow="fold"))

    def growing(self, utterances: Sequence[Utterance], width: int, height: int) -> list["Text"]:
        """Return the last rows, at most `height`: of the newest utterance both texts."""
        found: list[Text] = []
        for utterance in reversed(utterances):
            room = height - len(found)
            if room <= 0:
                break
            source, target = self._source(utterance, width), self._target(utterance, width)
            # Each text may have what the other leaves, and at least half.
            target = _last(target, max((room + 1) // 2, room - len(source)))
            source = _last(source, room - len(target))
            found = [*source, *target, *found]
        return found

    def _source(self, utterance: Utterance, width: int) -> list["Text"]:
        parts = ((utterance.source.lstrip(), _SOURCE), (utterance.unstable, _UNSTABLE))
        return self._rows(_clock(utterance.start_s), "dim", parts, width)

    def _target(self, utterance: Utterance, width: int) -> list["Text"]:
        unstable = utterance.target_unstable.strip()
        space = " " if utterance.target and unstable else ""
        parts = ((utterance.target, _TARGET), (space + unstable, _UNSTABLE))
        return self._rows("→", "green", parts, width)

    def _rows(
        self, mark: str, mark_style: str, parts: Sequence[tuple[str, str]], width: int
    ) -> list["Text"]:
        from rich.text import Text  # noqa: PLC0415 - heavy: the captions' modules only

        text = Text.assemble(*parts, end="")
        if not text.plain.strip():
            return []
        margin = _MARGIN if width - _MARGIN >= _LEAST_WIDTH else 0
        wrapped = text.wrap(self._console, max(2, width - margin), overflow="fold")
        before, after = RIGHT_TO_LEFT if is_right_to_left(text.plain) else ("", "")
        rows = []
        for index, line in enumerate(wrapped):
            line.rstrip()
            head = f"{mark if index == 0 else '':>{margin - 1}} " if margin else ""
            rows.append(Text.assemble((head, mark_style), before, line, after, end=""))
        return rows


def _last(rows: list["Text"], count: int) -> list["Text"]:
    return rows[max(0, len(rows) - count) :]


def _clock(seconds: float) -> str:
    """Return the source clock as h:mm:ss, without hours in the first."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
