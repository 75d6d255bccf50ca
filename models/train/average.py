"""Put a trained network and the one it began from together: the mean of their weights.

    python -m models.train.average --start models/compact-en-es --work WORK --share 0.5

What was learnt last is said better then before, and little of what was known is lost
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). Writes the result over the
model it began from.
"""

import argparse
from pathlib import Path

import torch

from live_translator.mt.compact import MEMORY
from models.train.export import export
from models.train.network import Network
from models.train.restore import restored
from models.train.train import Plan, Trainer


def main() -> None:
    """Average and export."""
    parser = argparse.ArgumentParser(prog="python -m models.train.average", description=__doc__)
    parser.add_argument("--start", type=Path, required=True, help="exported model it began from")
    parser.add_argument("--work", type=Path, required=True, help="folder with shipped.pt")
    parser.add_argument("--share", type=float, default=0.5, help="of the newer weights, 0 to 1")
    options = parser.parse_args()
    newer = Trainer.load(options.work / "shipped.pt", Plan()).network
    averaged = average(restored(options.start), newer, options.share)
    memory = options.start / MEMORY
    export(averaged, options.start / "pieces.model", memory, options.start)


def average(older: Network, newer: Network, share: float) -> Network:
    """Return `newer` with each weight at `share` of the way from that of `older`."""
    with torch.no_grad():
        for weight, before in zip(newer.parameters(), older.parameters(), strict=True):
            weight.lerp_(before, 1 - share)
    return newer


if __name__ == "__main__":
    main()
