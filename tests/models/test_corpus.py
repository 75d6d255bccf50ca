"""What of the training text is kept, and how it reads then."""

import gzip
from pathlib import Path

import pytest

from models.train.corpus import CORPORA, Pair, cleaned, plain, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Return the ``name`` of it.", "Return the name of it."),
        ("See :meth:`list.append` first.", "See append first."),
        ("See :class:`~collections.OrderedDict`.", "See OrderedDict."),
        ("See :ref:`the tutorial <tut-intro>`.", "See the tutorial."),
        ("Read `the guide <guide.html>`_ now.", "Read the guide now."),
        ("It is *very* good, **really**.", "It is very good, really."),
        ("2 * 3 and 4 * 5", "2 * 3 and 4 * 5"),
        ("Call os.path.join() with it.", "Call join with it."),
        ("As shown [1]_ before.", "As shown before."),
        ("Press <emph>Enter</emph> twice.", "Press Enter twice."),
        ("\u00abHola\u00bb \u2013 dijo \u201cél\u201d…", '"Hola" - dijo "él"…'),
        ("  two \t spaces ", "two spaces"),
    ],
)
def test_mark_up_goes_and_words_stay(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Yes.", "Sí."),
        ("It costs 3.50 euros.", "Cuesta 3,50 euros."),
        ("Halifax", "Halifax"),
        ("I paid $5 for it.", "Pagué 5 dólares por eso."),
        ("It costs \u20ac20.", "Cuesta \u20ac20."),
        ("Write to ana@example.com.", "Escriba a ana@example.com."),
        ("Is 2 + 2 = 4 right?", "\u00bfEs correcto que 2 + 2 = 4?"),
        ("The U.S. won 3-2 on Monday, 5 May.", "EE. UU. ganó 3-2 el lunes 5 de mayo."),
    ],
)
def test_sentences_in_two_languages_are_kept(english: str, spanish: str) -> None:
    assert cleaned(english, spanish, "news") == Pair(english, spanish, "news")


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("", "Nada."),
        ("12:30", "12:30"),
        ("=SUM(A1;A2) returns {1}", "=SUMA(A1;A2) devuelve {1}"),
        ("Open /etc/hosts/x with vi", "Abra /etc/hosts/x con vi"),
        ("This was never translated here.", "This was never translated here."),
        ("Short.", "Una frase que dice muchísimo más de lo que dice la otra."),
        ("word " * 91, "palabra " * 91),
        ("I paid $5 for it.", "Pagué 5 por eso."),
        ("Write to ana@example.com.", "Escriba a Ana."),
        ("See note [1].", "Véase la nota."),
        ("Press CommandCtrl+S", "Pulse OrdenCtrl+S"),
    ],
)
def test_what_is_no_pair_of_sentences_is_left_out(english: str, spanish: str) -> None:
    assert cleaned(english, spanish, "lohelp") is None


def test_no_sentence_of_a_test_set_is_learnt_and_none_twice(tmp_path: Path) -> None:
    for corpus in CORPORA:
        with gzip.open(tmp_path / f"{corpus.name}.en-es.tsv.gz", "wt", encoding="utf-8") as file:
            file.write("Good morning!\tBuenos días.\n")
            file.write("I live here.\tVivo aquí.\tmt-es\n")
            file.write("They live here.\tViven aquí.\n")
    held_out = tmp_path / "dev.tsv"
    held_out.write_text(
        "good morning\t¡Buen día!\nThey lived here.\tviven aquí\n", encoding="utf-8"
    )
    assert read(tmp_path, [held_out]) == [Pair("I live here.", "Vivo aquí.", CORPORA[0].name)]
