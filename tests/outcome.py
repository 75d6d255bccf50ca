"""The files of a run, and whether they are what they should be, whatever happened to it."""

import json
import re
import wave
from pathlib import Path
from typing import Any

_TIMES = r"\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}"


class Files:
    """The four files of a run in one folder."""

    def __init__(self, folder: Path) -> None:
        self.audio = folder / "out.wav"
        self.subtitles = folder / "out.srt"
        self.transcript = folder / "out.jsonl"
        self.report = folder / "report.json"

    def flags(self) -> list[str]:
        return [
            *("--output", str(self.audio), "--subtitles", str(self.subtitles)),
            *("--transcript", str(self.transcript), "--report", str(self.report)),
        ]

    def segments(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.transcript.read_text("utf-8").splitlines()]

    def check_valid(self) -> None:
        """Whatever happened, what is on disk can be read."""
        if self.audio.exists():
            with wave.open(str(self.audio)) as audio:
                assert len(audio.readframes(audio.getnframes())) == 2 * audio.getnframes()
        if self.transcript.exists():
            self.segments()
        if self.report.exists():
            json.loads(self.report.read_text("utf-8"))
        if self.subtitles.exists():
            cues = self.subtitles.read_text("utf-8").split("\n\n")
            assert cues.pop() == ""
            for number, cue in enumerate(cues, start=1):
                assert re.fullmatch(rf"{number}\n{_TIMES}\n.+", cue)
