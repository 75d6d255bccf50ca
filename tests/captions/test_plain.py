"""Captions in a pipe."""

import io
from dataclasses import replace

from live_translator.captions.plain import PlainCaptions
from tests.messages import transcript, translation


def test_each_segment_is_a_line() -> None:
    stream = io.StringIO()
    captions = PlainCaptions(stream)
    captions.on_transcript(transcript(" Good", 1.0, unstable=" morn"))
    captions.on_translation(translation(0, "Good morning.", "Buenos días.", end_s=1.5))
    captions.on_translation(translation(1, "", "", end_s=2.0))
    captions.close()
    assert stream.getvalue() == "[   1.50 s] Good morning. → Buenos días.\n"


def test_a_doubted_translation_is_marked_and_control_characters_are_not_printed() -> None:
    stream = io.StringIO()
    captions = PlainCaptions(stream)
    captions.on_translation(
        replace(translation(0, "Good\x1b[31m\nmorning.", "Buenos días."), uncertain=True)
    )
    assert stream.getvalue() == "[   1.00 s] Good[31m morning. → Buenos días. (?)\n"


def test_an_old_encoding_is_no_reason_to_stop() -> None:
    raw = io.BytesIO()
    captions = PlainCaptions(io.TextIOWrapper(raw, encoding="ascii"))
    captions.on_translation(translation(0, "Year", "año"))
    assert raw.getvalue() == b"[   1.00 s] Year ? a?o\n"
