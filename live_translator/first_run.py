"""The first run: say which models a talk still needs, ask, fetch them, go on."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from live_translator.config import Config
from live_translator.errors import Interrupted, ModelError
from live_translator.fetch import console_progress, megabytes
from live_translator.languages import AUTO, language
from live_translator.model_store import ModelStore
from live_translator.needs import models_of


def prepare(
    config: Config,
    store: ModelStore,
    *,
    speech: bool,
    yes: bool,
    questions: TextIO,
    screen: TextIO,
) -> None:
    """Return once the models that a talk needs are on disk; at once if they are.

    Else explains on `screen` and, without `yes`, asks there; the answer comes from
    `questions`. Where one of the two is no terminal, nobody is asked. Raises ModelError
    naming the command if the models may not be fetched or cannot be, Interrupted if the
    user stops the download, which the next run then resumes. Called by the main thread.
    """
    missing = models_of(config, store, speech=speech).lacking(store)
    if not missing.needed:
        return
    total_bytes = sum(store.manifest.model(name).size for name in missing.names)
    command = f"`live-translate models get {' '.join(missing.names)}`"
    what = f"{_listed(missing.names)} ({megabytes(total_bytes)})"
    if not yes and not (questions.isatty() and screen.isatty()):
        raise ModelError(
            f"this talk needs {what}, which {_is(missing.names)} not on this machine: "
            f"run {command}, or add --yes to fetch {_it(missing.names)} now"
        )
    store.require_room("the download", total_bytes)
    for line in explanation(config, store, missing.names):
        screen.write(f"{line}\n")
    if not yes and not _agreed(questions, screen):
        raise ModelError(f"nothing was fetched: run {command} when it suits you, or answer y")
    progress = console_progress(screen)
    try:
        for name in missing.names:
            store.get(name, progress)
    except KeyboardInterrupt as stop:
        raise Interrupted(
            "the download was stopped: run the same command again to go on where it was"
        ) from stop


def explanation(config: Config, store: ModelStore, names: Sequence[str]) -> Iterator[str]:
    """Yield lines that say which models, how large, from where and where to."""
    heard = "any language" if config.source == AUTO else language(config.source).name
    yield (
        f"To translate {heard} to {language(config.target).name} (profile {config.profile}) "
        "these models are missing:"
    )
    models = [store.manifest.model(name) for name in names]
    widths = [max(len(name) for name in names), max(len(megabytes(m.size)) for m in models)]
    for model in models:
        yield (
            f"  {model.name:<{widths[0]}}  {megabytes(model.size):>{widths[1]}}  "
            f"{model.description}; {model.licence}; from {model.sources[0]}"
        )
    total = megabytes(sum(model.size for model in models))
    yield (
        f"{total} will be fetched once and kept in {_shown(store.root)}; where the first source "
        "cannot be reached, others are tried, and every file is checked."
    )


def _agreed(questions: TextIO, screen: TextIO) -> bool:
    screen.write("Fetch them now? [y/N] ")
    screen.flush()
    answer = questions.readline()
    if not answer.endswith("\n"):
        screen.write("\n")  # the input ended, and the cursor stands behind the question
    return answer.strip().lower() in ("y", "yes")


def _listed(names: Sequence[str]) -> str:
    """Return "the model a", or "the models a, b and c"."""
    *first, last = names
    return f"the models {', '.join(first)} and {last}" if first else f"the model {last}"


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _it(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _shown(path: Path) -> str:
    """Return a path as a user writes it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
