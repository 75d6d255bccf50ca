import copy
from itertools import pairwise

import pytest

from benchmarks import timeline
from benchmarks.schema import Recording
from tests.benchmarks.html_tree import Node, flat, parse
from tests.benchmarks.report_example import example


def streamed() -> Recording:
    return example()["systems"][0]["recordings"][0]


def lane(recording: Recording, name: str) -> list[Node]:
    strip = parse(timeline.strip(recording, timeline.span_s([recording])))
    return strip.one("ol", aria_label=name).all("li")


def times(bar: Node) -> tuple[float, float]:
    """Return where a bar begins and ends, in seconds."""
    begin, length = (float(part.split(":")[1]) for part in bar.attributes["style"].split(";"))
    return begin, begin + length


def test_words_and_speech_are_bars_over_the_time_they_take() -> None:
    recording = streamed()
    words, segments = recording["words"], recording["segments"]
    assert len(words) > 30
    said, spoken = lane(recording, "said"), lane(recording, "spoken")
    assert [bar.text for bar in said] == [word["text"] for word in words]
    assert flat(map(times, said)) == pytest.approx(
        flat((word["start_s"], word["end_s"]) for word in words), abs=0.011
    )
    assert [bar.text for bar in spoken] == [segment["target"] for segment in segments]
    assert flat(map(times, spoken)) == pytest.approx(
        flat((seg["audio_start_s"] or 0, seg["audio_end_s"] or 0) for seg in segments), abs=0.011
    )


def test_what_is_committed_together_is_one_flag_with_room_until_the_next() -> None:
    recording = streamed()
    flags = lane(recording, "recognised")
    moments = [times(flag) for flag in flags]
    assert " ".join(flag.text for flag in flags) == " ".join(w["text"] for w in recording["words"])
    assert len(flags) == len({word["committed_at_s"] for word in recording["words"]})
    assert all(end == pytest.approx(begin, abs=0.02) for (_, end), (begin, _) in pairwise(moments))


def test_translations_within_a_few_milliseconds_are_one_flag() -> None:
    recording = streamed()
    segments = recording["segments"]
    for index, segment in enumerate(segments):
        segment["committed_at_s"] = 6.0 + 0.01 * index if index < 3 else 9.0 + index
    flags = lane(recording, "translated")
    assert flags[0].text == " ".join(segment["target"] for segment in segments[:3])
    assert flags[0].attributes["data-segment"] == "0 1 2"
    assert [flag.text for flag in flags[1:]] == [segment["target"] for segment in segments[3:]]


def test_a_tip_says_the_text_its_times_and_its_lateness() -> None:
    assert [lane(streamed(), name)[0].attributes["title"] for name in ("said", "spoken")] == [
        "“It”\nsaid 0.40 to 0.61 s\ncommitted at 1.54 s, 0.93 s after the source",
        "“Era el mejor de los tiempos,”\nspoken 3.71 to 5.53 s\n"
        "begins at 3.71 s, 1.69 s after the source",
    ]


def test_a_line_leads_from_each_word_to_its_commit_and_from_each_text_to_its_sound() -> None:
    recording = streamed()
    strip = parse(timeline.strip(recording, 30.0))
    said, spoken = (
        [(line.number("x1"), line.number("x2")) for line in svg.all("line")]
        for svg in strip.all("svg", "links")
    )
    assert flat(said) == pytest.approx(
        flat((word["end_s"], word["committed_at_s"]) for word in recording["words"]), abs=0.006
    )
    assert flat(spoken) == pytest.approx(
        flat((seg["committed_at_s"], seg["audio_start_s"] or 0) for seg in recording["segments"]),
        abs=0.006,
    )


def test_a_word_belongs_to_the_segment_that_translates_it() -> None:
    recording = streamed()
    owners = [bar.attributes["data-segment"] for bar in lane(recording, "said")]
    assert owners == [
        str(index)
        for index, segment in enumerate(recording["segments"])
        for _ in segment["source"].split()
    ]


def test_words_that_segments_do_not_add_up_to_belong_to_none() -> None:
    recording = copy.deepcopy(streamed())
    recording["segments"][0]["source"] = "Something else"
    bars = lane(recording, "said")
    assert bars
    assert not any("data-segment" in bar.attributes for bar in bars)


def test_a_segment_without_sound_has_no_bar_in_the_lane_of_the_voice() -> None:
    recording = streamed()
    recording["segments"][0]["audio_start_s"] = None
    del recording["segments"][1]["audio_end_s"]
    assert len(lane(recording, "spoken")) == len(recording["segments"]) - 2
    assert len(lane(recording, "translated")) == len(recording["segments"])


def test_a_timeline_lasts_until_its_last_sound() -> None:
    recording = streamed()
    last_s = recording["segments"][-1].get("audio_end_s") or 0.0
    assert last_s > recording["seconds"]
    assert timeline.span_s([recording]) == last_s
    assert timeline.span_s([]) == 0.0


def test_every_fifth_second_is_labelled() -> None:
    labels = parse(timeline.axis(71.0)).all("span")
    assert len(labels) == 15
    assert (labels[13].text, labels[13].attributes["style"]) == ("1:05", "--s:65")
