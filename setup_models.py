"""Fetch the models: `python setup_models.py [--profile embedded] [--pair en-es] [--model NAME]`.

A thin front of `live-translate models`, for a checkout that is not installed. By itself it
fetches the embedded profile and, where its hub answers, the translator of English to Spanish.
"""

import argparse
import sys

from live_translator.config import PROFILES
from live_translator.models_command import run

PAIR = "en-es"
"""What `make run` translates."""


def main(argv: list[str] | None = None) -> int:
    """Translate the flags into those of `live-translate models`; return its exit code."""
    parser = argparse.ArgumentParser(description="Fetch the models that the program needs.")
    parser.add_argument("--profile", choices=PROFILES, help="default: embedded")
    parser.add_argument(
        "--pair",
        metavar="SRC-TGT",
        help=f"the best small translator of this pair; beside a profile, where its hub answers "
        f"(default: {PAIR})",
    )
    parser.add_argument(
        "--model", action="append", default=[], metavar="NAME", help="this model; may be repeated"
    )
    parser.add_argument("--force", action="store_true", help="check and repair what is there")
    parser.add_argument("--list", action="store_true", help="show all models and their state")
    parser.add_argument("--verify", action="store_true", help="compare models with their checksums")
    arguments = parser.parse_args(argv)
    if arguments.list:
        return run(["list"])
    if arguments.verify:
        return run(["verify", *arguments.model])
    wanted = list(arguments.model)
    pair, profile = arguments.pair, arguments.profile
    if not (wanted or pair or profile):
        pair, profile = PAIR, PROFILES[0]
    if pair:
        wanted += ["--pair", pair]
    if profile:
        wanted += ["--profile", profile]
    if arguments.force:
        wanted.append("--force")
    return run(["get", *wanted])


if __name__ == "__main__":
    sys.exit(main())
