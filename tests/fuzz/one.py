"""One target under atheris, in a process of its own: `python -m tests.fuzz.one NAME [FLAG...]`.

The flags are libFuzzer's. It ends with the first input that breaks the target's promise.
"""

import logging
import sys

import atheris


def main() -> None:
    """Fuzz until the flags' end, or a finding."""
    _, name, *flags = sys.argv
    logging.disable()
    with atheris.instrument_imports(include=["live_translator"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - to be instrumented
    atheris.Setup([sys.argv[0], *flags], TARGETS[name].check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
