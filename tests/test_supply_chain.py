"""What the set-up installs: locked to the byte, audited, and under licences that we know."""

import json
import re
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from requirements import audit, licences, locked
from tests.conftest import ROOT
from tests.standin_hub import unused_address

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = ("mic", "serve", "dev", "fuzz")


def wanted(extra: str) -> list[str]:
    """Return what an extra asks for, and the extras of our own that it names."""
    asked: list[str] = PROJECT["project"]["optional-dependencies"][extra]
    ours = [Requirement(line).extras for line in asked if line.startswith("live-translate[")]
    others = [line for line in asked if not line.startswith("live-translate[")]
    return others + [line for extras in ours for name in extras for line in wanted(name)]


WANTED = {
    "build": PROJECT["build-system"]["requires"],
    "runtime": PROJECT["project"]["dependencies"],
    **{extra: PROJECT["project"]["dependencies"] + wanted(extra) for extra in EXTRAS},
}
PYTHONS = ("3.11.7", "3.12.11", "3.13.5")
MACHINES = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))


def here(python: str, system: str, machine: str) -> dict[str, str]:
    return {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": system,
        "platform_machine": machine,
    }


@pytest.mark.parametrize(("name", "python"), list(product(locked.NAMES, PYTHONS)))
def test_every_dependency_is_locked_once_on_every_system(name: str, python: str) -> None:
    for machine in MACHINES:
        environment = here(python, *machine)
        versions: dict[str, str] = {}
        for package in locked.packages(name):
            if package.marker is None or package.marker.evaluate(environment):
                assert package.name not in versions, f"{package.name} twice for {environment}"
                versions[package.name] = package.version
        for asked in map(Requirement, WANTED[name]):
            assert versions[canonicalize_name(asked.name)] in asked.specifier, asked


@pytest.mark.parametrize("name", EXTRAS)
def test_the_files_agree(name: str) -> None:
    versions = {(package.name, package.version) for package in locked.packages(name)}
    assert {(one.name, one.version) for one in locked.packages("runtime")} <= versions


@pytest.mark.parametrize(
    "line",
    ["--index-url x\n", "a @ file:///a\n", "a>=1\n", "a==1\n", "a==1 \\\n    --hash=md5:0\n"],
)
def test_what_is_not_locked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    good = f"b==2 ; python_full_version < '3.12' \\\n    --hash=sha256:{'0' * 64}\n"
    (tmp_path / "runtime.txt").write_text(good + line)
    monkeypatch.setattr(locked, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="is no locked package"):
        locked.packages("runtime")


def test_the_set_up_installs_nothing_else() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = [line for line in recipe.splitlines() if re.search(r"pip install|\(INSTALL\)", line)]
    loose = [
        line
        for line in installs
        if not re.search(r"--require-hashes|--no-index|\$\(INSTALL\) --requirement", line)
    ]
    assert loose == ["\t.venv-lock/bin/python -m pip install --quiet --upgrade uv"]


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_what_is_installed_is_what_is_locked(name: str) -> None:
    assert locked.differences(name) == {}, "run `make setup-dev`"


def test_every_licence_is_one_we_know_or_has_a_note() -> None:
    strange = {
        name: licence
        for name, licence in licences.installed()
        if not licences.is_allowed(licence) and name not in licences.NOTES
    }
    assert strange == {}, "say in requirements/licences.py how it is used, or do without it"
    assert set(licences.NOTES) <= {package.name for package in locked.packages("serve")}


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [
        ("MIT", True),
        ("BSD-3-Clause AND Zlib", True),
        ("GPL-3.0-or-later OR MIT", True),
        ("MPL-2.0 AND MIT", False),
        ("GPL-3.0-or-later", False),
        ("unknown", False),
    ],
)
def test_a_licence_is_judged_by_all_its_parts(licence: str, is_allowed: bool) -> None:
    assert licences.is_allowed(licence) == is_allowed


def test_the_readme_says_the_licences_that_models_and_packages_have() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert licences.renewed(text) == text, "run `make licences`"


def test_a_readme_without_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no line"):
        licences.renewed("# A title\n")
    old = f"a\n{licences.BEGIN}\nold\n{licences.END}\nb\n"
    assert licences.renewed(old) == f"a\n{licences.BEGIN}\n{licences.table()}\n{licences.END}\nb\n"


@contextmanager
def database(answer: Any) -> Iterator[str]:
    """A stand-in for the vulnerability database that gives one answer."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(answer(asked["queries"]) if callable(answer) else answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def against_numpy(queries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "results": [
            {"vulns": [{"id": "PYSEC-1"}]} if query["package"]["name"] == "numpy" else {}
            for query in queries
        ]
    }


def nothing(queries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"results": [{} for _ in queries]}


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (against_numpy, 1, r"audit: numpy \S+: PYSEC-1\n"),
        (nothing, 0, r"audit: \d\d+ packages, no advisory against any\n"),
        ({"results": [{}]}, 0, "audit: not done, http"),
        ({"code": 3}, 0, "audit: not done, http"),
        ([], 0, "audit: not done, http"),
    ],
)
def test_the_audit_fails_for_an_advisory_and_says_when_it_was_not_done(
    answer: Any, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with database(answer) as url:
        assert audit.main(["--service", url]) == code
    said = capsys.readouterr()
    assert re.match(says, said.err if code else said.out), said


def test_an_advisory_that_is_accepted_with_its_reason_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "ACCEPTED", {"PYSEC-1": "the function is never called"})
    with database(against_numpy) as url:
        assert audit.main(["--service", url]) == 0


def test_without_the_database_the_audit_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(["--service", unused_address()]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("audit: not done, ")
