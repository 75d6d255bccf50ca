"""Turning published weights into the files that the engines here read.

Translation models: Hugging Face weights to CTranslate2 int8. OPUS-MT's need nothing that
is not installed (`marian.py`). NLLB's take CTranslate2's own converter
(https://opennmt.net/CTranslate2/guides/transformers.html) and the extra `convert`,
transformers and torch; most users never come there, because a ready conversion is
downloaded first. Weights are read by transformers, which loads tensors only
(`weights_only`), never arbitrary pickles.

Voices: the raw tables that Kokoro's author publishes to the one archive that
kokoro-onnx reads.
"""

import importlib.util
import io
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from live_translator.errors import ModelError
from live_translator.fetch import Progress, SourceError

STYLE_WIDTH = 256
"""Kokoro's style vector: one of 256 numbers for each length of input, 510 lengths."""

QUANTIZATION = "int8"
"""What a laptop's CPU runs fastest; a quarter of float32's size."""

_NPZ_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can hold: the same voices always make the same archive."""


def require_converter() -> None:
    """Raise ModelError, naming the remedy, if the extra `convert` is not installed."""
    missing = [name for name in ("transformers", "torch") if not _installed(name)]
    if missing:
        raise ModelError(
            f"converting models needs {' and '.join(missing)}: "
            "run `pip install 'live-translate[convert]'`"
        )


def convert_transformers(
    weights: Path, target: Path, progress: Progress, *, copy: Sequence[str] = ()
) -> list[str]:
    """Convert a folder of Hugging Face weights into the empty folder `target`, int8.

    `copy` names files (the tokenizers' models) that come along as they are. Returns the
    names of the files written. Raises ModelError when the extra is not installed or the
    weights are not of a kind that CTranslate2 knows.
    """
    require_converter()
    from ctranslate2.converters import TransformersConverter  # noqa: PLC0415

    progress.begin(f"converting {weights.name} to {QUANTIZATION} (minutes)", None)
    try:
        converter = TransformersConverter(str(weights), copy_files=list(copy))
        converter.convert(str(target), quantization=QUANTIZATION, force=True)
    except (ImportError, ValueError, KeyError, RuntimeError, OSError) as fault:
        reason = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
        raise ModelError(
            f"{weights.name} could not be converted ({reason}): "
            "run `pip install -U 'live-translate[convert]'` and try again"
        ) from fault
    finally:
        progress.end()
    return sorted(path.name for path in target.iterdir() if path.is_file())


def convert_marian(
    weights: Path, target: Path, progress: Progress, *, copy: Sequence[str] = ()
) -> list[str]:
    """Convert a folder of a Marian model as `convert_transformers` does, with numpy alone.

    Raises SourceError where the files are not those of such a model.
    """
    from live_translator import marian  # noqa: PLC0415 - only where something is converted

    progress.begin(f"converting {weights.name} to {QUANTIZATION} (a few seconds)", None)
    try:
        marian.convert(weights, target, quantization=QUANTIZATION)
    except ModelError as fault:
        raise SourceError(str(fault)) from fault
    finally:
        progress.end()
    for name in copy:
        shutil.copy(weights / name, target)
    return sorted(path.name for path in target.iterdir() if path.is_file())


class _Convert(Protocol):
    def __call__(
        self, weights: Path, target: Path, progress: Progress, /, *, copy: Sequence[str]
    ) -> list[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """A way to convert weights."""

    require: Callable[[], None]
    """Raises ModelError, naming the remedy, where something is not installed."""
    convert: _Convert
    """Writes the model into an empty folder and returns the names of its files."""


CONVERTERS: dict[str, Converter] = {
    "transformers": Converter(require=require_converter, convert=convert_transformers),
    "marian": Converter(require=lambda: None, convert=convert_marian),
}
"""By their names in models/manifest.toml."""


def pack_voices(voices: Mapping[str, Path], target: Path) -> None:
    """Write raw float32 tables as one uncompressed npz of arrays (n, 1, 256).

    Raises SourceError for a table of another shape.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, path in sorted(voices.items()):
            table = np.fromfile(path, dtype="<f4")
            if not table.size or table.size % STYLE_WIDTH:
                raise SourceError(f"voice {name} is no table of {STYLE_WIDTH} columns")
            member = io.BytesIO()
            np.lib.format.write_array(
                member, table.reshape(-1, 1, STYLE_WIDTH), version=(1, 0), allow_pickle=False
            )
            entry = zipfile.ZipInfo(f"{name}.npy", _NPZ_DATE)
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, member.getvalue())


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
