"""The network that is trained: its loss, its optimiser, and that CTranslate2 runs the same one."""

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs the extra `train`: pip install -e '.[train]'")

from live_translator.mt.compact import side_by_side  # noqa: E402
from live_translator.mt.memory import write  # noqa: E402
from models.train import vocabulary  # noqa: E402 - only where torch is
from models.train.average import average  # noqa: E402
from models.train.examples import Example, Pieces, Stream  # noqa: E402
from models.train.export import export, load  # noqa: E402
from models.train.muon import orthogonal  # noqa: E402
from models.train.network import Network, Shape  # noqa: E402
from models.train.restore import restored  # noqa: E402
from models.train.train import Plan, Trainer, batches, collated  # noqa: E402

PIECES = Path(__file__).parents[2] / "models" / "compact-en-es" / "pieces.model"
SMALL = Shape(width=64, heads=2, inner=96, encoder_layers=2, decoder_layers=2)
SOURCE, HINT, TARGET = "The cat sat on the mat.", "El gato se sentó", "El gato estaba en 1995."
MEMORY = "El perro estaba en la estera."


def example(pieces: Any, hint: str = HINT, memory: str = MEMORY) -> Pieces:
    return Pieces(
        source=pieces.encode(SOURCE),
        hint=pieces.encode(hint),
        memory=pieces.encode(memory),
        target=pieces.encode(TARGET),
        to="es",
    )


def noisy_network() -> Network:
    torch.manual_seed(3)
    network: Network = Network(SMALL).eval()
    for name, weight in network.named_parameters():
        torch.nn.init.normal_(weight, mean=float("gain" in name), std=0.2)
    return network


def exported(network: Network, folder: Path) -> Path:
    write([(SOURCE, TARGET)], folder / "memory.npz")
    export(network, PIECES, folder / "memory.npz", folder / "model")
    return folder / "model"


@pytest.mark.parametrize("known", [MEMORY, ""])
@pytest.mark.parametrize("hint", [HINT, ""])
def test_ctranslate2_scores_a_translation_as_the_network_does(
    tmp_path: Path, hint: str, known: str
) -> None:
    pieces, network = vocabulary.load(PIECES), noisy_network()
    batch = collated([example(pieces, hint, known)], pieces)
    with torch.no_grad():
        mask = batch.mask.float()
        memory = network.encode(batch.source, batch.places, batch.segments, mask)
        hidden = network.decode(batch.target_in, memory, mask)
        likelihoods = torch.log_softmax(hidden @ network.embedding.weight.T, -1)
        expected = likelihoods.gather(-1, batch.target_out[..., None])[0, :, 0]
    source, second, third = pieces.encode([SOURCE, hint, known], out_type=str)
    marked = side_by_side(source, second, third, "es")
    (scored,) = load(exported(network, tmp_path)).score_batch(
        [marked], [pieces.encode(TARGET, out_type=str)]
    )
    assert scored.log_probs == pytest.approx(expected.tolist(), abs=0.3, rel=0.05)
    assert network.embedding.weight.abs().max() < 2, "the export changed the network"


def test_an_exported_network_can_be_trained_on(tmp_path: Path) -> None:
    network = noisy_network()
    again = restored(exported(network, tmp_path))
    assert again.shape == network.shape
    for (name, weight), found in zip(network.named_parameters(), again.parameters(), strict=True):
        rounding = weight.detach().abs().max() / 127
        assert torch.allclose(found, weight, atol=float(rounding)), name


def test_a_file_of_another_version_is_no_network(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"\x07\0\0\0")
    with pytest.raises(ValueError, match="version 7, not 6"):
        restored(tmp_path)


def test_the_loss_and_its_slope_are_those_of_torch() -> None:
    network = noisy_network()
    hidden = torch.randn(600, SMALL.width, requires_grad=True)
    wanted = torch.randint(0, SMALL.pieces, (600,))
    loss = network.loss(hidden, wanted, 0.1)
    loss.backward()
    own = hidden.grad.clone(), network.embedding.weight.grad.clone()
    hidden.grad = network.embedding.weight.grad = None
    expected = torch.nn.functional.cross_entropy(
        hidden @ network.embedding.weight.T, wanted, label_smoothing=0.1
    )
    expected.backward()
    assert float(loss.detach()) == pytest.approx(float(expected.detach()), rel=1e-5)
    assert torch.allclose(own[0], hidden.grad, atol=1e-7)
    assert torch.allclose(own[1], network.embedding.weight.grad, atol=1e-6)


@pytest.mark.parametrize("shape", [(64, 64), (96, 64), (64, 96)])
def test_every_direction_of_an_update_is_about_equally_strong(shape: tuple[int, int]) -> None:
    torch.manual_seed(1)
    strengths = torch.linalg.svdvals(orthogonal(torch.randn(shape)).float())
    assert strengths.min() > 0.3
    assert strengths.max() < 1.4


def test_padding_changes_nothing() -> None:
    pieces, network = vocabulary.load(PIECES), noisy_network()
    short = Pieces(
        source=pieces.encode("Yes."), hint=[], memory=[], target=pieces.encode("Sí."), to="es"
    )
    both, alone = collated([short, example(pieces)], pieces), collated([short], pieces)
    said = []
    for batch in (both, alone):
        with torch.no_grad():
            mask = batch.mask.float()
            memory = network.encode(batch.source, batch.places, batch.segments, mask)
            said.append(network.decode(batch.target_in, memory, mask)[0, :3])
    assert torch.allclose(said[0], said[1], atol=1e-4)


def test_training_learns_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    pieces = vocabulary.load(PIECES)
    shown = [Example(SOURCE, HINT, MEMORY, TARGET, "es", "tatoeba")] * 50
    plan = Plan(warm_up_steps=1, batch_pieces=200)
    torch.manual_seed(2)
    trainer = Trainer(Network(SMALL), plan)
    stream = batches(Stream(shown, pieces, seed=1), pieces, 200)
    losses = [trainer.step(next(stream), 1.0) for _ in range(40)]
    assert losses[-1] < losses[0] / 2
    trainer.save(tmp_path / "kept.pt")
    again = Trainer.load(tmp_path / "kept.pt", plan)
    assert (again.steps, again.pieces) == (40, trainer.pieces)
    assert again.step(next(stream), 1.0) < losses[0] / 2


def test_the_mean_of_two_networks_lies_between_them() -> None:
    older, newer = noisy_network(), noisy_network()
    with torch.no_grad():
        for weight in newer.parameters():
            weight.add_(1.0)
    mean = average(older, newer, 0.25)
    for weight, before in zip(mean.parameters(), older.parameters(), strict=True):
        assert torch.allclose(weight, before + 0.25, atol=1e-6)
