import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.tts.clauses import ClauseCutter, ends_clause, ends_sentence


def cutter(code: str = "es", *, sentences_only: bool = False) -> ClauseCutter:
    return ClauseCutter(
        code,
        first_clause_words=3,
        clause_words=8,
        max_clause_words=14,
        sentences_only=sentences_only,
    )


def pieces(text: str, code: str = "es", *, starving: bool = False, ending: bool = False) -> str:
    """Push at once, take all there is: the pieces, ' | ' between them, '...' for what waits."""
    clauses = cutter(code)
    clauses.push(text)
    taken = []
    while piece := clauses.take(starving=starving, ending=ending):
        taken.append(" ".join(piece))
    return " | ".join([*taken, "..."] if clauses.waiting_words else taken)


CASES = [
    # A sentence is a piece, however short.
    ("Hola.", "Hola."),
    ("Hola. ¿Qué tal?", "Hola. | ¿Qué tal?"),
    ("El Sr. Pérez habló.", "El Sr. Pérez habló."),
    # A short sentence that is all there is not cut at its comma.
    ("Sí, señor, lo sé.", "Sí, señor, lo sé."),
    # A clause, once it has enough words, does not wait for its sentence.
    ("Hace mucho tiempo, en", "Hace mucho tiempo, | ..."),
    ("Sí, señor", "..."),
    # From eight words on, before a word that one would breathe before.
    ("la gente de esta ciudad vive bien", "..."),
    (
        "la gente de esta ciudad vive bien hoy porque el aire",
        "la gente de esta ciudad vive bien hoy | ...",
    ),
    ("la gente de esta ciudad vive bien hoy muchos años", "..."),
    # From fourteen on anywhere, but not behind an article.
    (
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece la casa",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece | ...",
    ),
    # A sentence a little longer than that stays whole.
    (
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince.",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince.",
    ),
    # And no single word is left over for the next piece.
    (
        "uno dos tres cuatro cinco seis siete ocho, nueve.",
        "uno dos tres cuatro cinco seis siete ocho, nueve.",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_pieces_end_where_a_speaker_would_breathe(text: str, expected: str) -> None:
    assert pieces(text) == expected


STARVING = [
    ("los niños", "..."),
    ("los niños juegan", "los niños juegan"),
    ("juegan con los", "..."),  # would end in an article
    ("los niños juegan en el parque", "los niños juegan | ..."),
    ("los niños pequeños juegan mucho", "los niños pequeños juegan mucho"),
    ("todos los niños y las niñas juegan", "todos los niños | y las niñas juegan"),
]


@pytest.mark.parametrize(("text", "expected"), STARVING)
def test_a_starving_player_gets_a_short_piece(text: str, expected: str) -> None:
    clauses = cutter()
    clauses.push(text)
    first = " ".join(clauses.take(starving=True))
    wanted, _, rest = expected.partition(" | ")
    assert first == ("" if wanted == "..." else wanted)
    if rest and rest != "...":
        assert " ".join(clauses.take(starving=True)) == rest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y de", "y de"),
        ("la casa de", "la casa de"),
        ("Uno. Dos", "Uno. | Dos"),
        ("", ""),
    ],
)
def test_the_end_of_an_utterance_leaves_nothing(text: str, expected: str) -> None:
    assert pieces(text, ending=True) == expected


def test_whole_sentences_only_when_not_streaming() -> None:
    clauses = cutter(sentences_only=True)
    long = "palabra " * 30
    clauses.push(f"Primero, {long}al final. Segundo, y")
    assert len(clauses.take(starving=True)) == 33
    assert clauses.take(starving=True) == []
    assert clauses.take(ending=True) == ["Segundo,", "y"]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en", "the people who live in this old town are happy", "..."),
        (
            "en",
            "the people who live here in this town since then",
            "the people who live here in this town | ...",
        ),
        (
            "de",
            "die Leute in dieser Stadt leben heute gut weil die Luft",
            "die Leute in dieser Stadt leben heute gut | ...",
        ),
        # No table: before a short word that follows a long one.
        (
            "pl",
            "wszyscy ludzie mieszkający tutaj bardzo lubią dzisiaj pogodę bo jest",
            "wszyscy ludzie mieszkający tutaj bardzo lubią dzisiaj pogodę | ...",
        ),
        # No spaces: behind the script's own punctuation.
        ("zh", "今天天气很好。我们去公园吧。", "今天天气很好。 | 我们去公园吧。"),
    ],
)
def test_languages_breathe_in_their_own_places(code: str, text: str, expected: str) -> None:
    assert pieces(text, code) == expected


@pytest.mark.parametrize(
    ("word", "sentence", "clause"),
    [
        ("fin.", True, False),
        ("¿qué?", True, False),
        ("«fin.»", True, False),
        ('end."', True, False),
        ("...", True, False),
        ("Sr.", False, False),
        ("J.", False, False),
        ("1.5", False, False),
        ("1990.", True, False),
        ("pero,", False, True),
        ("—", False, True),
        ("well-known", False, False),
        ("है।", True, False),
    ],
)
def test_punctuation_is_told_apart(word: str, sentence: bool, clause: bool) -> None:
    assert (ends_sentence(word), ends_clause(word)) == (sentence, clause)


WORDS = st.sampled_from(
    ["y", "de", "la", "que", "casa", "niños", "ayer,", "fin.", "¿qué?", "Sr.", "—", "en", "1990"]
)
LEANING = {"y", "de", "la", "que", "en"}


@given(
    st.sampled_from(["es", "en", "xx"]),
    st.lists(st.tuples(st.lists(WORDS, max_size=9), st.booleans()), max_size=12),
    st.tuples(st.integers(1, 30), st.integers(2, 20), st.integers(4, 20)),
    st.booleans(),
)
def test_words_are_never_lost_reordered_or_left_dangling(
    code: str,
    pushes: list[tuple[list[str], bool]],
    sizes: tuple[int, int, int],
    sentences_only: bool,
) -> None:
    clauses = ClauseCutter(
        code,
        first_clause_words=sizes[0],
        clause_words=sizes[1],
        max_clause_words=sizes[2],
        sentences_only=sentences_only,
    )
    came: list[str] = []
    went: list[str] = []
    for words, starving in pushes:
        came += clauses.push(" ".join(words))
        while piece := clauses.take(starving=starving):
            went += piece
            assert sentences_only or len(piece) <= sizes[2] + 2
            if code == "es" and not set(piece) <= LEANING:
                assert piece[-1] not in LEANING
        assert clauses.waiting_words == len(came) - len(went)
    while piece := clauses.take(ending=True):
        went += piece
    assert went == came
    assert came == [word for words, _ in pushes for word in words]
