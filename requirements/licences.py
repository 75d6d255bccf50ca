"""The README's table of licences: `python -m requirements.licences README.md` writes it anew.

A package's licence is what its own metadata says, of those that are installed here; a
model's is what `models/manifest.toml` says. A licence that is not `ALLOWED` needs a note that
says how the package is used.
"""

import importlib.metadata
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from live_translator.config import data_path
from live_translator.model_store import Manifest
from requirements.locked import packages

ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "MIT",
        "PSF-2.0",
        "Zlib",
    }
)
"""Licences that ask for no more than to be named."""

NOTES: Mapping[str, str] = {
    "av": "its wheels carry FFmpeg, LGPL-3.0-or-later, and with it the encoders x264 and x265, "
    "GPL-2.0-or-later; this program decodes and never encodes with them",
    "certifi": "used as it is",
    "espeakng-loader": "carries eSpeak NG and its data, GPL-3.0-or-later; loaded as a library "
    "for the plain voice and for how words sound",
    "phonemizer": "required and imported by kokoro-onnx; this program calls nothing of it",
    "tqdm": "used as it is",
}
"""What is not permissive, or carries what is not, and how it is used."""

_KNOWN = {"espeakng-loader": "GPL-3.0-or-later", "kokoro-onnx": "MIT"}
"""Of packages whose metadata names none: of what they carry, and of their licence file."""

_SPELLINGS = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd license": "BSD-3-Clause",
    "gnu general public license v3 or later (gplv3+)": "GPL-3.0-or-later",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR) [A-Za-z0-9.+-]+)*")
"""What is longer or otherwise is a licence's text, or a name that nobody has spelt."""

BEGIN, END = "<!-- licences: written by `make licences` -->", "<!-- end of licences -->"


def of_package(name: str) -> str:
    """Return an installed package's licence, in SPDX's words where they are known."""
    metadata = importlib.metadata.metadata(name).json
    classifiers = [str(line).split(" :: ") for line in metadata.get("classifier", ())]
    named = [
        str(metadata.get("license_expression", "")),
        str(metadata.get("license", "")),
        *(words[-1] for words in classifiers if words[0] == "License"),
    ]
    for text in named:
        spelt = _SPELLINGS.get(text.lower(), text)
        if _SPDX.fullmatch(spelt):
            return spelt
    return _KNOWN.get(name, "unknown")


def is_allowed(licence: str) -> bool:
    """Whether an SPDX expression asks for no more than to be named."""
    if " AND " in licence:
        return all(is_allowed(part) for part in licence.split(" AND "))
    return any(part in ALLOWED for part in licence.split(" OR "))


def installed() -> Iterator[tuple[str, str]]:
    """Yield each package that a user's program consists of, with the server, and its licence."""
    for package in packages("serve"):
        if package.is_for_here and package.installed:
            yield package.name, of_package(package.name)


SHIPPED = (
    ("compact-en-es", "MIT"),
    ("compact-en-es/memory.npz", "CC-BY-2.0-FR AND CC-BY-4.0 AND MIT"),
)
"""What comes with the program: the network, and the text of Tatoeba that it reads."""


def table() -> str:
    """Return the README's table, in Markdown."""
    manifest = Manifest.load(data_path("models") / "manifest.toml")
    rows = ["| licence | models |", "|---|---|"]
    models = [(model.name, model.licence) for model in manifest.models.values()]
    families = [
        (f"all other {name}", str(family.template["licence"]))
        for name, family in manifest.families.items()
    ]
    rows += _grouped([*models, *families, *SHIPPED])
    rows += ["", "| licence | packages |", "|---|---|", *_grouped(installed()), ""]
    rows += [f"- {name}: {note}." for name, note in sorted(NOTES.items())]
    return "\n".join(rows)


def _grouped(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    groups = defaultdict(list)
    for name, licence in entries:
        groups[licence].append(name)
    for licence, names in sorted(groups.items()):
        yield f"| {licence} | {', '.join(sorted(names))} |"


def renewed(text: str) -> str:
    """Return a document with its table as it should be; raises ValueError if it has none."""
    pattern = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"there is no line {BEGIN!r} with {END!r} behind it")
    return pattern.sub(lambda _: f"{BEGIN}\n{table()}\n{END}", text)


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(renewed(document.read_text(encoding="utf-8")), encoding="utf-8")
