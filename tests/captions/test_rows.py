"""Captions laid out in rows: nothing too wide, nothing torn apart, the newest rows kept."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from live_translator.captions.rows import Layout
from live_translator.captions.text import clean
from live_translator.captions.utterances import Utterance

LAYOUT = Layout()
MARGIN = 10


def plain(rows: list[Text]) -> list[str]:
    return [row.plain for row in rows]


def said(source: str, target: str = "", *, number: int = 0, start_s: float = 0.0) -> Utterance:
    return Utterance(number, start_s, source=source, target=target)


def test_time_source_and_translation_stand_under_each_other() -> None:
    rows = plain(LAYOUT.ended(said(" Good morning to all.", "Buenos días.", start_s=75), 30))
    assert rows == ["     1:15 Good morning to all.", "        → Buenos días."]
    rows = plain(LAYOUT.ended(said(" Good morning to all.", start_s=3600), 28))
    assert rows == ["  1:00:00 Good morning to", "          all."]


@given(st.text(max_size=120), st.text(max_size=60), st.integers(2, 60))
def test_no_row_is_wider_than_it_may_be_and_no_text_is_lost(
    source: str, unstable: str, width: int
) -> None:
    utterance = Utterance(0, 0.0, source=clean(source), unstable=clean(unstable))
    rows = LAYOUT.ended(utterance, width)
    assert all(row.cell_len <= width for row in rows)
    margin = MARGIN if width - MARGIN >= 16 else 0
    shown = "".join(row.plain[margin:].strip("\u2067\u2069") for row in rows)
    assert "".join(shown.split()) == "".join((utterance.source + utterance.unstable).split())


@pytest.mark.parametrize(
    "text",
    ["日本語のとても長い文章です。" * 5, "क्षमता " * 20, "e\u0301" * 80, "👩\u200d🚀" * 30],
)
def test_characters_of_several_parts_are_never_torn_apart(text: str) -> None:
    for row in plain(LAYOUT.ended(said(text), 31)):
        body = row[MARGIN:]
        assert not unicodedata.combining(body[0])
        assert body[0] != "\u200d"
        assert not body.endswith("\u200d")


def test_each_row_of_a_right_to_left_text_keeps_its_direction_to_itself() -> None:
    rows = plain(LAYOUT.ended(said("مرحبا بكم في هذا البرنامج. " * 4, "Hello."), 50))
    arabic = [row for row in rows if "Hello" not in row]
    assert len(arabic) > 1
    assert all(row[MARGIN] == "\u2067" and row.endswith("\u2069") for row in arabic)
    assert "\u2067" not in rows[-1]


def test_unstable_words_differ_without_colours_too() -> None:
    utterance = Utterance(0, 0.0, source=" Good", unstable=" morning", target="Buenos")
    utterance.target_unstable = "días"
    source, target = LAYOUT.growing([utterance], 60, 10)
    assert source.plain.endswith("Good morning")
    assert target.plain.endswith("Buenos días")
    for row, word in ((source, "morning"), (target, "días")):
        at = row.plain.index(word)
        styles = {str(span.style) for span in row.spans if span.start <= at < span.end}
        assert "dim italic" in styles
        assert not any("italic" in str(span.style) for span in row.spans if span.end <= at - 1)


@pytest.mark.parametrize("height", range(12))
def test_the_newest_rows_are_kept_and_both_texts_have_their_share(height: int) -> None:
    words = " ".join(f"w{index}" for index in range(200))
    before = said("before", "antes")
    rows = plain(LAYOUT.growing([before, said(words, words, number=1)], 60, height))
    assert len(rows) <= height
    if height >= 2:
        assert sum("w199" in row for row in rows) == 2
    short = plain(LAYOUT.growing([before, said("one", "uno", number=1)], 60, height))
    expected = ["     0:00 before", "        → antes", "     0:00 one", "        → uno"]
    assert short == (expected[-height:] if height else [])


def test_rows_stay_as_they_are_while_a_text_grows() -> None:
    words = [f"word{index}" for index in range(60)]
    for shorter, longer in itertools.pairwise(range(1, 60)):
        before = plain(LAYOUT.ended(said(" ".join(words[:shorter])), 40))
        after = plain(LAYOUT.ended(said(" ".join(words[:longer])), 40))
        assert after[: len(before) - 1] == before[:-1]
