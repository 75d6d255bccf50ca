"""Files written while the talk goes on: valid after every event, whatever comes next."""

import errno
import itertools
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_translator.captions.subtitles import Cue, CueBuilder, SubtitleWriter
from live_translator.captions.tail_file import TailFile
from live_translator.captions.transcript import TranscriptWriter
from live_translator.errors import OutputError, UsageError
from live_translator.timeline import Timeline
from tests.messages import playback, transcript, translation


def timeline() -> Timeline:
    made = Timeline(lambda: 0.0, realtime=True)
    made.start()
    return made


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.text("aé→\n", max_size=9)), max_size=20))
def test_a_tail_is_replaced_and_what_is_settled_stays(
    tmp_path: Path, steps: list[str | None]
) -> None:
    path = tmp_path / "tail.txt"
    file = TailFile(path, "head\n")
    settled, tail = "head\n", ""
    for step in steps:
        if step is None:
            file.settle()
            settled, tail = settled + tail, ""
        else:
            file.replace(step)
            tail = step
        assert path.read_bytes().decode("utf-8") == settled + tail
    file.close()
    file.close()


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/dev/full", "the disk is full; free some space"),
        ("none/out.txt", "there is no folder"),
        ("", "choose another"),
    ],
)
def test_a_file_that_cannot_be_written_names_the_fix(tmp_path: Path, path: str, part: str) -> None:
    with pytest.raises(OutputError, match=part):
        TailFile(tmp_path / path, "text")


def test_a_disk_that_is_full_in_the_middle_of_a_tail_leaves_the_tail_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = TailFile(tmp_path / "tail.txt", "head\n")
    file.replace("old\n")
    write = os.pwrite
    room = 12

    def little_room(descriptor: int, data: bytes, offset: int) -> int:
        if offset >= room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[: room - offset], offset)

    monkeypatch.setattr(os, "pwrite", little_room)
    with pytest.raises(OutputError, match="the disk is full"):
        file.replace("a tail that is too long\n")
    assert (tmp_path / "tail.txt").read_text("utf-8") == "head\nold\n"
    file.replace("new\n")
    assert (tmp_path / "tail.txt").read_text("utf-8") == "head\nnew\n"
    file.close()


def test_a_file_name_that_is_no_text_is_written_as_json_has_it(tmp_path: Path) -> None:
    file = TailFile(tmp_path / "report.json", json.dumps({"file": "caf\udce9"}, ensure_ascii=False))
    file.close()
    assert json.loads((tmp_path / "report.json").read_bytes()) == {"file": "caf\udce9"}


def test_a_transcript_steers_no_terminal_and_ends_a_line_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    writer = TranscriptWriter(path, timeline())
    writer.on_translation(translation(0, "a\x9b2J\u2028b", "\x7f\x85c \x1b[2J"))
    writer.close()
    content = path.read_text("utf-8")
    assert content.removesuffix("\n").isprintable()
    assert json.loads(content)["source"] == "a\x9b2J\u2028b"


def test_a_segment_is_on_disk_before_it_is_spoken_and_gains_its_times(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    writer = TranscriptWriter(path, timeline())
    writer.on_transcript(transcript(" Good morning.", 1.0))
    writer.on_translation(translation(0, "Good morning.", "Buenos días."))
    assert lines(path) == [
        {
            "segment": 0, "utterance": 0, "source": "Good morning.", "target": "Buenos días.",
            "start_s": 0.0, "end_s": 1.0, "committed_at_s": 1.5,
        }
    ]  # fmt: skip
    writer.on_translation(translation(1, "Bye.", "Adiós."))
    writer.on_playback(playback(0, 2.0, 2.5))
    writer.on_playback(playback(0, 2.5, 3.0))
    writer.on_playback(playback(1, 3.0, 4.0))
    writer.close()
    spoken = [(line["audio_start_s"], line["audio_end_s"]) for line in lines(path)]
    assert spoken == [(2.0, 3.0), (3.0, 4.0)]


def test_what_was_recognised_and_never_translated_is_written_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    writer = TranscriptWriter(path, timeline())
    for text in (" Good", " morning", ".", " And", " good bye"):
        writer.on_transcript(transcript(text, 1.0))
    writer.on_translation(translation(0, "Good morning.", "Buenos días."))
    writer.close()
    writer.close()
    assert [line["source"] for line in lines(path)] == ["Good morning.", "And good bye"]


def test_a_transcript_says_which_translations_are_doubted(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    writer = TranscriptWriter(path, timeline(), spoken=False)
    writer.on_translation(replace(translation(0, "One.", "Uno."), uncertain=True))
    writer.on_translation(translation(1, "Two.", "Dos."))
    writer.close()
    first, second = lines(path)
    assert first["uncertain"]
    assert "uncertain" not in second


def test_without_speech_nothing_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    writer = TranscriptWriter(path, timeline(), spoken=False)
    for number in range(3):
        writer.on_translation(translation(number, f"w{number}", f"p{number}"))
    assert [line["target"] for line in lines(path)] == ["p0", "p1", "p2"]


segments = st.lists(
    st.tuples(st.text("abc.ñ", min_size=1, max_size=60), st.floats(0, 5), st.booleans()),
    max_size=15,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(segments)
def test_a_transcript_is_valid_after_every_event(
    tmp_path: Path, steps: list[tuple[str, float, bool]]
) -> None:
    path = tmp_path / "t.jsonl"
    writer = TranscriptWriter(path, timeline())
    for number, (text, moment_s, spoken) in enumerate(steps):
        writer.on_transcript(transcript(f" {text}", moment_s))
        writer.on_translation(translation(number, text, text))
        assert len(lines(path)) == number + 1
        if spoken:
            writer.on_playback(playback(number, moment_s, moment_s + 1))
            assert [line["segment"] for line in lines(path)] == list(range(number + 1))
    writer.close()
    assert [line["target"] for line in lines(path)] == [text for text, _, _ in steps]


def test_segments_of_a_sentence_share_a_cue_until_it_is_full(tmp_path: Path) -> None:
    path = tmp_path / "c.srt"
    writer = SubtitleWriter(path)
    writer.on_translation(translation(0, "a", "Hola", start_s=0.0, end_s=1.0))
    writer.on_translation(translation(1, "b", "a todos.", start_s=1.0, end_s=2.5))
    writer.on_translation(translation(2, "c", "Adiós --> ya.", start_s=2.0, end_s=2.2))
    writer.close()
    assert path.read_text("utf-8") == (
        "1\n00:00:00,000 --> 00:00:02,500\nHola a todos.\n\n"
        "2\n00:00:02,500 --> 00:00:03,500\nAdiós → ya.\n\n"
    )


def test_webvtt_has_its_own_head_and_marks(tmp_path: Path) -> None:
    path = tmp_path / "c.vtt"
    writer = SubtitleWriter(path)
    writer.on_translation(translation(0, "a", "Hola.", start_s=3661.5, end_s=3663.0))
    writer.close()
    assert path.read_text("utf-8") == ("WEBVTT\n\n1\n01:01:01.500 --> 01:01:03.000\nHola.\n\n")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.srt or \.vtt"):
        SubtitleWriter(tmp_path / "c.txt")


@given(
    st.lists(st.tuples(st.text("ab.", min_size=1, max_size=50), st.floats(0, 3), st.floats(0, 9)))
)
def test_cues_never_overlap_and_never_stay_unreadably_short(
    steps: list[tuple[str, float, float]],
) -> None:
    builder = CueBuilder()
    cues: list[Cue] = []
    now_s = 0.0
    for text, advance_s, length_s in steps:
        now_s += advance_s
        cue = builder.add(cues[-1] if cues else None, text, now_s, now_s + length_s)
        if not cues or cue is not cues[-1]:
            cues.append(cue)
    for cue, after in itertools.pairwise(cues):
        assert cue.end_s <= after.start_s
    assert all(cue.end_s - cue.start_s > 0.999 for cue in cues)
