"""The timeline of a talk as HTML: what was said, recognised, translated and spoken, and when.

Places and lengths are seconds, in the properties --s and --d, which the style sheet multiplies
by the zoom: only the lines between two lanes are SVG, for text must not stretch.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.markup import Markup, join, number, tag
from benchmarks.schema import Recording, Segment, Word

_TOGETHER_S = 0.05
"""Texts of one decode are passed on one after another, within a few milliseconds."""


@dataclass(frozen=True, slots=True)
class _Event:
    """A text that came out at a moment."""

    at_s: float
    text: str
    source_end_s: float
    segment: int | None


def span_s(recordings: Iterable[Recording]) -> float:
    """Return when the last thing in any of these timelines ends."""
    return max(
        (
            moment_s
            for recording in recordings
            for moment_s in (
                recording["seconds"],
                *(word["committed_at_s"] for word in recording["words"]),
                *(segment["committed_at_s"] for segment in recording["segments"]),
                *(_audio(segment)[1] for segment in recording["segments"]),
            )
        ),
        default=0.0,
    )


def axis(end_s: float) -> Markup:
    """Label every fifth second of a timeline."""
    labels = [
        tag("span", f"{second // 60}:{second % 60:02}", style=_at(second))
        for second in range(0, math.floor(end_s) + 1, 5)
    ]
    return tag("div", *labels, class_="axis", aria_hidden="true")


def strip(recording: Recording, end_s: float) -> Markup:
    """Draw what became of one recording's words: said, recognised, translated, spoken.

    `end_s` is where the timeline ends. What belongs to one segment has it in `data-segment`.
    """
    words, segments = recording["words"], recording["segments"]
    owners = _owners(words, segments)
    said = [
        _bar(
            word["text"],
            (word["start_s"], word["end_s"]),
            f"“{word['text']}”\nsaid {_from_to(word['start_s'], word['end_s'])}\n"
            + _later("committed", word["committed_at_s"], word["end_s"]),
            owner,
        )
        for word, owner in zip(words, owners, strict=True)
    ]
    recognised = [
        _Event(word["committed_at_s"], word["text"], word["end_s"], owner)
        for word, owner in zip(words, owners, strict=True)
    ]
    translated = [
        _Event(segment["committed_at_s"], segment["target"].strip(), segment["end_s"], index)
        for index, segment in enumerate(segments)
        if segment["target"].strip()
    ]
    sounding = [(index, segment) for index, segment in enumerate(segments) if _sounds(segment)]
    spoken = [
        _bar(
            segment["target"],
            _audio(segment),
            f"“{segment['target']}”\nspoken {_from_to(*_audio(segment))}\n"
            + _later("begins", _audio(segment)[0], segment["end_s"]),
            index,
        )
        for index, segment in sounding
    ]
    return join(
        _lane("said", "bars", said),
        _links(
            (word["end_s"], word["committed_at_s"], owner)
            for word, owner in zip(words, owners, strict=True)
        ),
        _lane("recognised", "flags", _flags("recognised", recognised, end_s)),
        _lane("translated", "flags", _flags("translated", translated, end_s)),
        _links(
            (segment["committed_at_s"], _audio(segment)[0], index) for index, segment in sounding
        ),
        _lane("spoken", "bars voice", spoken),
    )


def _lane(name: str, kind: str, bars: Sequence[Markup]) -> Markup:
    label = tag("b", name, class_="lane-name", aria_hidden="true")
    return tag("div", label, tag("ol", *bars, aria_label=name), class_=f"lane {kind}")


def _flags(what: str, events: Sequence[_Event], end_s: float) -> list[Markup]:
    """Draw moments, each with room for its text until the next; what came together is one."""
    groups: list[list[_Event]] = []
    for event in events:
        if groups and event.at_s - groups[-1][0].at_s < _TOGETHER_S:
            groups[-1].append(event)
        else:
            groups.append([event])
    flags = []
    ends_s = [*(group[0].at_s for group in groups[1:]), end_s]
    for group, then_s in zip(groups, ends_s, strict=False):
        at_s, text = group[0].at_s, " ".join(event.text for event in group)
        tip = f"“{text}”\n{_later(what, at_s, group[-1].source_end_s)}"
        flags.append(_bar(text, (at_s, then_s), tip, *(event.segment for event in group)))
    return flags


def _bar(text: str, times_s: tuple[float, float], tip: str, *segments: int | None) -> Markup:
    start_s, end_s = times_s
    owners = " ".join(str(owner) for owner in dict.fromkeys(segments) if owner is not None)
    return tag(
        "li",
        text.strip(),
        style=f"{_at(start_s)};--d:{number(max(0.0, end_s - start_s))}",
        title=tip,
        data_segment=owners or None,
        tabindex=-1,
    )


def _links(links: Iterable[tuple[float, float, int | None]]) -> Markup:
    """Draw a line from each moment in the lane above to a later one in the lane below.

    The view box is one second wide, and so is the element: lines go on beyond it.
    """
    return tag(
        "svg",
        *(
            tag("line", x1=from_s, y1=0, x2=to_s, y2=1, data_segment=owner)
            for from_s, to_s, owner in links
        ),
        viewBox="0 0 1 1",
        preserveAspectRatio="none",
        class_="links",
        aria_hidden="true",
    )


def _owners(words: Sequence[Word], segments: Sequence[Segment]) -> list[int | None]:
    """Return the segment of each word: segments cover the words in order.

    None for every word if the texts do not add up.
    """
    told = [
        (index, word)
        for index, segment in enumerate(segments)
        for word in segment["source"].split()
    ]
    if [word for _, word in told] != [word["text"].strip() for word in words]:
        return [None] * len(words)
    return [index for index, _ in told]


def _audio(segment: Segment) -> tuple[float, float]:
    """Return when a segment sounds; at the moment of its commit if it does not."""
    start_s, end_s = segment.get("audio_start_s"), segment.get("audio_end_s")
    if start_s is None or end_s is None:
        return segment["committed_at_s"], segment["committed_at_s"]
    return start_s, end_s


def _sounds(segment: Segment) -> bool:
    start_s, end_s = _audio(segment)
    return end_s > start_s


def _at(moment_s: float) -> str:
    return f"--s:{number(moment_s)}"


def _from_to(start_s: float, end_s: float) -> str:
    return f"{start_s:.2f} to {end_s:.2f} s"


def _later(what: str, moment_s: float, said_s: float) -> str:
    return f"{what} at {moment_s:.2f} s, {moment_s - said_s:.2f} s after the source"
