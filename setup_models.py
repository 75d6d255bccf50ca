"""Fetch the models: `python setup_models.py [--profile embedded] [--pair en-es] [--model NAME]`.

A thin front of `live-translate models`, for a checkout that is not installed.
"""

import argparse
import sys

from live_translator.config import PROFILES
from live_translator.models_command import run


def main(argv: list[str] | None = None) -> int:
    """Translate the flags into those of `live-translate models`; return its exit code."""
    parser = argparse.ArgumentParser(description="Fetch the models that the program needs.")
    parser.add_argument("--profile", choices=PROFILES, help="default: embedded")
    parser.add_argument("--pair", metavar="SRC-TGT", help="also the OPUS-MT model of this pair")
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
    if arguments.pair:
        wanted += ["--pair", arguments.pair]
    profile = arguments.profile or (None if wanted else PROFILES[0])
    if profile:
        wanted += ["--profile", profile]
    if arguments.force:
        wanted.append("--force")
    return run(["get", *wanted])


if __name__ == "__main__":
    sys.exit(main())
