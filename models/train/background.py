"""Training beside other work: whoever else wants the machine goes first."""

import os
import shutil
import subprocess

_LEAST = 19
"""The niceness at which a process gets what others leave."""


def lowest_priority() -> None:
    """Give this process the lowest priority for processor and disk, where the system has one."""
    if hasattr(os, "nice"):
        os.nice(_LEAST)
    if shutil.which("ionice"):
        subprocess.run(["ionice", "-c3", "-p", str(os.getpid())], check=False)
