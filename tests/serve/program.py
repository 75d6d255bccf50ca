"""The program itself, serving with the real models."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def serving() -> Iterator[str]:
    """Run the program, and give its address.

    It gives way to a browser on this machine, which stands for one elsewhere.
    """
    command = [sys.executable, "-m", "live_translator", "serve", "--port", "0"]
    process = subprocess.Popen(
        ["nice", *command, "--profile", "embedded"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[2].rstrip(";")
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
