"""Plain text: one line in, one line out."""

from live_translator.errors import SegmentError
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


def said(engine: Shouter, lines: list[str]) -> list[str]:
    return [line.text for line in translate_lines(engine, lines)]


def test_each_line_gives_one_line_and_a_blank_one_stays_blank() -> None:
    lines = ["One two.\n", "\n", "  Three\tfour \r\n", "   ", "five"]
    assert said(Shouter(), lines) == ["ONE TWO.", "", "THREE FOUR", "", "FIVE"]


def test_a_line_is_translated_sentence_by_sentence() -> None:
    engine = Shouter()
    assert said(engine, ["Come in. Sit down! Tea?"]) == ["COME IN. SIT DOWN! TEA?"]
    assert engine.asked == ["Come in.", "Sit down!", "Tea?"]


def test_a_long_line_is_translated_by_sentences_into_one_line() -> None:
    engine = Shouter()
    line = " ".join([*["word"] * 25, "end.", *["more"] * 30])
    assert said(engine, [line]) == [line.upper()]
    assert [len(text.split()) for text in engine.asked] == [26, 30]


def test_lines_are_translated_as_they_come() -> None:
    engine = Shouter()
    answers = translate_lines(engine, iter(["one", "two"]))
    assert next(answers).text == "ONE"
    assert engine.asked == ["one"]


class Choosy(Shouter):
    def translate(self, source: str, *, prefix: str = "") -> str:
        if "x" in source:
            raise SegmentError("no sentence has an x: leave it out")
        return super().translate(source, prefix=prefix)


def test_a_sentence_that_cannot_be_translated_costs_itself_alone() -> None:
    lines = list(translate_lines(Choosy(), ["one. box. two.", "three"]))
    assert [line.text for line in lines] == ["ONE. [not translated: box.] TWO.", "THREE"]
    assert [str(line.failure) for line in lines] == ["no sentence has an x: leave it out", "None"]
