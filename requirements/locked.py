"""The locked packages: what `make lock` wrote, as a table."""

import importlib.metadata
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

FOLDER = Path(__file__).parent
NAMES = ("build", "runtime", "mic", "serve", "dev", "fuzz")
"""Each a file of its own, with all that its packages need."""

_PACKAGE = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))? \\\n"
    r"(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Package:
    """One version of one package, and where it is installed."""

    name: str
    version: str
    marker: Marker | None

    @property
    def is_for_here(self) -> bool:
        """Whether this Python on this machine takes it."""
        return self.marker is None or self.marker.evaluate()

    @property
    def installed(self) -> str | None:
        """The version that is installed here, if any."""
        try:
            return importlib.metadata.version(self.name)
        except importlib.metadata.PackageNotFoundError:
            return None


def packages(name: str) -> list[Package]:
    """Return what a file locks; raises ValueError for a file with anything else in it."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    if rest := _PACKAGE.sub("", text).strip():
        raise ValueError(f"requirements/{name}.txt: {rest.splitlines()[0]!r} is no locked package")
    return [
        Package(
            match["name"], match["version"], Marker(match["marker"]) if match["marker"] else None
        )
        for match in _PACKAGE.finditer(text)
    ]


def differences(name: str) -> Mapping[str, str]:
    """Return what is not installed here as a file says, by package, in words."""
    return {
        package.name: f"{package.version} is locked, {package.installed or 'nothing'} is installed"
        for package in packages(name)
        if package.is_for_here and package.installed != package.version
    }
