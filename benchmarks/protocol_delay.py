"""How much later a talk is over the server than through the desktop program's pipeline."""

import difflib
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clients import Heard, Told
from live_translator.assembly import Run, Wanted
from live_translator.audio.sinks import NullSink
from live_translator.config import Config
from live_translator.engines import Engines
from live_translator.messages import Playback, Transcript, Translation

BAR_S = 0.150
"""How much later than the desktop pipeline the server may be, by the medians."""


class Desktop:
    """A `Listener` that makes a `Heard` of a run in this process."""

    def __init__(self) -> None:
        self.heard = Heard()
        self.run: Run
        self._segments: dict[int, Translation] = {}

    def on_transcript(self, message: Transcript) -> None:
        """Note committed words."""
        if text := message.committed.strip():
            self.heard.sources.append(self._told(text, message, message.speech_end_s))

    def on_translation(self, message: Translation) -> None:
        """Note a segment."""
        self._segments[message.segment] = message
        if message.target.strip():
            self.heard.targets.append(self._told(message.source.strip(), message, message.end_s))

    def on_playback(self, message: Playback) -> None:
        """Note when a segment begins to sound."""
        if message.skipped or message.segment in self.heard.sounds:
            return
        segment = self._segments[message.segment]
        self.heard.sounds[message.segment] = Told(
            text=segment.source.strip(),
            start_s=segment.start_s,
            end_s=segment.end_s,
            at_s=message.audio_start_s,
        )

    def close(self) -> None:
        """Nothing to close."""

    def _told(self, text: str, message: Transcript | Translation, end_s: float) -> Told:
        at_s = self.run.timeline.since_start(time.monotonic())
        return Told(text=text, start_s=message.start_s, end_s=end_s, at_s=at_s)


def on_desktop(path: Path, config: Config, engines: Engines) -> Heard:
    """Run the desktop program's pipeline on a recording, in real time, into nothing."""
    listener = Desktop()
    wanted = Wanted(input=str(path), sink=NullSink(), captions=False)
    listener.run = run = Run(config, wanted, engines, listeners=[listener])
    with run:
        run.pipeline.run()
    return listener.heard


KINDS: dict[str, Callable[[Heard], list[tuple[str, float]]]] = {
    "committed source": lambda heard: [(one.text, one.at_s - one.end_s) for one in heard.sources],
    "committed target": lambda heard: [(one.text, one.lag_s) for one in heard.targets],
    "first audio of a segment": lambda heard: [
        (one.text, one.lag_s) for one in heard.sounds.values()
    ],
}
"""What is compared: (source words, seconds) of each piece. Source words count from their end,
all else from the onset of the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure of both programs, of pieces with the same words in the same round.

    Only such: of a clause of several segments, which sounds at once, a client hears when the
    first begins, and the desktop program knows of each.
    """

    what: str
    desktop_s: tuple[float, ...]
    server_s: tuple[float, ...]

    @property
    def p50_s(self) -> float:
        """How much later the server is, by the medians; NaN where no piece is the same."""
        return _median(self.server_s) - _median(self.desktop_s)

    @property
    def piece_p50_s(self) -> float:
        """How much later a piece is, by the median."""
        return _median(
            [
                server_s - desktop_s
                for desktop_s, server_s in zip(self.desktop_s, self.server_s, strict=True)
            ]
        )


def differences(rounds: Sequence[tuple[Heard, Heard]]) -> list[Difference]:
    """Return each measure over all rounds of (desktop, server)."""
    found = []
    for what, values in KINDS.items():
        pairs = [
            pair for desktop, server in rounds for pair in _paired(values(desktop), values(server))
        ]
        desktop_s, server_s = zip(*pairs, strict=True) if pairs else ((), ())
        found.append(Difference(what=what, desktop_s=desktop_s, server_s=server_s))
    return found


def _paired(
    ours: Sequence[tuple[str, float]], theirs: Sequence[tuple[str, float]]
) -> Iterator[tuple[float, float]]:
    """Yield the seconds of both for pieces with the same words, in order."""
    matcher = difflib.SequenceMatcher(None, [t for t, _ in ours], [t for t, _ in theirs], False)
    for i, j, size in matcher.get_matching_blocks():
        for k in range(size):
            yield ours[i + k][1], theirs[j + k][1]


def _median(seconds: Sequence[float]) -> float:
    return statistics.median(seconds or (math.nan,))


def compared(found: Sequence[Difference]) -> str:
    """Return differences as Markdown."""
    rows = [
        "| | pieces | desktop p50 | server p50 | server later | a piece is later, p50 |",
        "|---|---|---|---|---|---|",
    ]
    for each in found:
        rows.append(
            f"| {each.what} | {len(each.desktop_s)} | {_median(each.desktop_s):.3f} s "
            f"| {_median(each.server_s):.3f} s | {1000 * each.p50_s:+.0f} ms "
            f"| {1000 * each.piece_p50_s:+.0f} ms |"
        )
    return "\n".join(rows) + "\n"
