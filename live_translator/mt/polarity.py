"""Whether a translation says yes where its source says yes, and asks where it asks. By rule, pure.

A lost "not" is the worst that a translator can do to a sentence, and costs it one word. Only
English and Spanish are looked at. Both say much with a "no" that the other says without one;
where a word leaves that open, the translation counts as right.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Rules:
    """How one language denies."""

    tags: re.Pattern[str]
    """What denies nothing: the end that asks for assent, "no." before a number."""
    open: re.Pattern[str]
    """Phrases with a word that denies, which others say without one."""
    denials: re.Pattern[str]
    """Words that deny."""
    cues: re.Pattern[str]
    """Words that deny in part, or in their meaning: there the other language may deny."""
    answer: re.Pattern[str]
    """The word "no" that answers, with what comes behind it."""


_ENGLISH = _Rules(
    tags=re.compile(
        r",\s*(?:is|are|was|were|do|does|did|ca|can|could|wo|will|would|should|have|has|had|ai)"
        r"n['\u2019]?t (?:i|you|he|she|it|we|they|there)\s*\?"
        r"|,\s*(?:right|no|or not)\s*\?|\bno\.?\s*\d"
    ),
    open=re.compile(
        r"""\bno\ (?:sooner|matter|wonder|doubt|problem|longer|more\ than|less|fewer|better)\b
        |\bnot\ (?:only|just|until|at\ all|to\ mention|so\ much|unlike|bad)\b
        |\bnothing\ (?:but|like|if)\b|\bnever\ mind\b|\b(?:or|if|why)\ not\b
        |\bn['\u2019]?t\ (?:worry|mind|care|forget|hesitate|help|wait|stand|miss|until|matter)\b
        |\bwhy\ don['\u2019]?t\ (?:you|we)\b
        |^\W*(?:wo|would|ca|could)n['\u2019]?t\ (?:you|we)\b(?=.*\?)
        |\bnone\ other\b|\bnot\b(?=[^.?!]*\b(?:until|but)\b)|n['\u2019]?t\b(?=[^.?!]*\buntil\b)
        """,
        re.VERBOSE,
    ),
    denials=re.compile(
        r"""n['\u2019]t\b|\b(?:not|cannot|never|nobody|nothing|nowhere|none|neither|nor|no|dont
        |doesnt|didnt|isnt|wont|cant|without)\b""",
        re.VERBOSE,
    ),
    cues=re.compile(
        r"""\b(?:without|hardly|scarcely|barely|seldom|rarely|few|unless|fail\w*|refus\w*|avoid\w*
        |lack\w*|prevent\w*|den(?:y|ie[sd])|doubt\w*|forbid\w*|forbade|prohibit\w*|miss\w*|stop\w*
        |instead|only|otherwise|impossible|unable|else|except|rather\ than|far\ from|forg[eo]t\w*
        |any\w*|ever|until|out\ of|off|same|wrong|false|keep\ away|keep\ out|little|rare\w*
        |lost|lose|minor|devoid|absent
        |un(?!der|til|i[tvo]|cle)\w{4,}|dis(?!tan|cuss|cover|ease|play|tri|h|k)\w{4,}
        |(?:im|ir|il)\w{6,}
        |in(?:capa|compe|comple|correct|crea|cred|defin|effec|jus|secur|suffic|toler|visi)\w*
        |\w{3,}less|too|hate\w*|ignor\w*|warn\w*|non)\b
        """,
        re.VERBOSE,
    ),
    answer=re.compile(r"^\W*no\b(?=\s*[,.;!]|\s+(?:i|you|he|she|it|we|they)\b|\W*$)"),
)
_SPANISH = _Rules(
    tags=re.compile(
        r",\s*¿?\s*(?:o\s+)?no(?:\s+(?:lo\s+|la\s+)?\w+(?:\s+(?:así|cierto|verdad))?)?\s*\?"
        r"|¿\s*(?:o\s+)?no\s*\?|\bn(?:o|úm)?\.\s*º?\s*\d"
    ),
    open=re.compile(
        r"""\bno\ (?:obstante|s[oó]lo|solamente|bien|m[aá]s|hay\ de\ qué|importa|hay\ problema
        |tard\w+|cabe|dej\w+\ de|pued\w+\ evitar|hay\ duda|olvid\w+)\b
        |\bno\ (?:te|se|os)\ (?:preocup\w+|olvid\w+)|\bcómo\ no\b
        |\b(?:por\ qué|o|si|que)\ no\b(?=.*\?)
        |\b(?:nada\ más|de\ nada|casi\ n\w+|si\ no|o\ no)\b
        |\b(?:más|menos|mejor|peor|antes)\b[^.?!]{0,25}\bque\ (?:nunca|nadie|nada|ningun\w+)\b
        |\ba\ no\ ser\b|\bno\b(?=[^.?!]*\b(?:hasta|sino|más\ que)\b)
        |\bsin\ (?:embargo|duda|falta|perjuicio|contar)\b
        """,
        re.VERBOSE,
    ),
    denials=re.compile(r"\b(?:no|nunca|jamás|nadie|nada|ni|tampoco|ning(?:ún|un[oa]s?)|sin)\b"),
    cues=re.compile(
        r"""\b(?:sin|apenas|poc[oa]s?|salvo|excepto|menos|nieg\w+|neg(?:ar|ó|aba)\w*|evit\w+
        |(?<!hace\ )falta\w*|imped\w+|impid\w+|dud\w+|prohib\w+|dej\w+\ de|s[oó]lo|solamente|sino
        |raramente|rara|odi\w+|olvid\w+|algun\w+|algún|fals[oa]s?|gratis|mal|mal[oa]s?
        |quiet[oa]s?|tranquil[oa]s?|igual
        |des(?!pués|de|pert|ay|tin|graci|cubr|cans|arroll|ped)\w{5,}|dis(?:cap|gust)\w*
        |imp(?:os|ru|rob|ac|rev)\w*|ir(?:re|ra)\w+
        |in(?:cap|com|corr|cóm|cre|cons|cier|just|nec|ocen|posib|seg|suf|tol|útil|vis|évit|fel
            |fiel|est|adec|acep|aprop)\w*)\b
        """,
        re.VERBOSE,
    ),
    answer=re.compile(r"^\W*no\b(?=\s*[,.;!]|\W*$)"),
)
_RULES = {"en": _ENGLISH, "es": _SPANISH}


def is_kept(source: str, target: str, source_code: str, target_code: str) -> bool:
    """Whether a translation denies what its source denies, and nothing else.

    True where that is not certain, and for other languages.
    """
    if {source_code, target_code} != {"en", "es"}:
        return True
    ours, theirs = _RULES[source_code], _RULES[target_code]
    source, target = source.lower(), target.lower()
    if ours.answer.search(source) and theirs.answer.search(target):
        source, target = ours.answer.sub("", source), theirs.answer.sub("", target)
        if not re.search(r"\w", source) or not re.search(r"\w", target):
            return True
    denied, other_denied = _denies(source, ours), _denies(target, theirs)
    return denied is None or other_denied is None or denied == other_denied


def is_question_kept(source: str, target: str) -> bool:
    """Whether a translation has a question mark where its source has one, and none else.

    A Spanish question that is opened has to be closed too, unless the source's is not.
    """
    if _is_left_open(target) and not _is_left_open(source):
        return False
    return ("?" in source) == ("?" in target)


def _is_left_open(text: str) -> bool:
    return text.rfind("?") < text.rfind("\u00bf")


def _denies(text: str, rules: _Rules) -> bool | None:
    """Return whether a text denies something, None where it may or may not."""
    rest, opened = rules.open.subn(" ", rules.tags.sub(" ", text))
    if rules.denials.search(rest):
        return True
    return None if opened or rules.cues.search(rest) else False
