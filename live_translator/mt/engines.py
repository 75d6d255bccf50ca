"""Which engine translates a pair of languages: the first configured one that can."""

from typing import TYPE_CHECKING

from live_translator.config import MtConfig
from live_translator.errors import ModelError, UsageError
from live_translator.interfaces import Translator
from live_translator.languages import Language

if TYPE_CHECKING:
    from live_translator.model_store import ModelStore

WHISPER_TRANSLATE = "whisper-translate"
APERTIUM = "apertium"


def choose(
    source: Language, target: Language, config: MtConfig, store: "ModelStore", *, complete: bool
) -> Translator | None:
    """Return the engine for a pair; None where the recogniser itself translates.

    `complete` takes the slower search of complete mode. Raises ModelError where an
    engine would serve the pair if it were installed, UsageError where none would.
    """
    missing: ModelError | None = None
    for name in config.engines:
        try:
            if name == WHISPER_TRANSLATE:
                if target.code == "en":
                    return None
            elif name == APERTIUM:
                from live_translator.mt.apertium import ApertiumTranslator  # noqa: PLC0415

                if ApertiumTranslator.available(source, target):
                    return ApertiumTranslator(source, target)
                if {source.code, target.code} == {"en", "es"}:
                    ApertiumTranslator(source, target)  # Says how to install the pair.
            else:
                translator = _neural(name, source, target, config, store, complete=complete)
                if translator is not None:
                    return translator
        except ModelError as error:
            missing = missing or error
    if missing is not None:
        raise missing
    raise UsageError(
        f"this profile cannot translate {source.name} to {target.name}: run "
        "`python setup_models.py --profile balanced` and add `--profile balanced`"
    )


def _neural(
    name: str,
    source: Language,
    target: Language,
    config: MtConfig,
    store: "ModelStore",
    *,
    complete: bool,
) -> Translator | None:
    """Return a CTranslate2 engine, or None if it is made for another pair."""
    from live_translator.mt.ctranslate import (  # noqa: PLC0415 - heavy: its adapter only
        NllbTranslator,
        OpusTranslator,
    )

    beam_size = config.complete_beam_size if complete else config.beam_size
    if name.startswith("opus-mt"):
        entry = f"opus-mt-{source.code}-{target.code}"
        if name not in ("opus-mt", entry) or entry not in store.manifest.models:
            return None
        name = entry
        engine: type[NllbTranslator] | type[OpusTranslator] = OpusTranslator
    elif name.startswith("nllb"):
        engine = NllbTranslator
    else:
        raise UsageError(
            f"unknown translation engine {name!r} in mt.engines: use {APERTIUM}, "
            f"{WHISPER_TRANSLATE}, opus-mt or an nllb entry of models/manifest.toml"
        )
    return engine(store.path(name), source, target, threads=config.threads, beam_size=beam_size)
