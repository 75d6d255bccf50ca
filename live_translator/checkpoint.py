"""Reading the weights of published models without the libraries that wrote them.

Three forms: safetensors, PyTorch's zip archive (since 2020) and the run of pickles that it
wrote before, which is what most OPUS-MT repositories hold. A pickle is a program; this
reader runs none but the few calls that put tensors together, and these only note down
where a tensor lies. Bytes are mapped, never copied before their bounds were checked
against the file.
"""

import collections
import io
import json
import math
import pickle
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from live_translator.errors import ModelError

Array = npt.NDArray[np.float32]
_Bytes = npt.NDArray[np.uint8]

_LARGEST_INDEX_BYTES = 16_000_000
"""Of what says where the tensors lie: a model of a thousand tensors needs 0.1 MB."""

_OLD_FORM_MAGIC = 0x1950A86A20F9469CFC6C
_OLD_FORM_PROTOCOL = 1001
"""What a file of PyTorch's old form begins with."""

_MOST_AXES = 4

_SAFETENSORS_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "bf16", "I64": "<i8"}
_TORCH_TYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "bf16",
    "LongStorage": "<i8",
}
_ITEM_BYTES = {"<f8": 8, "<f4": 4, "<f2": 2, "bf16": 2, "<i8": 8}

_DAMAGES = (
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    struct.error,
    EOFError,
    MemoryError,  # a pickle announces a text of gigabytes
    RecursionError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    NotImplementedError,  # a zip that is packed in a way that zipfile does not know
)
"""What the readers raise over bytes that nobody wrote in good faith."""


class _Storage(NamedTuple):
    """Numbers that lie one after another in the file."""

    type: str
    key: str
    length: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.length * _ITEM_BYTES[self.type]


class _Tensor(NamedTuple):
    """A view of a storage, as a pickle describes it: not yet checked against anything."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Span(NamedTuple):
    """Bytes of the file."""

    begin: int
    size: int


def read_weights(path: Path) -> dict[str, Array]:
    """Return a checkpoint's tensors by name, as float32 that is read when it is used.

    They are the caller's to write to; the file stays as it is.

    Raises ModelError for a file that is of no known form, damaged, larger or smaller than it
    says, or that asks for anything but tensors.
    """
    try:
        content = np.memmap(path, mode="c")
        return _reader_of(content)(content, path)
    except _DAMAGES as fault:
        raise ModelError(
            f"{path.name} does not hold a model's weights, or not whole ({reason_of(fault)}): "
            "remove it, and fetch the model again"
        ) from fault


def reason_of(fault: BaseException) -> str:
    """Return an error's first line, short and without what a file may have put there."""
    lines = str(fault).strip().splitlines()
    text = lines[0][:200] if lines else type(fault).__name__
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _reader_of(content: _Bytes) -> Callable[[_Bytes, Path], dict[str, Array]]:
    if _cut(content, 0, 4) == b"PK\x03\x04":
        return _read_archive
    return _read_safetensors if content[8:9].tobytes() == b"{" else _read_old_form


def _cut(content: _Bytes, begin: int, size: int) -> bytes:
    """Return bytes of the file; raises EOFError where it ends before."""
    if begin + size > len(content):
        raise EOFError("it is cut off")
    return content[begin : begin + size].tobytes()


def _read_safetensors(content: _Bytes, _path: Path) -> dict[str, Array]:
    """Read a length, a table in JSON, and the numbers that the table points into."""
    (length,) = struct.unpack("<Q", _cut(content, 0, 8))
    if length > _LARGEST_INDEX_BYTES:
        raise ValueError(f"its table is said to have {length} bytes")
    tensors = {}
    for name, entry in json.loads(_cut(content, 8, length)).items():
        if name == "__metadata__":
            continue
        type_ = _SAFETENSORS_TYPES[entry["dtype"]]
        begin, end = _natural(entry["data_offsets"])
        shape = _natural(entry["shape"])
        if end - begin != math.prod(shape) * _ITEM_BYTES[type_]:
            raise ValueError(f"{name} has another size than its shape says")
        tensors[name] = _numbers(content, _Span(8 + length + begin, end - begin), type_).reshape(
            shape
        )
    return tensors


def _read_archive(content: _Bytes, path: Path) -> dict[str, Array]:
    """Read PyTorch's zip: a pickle that names storages, and a member for each of them."""
    with zipfile.ZipFile(path) as archive:
        members = {member.filename: member for member in archive.infolist()}
    (index,) = (name for name in members if name.endswith("/data.pkl"))
    folder = index.removesuffix("data.pkl")
    if order := members.get(f"{folder}byteorder"):
        _require_order(_cut(content, *_stored(content, order)) == b"little")
    span = _stored(content, members[index])
    if span.size > _LARGEST_INDEX_BYTES:
        raise ValueError(f"its index has {span.size} bytes")
    unpickler = _TensorUnpickler(io.BytesIO(_cut(content, *span)))
    state = unpickler.load()
    storages = {}
    for key, storage in unpickler.storages.items():
        span = _stored(content, members[f"{folder}data/{key}"])
        _require_size(storage, span.size)
        storages[key] = _numbers(content, span, storage.type)
    return _tensors(state, storages)


def _stored(content: _Bytes, member: zipfile.ZipInfo) -> _Span:
    """Return where a member's bytes lie; raises ValueError where they are packed."""
    if member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size:
        raise ValueError(f"{member.filename} is compressed, as PyTorch never does")
    name, extra = struct.unpack("<HH", _cut(content, member.header_offset + 26, 4))
    return _Span(member.header_offset + 30 + name + extra, member.file_size)


def _read_old_form(content: _Bytes, _path: Path) -> dict[str, Array]:
    """Read the form before the zip: five pickles, then each storage behind its length."""
    place = 0

    def unpickled() -> tuple[Any, Mapping[str, _Storage]]:
        nonlocal place
        stream = io.BytesIO(content[place : place + _LARGEST_INDEX_BYTES].tobytes())
        unpickler = _TensorUnpickler(stream)
        found = unpickler.load()
        place += stream.tell()
        return found, unpickler.storages

    magic, protocol = unpickled()[0], unpickled()[0]
    if (magic, protocol) != (_OLD_FORM_MAGIC, _OLD_FORM_PROTOCOL):
        raise ValueError("it is of no known form")
    _require_order(unpickled()[0]["little_endian"])
    state, noted = unpickled()
    keys, _ = unpickled()
    storages = {}
    for key in keys:
        storage = noted[key]
        (length,) = struct.unpack("<q", _cut(content, place, 8))
        _require_size(storage, length * _ITEM_BYTES[storage.type])
        storages[key] = _numbers(content, _Span(place + 8, storage.size), storage.type)
        place += 8 + storage.size
    return _tensors(state, storages)


def _require_order(is_little: object) -> None:
    if is_little is not True:
        raise ValueError("its numbers are written in another byte order")


def _require_size(storage: _Storage, size: int) -> None:
    if size != storage.size:
        raise ValueError(f"storage {storage.key} has another size than its index says")


class _TensorUnpickler(pickle.Unpickler):
    """Unpickles the names of storages and views of them, and nothing else.

    What a pickle may call are the functions that `find_class` returns: none of them has an
    effect, and what they return are tuples.
    """

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream, encoding="ascii")
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """Return what stands for a global; raises UnpicklingError for any but tensors'."""
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _noted_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _noted_parameter
        if module == "torch" and name in _TORCH_TYPES:
            return _TORCH_TYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is no tensor")

    def persistent_load(self, pid: Any) -> _Storage:
        """Return a storage by what the pickle says of it; raises ValueError."""
        kind, type_, key, _device, length, *views = pid
        if kind != "storage" or type_ not in _ITEM_BYTES or any(view is not None for view in views):
            raise ValueError("it refers to something that is no storage")
        (checked,) = _natural([length])
        storage = _Storage(type_, str(key), checked)
        if self.storages.setdefault(storage.key, storage) != storage:
            raise ValueError(f"storage {key} has two sizes")
        return storage


def _noted_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _Tensor:
    return _Tensor(storage, offset, shape, strides)


def _noted_parameter(tensor: _Tensor, *_: object) -> _Tensor:
    return tensor


def _tensors(state: object, storages: Mapping[str, Array]) -> dict[str, Array]:
    """Return the tensors of a module's state; raises ValueError, TypeError for anything else."""
    if not isinstance(state, dict):
        raise TypeError("it holds no table of tensors")
    return {str(name): _view(name, tensor, storages) for name, tensor in dict.items(state)}


def _view(name: object, tensor: object, storages: Mapping[str, Array]) -> Array:
    """Return a tensor's numbers; raises ValueError where it reaches out of its storage."""
    if not isinstance(tensor, _Tensor) or not isinstance(tensor.storage, _Storage):
        raise TypeError(f"{name!r} is no tensor")
    numbers = storages[tensor.storage.key]
    shape, strides = _natural(tensor.shape), _natural(tensor.strides)
    (offset,) = _natural([tensor.offset])
    if len(shape) > _MOST_AXES or len(shape) != len(strides):
        raise ValueError(f"{name!r} has a shape that no weights have")
    count = math.prod(shape)
    last = offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    # The first, because a step of 0 would make many numbers of few.
    if count > len(numbers) or (count and last >= len(numbers)):
        raise ValueError(f"{name!r} reaches out of its storage")
    steps = [step * numbers.itemsize for step in strides]
    return np.lib.stride_tricks.as_strided(numbers[offset:], shape, steps)


def _numbers(content: _Bytes, span: _Span, type_: str) -> Array:
    """Return the numbers in a span; raises EOFError where the file ends before."""
    if span.begin + span.size > len(content):
        raise EOFError("it is cut off")
    raw = content[span.begin : span.begin + span.size]
    if type_ == "bf16":  # the upper half of a float32
        return (raw.view("<u2").astype(np.uint32) << 16).view(np.float32)
    # Copies what is of another type, or lies at an odd place.
    return np.require(raw.view(type_), np.float32, "A")


def _natural(values: Any) -> tuple[int, ...]:
    """Return whole numbers from zero on; raises ValueError for others."""
    numbers = tuple(values)
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError("a size is no natural number")
    return numbers
