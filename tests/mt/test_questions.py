"""Which beginnings ask, and which only look as if they did."""

import time

import pytest

from live_translator.mt.questions import with_question_mark


@pytest.mark.parametrize(
    "text",
    [
        "Do you know",
        "Do you ever sleep",
        "Don't you like it",
        "Have they left",
        "May I come in",
        "Is the shop open",
        "Did the children eat",
        "Where are you",
        "When did Tom leave",
        "What time is it",
        "What colour is it",
        "What kind of bread do you want",
        "Which car is yours",
        "Whose bag is this",
        "How far is it",
        "How many people are there",
        "How much money do we have",
        "Who's there",
        "So, what do you want",
        "Well how are",
    ],
)
def test_a_sentence_that_asks_gets_its_mark(text: str) -> None:
    assert with_question_mark(text, "en") == f"{text}?"


@pytest.mark.parametrize(
    "text",
    [
        "Do it now",
        "Do the dishes",
        "Do your homework",
        "Have it your way",
        "Have some more",
        "Don't you worry about it",
        "May the force be with you",
        "Had I known that",
        "When I was young",
        "When Tom was here",
        "Where I am it rains",
        "What I can do is wait",
        "What Tom did was wrong",
        "What the doctor did was wrong",
        "Which is why I left",
        "What's more, it rains",
        "Who she is I do not know",
        "How he did it nobody knows",
        "Where are you?",
        "Is it over…",
    ],
)
def test_what_does_not_ask_or_has_its_mark_stays(text: str) -> None:
    assert with_question_mark(text, "en") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿Dónde está", "¿Dónde está?"),
        ("Hola, ¿dónde está", "Hola, ¿dónde está?"),
        ("¿Sí? No sé", "¿Sí? No sé"),
        ("Dónde está", "Dónde está"),
    ],
)
def test_a_spanish_question_that_was_opened_is_closed(text: str, expected: str) -> None:
    assert with_question_mark(text, "es") == expected


def test_a_row_of_opening_marks_takes_no_time() -> None:
    started = time.process_time()
    assert with_question_mark("¿" * 50_000, "es").endswith("?")
    assert time.process_time() - started < 1


def test_other_languages_are_left_alone() -> None:
    assert with_question_mark("Was ist das", "de") == "Was ist das"
