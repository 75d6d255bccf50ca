"""Captions on a terminal and in a pipe."""

import io
from dataclasses import replace

from live_translator.captions.plain import PlainCaptions
from live_translator.captions.terminal import LiveCaptions
from tests.messages import transcript, translation


def test_in_a_pipe_each_segment_is_a_line() -> None:
    stream = io.StringIO()
    captions = PlainCaptions(stream)
    captions.on_transcript(transcript(" Good", 1.0, unstable=" morn"))
    captions.on_translation(translation(0, "Good morning.", "Buenos días.", end_s=1.5))
    captions.on_translation(translation(1, "", "", end_s=2.0))
    captions.close()
    assert stream.getvalue() == "[   1.50 s] Good morning. → Buenos días.\n"


def test_a_translation_that_is_doubted_is_marked_where_a_reader_sees_it() -> None:
    for captions, stream in (
        (PlainCaptions(pipe := io.StringIO()), pipe),
        (LiveCaptions(terminal := Terminal()), terminal),
    ):
        captions.on_transcript(transcript(" Good morning.", 1.0))
        captions.on_translation(
            replace(translation(0, "Good morning.", "Buenos días."), uncertain=True)
        )
        captions.close()
        assert "Buenos días. (?)" in stream.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_unstable_tail_is_shown_and_the_end_stays() -> None:
    stream = Terminal()
    captions = LiveCaptions(stream)
    captions.on_transcript(transcript(" Good", 1.0, unstable=" morn"))
    assert "morn" in stream.getvalue()
    captions.on_transcript(transcript(" morning.", 1.5))
    captions.on_translation(translation(0, "Good morning.", "Buenos días."))
    captions.on_transcript(transcript(" And", 3.0, utterance=1))
    captions.on_translation(translation(1, "", "de verdad", utterance=0))
    captions.close()
    captions.close()
    shown = stream.getvalue()
    assert "Good morning." in shown
    assert "Buenos días." in shown
    assert "de verdad" in shown
