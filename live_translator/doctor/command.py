"""`live-translate doctor`: check this machine, measure it, say what to mend."""

import sys
from collections.abc import Sequence
from pathlib import Path

from live_translator.arguments import ArgumentParser
from live_translator.config import PROFILES, Config, load


def run(argv: Sequence[str]) -> int:
    """Run the checks, a line each; return 1 if something that a talk needs is broken.

    Raises UsageError and ConfigError for its flags, OutputError for the bundle.
    """
    options = _parser().parse_args(argv)
    # Only now what --help has no use for.
    from live_translator.doctor import bundle  # noqa: PLC0415
    from live_translator.doctor.visit import Visit  # noqa: PLC0415
    from live_translator.languages import language  # noqa: PLC0415
    from live_translator.model_store import ModelStore  # noqa: PLC0415

    if options.bundle:
        bundle.require_place(options.bundle)
    store = ModelStore.default()
    source, target = language(options.src), language(options.tgt)

    def configured(profile: str) -> Config:
        return load(profile, options.config, {"source": source.code, "target": target.code})

    auto = options.profile == "auto"
    config = configured(store.best_profile() if auto else options.profile)
    measured = [configured(profile) for profile in PROFILES] if auto else [config]
    visit = Visit(config, store)
    for check in visit.checks(Path.cwd(), None if options.quick else measured):
        sys.stdout.write(f"{check}\n")
        sys.stdout.flush()
    talk = f"a talk from {source.name} to {target.name}, profile {config.profile}"
    ending = "has all it needs" if visit.is_sound else "cannot begin: mend what is a failure above"
    sys.stdout.write(f"\n{talk}, {ending}\n")
    if options.bundle:
        bundle.write(options.bundle, visit.record())
        sys.stdout.write(f"wrote {options.bundle}, with nothing in it that was ever said\n")
    return 0 if visit.is_sound else 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="live-translate doctor",
        description="Check sound, models, disk and packages, measure the stages for at most 20 s, "
        "and say which profile this machine can hold in real time.",
    )
    parser.add_argument("--src", default="en", metavar="LANG", help="of the talk (default: en)")
    parser.add_argument("--tgt", default="es", metavar="LANG", help="of the talk (default: es)")
    parser.add_argument(
        "--profile",
        choices=("auto", *PROFILES),
        default="auto",
        help="check and measure this one alone (default: the best on disk, and measure all)",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE.toml", help="settings over the profile's"
    )
    parser.add_argument(
        "--quick", action="store_true", help="measure nothing, and compare no checksums"
    )
    parser.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE.zip",
        help="write what was found for whoever helps: no speech, no texts, no user's name",
    )
    return parser
