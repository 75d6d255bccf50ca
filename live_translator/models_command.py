"""`live-translate models list|get|verify`: the models on this machine."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from live_translator.arguments import ArgumentParser
from live_translator.captions.text import escaped
from live_translator.config import PROFILES
from live_translator.errors import Interrupted, LiveTranslateError, ModelError, UsageError
from live_translator.languages import Language, language

if TYPE_CHECKING:
    from live_translator.model_store import ModelStore


def run(argv: Sequence[str], prog: str = "live-translate models") -> int:
    """Run the subcommand; return the exit code. Errors are one line on standard error."""
    try:
        arguments = _parser(prog).parse_args(argv)
        # Only now what --help has no use for.
        from live_translator.model_store import ModelStore  # noqa: PLC0415

        code: int = arguments.action(ModelStore.default(), arguments)
    except LiveTranslateError as error:
        sys.stderr.write(f"error: {escaped(str(error))}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("stopped: run the same command again to go on where it was\n")
        return Interrupted.exit_code
    return code


def _parser(prog: str) -> ArgumentParser:
    parser = ArgumentParser(prog=prog, description="Show, fetch and check models.")
    actions = parser.add_subparsers(title="actions", metavar="list|get|verify", required=True)
    listing = actions.add_parser("list", help="show all models and which of them are on disk")
    listing.set_defaults(action=_list)
    get = actions.add_parser("get", help="fetch models that are missing")
    get.add_argument("models", nargs="*", metavar="MODEL", help="a name that `list` shows")
    get.add_argument("--profile", choices=PROFILES, help="all models that a profile needs")
    get.add_argument(
        "--pair",
        metavar="SRC-TGT",
        help="the best small translator of a pair, as en-es; beside --profile, it may be missing",
    )
    get.add_argument("--force", action="store_true", help="check and repair what is there")
    get.set_defaults(action=_get)
    verify = actions.add_parser("verify", help="compare models on disk with their checksums")
    verify.add_argument("models", nargs="*", metavar="MODEL", help="default: all on disk")
    verify.set_defaults(action=_verify)
    return parser


def _list(store: "ModelStore", _arguments: argparse.Namespace) -> int:
    from live_translator.fetch import megabytes  # noqa: PLC0415

    rows = [("NAME", "KIND", "SIZE", "LICENCE", "STATE", "WHAT IT IS")]
    for name in (*store.manifest.models, *store.family_members()):
        model, state = store.manifest.model(name), _state(store, name)
        rows.append(
            (name, model.kind, megabytes(model.size), model.licence, state, model.description)
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        sys.stdout.write("  ".join([*cells, row[-1]]) + "\n")
    for family in store.manifest.families.values():
        sys.stdout.write(
            f"\n{family.name}-SRC-TGT: {len(family.pairs)} pairs, "
            "`live-translate models get --pair SRC-TGT` fetches one\n"
        )
    ready = [profile for profile in PROFILES if store.has_profile(profile)]
    sys.stdout.write(f"\nprofiles ready: {', '.join(ready) or 'none'}; models in {store.root}\n")
    return 0


def _state(store: "ModelStore", name: str) -> str:
    try:
        store.path(name)
    except ModelError as error:
        return "damaged" if "damaged" in str(error) else "-"
    return "ready"


def _get(store: "ModelStore", arguments: argparse.Namespace) -> int:
    from live_translator.fetch import console_progress  # noqa: PLC0415

    pair = _pair(arguments.pair) if arguments.pair else None
    needed = list(arguments.models)
    if arguments.profile:
        needed += store.manifest.profile(arguments.profile)
    elif pair:
        needed.append(_translator(*pair, store))
    if not needed:
        raise UsageError("nothing to get: name models, or give --profile or --pair")
    for name in needed:  # all names before the first download
        store.manifest.model(name)
    progress = console_progress()
    for name in dict.fromkeys(needed):
        present = not arguments.force and store.has(name)
        folder = store.get(name, progress, force=arguments.force)
        if present:
            progress.note(f"{name} is there: {folder}")
    if pair and arguments.profile:
        from live_translator.first_run import get_wanted  # noqa: PLC0415

        get_wanted(_translator(*pair, store), [pair], store, progress)
    return 0


def _pair(text: str) -> tuple[Language, Language]:
    """Return the languages of SOURCE-TARGET; raises UsageError."""
    source, dash, target = text.partition("-")
    if not dash:
        raise UsageError(f"{text!r} is no pair of languages: write it as en-es")
    return language(source), language(target)


def _translator(source: Language, target: Language, store: "ModelStore") -> str:
    """Return the model that is tried first for a pair; raises UsageError without one."""
    from live_translator.mt.engines import models_for  # noqa: PLC0415

    for name in models_for(source, target, store):
        return name
    raise UsageError(
        f"there is no small model from {source.name} to {target.name}: "
        "run `live-translate models get --profile balanced` and use --profile balanced"
    )


def _verify(store: "ModelStore", arguments: argparse.Namespace) -> int:
    known = (*store.manifest.models, *store.family_members())
    names = arguments.models or [name for name in known if _state(store, name) != "-"]
    damaged = 0
    for name in names:
        try:
            store.verify(name)
        except ModelError as error:
            damaged = 1
            sys.stderr.write(f"error: {error}\n")
        else:
            sys.stdout.write(f"{name}: every file is intact\n")
    if not names:
        sys.stdout.write("no models on disk: run `live-translate models get --profile embedded`\n")
    return damaged
