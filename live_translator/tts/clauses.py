"""What to speak as one piece, while the words still come in."""

import re
from collections import deque
from dataclasses import dataclass

# ruff: noqa: RUF001 - the marks of other scripts resemble ours, that is the point
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]+[\"'»”’)\]]*$")
_CLAUSE_END = re.compile(r"(?:[,;:、，；：،؛][\"'»”’)\]]*|[—–])$")
_ABBREVIATION = re.compile(
    r"^[\"'«“¿¡(\[]*(?:[^\W\d_]|sra?s?|dra?s?|mrs?|ms|mme|mlle|prof|st|sto|sta|vs|etc|ee|uu|"
    r"núm|pág|nr|ca|bzw|sig|sigra|ing|av|avda|hr|fr)\.$",
    re.IGNORECASE,
)
"""A full stop after one of these, or after a single letter, ends no sentence."""
_AFTER_WIDE_MARK = re.compile(r"(?<=[。！？、，；：])(?=\S)")
"""Scripts without spaces: a piece may end behind punctuation all the same."""
_CRUMB_WORDS = 2
"""A sentence is not cut so that fewer words than this are left of it."""
_STRETCH_WORDS = 2
"""A piece may be this much longer than the maximum where that completes its sentence."""


@dataclass(frozen=True, slots=True)
class FunctionWords:
    """The small words of a language that a speaker's breath goes by."""

    openers: frozenset[str]
    """Conjunctions, prepositions, relatives: one breathes before them."""
    leaners: frozenset[str]
    """Articles, clitics, negations and the closest prepositions: never last in a piece."""


def _words(openers: str, leaners: str) -> FunctionWords:
    return FunctionWords(frozenset(openers.split()), frozenset(leaners.split()))


FUNCTION_WORDS = {
    "en": _words(
        "and or but nor because that which who when where while if although though since until "
        "unless before after as than so for with without in on at from to into by about under "
        "over between through during against",
        "the a an of my your his her its our their this these those some any no not very more "
        "most is are was were be been i we he she they it's i'm has have had will would can "
        "could should must do does did",
    ),
    "es": _words(
        "y e o u ni pero sino aunque porque pues que quien cuando donde como si mientras para por "
        "con sin en a desde hasta entre sobre contra según durante hacia tras ante bajo",
        "el la los las lo un una unos unas de del al mi tu su mis tus sus este esta estos estas "
        "ese esa nuestro nuestra me te se nos os le les no muy más tan es son era ha han he hay "
        "yo él ella",
    ),
    "fr": _words(
        "et ou mais ni car donc que qui dont où quand comme si lorsque puisque parce tandis pour "
        "par avec sans dans en à sur sous vers chez entre contre depuis pendant jusque",
        "le la les l' un une des de du au aux d' mon ma mes ton ta tes son sa ses notre votre leur "
        "leurs ce cet cette ces je tu il elle on nous vous ils elles me te se ne pas très plus "
        "est sont a ont était y",
    ),
    "it": _words(
        "e ed o oppure ma né perché che chi cui quando dove come se mentre benché per con senza "
        "in a ad da su tra fra verso contro durante dopo prima nel nella nei nelle sul sulla",
        "il lo la i gli le l' un uno una un' di del dello della dei degli delle al allo alla ai "
        "agli alle dal dalla mio mia tuo tua suo sua nostro nostra mi ti si ci vi non più molto "
        "è sono era ha hanno ho",
    ),
    "pt": _words(
        "e ou mas nem porque pois que quem quando onde como se enquanto embora para por com sem "
        "em a desde até entre sobre contra segundo durante no na nos nas pelo pela",
        "o os as um uma uns umas de do da dos das ao à aos às meu minha teu tua seu sua seus suas "
        "este esta esse essa me te lhe não muito mais tão é são era foi há tem eu ele ela",
    ),
    "ca": _words(
        "i o però ni perquè que qui quan on com si mentre encara per amb sense en a des fins entre "
        "sobre contra segons durant cap",
        "el la els les l' un una uns unes de del dels d' al als meu meva seu seva aquest aquesta "
        "em et es ens us li no molt més tan és són era ha han hi ho",
    ),
    "de": _words(
        "und oder aber denn sondern dass weil wenn als ob während obwohl damit bevor nachdem bis "
        "wo wie für mit ohne in im an am auf aus bei von vom zu zum zur nach über unter vor durch "
        "gegen um zwischen seit",
        "der die das den dem des ein eine einen einem einer eines mein meine dein sein seine ihr "
        "ihre unser unsere dieser diese dieses ich du er sie es wir nicht kein keine sehr mehr ist "
        "sind war hat haben zu",
    ),
    "nl": _words(
        "en of maar want dat die omdat als toen terwijl hoewel waar hoe voor met zonder in op aan "
        "uit bij van naar over onder door tegen om tussen sinds tot",
        "de het een mijn jouw zijn haar ons onze hun deze dit ik je jij hij ze zij wij we niet "
        "geen zeer heel meer is was heeft hebben te er",
    ),
}
"""By ISO 639-1. Languages not here go by the length of words (`_by_length`)."""


class ClauseCutter:
    """Takes committed words as they come and says which to speak together.

    In order of preference a piece ends behind a sentence, behind a clause, before a word
    that one would breathe before (from `clause_words` on), and at any word once
    `max_clause_words` wait. When the player is starving, `first_clause_words` are enough.
    It never ends in an article or the like unless punctuation or the utterance's end says
    so. Words are neither lost, reordered nor changed. No thread, clock or model.
    """

    def __init__(
        self,
        language_code: str = "",
        *,
        first_clause_words: int,
        clause_words: int,
        max_clause_words: int,
        sentences_only: bool = False,
    ) -> None:
        self._function_words = FUNCTION_WORDS.get(language_code)
        self._first = min(first_clause_words, max_clause_words)
        self._usual = min(clause_words, max_clause_words)
        self._most = max_clause_words
        self._sentences_only = sentences_only
        self._waiting: deque[str] = deque()

    @property
    def waiting_words(self) -> int:
        """How many words wait."""
        return len(self._waiting)

    def push(self, text: str) -> list[str]:
        """Append the words of `text`, and return them."""
        words = [part for word in text.split() for part in _AFTER_WIDE_MARK.split(word)]
        self._waiting.extend(words)
        return words

    def take(self, *, starving: bool = False, ending: bool = False) -> list[str]:
        """Remove and return the next piece, or nothing while it should still grow.

        `starving`: nothing is playing, so a short piece is better than silence. `ending`:
        no word will follow in this utterance, so call until nothing is left.
        """
        words = list(self._waiting)
        return [self._waiting.popleft() for _ in range(self._cut(words, starving, ending))]

    def _cut(self, words: list[str], starving: bool, ending: bool) -> int:
        """Return how many words make the next piece; 0 to wait."""
        count = len(words)
        complete = next((k for k, word in enumerate(words, 1) if ends_sentence(word)), 0)
        if ending and not complete:
            complete = count
        if self._sentences_only or 0 < complete <= self._usual:
            return complete
        cut = self._boundary(words, complete, self._first if starving else self._usual)
        if not cut and complete <= self._most + _STRETCH_WORDS:
            cut = complete
        if not cut and starving:
            cut = self._steady(words, self._first, min(count, self._usual))
        if not cut and count >= self._most:
            cut = self._steady(words, 1, self._most) or self._most
        return cut

    def _boundary(self, words: list[str], complete: int, breath_from: int) -> int:
        """Return the first end of a clause or breathing place, 0 where there is none."""
        for k in range(self._first, min(len(words), self._most) + 1):
            if complete and complete - k < _CRUMB_WORDS:
                continue
            if ends_clause(words[k - 1]):
                return k
            if breath_from <= k < len(words) and self._breathes(words[k - 1], words[k]):
                return k
        return 0

    def _steady(self, words: list[str], shortest: int, longest: int) -> int:
        """Return the longest piece that does not end in a leaning word, 0 if there is none."""
        lengths = range(longest, shortest - 1, -1)
        return next((k for k in lengths if not self._leans(words[k - 1])), 0)

    def _breathes(self, before: str, after: str) -> bool:
        """Whether a speaker could breathe between two words."""
        if self._leans(before):
            return False
        if self._function_words is None:
            return _by_length(before, after)
        return _bare(after) in self._function_words.openers

    def _leans(self, word: str) -> bool:
        """Whether a word belongs to the next one, so that a piece must not end in it."""
        if ends_sentence(word) or ends_clause(word):
            return False
        bare = _bare(word)
        if self._function_words is None:
            return bare.isalpha() and bare.isascii() and len(bare) <= _SHORT_LETTERS
        return bare in self._function_words.leaners or bare in self._function_words.openers


_SHORT_LETTERS = 2
_FUNCTION_LETTERS = 3


def _by_length(before: str, after: str) -> bool:
    """Guess a breathing place in a language without a table.

    The most frequent words are the shortest (Zipf), and they are function words.
    """
    return len(_bare(after)) <= _FUNCTION_LETTERS < len(_bare(before))


def ends_sentence(word: str) -> bool:
    """Whether a sentence ends with this word."""
    return bool(_SENTENCE_END.search(word)) and not _ABBREVIATION.match(word)


def ends_clause(word: str) -> bool:
    """Whether a clause, but no sentence, ends with this word."""
    return bool(_CLAUSE_END.search(word))


def _bare(word: str) -> str:
    return word.strip("\"'«»“”‘’¿¡()[]").lower()
