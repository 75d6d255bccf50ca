"""Draw what a terminal shows while the program runs, from the real program.

    python benchmarks/picture.py benchmarks/pictures/terminal.svg

Runs live-translate on the sample inside tmux, takes the screen after some seconds, and
writes it as an SVG.
"""

import argparse
import shlex
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
COLUMNS, ROWS = 92, 18
SESSION = "live-translate-picture"


def tmux(*arguments: str) -> str:
    """Run a tmux command and return what it prints."""
    done = subprocess.run(["tmux", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def screen_after(seconds: float) -> str:
    """Return the screen, with its colours, so many seconds into the talk."""
    command = "live-translate --src en --tgt es --input two_cities.flac --output out/talk.es.wav"
    program = shlex.join([sys.executable, "-m", "live_translator", *command.split()[1:]])
    program = program.replace("two_cities.flac", "benchmarks/samples/two_cities.flac")
    shell = f"PS1='$ ' exec bash --norc -c {shlex.quote(f'echo $ {command}; {program}; cat')}"
    (ROOT / "out").mkdir(exist_ok=True)
    size = ("-x", str(COLUMNS), "-y", str(ROWS))
    tmux("new-session", "-d", "-s", SESSION, *size, "-c", str(ROOT), shell)
    try:
        time.sleep(seconds)  # The picture is of a moment; nothing is waited for.
        return tmux("capture-pane", "-e", "-p", "-t", SESSION)
    finally:
        tmux("kill-session", "-t", SESSION)


def main() -> int:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--seconds", type=float, default=34.0)
    options = parser.parse_args()
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi(screen_after(options.seconds).rstrip()))
        console.save_svg(str(options.picture), title="live-translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
