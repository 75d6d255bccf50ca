"""Fuzz our own parsers, guided by coverage: `python -m tests.fuzz [--seconds 60] [TARGET...]`.

Needs atheris (`pip install 'live-translate[fuzz]'`). Prints a table; exits with 1 where a
target has a finding, which lies in the folder that is named with it.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import TARGETS

LONGEST_INPUT_BYTES = 4096
HANGS_S = 300
"""For one input, by the clock: what is slow is found before, by the time it computes."""
MOST_MB = 2048
GRACE_S = 300
"""For imports and their instrumentation, on a machine that is busy."""


@dataclass(frozen=True)
class Result:
    """What fuzzing one target came to."""

    executions: int
    edges: int
    """Of our code, reached."""
    features: int
    """Edges by how often an input takes them."""
    peak_mb: int
    finding: str


def fuzz(name: str, seconds: int, corpus: Path, findings: Path) -> Result:
    """Fuzz one target in a process of its own."""
    folder = corpus / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    findings.mkdir(parents=True, exist_ok=True)
    flags = [
        str(folder),
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST_INPUT_BYTES}",
        f"-timeout={HANGS_S}",
        f"-rss_limit_mb={MOST_MB}",
        f"-artifact_prefix={findings}/{name}-",
        "-print_final_stats=1",
    ]
    command = [sys.executable, "-m", "tests.fuzz.one", name, *flags]
    limit_s = seconds + HANGS_S + GRACE_S
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        try:
            code = subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=said, timeout=limit_s, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
        said.seek(0)
        return read(said.read(), code)


def read(said: str, code: int) -> Result:
    """Return what libFuzzer said."""

    def last(pattern: str) -> int:
        found = re.findall(pattern, said)
        return int(found[-1]) if found else 0

    fault = re.search(r"(?m)^ *=+ Uncaught Python exception.*\n(.*)$", said)
    where = re.findall(r"Test unit written to (\S+)", said)
    finding = ""
    if code:
        finding = f"{fault[1].strip() if fault else f'exit code {code}'} {''.join(where[-1:])}"
    return Result(
        executions=last(r"number_of_executed_units: *(\d+)") or last(r"(?m)^#(\d+)"),
        edges=last(r"cov: (\d+)"),
        features=last(r"ft: (\d+)"),
        peak_mb=last(r"peak_rss_mb: *(\d+)"),
        finding=finding,
    )


def main(argv: list[str] | None = None) -> int:
    """Fuzz the targets that are named, or all, one after another."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    parser.add_argument("--corpus", type=Path, help="keep the inputs here, and go on from them")
    parser.add_argument("--findings", type=Path, default=Path("out/fuzz"))
    options = parser.parse_args(argv)
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"no target {', '.join(unknown)}: choose of {', '.join(TARGETS)}")
    found = 0
    print("| target | executions | edges | features | peak MB | findings |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.targets or TARGETS:
            result = fuzz(name, options.seconds, options.corpus or Path(folder), options.findings)
            found += bool(result.finding)
            print(
                f"| {name} | {result.executions:,} | {result.edges} | {result.features} "
                f"| {result.peak_mb} | {result.finding or 'none'} |",
                flush=True,
            )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
