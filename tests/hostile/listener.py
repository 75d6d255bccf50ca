"""A process that listens to many broken files of one container and says what came of them.

`python -m tests.hostile.listener mp4 FOLDER [--seed N] [--random N] [--reach BYTES]` prints a
`Tally` as JSON. A process of its own, so that a crash in a decoder is seen and memory is
bounded: address space is cut to 4 GB, and what was really used is in the tally. The file that
is being listened to is FOLDER/talk.bin.
"""

import argparse
import dataclasses
import json
import logging
import math
import resource
import signal
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from live_translator.audio.sources import FileSource
from live_translator.errors import AudioError
from tests.hostile.media import CONTAINERS, Tally, cut, encoded, shuffled, with_wrong_numbers
from tests.hostile.peak import peak_kb

ADDRESS_SPACE_BYTES = 4 << 30
"""Twice what the program may use: libraries reserve more than they touch."""
SOUND_S = 0.2
LONGEST_S = 20


def listen(path: Path, tally: Tally) -> None:
    """Hear a file to its end and count what came of it."""
    began_s = time.monotonic()
    tally.files += 1
    seconds = 0.0
    signal.alarm(LONGEST_S)
    try:
        for block in FileSource(path, clock=time.monotonic, realtime=False, buffer_s=30.0).blocks():
            seconds += len(block.samples) / 16_000
            if not len(block.samples) or not np.abs(block.samples).max() <= 1.0:
                tally.faults.append(f"samples out of bounds at {seconds} s")
    except AudioError as error:
        tally.refused += 1
        if not str(error).isprintable() or len(str(error)) > 300:
            tally.faults.append(f"not a sentence: {error}")
    except Exception as error:  # noqa: BLE001 - what is looked for
        tally.faults.append(f"{type(error).__name__}: {error}")
    else:
        tally.heard += 1
    signal.alarm(0)
    tally.slowest_s = max(tally.slowest_s, round(time.monotonic() - began_s, 2))
    tally.longest_s = max(tally.longest_s, round(seconds, 1))
    tally.peak_mb = math.ceil(peak_kb() / 1024)


def broken(content: bytes, *, reach_bytes: int, random: int, seed: int) -> Iterator[bytes]:
    """Yield a file broken in every way."""
    return chain(
        with_wrong_numbers(content, reach_bytes), cut(content, 50), shuffled(content, random, seed)
    )


def main() -> None:
    """Listen to what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("container", choices=CONTAINERS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=100)
    parser.add_argument("--reach", type=int, default=256)
    options = parser.parse_args()
    logging.disable()  # Damage in the middle of a file is a warning, thousands of times.
    content = encoded(options.container, CONTAINERS[options.container], SOUND_S)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tally = Tally()
    path = options.folder / "talk.bin"
    kinds = {"reach_bytes": options.reach, "random": options.random, "seed": options.seed}
    for spoilt in broken(content, **kinds):
        path.write_bytes(spoilt)
        known = len(tally.faults)
        listen(path, tally)
        if len(tally.faults) > known:
            (options.folder / f"fault-{len(tally.faults)}.bin").write_bytes(spoilt)
    print(json.dumps(dataclasses.asdict(tally)))


if __name__ == "__main__":
    main()
