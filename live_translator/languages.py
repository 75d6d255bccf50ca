"""Languages by their usual names: ISO 639-1 outside, each engine's own code inside."""

import re
from dataclasses import dataclass

from live_translator.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language and what each engine calls it; an empty code says that it cannot."""

    code: str
    """ISO 639-1, which Whisper takes too."""
    name: str
    iso3: str
    """ISO 639-3, Apertium's and Debian's name for it."""
    flores: str
    """FLORES-200, NLLB's name for it."""
    espeak: str
    """eSpeak NG's voice."""
    kokoro_voice: str = ""
    """Kokoro's voice to take by default."""


AUTO = "auto"
"""In place of a language: whichever is spoken."""

LANGUAGES = {
    language.code: language
    for language in (
        Language(code="en", name="English", iso3="eng", flores="eng_Latn", espeak="en-us",
                 kokoro_voice="af_heart"),
        Language(code="es", name="Spanish", iso3="spa", flores="spa_Latn", espeak="es",
                 kokoro_voice="ef_dora"),
        Language(code="fr", name="French", iso3="fra", flores="fra_Latn", espeak="fr-fr",
                 kokoro_voice="ff_siwis"),
        Language(code="it", name="Italian", iso3="ita", flores="ita_Latn", espeak="it",
                 kokoro_voice="if_sara"),
        Language(code="pt", name="Portuguese", iso3="por", flores="por_Latn", espeak="pt-br",
                 kokoro_voice="pf_dora"),
        Language(code="hi", name="Hindi", iso3="hin", flores="hin_Deva", espeak="hi",
                 kokoro_voice="hf_alpha"),
        Language(code="de", name="German", iso3="deu", flores="deu_Latn", espeak="de"),
        Language(code="nl", name="Dutch", iso3="nld", flores="nld_Latn", espeak="nl"),
        Language(code="ca", name="Catalan", iso3="cat", flores="cat_Latn", espeak="ca"),
        Language(code="gl", name="Galician", iso3="glg", flores="glg_Latn", espeak="pt-br"),
        Language(code="eu", name="Basque", iso3="eus", flores="eus_Latn", espeak="eu"),
        Language(code="ro", name="Romanian", iso3="ron", flores="ron_Latn", espeak="ro"),
        Language(code="pl", name="Polish", iso3="pol", flores="pol_Latn", espeak="pl"),
        Language(code="cs", name="Czech", iso3="ces", flores="ces_Latn", espeak="cs"),
        Language(code="sv", name="Swedish", iso3="swe", flores="swe_Latn", espeak="sv"),
        Language(code="da", name="Danish", iso3="dan", flores="dan_Latn", espeak="da"),
        Language(code="no", name="Norwegian", iso3="nob", flores="nob_Latn", espeak="nb"),
        Language(code="fi", name="Finnish", iso3="fin", flores="fin_Latn", espeak="fi"),
        Language(code="el", name="Greek", iso3="ell", flores="ell_Grek", espeak="el"),
        Language(code="hu", name="Hungarian", iso3="hun", flores="hun_Latn", espeak="hu"),
        Language(code="bg", name="Bulgarian", iso3="bul", flores="bul_Cyrl", espeak="bg"),
        Language(code="ru", name="Russian", iso3="rus", flores="rus_Cyrl", espeak="ru"),
        Language(code="uk", name="Ukrainian", iso3="ukr", flores="ukr_Cyrl", espeak="uk"),
        Language(code="tr", name="Turkish", iso3="tur", flores="tur_Latn", espeak="tr"),
        Language(code="ar", name="Arabic", iso3="arb", flores="arb_Arab", espeak="ar"),
        Language(code="fa", name="Persian", iso3="pes", flores="pes_Arab", espeak="fa"),
        Language(code="he", name="Hebrew", iso3="heb", flores="heb_Hebr", espeak="he"),
        Language(code="bn", name="Bengali", iso3="ben", flores="ben_Beng", espeak="bn"),
        Language(code="ur", name="Urdu", iso3="urd", flores="urd_Arab", espeak="ur"),
        Language(code="ta", name="Tamil", iso3="tam", flores="tam_Taml", espeak="ta"),
        Language(code="id", name="Indonesian", iso3="ind", flores="ind_Latn", espeak="id"),
        Language(code="vi", name="Vietnamese", iso3="vie", flores="vie_Latn", espeak="vi"),
        Language(code="sw", name="Swahili", iso3="swh", flores="swh_Latn", espeak="sw"),
        Language(code="ja", name="Japanese", iso3="jpn", flores="jpn_Jpan", espeak="ja"),
        Language(code="ko", name="Korean", iso3="kor", flores="kor_Hang", espeak="ko"),
        Language(code="zh", name="Chinese", iso3="zho", flores="zho_Hans", espeak="cmn"),
    )
}  # fmt: skip


_OTHER_CODES = {
    "ara": "ar", "baq": "eu", "chi": "zh", "cmn": "zh", "cze": "cs", "dut": "nl", "fas": "fa",
    "fre": "fr", "ger": "de", "gre": "el", "in": "id", "iw": "he", "mo": "ro", "nb": "no",
    "nn": "no", "nno": "no", "nor": "no", "per": "fa", "prs": "fa", "rum": "ro", "swa": "sw",
}  # fmt: skip
"""Macrolanguages, members, withdrawn and bibliographic codes (ISO 639) by our code."""

_TAG = re.compile(r"([a-z]{2,3})(?:_[a-z0-9]{2,8})*")
"""A language and subtags for script, region and variant (BCP 47, RFC 5646 section 2.1)."""


def language(name: str) -> Language:
    """Return a language by any of its usual names; raises UsageError.

    These are ISO 639-1 (es) and 639-3 (spa), BCP 47 (es-419, of which the language is what
    matters), FLORES (spa_Latn) and English (Spanish), in any case.
    """
    wanted = name.strip().lower().replace("-", "_")
    for entry in LANGUAGES.values():
        if wanted in (entry.code, entry.iso3, entry.flores.lower(), entry.name.lower()):
            return entry
    if tag := _TAG.fullmatch(wanted):
        primary = tag.group(1)
        for entry in LANGUAGES.values():
            if primary in (entry.code, entry.iso3) or _OTHER_CODES.get(primary) == entry.code:
                return entry
    known = ", ".join(sorted(LANGUAGES))
    raise UsageError(f"unknown language {name!r}: choose one of {known}")
