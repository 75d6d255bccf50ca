"""An engine without a model, which goes on from a committed prefix if it is forced to."""

from live_translator.mt.attention import ALONE, Answer, Context


class FakeEngine:
    """Says what `words` returns; remembers what it was asked, with which prefix."""

    name = "fake"

    def __init__(self, *, forces_prefix: bool = True, is_sure: bool = True) -> None:
        self.forces_prefix = forces_prefix
        self._is_sure = is_sure
        self.asked: list[tuple[str, str]] = []
        self.is_closed = False

    def words(self, source: str) -> list[str]:
        raise NotImplementedError

    def translate(self, source: str, *, prefix: str = "") -> str:
        return self.answer(source, prefix=prefix).text

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        self.asked.append((source, prefix))
        words = self.words(source)
        said = prefix.split() if self.forces_prefix else []
        text = " ".join([*said, *words[len(said) :]])
        numbers = tuple(range(len(said), len(words)))
        return Answer(text, numbers if with_attention else None, is_sure=self._is_sure)

    def close(self) -> None:
        self.is_closed = True
