"""Weights are read from files that nobody has to be trusted for."""

import io
import json
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from live_translator.checkpoint import read_weights
from live_translator.errors import ModelError
from tests.marian_models import published

FORMS = ("model.safetensors", "pytorch_model.bin", "pytorch_model.2020.bin")


def write(tmp_path: Path, content: bytes, name: str = "pytorch_model.bin") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_the_three_forms_hold_the_same_numbers(tmp_path: Path) -> None:
    first, *others = (
        read_weights(write(tmp_path, published()[f"en-es/{form}"], form)) for form in FORMS
    )
    assert len(first) > 80
    for other in others:
        assert first.keys() <= other.keys()
        for name, tensor in first.items():
            assert tensor.dtype == np.float32
            np.testing.assert_array_equal(tensor, other[name], strict=True)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_cut_off_anywhere_is_one_sentence(tmp_path: Path, form: str) -> None:
    whole = published()[f"en-es/{form}"]
    for length in (0, 1, 7, 8, 9, 100, 5000, len(whole) // 2, len(whole) - 1):
        with pytest.raises(ModelError, match=r"^\S+ does not hold a model's weights, or not whole"):
            read_weights(write(tmp_path, whole[:length], form))


class Storage:
    """What a pickle of PyTorch's refers to by its name."""

    def __init__(self, length: Any = 6, *, type_: str = "FloatStorage", kind: str = "storage"):
        self.id = (kind, Named("torch", type_), "0", "cpu", length)


class Named:
    """A global of another library, which need not be installed."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class Called:
    """The result of calling a global."""

    def __init__(self, function: Named, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments


_PythonPickler: Any = vars(pickle)["_Pickler"]
"""The one that is written in Python, which can be taught."""


class Pickler(_PythonPickler):  # type: ignore[misc]
    def persistent_id(self, value: Any) -> Any:
        return value.id if isinstance(value, Storage) else None

    def save(self, value: Any, save_persistent_id: bool = True) -> None:
        if isinstance(value, Named):
            self.write(b"c" + f"{value.module}\n{value.name}\n".encode())
        elif isinstance(value, Called):
            self.save(value.function)
            self.save(value.arguments)
            self.write(pickle.REDUCE)
        else:
            super().save(value, save_persistent_id)


def tensor(storage: Any, shape: Any = (2, 3), strides: Any = (3, 1), offset: Any = 0) -> Called:
    rebuild = Named("torch._utils", "_rebuild_tensor_v2")
    return Called(rebuild, storage, offset, shape, strides, False, OrderedDict())


def pickled(value: Any) -> bytes:
    stream = io.BytesIO()
    Pickler(stream, protocol=2).dump(value)
    return stream.getvalue()


def archive(
    value: Any,
    *,
    numbers: bytes = np.arange(6, dtype="<f4").tobytes(),
    compression: int = zipfile.ZIP_STORED,
    order: bytes = b"little",
) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        file.writestr("archive/data.pkl", pickled(value))
        file.writestr("archive/byteorder", order)
        file.writestr("archive/data/0", numbers)
    return stream.getvalue()


def old_form(value: Any, *, numbers: bytes = np.arange(6, dtype="<f4").tobytes()) -> bytes:
    head = (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, value, ["0"])
    return b"".join(map(pickled, head)) + struct.pack("<q", len(numbers) // 4) + numbers


@pytest.mark.parametrize("form", [archive, old_form])
def test_views_of_one_storage_are_read_as_they_were_written(
    tmp_path: Path, form: Callable[[Any], bytes]
) -> None:
    storage = Storage()
    weights = {
        "whole": tensor(storage),
        "transposed": tensor(storage, (3, 2), (1, 3)),
        "end": tensor(storage, (2,), (1,), 4),
        "one": tensor(storage, (), (), 3),
        "none": tensor(storage, (0, 3), (3, 1), 6),
        "parameter": Called(
            Named("torch._utils", "_rebuild_parameter"), tensor(storage), True, OrderedDict()
        ),
    }
    read = read_weights(write(tmp_path, form(weights)))
    whole = np.arange(6).reshape(2, 3)
    np.testing.assert_array_equal(read["whole"], whole)
    np.testing.assert_array_equal(read["parameter"], whole)
    np.testing.assert_array_equal(read["transposed"], whole.T)
    np.testing.assert_array_equal(read["end"], [4, 5])
    assert read["one"] == 3
    assert read["none"].shape == (0, 3)


@pytest.mark.parametrize(
    ("type_", "numbers"),
    [
        ("HalfStorage", np.arange(6, dtype="<f2").tobytes()),
        ("DoubleStorage", np.arange(6, dtype="<f8").tobytes()),
        ("BFloat16Storage", (np.arange(6, dtype="<f4").view("<u4") >> 16).astype("<u2").tobytes()),
        ("LongStorage", np.arange(6, dtype="<i8").tobytes()),
    ],
)
def test_numbers_of_other_types_become_float32(tmp_path: Path, type_: str, numbers: bytes) -> None:
    content = archive({"a": tensor(Storage(type_=type_))}, numbers=numbers)
    read = read_weights(write(tmp_path, content))["a"]
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, np.arange(6).reshape(2, 3))


@pytest.mark.parametrize("form", [archive, old_form])
@pytest.mark.parametrize(
    "call",
    [
        Called(Named("os", "system"), "touch MARK"),
        Called(Named("builtins", "eval"), "open('MARK', 'w')"),
        Called(Named("builtins", "getattr"), OrderedDict(), "clear"),
        Called(Named("torch.storage", "_load_from_bytes"), b"x"),
        Called(Named("numpy.core.multiarray", "_reconstruct"), 1, 2, 3),
        Called(Named("collections", "Counter"), "x"),
        Named("torch", "load"),
    ],
)
def test_a_pickle_that_asks_for_anything_but_tensors_is_refused_and_nothing_is_run(
    tmp_path: Path, form: Callable[[Any], bytes], call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="which is no tensor") as refusal:
        read_weights(write(tmp_path, form({"a": tensor(Storage()), "b": call})))
    assert len(str(refusal.value).splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["pytorch_model.bin"]


def test_what_a_file_says_of_itself_cannot_write_on_the_screen(tmp_path: Path) -> None:
    content = archive({"a": Named("torch", "\x1b]0;x\x07")})
    with pytest.raises(ModelError, match="which is no tensor") as refusal:
        read_weights(write(tmp_path, content))
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("form", [archive, old_form])
@pytest.mark.parametrize(
    "value",
    [
        {"a": tensor(Storage(), (3, 3), (3, 1))},
        {"a": tensor(Storage(), (1 << 40, 1 << 40), (0, 0))},
        {"a": tensor(Storage(), (7,), (0,))},
        {"a": tensor(Storage(), (2, 3), (3, 1), 1)},
        {"a": tensor(Storage(), (2, 3), (-3, 1), 3)},
        {"a": tensor(Storage(), (-2, -3))},
        {"a": tensor(Storage(), (2, 3), (3, 1), -1)},
        {"a": tensor(Storage(), (2, 3), (3,))},
        {"a": tensor(Storage(), (1,) * 40, (1,) * 40)},
        {"a": tensor(Storage(), (2.0, 3), (3, 1))},
        {"a": tensor(Storage(1 << 50))},
        {"a": tensor(Storage(-6))},
        {"a": tensor(Storage("6"))},
        {"a": tensor(Storage(kind="module"))},
        {"a": tensor(Storage()), "b": tensor(Storage(5))},
        {"a": tensor("no storage")},
        {"a": Storage()},
        {"a": 1},
        [1, 2],
        tensor(Storage()),
    ],
)
def test_a_tensor_that_is_not_in_the_file_is_refused_before_room_is_made_for_it(
    tmp_path: Path, form: Callable[[Any], bytes], value: Any
) -> None:
    with pytest.raises(ModelError, match="does not hold a model's weights"):
        read_weights(write(tmp_path, form(value)))


@pytest.mark.parametrize(
    "content",
    [
        archive({"a": tensor(Storage())}, numbers=bytes(20)),
        archive({"a": tensor(Storage())}, numbers=bytes(28)),
        archive({"a": tensor(Storage())}, compression=zipfile.ZIP_DEFLATED),
        archive({"a": tensor(Storage())}, order=b"big"),
        archive({"a": tensor(Storage(type_="ComplexFloatStorage"))}),
        b"PK\x03\x04" + bytes(100),
        b"anything",
        pickled({"a": 1}),
        pickled(0x1950A86A20F9469CFC6C) + pickled(1002),
    ],
)
def test_what_pytorch_never_writes_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ModelError, match="does not hold a model's weights"):
        read_weights(write(tmp_path, content))


def safetensors(table: Any, numbers: bytes = bytes(24), length: int | None = None) -> bytes:
    text = json.dumps(table).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + numbers


def entry(**changes: Any) -> dict[str, Any]:
    return {"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24], **changes}}


def test_safetensors_are_read_beside_their_metadata(tmp_path: Path) -> None:
    content = safetensors({"__metadata__": {"format": "pt"}, **entry()})
    assert read_weights(write(tmp_path, content))["a"].shape == (2, 3)


@pytest.mark.parametrize(
    "content",
    [
        safetensors(entry(), length=1 << 60),
        safetensors(entry(), length=5),
        safetensors(entry(), numbers=bytes(20)),
        safetensors(entry(shape=[2, 4])),
        safetensors(entry(shape=[1 << 62, 4])),
        safetensors(entry(shape=[-2, -3])),
        safetensors(entry(data_offsets=[-24, 0])),
        safetensors(entry(data_offsets=[24, 48])),
        safetensors(entry(data_offsets=[0])),
        safetensors(entry(dtype="X32")),
        safetensors({"a": [1]}),
    ],
)
def test_safetensors_that_point_out_of_the_file_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ModelError, match="does not hold a model's weights"):
        read_weights(write(tmp_path, content, "model.safetensors"))
