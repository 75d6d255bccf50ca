"""A file for whoever helps: the checks and what they looked at, and nothing that was said.

Nothing of a talk is read to write it. The user's home, login and name, and the machine's,
are taken out of every text, for paths and devices bear them.
"""

import io
import json
import os
import platform
import pwd
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from live_translator.doctor.checks import require_writable
from live_translator.errors import OutputError

README = """\
What `live-translate doctor` found on a machine, for a report of a fault: its checks and
measurements, versions, the configuration, the names of the sound devices, and which models
are on disk. No speech, no transcript, no file of the user's. The home folder, the user's and
the machine's names were replaced; read it through before you send it.
"""

_LEAST_NAME_LETTERS = 3
"""A shorter login would be found in words, and says little."""


def write(path: Path, parts: Mapping[str, Any]) -> None:
    """Write a zip with each part as NAME.json; raises OutputError."""
    hide = Hider.of_this_user()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        for name, part in parts.items():
            text = json.dumps(hide(part), indent=1, ensure_ascii=False)
            archive.writestr(f"{name}.json", text + "\n")
    try:
        path.write_bytes(content.getvalue())
    except OSError as error:
        raise OutputError(
            f"cannot write {path} ({error.strerror}): name another file after --bundle"
        ) from error


def require_place(path: Path) -> None:
    """Raise OutputError if a bundle could not be written there, before the work for it."""
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; name a file in it")
    require_writable(path.absolute().parent)


class Hider:
    """Replaces the home folder and names in every text of a nested table."""

    def __init__(self, homes: Iterable[str], names: Iterable[str]) -> None:
        self._homes = [home.rstrip("/") for home in homes if home.strip("/")]
        words = sorted({name for name in names if len(name) >= _LEAST_NAME_LETTERS}, key=len)
        pattern = "|".join(re.escape(word) for word in reversed(words))
        # Between letters and digits it is another word; a possessive or a dash ends it.
        self._names = re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", re.I) if words else None

    @classmethod
    def of_this_user(cls) -> "Hider":
        """Return one that hides who runs this process, and where."""
        homes, names = [str(Path.home())], [platform.node(), *platform.node().split(".")[:1]]
        names += [os.environ.get(key, "") for key in ("USER", "LOGNAME", "SUDO_USER")]
        try:
            entry = pwd.getpwuid(os.getuid())
        except KeyError:  # a container's user without an entry
            pass
        else:
            homes.append(entry.pw_dir)
            full_name = entry.pw_gecos.split(",")[0]
            names += [entry.pw_name, full_name, *full_name.split()]
        return cls(homes, names)

    def __call__(self, part: Any) -> Any:
        """Return the same table without them."""
        if isinstance(part, str):
            for home in self._homes:
                part = part.replace(home, "~")
            return self._names.sub("(hidden)", part) if self._names else part
        if isinstance(part, Mapping):
            return {key: self(value) for key, value in part.items()}
        if isinstance(part, list | tuple):
            return [self(value) for value in part]
        return part
