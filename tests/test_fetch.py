import io
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from live_translator import fetch
from live_translator.fetch import (
    BarProgress,
    Fetcher,
    PlainProgress,
    SilentProgress,
    SourceError,
    console_progress,
    join_members,
    megabytes,
    npm_pack,
    pip_download,
)
from tests.standin_hub import Hub, serving, sha256, unused_address

CONTENT = bytes(range(256)) * 40
QUIET = SilentProgress()


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as hub:
        yield hub


class Waits(list[float]):
    """Notes how long the fetcher would have waited."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def fetcher_of(hub: Hub, waits: Waits | None = None, token: str | None = None) -> Fetcher:
    return Fetcher(endpoint=hub.url, token=token, wait=Waits() if waits is None else waits)


def folder_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_download_arrives_whole_and_leaves_nothing_beside_it(hub: Hub, tmp_path: Path) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    target = tmp_path / "model.bin"
    assert fetcher_of(hub).download(url, target, QUIET, sha256=sha256(CONTENT)) == sha256(CONTENT)
    assert target.read_bytes() == CONTENT
    assert folder_names(tmp_path) == ["model.bin"]


def test_a_large_file_is_checked_against_the_hash_that_the_hub_states(
    hub: Hub, tmp_path: Path
) -> None:
    url = hub.add_lfs("org/repo", "main", "model.bin", CONTENT)
    fetcher = fetcher_of(hub)
    assert url == fetcher.hugging_face_url("org/repo", "main", "model.bin")
    fetcher.download(url, tmp_path / "good.bin", QUIET)
    hub.linked["/org/repo/resolve/main/model.bin"] = f'"{"0" * 64}"'
    with pytest.raises(SourceError, match="checksum"):
        fetcher.download(url, tmp_path / "bad.bin", QUIET)
    assert folder_names(tmp_path) == ["good.bin"]


def test_a_small_file_is_checked_against_the_git_hash_that_the_hub_states(
    hub: Hub, tmp_path: Path
) -> None:
    url = hub.add_small("org/repo", "main", "config.json", b"{}")
    fetcher_of(hub).download(url, tmp_path / "config.json", QUIET)
    hub.files["/org/repo/resolve/main/config.json"] = b"[]"
    with pytest.raises(SourceError, match="damaged"):
        fetcher_of(hub).download(url, tmp_path / "other.json", QUIET)


def test_a_download_that_breaks_off_is_resumed_where_it_was(hub: Hub, tmp_path: Path) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    hub.faults["/a/model.bin"] = ["cut-after-1000", "cut-after-2000"]
    waits = Waits()
    fetcher_of(hub, waits).download(url, tmp_path / "m", QUIET, sha256=sha256(CONTENT))
    assert (tmp_path / "m").read_bytes() == CONTENT
    assert hub.ranges() == ["", "bytes=1000-", "bytes=3000-"]
    assert waits == [1.0, 2.0]


def test_a_later_program_resumes_what_an_earlier_one_left(hub: Hub, tmp_path: Path) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    hub.faults["/a/model.bin"] = ["cut-after-1000"]
    with pytest.raises(SourceError, match="broke off"):
        Fetcher(endpoint=hub.url, retries=0).download(url, tmp_path / "m", QUIET)
    assert not (tmp_path / "m").exists()
    fetcher_of(hub).download(url, tmp_path / "m", QUIET, sha256=sha256(CONTENT))
    assert hub.ranges()[-1] == "bytes=1000-"
    assert (tmp_path / "m").read_bytes() == CONTENT


@pytest.mark.parametrize("fault", ["ignore-range", "wrong-range", "416"])
def test_a_server_that_does_not_honour_ranges_makes_it_start_over(
    hub: Hub, tmp_path: Path, fault: str
) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    hub.faults["/a/model.bin"] = ["cut-after-1000", fault]
    fetcher_of(hub).download(url, tmp_path / "m", QUIET, sha256=sha256(CONTENT))
    assert (tmp_path / "m").read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_is_not_mixed_with_the_old_one(
    hub: Hub, tmp_path: Path
) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    hub.faults["/a/model.bin"] = ["cut-after-1000"]
    with pytest.raises(SourceError):
        Fetcher(endpoint=hub.url, retries=0).download(url, tmp_path / "m", QUIET)
    hub.add("/a/model.bin", CONTENT[::-1])
    fetcher_of(hub).download(url, tmp_path / "m", QUIET)
    assert (tmp_path / "m").read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_version_nothing_is_resumed(hub: Hub, tmp_path: Path, etag: str) -> None:
    url = hub.add("/a/model.bin", CONTENT, etag=etag)
    hub.faults["/a/model.bin"] = ["cut-after-1000"]
    fetcher_of(hub).download(url, tmp_path / "m", QUIET, sha256=sha256(CONTENT))
    assert hub.ranges() == ["", ""]


def test_a_damaged_remainder_is_thrown_away_and_fetched_again(hub: Hub, tmp_path: Path) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    (tmp_path / "m.partial").write_bytes(b"x" * 1000)
    (tmp_path / "m.partial.json").write_text(json.dumps({"etag": hub.etags["/a/model.bin"]}))
    fetcher_of(hub).download(url, tmp_path / "m", QUIET, sha256=sha256(CONTENT))
    assert hub.ranges() == ["bytes=1000-", ""]
    assert (tmp_path / "m").read_bytes() == CONTENT


def test_passing_faults_are_waited_out(hub: Hub, tmp_path: Path) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    hub.faults["/a/model.bin"] = ["503", "429"]
    waits = Waits()
    fetcher_of(hub, waits).download(url, tmp_path / "m", QUIET)
    assert waits == [1.0, 2.0]


def test_a_fault_that_stays_is_given_up_on(hub: Hub, tmp_path: Path) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    hub.faults["/a/model.bin"] = ["503"] * 9
    waits = Waits()
    with pytest.raises(SourceError, match="answered 503"):
        fetcher_of(hub, waits).download(url, tmp_path / "m", QUIET)
    assert waits == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(("status", "says"), [("404", "answered 404"), ("401", "HF_TOKEN")])
def test_a_refusal_is_final_at_once(hub: Hub, tmp_path: Path, status: str, says: str) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    hub.faults["/a/model.bin"] = [status]
    waits = Waits()
    with pytest.raises(SourceError, match=says):
        fetcher_of(hub, waits).download(url, tmp_path / "m", QUIET)
    assert waits == []


def test_a_server_that_does_not_stop_is_cut_off(hub: Hub, tmp_path: Path) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    with pytest.raises(SourceError, match="gives more than the 1000 bytes"):
        fetcher_of(hub).download(url, tmp_path / "m", QUIET, at_most=1000)
    assert folder_names(tmp_path) == []


def test_killed_as_another_version_begins_it_does_not_continue_the_old_one(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = hub.add("/a/model.bin", bytes(5000), etag='"old"')
    hub.faults["/a/model.bin"] = ["cut-after-1000"]
    with pytest.raises(SourceError, match="broke off"):
        Fetcher(endpoint=hub.url, retries=0).download(url, tmp_path / "m", QUIET)
    hub.add("/a/model.bin", CONTENT, etag='"new"')

    def remember_and_die(partial: Path, etag: str) -> None:
        remember(partial, etag)
        raise KeyboardInterrupt

    remember = fetch._remember
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(fetch, "_remember", remember_and_die)
        fetcher_of(hub).download(url, tmp_path / "m", QUIET)
    fetcher_of(hub).download(url, tmp_path / "m", QUIET)  # no checksum would notice a mixture
    assert (tmp_path / "m").read_bytes() == CONTENT


def test_wrong_bytes_are_never_kept(hub: Hub, tmp_path: Path) -> None:
    url = hub.add("/a/model.bin", CONTENT)
    with pytest.raises(SourceError, match="checksum"):
        fetcher_of(hub).download(url, tmp_path / "m", QUIET, sha256="0" * 64)
    with pytest.raises(SourceError, match="bytes where 5 were expected"):
        fetcher_of(hub).download(url, tmp_path / "m", QUIET, size=5)
    assert folder_names(tmp_path) == []


def test_an_unreachable_host_is_asked_once_and_what_was_downloaded_stays(tmp_path: Path) -> None:
    (tmp_path / "m.partial").write_bytes(b"half")
    waits = Waits()
    fetcher = Fetcher(wait=waits)
    url = unused_address() + "/m"
    with pytest.raises(SourceError, match="cannot be reached") as first:
        fetcher.download(url, tmp_path / "m", QUIET)
    with pytest.raises(SourceError, match="cannot be reached") as second:
        fetcher.download(url, tmp_path / "m", QUIET)
    assert first.value.__cause__ is not None
    assert second.value.__cause__ is None, "the second time nobody tried"
    assert waits == []
    assert (tmp_path / "m.partial").read_bytes() == b"half"


@pytest.mark.parametrize("endpoint", ["huggingface.co", "gopher://x", "http://"])
def test_an_endpoint_that_is_no_address_is_one_sentence(endpoint: str, tmp_path: Path) -> None:
    fetcher = Fetcher(endpoint=endpoint, wait=Waits())
    with pytest.raises(SourceError):
        fetcher.download(fetcher.hugging_face_url("o/r", "main", "m"), tmp_path / "m", QUIET)


def test_the_token_goes_to_the_hub_and_nowhere_else(hub: Hub, tmp_path: Path) -> None:
    with serving() as storage:
        elsewhere = storage.add("/m", CONTENT).replace("127.0.0.1", "localhost")
        hub.redirects["/o/r/resolve/main/m"] = elsewhere
        fetcher = fetcher_of(hub, token="secret")  # noqa: S106
        fetcher.download(fetcher.hugging_face_url("o/r", "main", "m"), tmp_path / "m", QUIET)
        fetcher.download(storage.url + "/m", tmp_path / "n", QUIET)
        assert hub.asked[0][1]["Authorization"] == "Bearer secret"
        assert all("Authorization" not in headers for _, headers in storage.asked)


def test_endpoint_and_token_come_from_the_environment(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url + "/")
    monkeypatch.setenv("HF_TOKEN", "secret")
    hub.add_small("o/r", "main", "m", b"{}")
    fetcher = Fetcher()
    fetcher.download(fetcher.hugging_face_url("o/r", "main", "m"), tmp_path / "m", QUIET)
    assert hub.asked[0][1]["Authorization"] == "Bearer secret"


def wheel(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tarball(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_members_of_several_archives_become_one_file(tmp_path: Path) -> None:
    archives = [
        wheel(tmp_path / "a.whl", {"a/part": b"one "}),
        tarball(tmp_path / "b.tgz", {"package/part": b"two"}),
    ]
    target = tmp_path / "whole"
    digest = join_members(
        archives, ["a/part", "package/part"], target, QUIET, sha256=sha256(b"one two")
    )
    assert target.read_bytes() == b"one two"
    assert digest == sha256(b"one two")


def test_a_member_cannot_be_written_outside_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    archives = [
        wheel(tmp_path / "a.whl", {"../outside": b"evil"}),
        tarball(tmp_path / "b.tgz", {"/outside": b"evil", "../../outside": b"evil"}),
    ]
    join_members(archives, ["../outside", "../../outside"], inside / "m", QUIET)
    assert folder_names(inside) == ["m"]
    assert folder_names(tmp_path) == ["a.whl", "b.tgz", "inside"]


def test_a_link_in_a_tarball_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        entry = tarfile.TarInfo("member")
        entry.type = tarfile.SYMTYPE
        entry.linkname = str(tmp_path / "secret")
        archive.addfile(entry)
    with pytest.raises(SourceError, match="hold no member"):
        join_members([tmp_path / "a.tgz"], ["member"], tmp_path / "m", QUIET)


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_a_device_or_folder_in_a_tarball_is_no_member(tmp_path: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        entry = tarfile.TarInfo("member")
        entry.type, entry.devmajor, entry.devminor = kind, 1, 5  # /dev/zero
        archive.addfile(entry)
    with pytest.raises(SourceError, match="hold no member"):
        join_members([tmp_path / "a.tgz"], ["member"], tmp_path / "m", QUIET)
    assert folder_names(tmp_path) == ["a.tgz"]


@pytest.mark.parametrize("pack", ["wheel", "tarball"])
def test_a_member_that_unpacks_to_more_than_was_announced_is_cut_off(
    tmp_path: Path, pack: str
) -> None:
    make = {"wheel": wheel, "tarball": tarball}[pack]
    archive = make(tmp_path / "a", {"part": bytes(50_000_000)})
    assert archive.stat().st_size < 100_000
    with pytest.raises(SourceError, match="gives more than the 1000000 bytes"):
        join_members([archive], ["part"], tmp_path / "m", QUIET, at_most=1_000_000)
    assert folder_names(tmp_path) == ["a"]


def test_mutated_archives_give_a_sentence_or_the_member_s_bytes(tmp_path: Path) -> None:
    chance = random.Random(1)
    content = chance.randbytes(2000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("part", content)
    seeds = [
        wheel(tmp_path / "a.whl", {"part": content}).read_bytes(),
        tarball(tmp_path / "b.tgz", {"part": content, "é" * 80: b"x"}).read_bytes(),
        packed.getvalue(),
    ]
    outcomes: Counter[str] = Counter()
    for _ in range(1000):
        mutated = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 4)):
            mutated[chance.randrange(len(mutated))] = chance.randrange(256)
        (tmp_path / "c").write_bytes(mutated)
        try:
            join_members([tmp_path / "c"], ["part"], tmp_path / "m", QUIET, at_most=2000)
        except SourceError as error:
            outcomes[str(error).partition(" ")[2]] += 1
        else:
            outcomes["whole"] += 1
    assert set(outcomes) == {"is damaged", "packages hold no part", "whole"}


@pytest.mark.parametrize(
    ("members", "expected", "says"),
    [(["absent"], None, "hold no absent"), (["part"], "0" * 64, "checksum")],
)
def test_archives_that_do_not_hold_it_leave_nothing(
    tmp_path: Path, members: list[str], expected: str | None, says: str
) -> None:
    archive = wheel(tmp_path / "a.whl", {"part": b"x"})
    with pytest.raises(SourceError, match=says):
        join_members([archive], members, tmp_path / "m", QUIET, sha256=expected)
    assert folder_names(tmp_path) == ["a.whl"]


def test_a_damaged_archive_is_one_sentence(tmp_path: Path) -> None:
    archive = tarball(tmp_path / "a.tgz", {"part": os.urandom(5000)})
    archive.write_bytes(archive.read_bytes()[:2000])
    with pytest.raises(SourceError, match=r"a\.tgz is damaged"):
        join_members([archive], ["part"], tmp_path / "m", QUIET)


def tiny_package(folder: Path) -> Path:
    """Write a wheel that pip takes, holding two halves of a file."""
    info = "tiny_model-1.0.dist-info"
    return wheel(
        folder / "tiny_model-1.0-py3-none-any.whl",
        {
            "tiny_model/data/part1": b"one ",
            "tiny_model/data/part2": b"two",
            f"{info}/METADATA": b"Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n",
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": b"",
        },
    )


@pytest.mark.slow
def test_pip_itself_delivers_wheels_and_says_what_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, there = tmp_path / "shelf", tmp_path / "there"
    shelf.mkdir()
    there.mkdir()
    tiny_package(shelf)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    (delivered,) = pip_download(["tiny-model==1.0"], there, QUIET)
    assert delivered.name == "tiny_model-1.0-py3-none-any.whl"
    with pytest.raises(SourceError, match="pip failed: ERROR: No matching distribution"):
        pip_download(["tiny-model==2.0"], there, QUIET)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_npm_itself_packs_a_package_and_runs_none_of_its_scripts(tmp_path: Path) -> None:
    source, there = tmp_path / "source", tmp_path / "there"
    source.mkdir()
    there.mkdir()
    scripts = {"prepack": f"touch {tmp_path}/ran", "prepare": f"touch {tmp_path}/ran"}
    (source / "package.json").write_text(
        json.dumps({"name": "tiny", "version": "1.0.0", "scripts": scripts})
    )
    (source / "voice.bin").write_bytes(b"voice")
    archive = npm_pack(str(source), there, QUIET)
    join_members([archive], ["package/voice.bin"], tmp_path / "voice", QUIET)
    assert (tmp_path / "voice").read_bytes() == b"voice"
    assert not (tmp_path / "ran").exists()


def test_a_missing_client_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(SourceError, match="pip is missing: install pip"):
        pip_download(["x==1"], tmp_path, QUIET)
    with pytest.raises(SourceError, match="npm is missing: install npm"):
        npm_pack("x@1", tmp_path, QUIET)


def test_progress_in_a_pipe_is_lines() -> None:
    stream = io.StringIO()
    progress = console_progress(stream)
    assert isinstance(progress, PlainProgress)
    progress.begin("model.bin", 10_000_000)
    for _ in range(10):
        progress.advance(1_000_000)
    progress.end()
    assert stream.getvalue().splitlines() == [
        "model.bin: 10 MB",
        *(f"model.bin: {percent} %" for percent in (20, 40, 60, 80, 100)),
    ]


def test_progress_on_a_terminal_is_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    progress = console_progress(stream)
    assert isinstance(progress, BarProgress)
    progress.begin("model.bin", 1000)
    progress.advance(1000)
    progress.end()
    progress.note("[done]")
    assert "model.bin" in stream.getvalue()
    assert "[done]" in stream.getvalue()


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [(512, "1 kB"), (159_000, "159 kB"), (145_217_532, "145 MB"), (1_617_884_929, "1.6 GB")],
)
def test_sizes_are_for_people(n_bytes: int, text: str) -> None:
    assert megabytes(n_bytes) == text


def test_importing_does_not_load_the_heavy_libraries() -> None:
    code = (
        "import sys, live_translator.fetch, live_translator.model_store, "
        "live_translator.models_command; "
        "print([m for m in ('httpx', 'rich', 'numpy', 'ctranslate2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(fetch.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@contextmanager
def silent_server() -> Iterator[str]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_host_that_says_nothing_is_given_up_soon_and_asked_once(tmp_path: Path) -> None:
    with silent_server() as address:
        fetcher = Fetcher(endpoint=address, wait=lambda _: None)
        begun_s = time.monotonic()
        assert not fetcher.answers(address, within_s=0.2)
        assert not fetcher.answers(address)
        with pytest.raises(SourceError, match="cannot be reached"):
            fetcher.download(f"{address}/a", tmp_path / "a", SilentProgress())
        assert time.monotonic() - begun_s < 2


def test_the_look_up_of_a_name_that_hangs_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hanging = threading.Event()

    def look_up(*_arguments: object, **_more: object) -> None:
        hanging.wait(30)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    begun_s = time.monotonic()
    assert not Fetcher().answers("https://hub.example/", within_s=0.2)
    assert time.monotonic() - begun_s < 2
    hanging.set()


def test_any_answer_is_one(hub: Hub) -> None:
    fetcher = Fetcher(endpoint=hub.url)
    assert fetcher.answers(f"{hub.url}/nothing/here")
    assert fetcher.hub == hub.url


def test_an_address_where_nobody_listens_does_not_answer() -> None:
    assert not Fetcher().answers(unused_address())
