"""Which engine translates a pair of languages: the first configured one that can."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live_translator.config import MtConfig, data_path
from live_translator.errors import ModelError, UsageError
from live_translator.interfaces import Translator
from live_translator.languages import Language

if TYPE_CHECKING:
    from live_translator.model_store import ModelStore

log = logging.getLogger(__name__)

WHISPER_TRANSLATE = "whisper-translate"
APERTIUM = "apertium"
COMPACT = "compact"
COMPACT_FOLDER = "compact-en-es"
"""Under `models/`, shipped with the program."""
OPUS, FIREFOX, ARGOS, NLLB = "opus-mt", "firefox", "argos", "nllb"
"""What the names of the families begin with in models/manifest.toml."""
_BY_PAIR = (OPUS, FIREFOX, ARGOS)
"""Those of which every pair of languages has its own model."""


def choose(
    source: Language, target: Language, config: MtConfig, store: "ModelStore", *, complete: bool
) -> Translator | None:
    """Return the engine for a pair; None where the recogniser itself translates.

    `complete` takes the slower search of complete mode. Raises ModelError where an
    engine would serve the pair if it were installed, UsageError where none would.
    """
    names = config.engines
    hears = target.code == "en" and WHISPER_TRANSLATE in names
    before = names[: names.index(WHISPER_TRANSLATE)] if hears else names
    engine, missing = _first(before, source, target, config, store, complete=complete)
    return None if engine is None and hears else _found(engine, missing, source, target)


def choose_for_text(
    source: Language, target: Language, config: MtConfig, store: "ModelStore"
) -> Translator:
    """Return the engine for a pair where nothing is heard; raises what `choose` does."""
    engine, missing = _first(config.engines, source, target, config, store, complete=True)
    return _found(engine, missing, source, target)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What `choose` would find for a pair."""

    engine: str | None
    """The first engine that is there, a model by its entry in the manifest; None without one."""
    lacks: str | None
    """Where there is none, the model whose download would give one, if any would."""
    better: str | None = None
    """A model that is tried before that engine and is not there."""


def prospect(source: Language, target: Language, config: MtConfig, store: "ModelStore") -> Prospect:
    """Return what `choose` would find for a pair; starts and loads nothing."""
    from live_translator.mt.apertium import ApertiumTranslator  # noqa: PLC0415
    from live_translator.mt.compact import CompactTranslator  # noqa: PLC0415

    lacks: str | None = None
    for name in config.engines:
        entry: str | None = name
        if name == WHISPER_TRANSLATE:
            serves = target.code == "en"
        elif name == COMPACT:
            serves = CompactTranslator.knows(source, target)
        elif name == APERTIUM:
            serves = ApertiumTranslator.available(source, target)
        else:
            entry = _entry(name, source, target, store)
            serves = entry is not None and store.has(entry)
            lacks = lacks or entry
        if serves:
            return Prospect(entry, None, better=lacks if lacks != entry else None)
    return Prospect(None, lacks)


def models_for(source: Language, target: Language, store: "ModelStore") -> list[str]:
    """Return the manifest's models that the default engines would take for a pair, best first."""
    names = [name for name in MtConfig().engines if name not in _WITHOUT_MODEL]
    entries = (_entry(name, source, target, store) for name in names)
    return [entry for entry in entries if entry is not None]


def without_model(source: Language, target: Language, store: "ModelStore") -> str:
    """Return what the default engines do for a pair as things are, as the end of a sentence."""
    engine = prospect(source, target, MtConfig(), store).engine
    if engine is None:
        return f"nothing else on this machine translates {source.name} to {target.name}"
    return f"{_LABELS.get(engine, engine)} is used instead"


_LABELS = {
    COMPACT: "the built-in translator",
    APERTIUM: "Apertium",
    WHISPER_TRANSLATE: "the recogniser's own translation",
}
_WITHOUT_MODEL = frozenset(_LABELS)
"""Engines that load no model of the manifest."""


def _found(
    engine: Translator | None, missing: ModelError | None, source: Language, target: Language
) -> Translator:
    if engine is not None:
        return engine
    if missing is not None:
        raise missing
    raise UsageError(
        f"this profile cannot translate {source.name} to {target.name}: run "
        "`python setup_models.py --profile balanced` and add `--profile balanced`"
    )


def _first(
    names: Sequence[str],
    source: Language,
    target: Language,
    config: MtConfig,
    store: "ModelStore",
    *,
    complete: bool,
) -> tuple[Translator | None, ModelError | None]:
    """Return the first engine that serves the pair, or why the first that would does not."""
    missing: ModelError | None = None
    damaged: list[ModelError] = []
    for name in names:
        try:
            if name == WHISPER_TRANSLATE:
                continue
            if name == COMPACT:
                engine = _compact(source, target, config, complete=complete)
            elif name == APERTIUM:
                engine = _apertium(source, target)
            else:
                engine = _neural(name, source, target, config, store, complete=complete)
        except ModelError as error:
            missing = missing or error
            if _is_here(name, source, target, store):
                damaged.append(error)
        else:
            if engine is not None:
                for why in damaged:
                    log.warning("%s translates instead of a better one: %s", engine.name, why)
                return _checked(engine, source, target), None
    return None, missing


def _checked(engine: Translator, source: Language, target: Language) -> Translator:
    """Return an engine that says what people have said and whose answers are checked."""
    from live_translator.mt.checked import CheckedTranslator  # noqa: PLC0415 - heavy
    from live_translator.mt.compact import MEMORY, CompactTranslator  # noqa: PLC0415
    from live_translator.mt.memory import shared_memory  # noqa: PLC0415

    memory = None
    if CompactTranslator.knows(source, target):
        try:
            memory = shared_memory(data_path("models") / COMPACT_FOLDER / MEMORY)
        except ModelError as error:
            log.warning("translated without what people have said: %s", error)
    return CheckedTranslator(engine, source, target, memory)


def _is_here(name: str, source: Language, target: Language, store: "ModelStore") -> bool:
    """Whether an engine's files are there, so that it should work."""
    if name in (COMPACT, APERTIUM):
        return name == COMPACT
    entry = _entry(name, source, target, store)
    return entry is not None and store.has(entry)


def _compact(
    source: Language, target: Language, config: MtConfig, *, complete: bool
) -> Translator | None:
    from live_translator.mt.compact import CompactTranslator, require_intact  # noqa: PLC0415
    from live_translator.mt.router import RoutedTranslator  # noqa: PLC0415 - heavy

    if not CompactTranslator.knows(source, target):
        return None
    folder = data_path("models") / COMPACT_FOLDER
    require_intact(folder)
    network = CompactTranslator(
        folder,
        source,
        target,
        threads=config.threads,
        beam_size=config.complete_beam_size if complete else config.beam_size,
    )
    return RoutedTranslator(network, config)


def _apertium(source: Language, target: Language) -> Translator | None:
    from live_translator.mt.apertium import ApertiumTranslator  # noqa: PLC0415

    if ApertiumTranslator.available(source, target) or {source.code, target.code} == {"en", "es"}:
        return ApertiumTranslator(source, target)  # Or says how to install the pair.
    return None


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
        ArgosTranslator,
        CTranslateTranslator,
        NllbTranslator,
        OpusTranslator,
    )
    from live_translator.mt.firefox import FirefoxTranslator  # noqa: PLC0415 - heavy

    entry = _entry(name, source, target, store)
    if entry is None:
        return None
    families: dict[str, type[CTranslateTranslator]] = {
        OPUS: OpusTranslator,
        FIREFOX: FirefoxTranslator,
        ARGOS: ArgosTranslator,
        NLLB: NllbTranslator,
    }
    engine = next(engine for family, engine in families.items() if entry.startswith(family))
    beam_size = config.complete_beam_size if complete else config.beam_size
    return engine(
        store.checked(entry),
        source,
        target,
        threads=config.threads,
        beam_size=beam_size,
        device=config.device,
    )


def _entry(name: str, source: Language, target: Language, store: "ModelStore") -> str | None:
    """Return a model engine's entry in the manifest, or None if it is made for another pair."""
    if name.startswith(NLLB):
        return name
    family = next((family for family in _BY_PAIR if name.startswith(family)), None)
    if family is None:
        raise UsageError(
            f"unknown translation engine {name!r} in mt.engines: use {COMPACT}, {APERTIUM}, "
            f"{WHISPER_TRANSLATE}, {', '.join(_BY_PAIR)} or an nllb entry of models/manifest.toml"
        )
    entry = f"{family}-{source.code}-{target.code}"
    return entry if name in (family, entry) and store.manifest.knows(entry) else None
