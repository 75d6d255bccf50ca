"""One target under atheris, in a process of its own: `python -m tests.fuzz.one NAME [FLAG...]`.

The flags are libFuzzer's. It ends with the first input that breaks the target's promise, or
takes long: seconds of computing, since on a busy machine those of a clock say nothing.
"""

import logging
import sys
import time

import atheris

SLOWEST_S = 5.0
"""For one input: the promise is milliseconds, and instrumented code is some times slower."""


def main() -> None:
    """Fuzz until the flags' end, or a finding."""
    _, name, *flags = sys.argv
    logging.disable()
    with atheris.instrument_imports(include=["live_translator"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - to be instrumented
    check = TARGETS[name].check

    def timed(data: bytes) -> None:
        began_s = time.process_time()
        check(data)
        took_s = time.process_time() - began_s
        assert took_s < SLOWEST_S, f"took {took_s:.1f} s"

    atheris.Setup([sys.argv[0], *flags], timed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
