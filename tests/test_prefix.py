import pytest

from live_translator.prefix import after_prefix


@pytest.mark.parametrize(
    ("text", "prefix", "rest"),
    [
        ("It was the best", "It was", " the best"),
        ("It was the best", "", "It was the best"),
        ("It was , the best", "It was,", " the best"),
        ("It was, the best", "It was ,", " the best"),
        ("Itwas", "It was", ""),
        ("It", "It was", ""),
        ("", "", ""),
    ],
)
def test_what_follows_a_beginning_does_not_depend_on_its_spaces(
    text: str, prefix: str, rest: str
) -> None:
    assert after_prefix(text, prefix) == rest
