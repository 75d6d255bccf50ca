"""Plain text: one line in, one line out."""

from live_translator.mt.text import translate_lines


class Shouter:
    name = "shouter"
    forces_prefix = False

    def __init__(self) -> None:
        self.asked: list[str] = []

    def translate(self, source: str, *, prefix: str = "") -> str:
        self.asked.append(source)
        return source.upper()

    def close(self) -> None:
        """Nothing is held."""


def test_each_line_gives_one_line_and_a_blank_one_stays_blank() -> None:
    lines = ["One two.\n", "\n", "  Three\tfour \r\n", "   ", "five"]
    assert list(translate_lines(Shouter(), lines)) == ["ONE TWO.", "", "THREE FOUR", "", "FIVE"]


def test_a_long_line_is_translated_by_sentences_into_one_line() -> None:
    engine = Shouter()
    line = " ".join([*["word"] * 25, "end.", *["more"] * 30])
    assert list(translate_lines(engine, [line])) == [line.upper()]
    assert [len(text.split()) for text in engine.asked] == [26, 30]


def test_lines_are_translated_as_they_come() -> None:
    engine = Shouter()
    answers = translate_lines(engine, iter(["one", "two"]))
    assert next(answers) == "ONE"
    assert engine.asked == ["one"]
