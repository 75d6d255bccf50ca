"""Which utterances grow, which have ended, and that the ended ones are forgotten."""

from dataclasses import replace

from live_translator.captions.utterances import Utterance, UtteranceBook
from tests.messages import transcript, translation


def texts(utterances: list[Utterance]) -> list[tuple[str, str]]:
    return [(utterance.source.strip(), utterance.target) for utterance in utterances]


def test_an_utterance_grows_until_both_its_texts_are_final() -> None:
    book = UtteranceBook()
    book.hear(transcript(" Good", 1.0, unstable=" morn"))
    (growing,) = book.growing()
    assert (growing.source, growing.unstable) == (" Good", " morn")
    book.hear(transcript(" morning.", 1.5, final=True))
    book.translate(replace(translation(0, "Good", "Buenos"), unstable="dia"))
    assert book.growing()[0].target_unstable == "dia"
    assert book.take_ended() == []
    book.translate(translation(1, "morning.", "días.", final=True))
    assert texts(book.take_ended()) == [("Good morning.", "Buenos días.")]
    assert book.growing() == []
    assert book.take_ended() == []


def test_an_utterance_waits_for_the_one_before() -> None:
    book = UtteranceBook()
    book.hear(transcript(" One.", 1.0, final=True))
    book.hear(transcript(" Two.", 2.0, utterance=1, final=True))
    book.translate(translation(1, "Two.", "Dos.", utterance=1, final=True))
    assert book.take_ended() == []
    book.translate(translation(0, "One.", "Uno.", final=True))
    assert texts(book.take_ended()) == [("One.", "Uno."), ("Two.", "Dos.")]


def test_a_translation_that_does_not_come_holds_nothing_up_and_stands_alone_when_it_does() -> None:
    book = UtteranceBook()
    for number in range(5):
        book.hear(transcript(f" w{number}", 1.0, utterance=number, final=True))
    assert texts(book.take_ended()) == [("w0", ""), ("w1", "")]
    book.translate(translation(1, "w1", "p1", utterance=1))
    book.translate(translation(0, "w0", "p0", utterance=0, final=True))
    assert texts(book.take_ended()) == [("", "p0"), ("", "p1")]
    assert texts(book.growing()) == [("w2", ""), ("w3", ""), ("w4", "")]


def test_an_utterance_of_which_nothing_became_certain_leaves_nothing() -> None:
    book = UtteranceBook()
    book.hear(transcript("", 1.0, unstable=" hm"))
    assert len(book.growing()) == 1
    book.hear(transcript("", 1.5, final=True))
    assert book.growing() == []
    book.translate(translation(0, "", "", final=True))
    assert book.take_ended() == []


def test_at_the_end_all_that_is_certain_is_handed_out() -> None:
    book = UtteranceBook()
    book.hear(transcript(" One.", 1.0, final=True))
    book.hear(transcript(" Two", 2.0, utterance=1, unstable=" three"))
    left = book.take_all()
    assert texts(left) == [("One.", ""), ("Two", "")]
    assert left[1].unstable == ""


def test_a_talk_of_any_length_keeps_a_few_utterances() -> None:
    book = UtteranceBook()
    handed_out = 0
    for number in range(1000):
        book.hear(transcript(" word", number, utterance=number, final=True))
        if number % 3:
            book.translate(translation(number, "word", "palabra", utterance=number, final=True))
        handed_out += len(book.take_ended())
        assert len(book.growing()) <= 3
    assert handed_out >= 997
