"""Firefox's translation models: small, for one direction, most of them to or from English."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from live_translator.mt.ctranslate import (
    CTranslateTranslator,
    Decoded,
    load_pieces,
    longest,
    shared_model,
)
from live_translator.mt.student import END, Network

_END = "</s>"


class FirefoxTranslator(CTranslateTranslator):
    """A student of Marian's; satisfies `interfaces.Translator`, `AttentiveTranslator`.

    Greedy, as in Firefox: that is what students are trained for. On the CPU alone.
    """

    def _load_model(self, model_dir: Path, threads: int, device: str) -> Any:
        return shared_model(model_dir, threads, device, _network)

    def _load_pieces(self, model_dir: Path) -> tuple[Any, Any]:
        return load_pieces(model_dir / "source.spm"), load_pieces(model_dir / "target.spm")

    def _marked_source(self, source: str, pieces: list[str]) -> list[str]:  # noqa: ARG002
        return [*pieces, _END]

    def _decode(
        self,
        marked: list[str],
        pieces: list[str],
        begin: list[str],
        *,
        with_attention: bool,
        no_repeat: int = 0,
    ) -> Decoded:
        network: Network = self._model
        seen = network.encode(self._source_pieces.piece_to_id(marked))
        prefix: Sequence[int] = self._target_pieces.piece_to_id(begin)
        most = longest(pieces, begin) - len(begin)
        steps = list(network.decode(seen, prefix, most, no_repeat=no_repeat))
        return Decoded(
            tokens=[self._target_pieces.id_to_piece(step.token) for step in steps],
            has_ended=bool(steps) and steps[-1].token == END,
            attention=[step.attention.tolist() for step in steps] if with_attention else (),
            confidence=sum(step.log_prob for step in steps) / max(1, len(steps)),
        )


def _network(model_dir: Path, _threads: int, _device: str) -> Network:
    return Network(model_dir / "model.bin")
