"""Train the compact translator: prepare the text, train, take the rate down, export, score.

    python -m models.train --data FOLDER --work FOLDER --minutes 240

Every step keeps what it made in the work folder and is not done again; training goes on
from its last checkpoint, on another day as well. Every ten minutes it writes its state, and
the model as it is then into the folder `export` beside it.
"""

import argparse
import random
import shutil
from pathlib import Path

import torch

from live_translator.mt import memory
from live_translator.mt.compact import MEMORY
from models.train import examples, own, vocabulary
from models.train.background import lowest_priority
from models.train.corpus import read
from models.train.examples import Stream
from models.train.export import export
from models.train.network import Network, Shape
from models.train.remember import phrasebook_pairs, remembered
from models.train.restore import restored
from models.train.score import score
from models.train.train import Plan, Trainer, run

_SEED = 1


def main() -> None:
    """Do what is not done yet."""
    options = _parser().parse_args()
    if options.background:
        lowest_priority()
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1 if options.background else options.threads)
    dev_sets = [options.data / f"{name}-dev.en-es.tsv" for name in ("flores", "tatoeba")]
    pieces_path, memory_path = work / "pieces.model", work / MEMORY
    stable, shipped = work / "stable.pt", work / "shipped.pt"
    goes_on = options.start if options.start and not stable.exists() else None
    if goes_on:
        shutil.copyfile(goes_on / "pieces.model", pieces_path)
    known = read(options.data / "train", dev_sets)
    pairs = [*own.read(dev_sets), *known]
    print(f"{len(pairs)} pairs", flush=True)
    if not pieces_path.exists():
        texts = [text for pair in pairs for text in (pair.english, pair.spanish)]
        vocabulary.train(texts, pieces_path)
    said, others = remembered(known)
    memory.write(said, memory_path, shown_only=others, phrases=len(phrasebook_pairs()))
    shown = examples.kept(pairs, memory.Memory(memory_path), work, _SEED)
    pieces = vocabulary.load(pieces_path)
    plan = Plan()
    if stable.exists():
        torch.seed()
        trainer = Trainer.load(stable, plan)
    else:
        torch.manual_seed(_SEED)
        network = restored(goes_on) if goes_on else Network(Shape())
        trainer = Trainer(network, plan)
    stream = Stream(shown, pieces, random.randrange(1 << 30))

    def export_now() -> None:
        export(trainer.network, pieces_path, memory_path, work / "export")

    for minutes, fall, kept in (
        (options.minutes, False, stable),
        (options.fall_minutes, True, shipped),
    ):
        if minutes:
            run(
                trainer,
                stream,
                pieces,
                seconds=60 * minutes,
                fall=fall,
                kept=kept,
                on_saved=export_now,
            )
    export(trainer.network, pieces_path, memory_path, options.out)
    score(options.out, dev_sets)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is kept")
    parser.add_argument("--out", type=Path, default=Path("models/compact-en-es"))
    parser.add_argument("--start", type=Path, help="exported model to begin with, not nothing")
    parser.add_argument("--minutes", type=float, default=180.0, help="of training")
    parser.add_argument("--fall-minutes", type=float, default=40.0, help="with the rate going down")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--background", action="store_true", help="one thread at the lowest priority, for days"
    )
    return parser


if __name__ == "__main__":
    main()
