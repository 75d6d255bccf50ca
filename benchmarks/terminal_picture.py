"""Record what a terminal shows while the program runs, as an animated SVG.

    python benchmarks/terminal_picture.py benchmarks/pictures/terminal.svg

Runs the real program on the sample, at the speed of a microphone, in a pseudo-terminal
whose screen pyte keeps (`pip install -e '.[dev]'`), and writes what it showed as an SVG that
needs no script and no font of its own: text that appears and disappears (SMIL). What does
not move pictures shows the moment at `--still`.
"""

import argparse
import codecs
import os
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyte

ROOT = Path(__file__).parents[1]
COLUMNS, LINES = 92, 20
COMMAND = "live-translate --src en --tgt es --input two_cities.flac --output talk.es.wav"
SAMPLE_S = 0.4
"""Between two looks at the screen: words come about so often."""
BEFORE_S, AFTER_S = 1.0, 5.0
"""Shown before the first caption, and of the end."""

CELL_X, CELL_Y, FONT, MARGIN, TITLE = 8.4, 19.0, 14, 14, 30
"""Pixels: of a cell, of the letters, around the screen, of the bar above it."""
COLOURS = {
    "default": "#d8dee9", "black": "#3b4252", "red": "#e06c75", "green": "#98c379",
    "brown": "#e5c07b", "blue": "#61afef", "magenta": "#c678dd", "cyan": "#56b6c2",
    "white": "#eceff4",
}  # fmt: skip
"""By pyte's names, whose yellow is brown."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one style, side by side on the screen."""

    row: int
    column: int
    text: str
    style: tuple[str, bool, bool, bool]
    """Colour, bold, italics, reversed."""


Frame = tuple[float, frozenset[Run]]
"""When, in seconds, and what the screen showed."""


class DimScreen(pyte.Screen):  # type: ignore[misc]
    """Pyte's screen, on which faint letters, which it does not know, are black ones."""

    def select_graphic_rendition(self, *attributes: int, **kwargs: Any) -> None:
        """Take faint (2) for black (30)."""
        super().select_graphic_rendition(*(30 if a == 2 else a for a in attributes), **kwargs)


def runs_on(screen: pyte.Screen) -> frozenset[Run]:
    """Return what is on the screen."""
    found: list[Run] = []
    for row in range(screen.lines):
        cells = screen.buffer[row]
        run: Run | None = None
        for column in range(screen.columns):
            cell = cells[column]
            style = (cell.fg, cell.bold, cell.italics, cell.reverse)
            if cell.data == " " and not cell.reverse:
                # A single space goes on with its run; what is behind two is another.
                is_gap = column + 1 >= screen.columns or cells[column + 1].data == " "
                run = None if is_gap or run is None else _grown(found, run, " ")
            elif run is not None and (run.style == style or not run.text.strip()):
                run = _grown(found, run, cell.data)
            else:
                run = Run(row, column, cell.data, style)
                found.append(run)
    return frozenset(found)


def _grown(found: list[Run], run: Run, text: str) -> Run:
    found[-1] = Run(run.row, run.column, run.text + text, run.style)
    return found[-1]


def recorded(limit_s: float) -> Iterator[Frame]:
    """Run the program and yield the screen at every look until it ends."""
    screen = DimScreen(COLUMNS, LINES)
    terminal = pyte.Stream(screen)
    terminal.feed(f"\x1b[32m$\x1b[0m {COMMAND}\r\n")
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    reader, writer = os.openpty()
    termios.tcsetwinsize(writer, (LINES, COLUMNS))
    arguments = COMMAND.replace("two_cities.flac", str(ROOT / "benchmarks/samples/two_cities.flac"))
    arguments = arguments.replace("talk.es.wav", os.devnull)
    process = subprocess.Popen(
        [sys.executable, "-m", "live_translator", *arguments.split()[1:]],
        cwd=ROOT, stdin=writer, stdout=writer, stderr=writer,
        env={**os.environ, "TERM": "xterm", "COLORTERM": ""},
    )  # fmt: skip
    began_s = time.monotonic()
    try:
        look_s = 0.0
        while process.poll() is None and look_s < limit_s:
            look_s += SAMPLE_S
            while (left_s := began_s + look_s - time.monotonic()) > 0:
                if select.select([reader], [], [], left_s)[0]:
                    terminal.feed(decode(os.read(reader, 65536)))
            yield look_s, runs_on(screen)
    finally:
        process.kill()
        process.wait()
        os.close(writer)
        os.close(reader)


def trimmed(frames: Sequence[Frame]) -> list[Frame]:
    """Return the frames from shortly before the first caption, from 0 s on."""
    first_s = next((at_s for at_s, runs in frames if len({run.row for run in runs}) > 2), 0.0)
    start_s = max(0.0, first_s - BEFORE_S)
    return [(at_s - start_s, runs) for at_s, runs in frames if at_s >= start_s]


def drawn(frames: Sequence[Frame], still_s: float) -> str:
    """Return the SVG: each run once, with the times at which it is to be seen."""
    end_s = frames[-1][0] + AFTER_S
    times: dict[Run, list[list[float]]] = {}
    for (at_s, runs), until_s in zip(frames, [*(at for at, _ in frames[1:]), end_s], strict=True):
        for run in runs:
            spans = times.setdefault(run, [])
            if spans and spans[-1][1] == at_s:
                spans[-1][1] = until_s
            else:
                spans.append([at_s, until_s])
    width = COLUMNS * CELL_X + 2 * MARGIN
    height = LINES * CELL_Y + TITLE + MARGIN
    dots = "".join(
        f'<circle cx="{MARGIN + 6 + 18 * place}" cy="{TITLE / 2}" r="5.5" fill="{colour}"/>'
        for place, colour in enumerate(("#e06c75", "#e5c07b", "#98c379"))
    )
    body = "\n".join(
        _text(run, spans, end_s, still_s)
        for run, spans in sorted(times.items(), key=lambda item: (item[0].row, item[0].column))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" role="img" xml:space="preserve">\n'
        "<title>live-translate in a terminal: the words of the speaker, and under them the "
        "translation, while they are spoken</title>\n"
        "<style>text{font:"
        f"{FONT}px ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;"
        "white-space:pre}.b{font-weight:bold}.i{font-style:italic}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#1e222a"/>{dots}\n{body}\n</svg>\n'
    )


def _text(run: Run, spans: Sequence[Sequence[float]], end_s: float, still_s: float) -> str:
    colour, bold, italics, is_reversed = run.style
    x, y = MARGIN + run.column * CELL_X, TITLE + (run.row + 0.75) * CELL_Y
    length = f"{len(run.text) * CELL_X:g}"
    fill = COLOURS.get(colour, COLOURS["default"])
    if colour == "black":
        fill = "#7f8796"
    box = ""
    if is_reversed:
        box = (
            f'<rect x="{x:g}" y="{y - 0.75 * CELL_Y:g}" width="{length}" height="{CELL_Y}" '
            f'fill="{fill}"/>'
        )
        fill = "#1e222a"
    classes = " ".join(name for name, on in (("b", bold), ("i", italics)) if on)
    attributes = f'fill="{fill}"' + (f' class="{classes}"' if classes else "")
    is_still = any(start <= still_s < stop for start, stop in spans)
    return (
        f'<g visibility="{"visible" if is_still else "hidden"}">{_animation(spans, end_s)}{box}'
        f'<text x="{x:g}" y="{y:g}" {attributes} textLength="{length}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(run.text)}</text></g>'
    )


def _animation(spans: Sequence[Sequence[float]], end_s: float) -> str:
    """Return when a run is to be seen, again and again."""
    changes = [(0.0, "hidden")]
    for start, stop in spans:
        changes += [(start, "visible"), (stop, "hidden")]
    # Of two changes at one time the later counts; the last one is the beginning again.
    at = {f"{moment / end_s:.4f}": value for moment, value in changes if moment < end_s}
    if set(at.values()) == {"visible"}:
        return '<set attributeName="visibility" to="visible"/>'
    return (
        f'<animate attributeName="visibility" calcMode="discrete" dur="{end_s:.1f}s" '
        f'repeatCount="indefinite" keyTimes="{";".join(at)}" values="{";".join(at.values())}"/>'
    )


def main() -> int:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--still", type=float, default=20.0, metavar="SECONDS")
    parser.add_argument("--limit", type=float, default=90.0, metavar="SECONDS")
    options = parser.parse_args()
    frames = trimmed(list(recorded(options.limit)))
    options.picture.write_text(drawn(frames, options.still), encoding="utf-8")
    print(f"wrote {options.picture}: {frames[-1][0]:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
