"""All checks in a row, and the record of what they found."""

import dataclasses
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from live_translator.audio.devices import Device
from live_translator.config import Config
from live_translator.doctor import checks, measuring, sound, speed
from live_translator.doctor.checks import Check, Level
from live_translator.doctor.speed import Outcome, Speeds, Verdict
from live_translator.errors import DeviceError, LiveTranslateError
from live_translator.machine import usable_cores
from live_translator.model_store import ModelStore

_LISTENING_S = 4.0
"""How soon after its start a talk should listen."""


class Visit:
    """One run of the checks for a talk with `config`; `found` grows as they are made."""

    def __init__(self, config: Config, store: ModelStore) -> None:
        self.found: list[Check] = []
        self._config = config
        self._store = store
        self._speeds: dict[str, Any] = {}
        self._devices: list[Device] = []

    @property
    def is_sound(self) -> bool:
        """Whether nothing that a talk needs is broken, as far as was checked."""
        return not any(check.level is Level.FAILURE for check in self.found)

    def checks(self, outputs: Path, measured: Sequence[Config] | None) -> Iterator[Check]:
        """Yield each check as it is made.

        `measured` are the profiles whose speed is wanted, the lightest first; with None
        nothing is measured, and of models only the sizes of files are compared.
        """
        for check in self._all(outputs, measured):
            self.found.append(check)
            yield check

    def record(self) -> dict[str, Any]:
        """Return what a support bundle holds, as plain tables."""
        return {
            "checks": [dataclasses.asdict(check) for check in self.found],
            "speeds": self._speeds,
            "versions": checks.versions(),
            "configuration": self._config.as_dict(),
            "devices": [dataclasses.asdict(device) for device in self._devices],
            "models": checks.manifest_state(self._store),
        }

    def _all(self, outputs: Path, measured: Sequence[Config] | None) -> Iterator[Check]:
        yield from checks.machine()
        yield from checks.models(self._config, self._store, checksums=measured is not None)
        yield from checks.disk(self._config, self._store, outputs)
        yield from self._sound()
        if measured is None:
            return
        if any(self._is_broken(part) for part in ("packages", "models")):
            yield Check("speed", Level.WARNING, "nothing was measured: mend the failures above")
        else:
            yield from self._speed(measured)

    def _is_broken(self, name: str) -> bool:
        return any(check.name == name and check.level is Level.FAILURE for check in self.found)

    def _sound(self) -> Iterator[Check]:
        try:
            self._devices = sound.devices()
        except DeviceError as error:
            yield Check("sound", Level.FAILURE, str(error))
        else:
            yield from sound.checks()

    def _speed(self, measured: Sequence[Config]) -> Iterator[Check]:
        """Measure the profiles that are on disk; each has its share of the time that is left."""
        ready = [config for config in measured if checks.is_ready(config, self._store)]
        cores = usable_cores()
        if ready:
            yield from checks.busy(os.getloadavg()[0], cores)
        deadline_s = time.monotonic() + measuring.BUDGET_S
        holding: list[str] = []
        for index, config in enumerate(ready):
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                yield Check(
                    "speed",
                    Level.WARNING,
                    f"{config.profile} was not measured, the others took the time: "
                    f"run `live-translate doctor --profile {config.profile}`",
                )
                continue
            try:
                speeds = measuring.measure(config, self._store, left_s / (len(ready) - index))
            except LiveTranslateError as error:
                ours = config.profile == self._config.profile
                yield Check("speed", Level.FAILURE if ours else Level.WARNING, str(error))
                continue
            verdict = speed.judge(speeds, config, cores)
            self._speeds[config.profile] = {**dataclasses.asdict(speeds), **verdict.record()}
            yield _loading(config.profile, speeds)
            yield Check("speed", Level.OK, f"{config.profile}: {speeds}")
            yield _real_time(config.profile, verdict, holding)
            if verdict.outcome is Outcome.HOLDS:
                holding.append(config.profile)


def _loading(profile: str, speeds: Speeds) -> Check:
    says = f"{profile}: the models are loaded and warm after {speeds.load_s:.1f} s"
    if speeds.load_s > _LISTENING_S:
        return Check("start", Level.WARNING, f"{says}: close programs that use disk or processor")
    return Check("start", Level.OK, says)


def _real_time(profile: str, verdict: Verdict, lighter: Sequence[str]) -> Check:
    match verdict.outcome:
        case Outcome.HOLDS:
            return Check("real time", Level.OK, f"{profile} keeps up: {verdict}")
        case Outcome.FAILS:
            says = f"{profile} does not keep up: {verdict}; {speed.advice(verdict, lighter)}"
        case Outcome.UNKNOWN:
            says = (
                f"{profile} may keep up, but there was time to measure only "
                f"{verdict.heard_s:.0f} s of speech: close other programs and run "
                f"`live-translate doctor --profile {profile}`; so far {verdict}"
            )
    return Check("real time", Level.WARNING, says)
