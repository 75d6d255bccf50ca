"""The image's recipe: locked, not root, healthy, and without secrets.

Nothing is built here: that wants an engine and the network.
"""

import json
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

from live_translator.cli import main
from live_translator.config import load
from live_translator.serve.command import TOKEN_VARIABLE
from requirements import locked
from tests.conftest import ROOT
from tests.test_supply_chain import PROJECT

yaml = pytest.importorskip("yaml")


def instructions() -> list[tuple[str, str]]:
    """Return (instruction, rest), comments left out and lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    return [(name, " ".join(rest.split())) for name, rest in lines]


STEPS = instructions()
LAST = max(i for i, (name, _) in enumerate(STEPS) if name == "FROM")
"""Where the stage begins that becomes the image."""


def of(name: str, steps: list[tuple[str, str]] = STEPS) -> list[str]:
    return [rest for known, rest in steps if known == name]


def only(name: str) -> str:
    (rest,) = of(name, STEPS[LAST:])
    return rest


BASES = [base for base in of("FROM") if "$" not in base]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("base", BASES)
def test_every_base_is_pinned_to_the_byte(base: str) -> None:
    assert re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+-[\w.-]+@sha256:[0-9a-f]{64} AS base-\w+", base)


def test_the_base_has_a_python_that_is_locked_for() -> None:
    (version,) = re.findall(r"python:([\d.]+)-", " ".join(BASES))
    assert version in SpecifierSet(PROJECT["project"]["requires-python"])


def test_nothing_is_installed_without_its_hash() -> None:
    installs = [part for step in of("RUN") for part in step.split("&&") if "pip" in part]
    installs = [part for part in installs if re.search(r" install | wheel ", part)]
    assert len(installs) == 4
    for part in installs:
        assert "--no-deps" in part, part
        assert ("--require-hashes" in part) != ("--no-index" in part), part
    names = re.findall(r"requirements/(\w+)\.txt", " ".join(installs))
    assert names == ["build", "serve"]
    assert set(names) <= set(locked.NAMES)


def test_what_is_copied_exists_and_is_all_that_the_engine_is_sent() -> None:
    copies = [shlex.split(rest) for rest in of("COPY") if not rest.startswith("--from=")]
    copied = {name for *names, _ in copies for name in names}
    for name in copied:
        assert (ROOT / name).exists(), name
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


def test_what_the_wheel_is_built_of_is_copied() -> None:
    copied = " ".join(of("COPY"))
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    for name in (*wheel["force-include"], *wheel["packages"], PROJECT["project"]["readme"]):
        assert str(name) in copied


def test_the_server_is_not_root_and_cannot_change_itself() -> None:
    user = only("USER")
    assert int(user) > 0
    names = [name for name, _ in STEPS[LAST:]]
    assert names.index("USER") > max(i for i, name in enumerate(names) if name in ("RUN", "COPY"))
    assert f"--uid {user}" in only("RUN")
    assert f"--owner live --group live {only('VOLUME')}" in only("RUN")
    assert "--chown" not in " ".join(of("COPY"))


def test_no_secret_is_in_the_recipe() -> None:
    for name in ("ARG", "ENV"):
        for rest in of(name):
            assert not re.search(r"token|secret|password|key", rest, re.IGNORECASE), rest
    for service in COMPOSE["services"].values():
        for value in service["environment"].values():
            assert value.startswith("${"), value


def test_the_server_does_not_start_without_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, *arguments = json.loads(only("ENTRYPOINT"))
    assert program in PROJECT["project"]["scripts"]
    settings = tmp_path / "settings.toml"
    settings.touch()
    place = arguments.index("--config") + 1
    assert arguments[place] in " ".join(of("RUN"))
    arguments[place] = str(settings)
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    assert main(arguments) == 2
    assert "give them a token" in capsys.readouterr().err


def test_the_other_variant_computes_on_the_gpu(tmp_path: Path) -> None:
    (printed,) = re.findall(r"printf '([^']*)' > /etc/live-translate\.toml", " ".join(of("RUN")))
    settings = tmp_path / "settings.toml"
    settings.write_text(printed.replace("\\n", "\n"), "utf-8")
    config = load("quality", settings)
    assert (config.asr.device, config.mt.device) == ("cuda", "cuda")
    assert load("quality").asr.device == "cpu"


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (None, 1)])
def test_the_health_check_tells_a_server_that_is_ready(status: int | None, code: int) -> None:
    """The very command, on another port."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            assert self.path == "/health"
            self.send_response(status or 0)
            self.end_headers()

    _, program, *arguments = json.loads(f'["", {only("HEALTHCHECK").partition("CMD [")[2]}')
    assert program == "python"
    assert f":{only('EXPOSE')}/" in " ".join(arguments)
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        port = str(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        if status is None:
            server.server_close()
        else:
            thread.start()
        arguments = [part.replace(only("EXPOSE"), port) for part in arguments]
        ran = subprocess.run(
            [sys.executable, *arguments], check=False, capture_output=True, timeout=60
        )
        if status is not None:
            server.shutdown()
            thread.join(timeout=5)
    assert ran.returncode == code


def test_compose_runs_each_variant_with_a_token_and_few_rights() -> None:
    services = COMPOSE["services"]
    variants = {service["build"]["args"]["VARIANT"] for service in services.values()}
    assert {f"base-{variant}" for variant in variants} == {base.split()[-1] for base in BASES}
    for service in services.values():
        assert service["environment"][TOKEN_VARIABLE].startswith(f"${{{TOKEN_VARIABLE}:?")
        assert service["volumes"] == [f"models:{only('VOLUME')}"]
        (port,) = service["ports"]
        assert port.startswith("${LIVE_TRANSLATE_ADDRESS:-127.0.0.1}:")
        assert port.endswith(f":{only('EXPOSE')}")
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "privileged" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(COMPOSE["volumes"]) == {"models"}


def test_the_gpu_is_asked_for_where_it_is_used() -> None:
    for service in COMPOSE["services"].values():
        wants = service["build"]["args"]["VARIANT"] == "cuda"
        assert ("deploy" in service) == wants
        assert ("profiles" in service) == wants  # `docker compose up` takes the CPU.
