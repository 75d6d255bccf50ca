"""Strict readers of SubRip and WebVTT: whatever is not exactly so is an error."""

import re
from dataclasses import dataclass
from html import unescape


@dataclass(frozen=True)
class ReadCue:
    start_s: float
    end_s: float
    text: str


def read_srt(data: bytes) -> list[ReadCue]:
    """Read SubRip: numbered from 1, a comma before milliseconds, an empty line after each."""
    return _cues(data.decode("utf-8", "strict"), mark=",")


def read_vtt(data: bytes) -> list[ReadCue]:
    """Read WebVTT (W3C, section 4): its head, then cues whose text holds no bare < or &."""
    head, body = data.decode("utf-8", "strict").split("\n\n", 1)
    assert head == "WEBVTT"
    cues = _cues(body, mark=".")
    for cue in cues:
        assert "<" not in cue.text
        assert re.fullmatch(r"([^&]|&(amp|lt|gt|lrm|rlm|nbsp);)*", cue.text)
    return [ReadCue(cue.start_s, cue.end_s, unescape(cue.text)) for cue in cues]


def _cues(text: str, mark: str) -> list[ReadCue]:
    if not text:
        return []
    assert text.endswith("\n\n")
    assert "\r" not in text
    assert "\0" not in text
    time = rf"(\d\d+):([0-5]\d):([0-5]\d){re.escape(mark)}(\d{{3}})"
    cues: list[ReadCue] = []
    for number, block in enumerate(text.removesuffix("\n\n").split("\n\n"), start=1):
        name, times, *lines = block.split("\n")
        assert name == str(number)
        found = re.fullmatch(rf"{time} --> {time}", times)
        assert found, times
        start_s, end_s = _seconds(found.groups()[:4]), _seconds(found.groups()[4:])
        assert start_s < end_s
        assert not cues or cues[-1].end_s <= start_s
        assert lines
        assert all(line.strip() and "-->" not in line for line in lines)
        cues.append(ReadCue(start_s, end_s, "\n".join(lines)))
    return cues


def _seconds(parts: tuple[str, ...]) -> float:
    hours, minutes, seconds, milliseconds = map(int, parts)
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
