"""A program under strace: what it writes, and whom it talks to, whichever library does it."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

_OPENED = re.compile(r'^\d+ +open(?:at)?\((?:[^,"]+, )?"([^"]*)", [^)]*O_(?:WRONLY|RDWR|CREAT)')
_MADE = re.compile(r'^\d+ +(?:creat|mkdir|mknod|truncate)(?:at)?\((?:[^,"]+, )?"([^"]*)"')
_MOVED = re.compile(r'^\d+ +(?:rename|link|symlink)(?:at2?)?\(.*"([^"]*)"[^"]*$')
_ASKED = re.compile(r"^\d+ +connect\([^{]*\{sa_family=AF_(INET6?)\b")
_FAILED = re.compile(r"\) += -1 ")


@dataclass(frozen=True, slots=True)
class Traced:
    """What a program and its children did."""

    code: int
    stdout: str
    stderr: str
    written: frozenset[str]
    """Paths that were opened for writing, made, or that something was moved to."""
    connections: int
    """How often it wanted to reach a network address."""


def traced(
    command: Sequence[str], log: Path, environment: Mapping[str, str], timeout_s: float = 280.0
) -> Traced:
    """Run a command to its end; skips the test where nothing can be traced."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace: apt-get install strace")
    tracer = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=%file,%network", "-o", str(log)]
    if subprocess.run([*tracer, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets no program be traced")
    done = subprocess.run(
        [*tracer, *command],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
        stdin=subprocess.DEVNULL,
        # Where it says CI, libraries that report to their makers keep still.
        env={name: value for name, value in os.environ.items() if name != "CI"} | dict(environment),
    )
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    succeeded = [line for line in lines if not _FAILED.search(line)]
    found = [
        match[1]
        for line in succeeded
        for pattern in (_OPENED, _MADE, _MOVED)
        if (match := pattern.search(line))
    ]
    connections = sum(bool(_ASKED.search(line)) for line in lines)
    return Traced(done.returncode, done.stdout, done.stderr, frozenset(found), connections)
