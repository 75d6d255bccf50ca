import json
import os
import tempfile
import threading
from pathlib import Path

import pytest

from live_translator import seal
from live_translator.fetch import sha256_of
from live_translator.seal import SEAL, damaged, sweep
from tests.standin_hub import sha256


class Reads(list[str]):
    """Names of the files that were hashed."""

    def __call__(self, path: Path) -> str:
        self.append(path.name)
        return sha256_of(path)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    reads = Reads()
    monkeypatch.setattr(seal, "sha256_of", reads)
    return reads


def model_in(folder: Path) -> dict[str, str]:
    contents = {"model.bin": b"weights" * 1000, "config.json": b"{}"}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: sha256(content) for name, content in contents.items()}


def rewritten_with_its_times(path: Path) -> None:
    """Change one byte, and set size and times as they were."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_files_are_hashed_before_the_first_load_and_not_again(tmp_path: Path, reads: Reads) -> None:
    checksums = model_in(tmp_path)
    assert damaged(tmp_path, checksums) is None
    assert sorted(reads) == ["config.json", "model.bin"]
    assert damaged(tmp_path, checksums) is None
    assert len(reads) == 2


def test_a_file_that_changed_is_hashed_again_even_with_its_old_times(
    tmp_path: Path, reads: Reads
) -> None:
    checksums = model_in(tmp_path)
    damaged(tmp_path, checksums)
    reads.clear()
    rewritten_with_its_times(tmp_path / "model.bin")
    assert damaged(tmp_path, checksums) == "model.bin"
    assert damaged(tmp_path, checksums) == "model.bin", "a damaged file is never sealed"
    assert set(reads) == {"model.bin"}


def test_a_file_that_was_replaced_by_the_same_is_hashed_once(tmp_path: Path, reads: Reads) -> None:
    checksums = model_in(tmp_path)
    damaged(tmp_path, checksums)
    reads.clear()
    copy = tmp_path / "copy"
    copy.write_bytes((tmp_path / "model.bin").read_bytes())
    copy.replace(tmp_path / "model.bin")
    assert damaged(tmp_path, checksums) is None
    assert damaged(tmp_path, checksums) is None
    assert reads == ["model.bin"]


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    checksums = model_in(tmp_path)
    damaged(tmp_path, checksums)
    (tmp_path / "config.json").unlink()
    assert damaged(tmp_path, checksums) == "config.json"


def test_another_version_of_the_program_hashes_for_itself(
    tmp_path: Path, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    checksums = model_in(tmp_path)
    damaged(tmp_path, checksums)
    monkeypatch.setattr(seal, "__version__", "99.0")
    reads.clear()
    damaged(tmp_path, checksums)
    assert len(reads) == 2


def test_other_checksums_are_not_what_was_vouched_for(tmp_path: Path) -> None:
    checksums = model_in(tmp_path)
    damaged(tmp_path, checksums)
    assert damaged(tmp_path, checksums | {"model.bin": "0" * 64}) == "model.bin"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "\x00", '{"version": 1}', '{"files": [], "version": "0.1.0"}', "{" * 9]
)
def test_a_damaged_seal_vouches_for_nothing(tmp_path: Path, reads: Reads, text: str) -> None:
    checksums = model_in(tmp_path)
    (tmp_path / SEAL).write_text(text)
    assert damaged(tmp_path, checksums) is None
    assert len(reads) == 2
    assert set(json.loads((tmp_path / SEAL).read_text())["files"]) == set(checksums)


def test_where_no_seal_can_be_written_files_are_hashed_each_time(
    tmp_path: Path, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    checksums = model_in(tmp_path)
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert damaged(tmp_path, checksums) is None
    assert damaged(tmp_path, checksums) is None
    assert len(reads) == 4


def test_threads_that_check_at_once_leave_one_valid_seal(tmp_path: Path) -> None:
    checksums = model_in(tmp_path)
    found: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: found.append(damaged(tmp_path, checksums)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert found == [None] * 8
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*checksums, SEAL])


def test_what_a_killed_program_left_of_a_seal_is_swept_away(tmp_path: Path) -> None:
    checksums = model_in(tmp_path)
    damaged(tmp_path, checksums)
    (tmp_path / f"{SEAL}.abc").write_text("half")
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*checksums, SEAL])
