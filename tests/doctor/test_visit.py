"""The checks in a row: what is left out where something else is broken."""

from pathlib import Path

import pytest

from live_translator import config as settings
from live_translator.audio.devices import Device
from live_translator.doctor import checks, sound
from live_translator.doctor.checks import Level
from live_translator.doctor.visit import Visit
from live_translator.errors import DeviceError
from live_translator.model_store import ModelStore


def test_nothing_is_measured_where_a_package_or_a_model_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_devices() -> list[Device]:
        raise DeviceError("no library that reaches a sound card: install it")

    monkeypatch.setattr(sound, "devices", no_devices)
    monkeypatch.setattr(checks, "PACKAGES", {"gone": "no_such_module"})
    config = settings.load("embedded")
    visit = Visit(config, ModelStore(ModelStore.default().manifest, tmp_path))
    levels = {check.name: check.level for check in visit.checks(tmp_path, [config])}
    assert levels["packages"] is levels["sound"] is Level.FAILURE
    assert levels["speed"] is Level.WARNING
    assert visit.found[-1].says == "nothing was measured: mend the failures above"
    assert not visit.is_sound
    record = visit.record()
    assert record["speeds"] == {}
    assert record["devices"] == []
    assert record["models"]["whisper-base"]["state"] == "missing"
