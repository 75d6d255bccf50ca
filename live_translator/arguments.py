"""Arguments of the commands: misuse is told as every other error is, in one sentence."""

import argparse
from typing import NoReturn

from live_translator.errors import UsageError

_DASHED = "expected one argument"
"""What argparse says of a value that looks like a flag."""


class ArgumentParser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print its usage and leave."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError naming the help; called by argparse."""
        dashed = "; a value that begins with '-' is written --flag=-value"
        raise UsageError(f"{message}: see {self.prog} --help{dashed if _DASHED in message else ''}")
