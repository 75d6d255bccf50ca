"""Who is named in full, and whether a translation has kept it."""

import pytest

from live_translator.mt.full_names import are_kept, full_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. White lives here.", ["White"]),
        ("I saw Mrs Green and Peter Brown.", ["Green", "Peter Brown"]),
        ("La señora Iglesias no está.", ["Iglesias"]),
        ("Cristina Fernández de Kirchner habló.", ["Cristina Fernández de Kirchner"]),
        ("New York is large.", []),
        ("Anna sings.", []),
        ("the white house", []),
    ],
)
def test_a_given_name_or_title_makes_what_follows_a_surname(text: str, expected: list[str]) -> None:
    assert [name.text for name in full_names(text)] == expected


@pytest.mark.parametrize(
    ("source", "target", "is_kept"),
    [
        ("Mr. White lives here.", "El señor White vive aquí.", True),
        ("Mr. White lives here.", "El señor Blanco vive aquí.", False),
        ("José García came.", "Jose Garcia came.", True),
        ("The White House is large.", "La Casa Blanca es grande.", True),
    ],
)
def test_a_surname_is_not_translated(source: str, target: str, is_kept: bool) -> None:
    assert are_kept(source, target) is is_kept
