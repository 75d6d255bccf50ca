"""Terms that a translation must have: each goes through the engine as a word that it knows.

Each term is exchanged (`mt/exchange.py`). Every carrier must come out once, else other
carriers are tried.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from live_translator.glossary import Glossary, Match
from live_translator.interfaces import Translator
from live_translator.languages import Language
from live_translator.mt.attention import ALONE, Answer, Context, ask
from live_translator.mt.exchange import NAMES, Carrier, Exchange, Slot, exchanged
from live_translator.quoted import Quoted

log = logging.getLogger(__name__)

_CODE = "Q{}"
"""With a number, what nobody translates or writes in other letters."""
_NOUNS = {
    (False, False): ("piano", "piano"),
    (False, True): ("pianos", "pianos"),
    (True, False): ("guitar", "guitarra"),
    (True, True): ("guitars", "guitarras"),
}
"""English and Spanish, by whether the Spanish is feminine and plural: for terms that are no
names, so that articles and adjectives agree."""
_ARTICLE = re.compile(r"(?<!\w)(?:an?|the|un[ao]?s?|el|l[ao]s?)\s+$", re.IGNORECASE)
_FEMININE = re.compile(r"(?:a|ión|dad|tad|tud|umbre)s?$|(?:iones|dades|tades|tudes)$")
"""How most feminine nouns of Spanish end."""


def exchanges(
    source: str, matches: Sequence[Match], languages: tuple[Language, Language]
) -> Iterator[Exchange]:
    """Yield the ways to take a source with terms through an engine, the best first.

    Known words, other known words, codes, and last the targets themselves.
    """
    texts = [source, *(match.term.target for match in matches)]
    taken = {word for text in texts for word in re.findall(r"\w+", text.casefold())}
    names = [name for name in NAMES if name.source.casefold() not in taken]
    codes = [Carrier(code, code) for code in map(_CODE.format, range(2, 2 + len(matches)))]
    for ring in (names, names[len(names) // 2 :], codes):
        if len(ring) >= len(matches):
            carriers = ring[: len(matches)]
            if ring is names:
                carriers = _with_nouns(carriers, source, matches, languages)
            yield _exchange(source, matches, carriers)
    if len({_target(match) for match in matches}) == len(matches):
        themselves = [Carrier(_target(match), _target(match)) for match in matches]
        yield _exchange(source, matches, themselves)


class GlossedTranslator:
    """An engine that is held to a glossary; satisfies `AttentiveTranslator`.

    Runs on the MT thread. Sentences without terms go straight to the engine.
    """

    def __init__(
        self, engine: Translator, glossary: Glossary, source: Language, target: Language
    ) -> None:
        self.name = engine.name
        self.forces_prefix = engine.forces_prefix
        self._engine = engine
        self._glossary = glossary
        self._languages = (source, target)

    def translate(self, source: str, *, prefix: str = "") -> str:
        """Return the translation with the glossary's terms; raises what the engine does."""
        return self.answer(source, prefix=prefix).text

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        """Translate, and doubt a translation that does not have every term once."""
        matches = self._glossary.matches(source)
        if not matches:
            return ask(
                self._engine, source, prefix=prefix, with_attention=with_attention, context=context
            )
        for exchange in exchanges(source, matches, self._languages):
            answer = exchanged(
                self._engine, exchange, prefix, with_attention=with_attention, context=context
            )
            if answer is not None:
                return answer
            log.debug("not said with %s: %s", Quoted(exchange.masked), Quoted(source))
        plain = ask(self._engine, source, prefix=prefix, context=context)
        said = len(prefix) if self.forces_prefix else 0
        text = plain.text[:said] + _mended(plain.text[said:], matches)
        has_all = all(_target(match) in text for match in matches)
        return replace(plain, text=text, words=None, is_sure=plain.is_sure and has_all)


def _exchange(source: str, matches: Sequence[Match], carriers: Sequence[Carrier]) -> Exchange:
    slots = [
        Slot(
            match.begin,
            match.end + len(_plural(match)),
            carrier,
            _target(match),
            is_verbatim=match.term.is_name,
        )
        for match, carrier in zip(matches, carriers, strict=True)
    ]
    return Exchange(source, tuple(slots))


def _with_nouns(
    carriers: Sequence[Carrier],
    source: str,
    matches: Sequence[Match],
    languages: tuple[Language, Language],
) -> list[Carrier]:
    """Return the carriers with nouns for terms that are nouns, between English and Spanish."""
    codes = [language.code for language in languages]
    to_spanish = codes == ["en", "es"]
    mixed = list(carriers)
    if not to_spanish and codes != ["es", "en"]:
        return mixed
    for number, match in enumerate(matches):
        term = match.term
        has_article = _ARTICLE.search(source[: match.begin])
        if term.is_name and (term.source == term.target or not has_article):
            continue
        head = (term.target if to_spanish else term.source).split()[0]
        is_plural = term.source.endswith("s") and term.target.endswith("s")
        english, spanish = _NOUNS[bool(_FEMININE.search(head)), is_plural]
        noun = Carrier(english, spanish) if to_spanish else Carrier(spanish, english)
        if noun not in mixed and not re.search(rf"\b{noun.source}\b", source, re.IGNORECASE):
            mixed[number] = noun
    return mixed


def _plural(match: Match) -> str:
    return "s" if match.ending == "s" else ""


def _target(match: Match) -> str:
    """Return what the translation is to have for a term: a plural's too."""
    return match.term.target + _plural(match)


def _mended(text: str, matches: Sequence[Match]) -> str:
    """Return a translation with targets where the engine left the sources as they are."""
    for match in matches:
        if match.term.target not in text:
            source = rf"(?<!\w){re.escape(match.term.source)}(?!\w)"
            found = re.search(source, text, re.IGNORECASE)
            if found is not None:
                text = text[: found.start()] + match.term.target + text[found.end() :]
    return text
