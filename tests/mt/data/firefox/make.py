"""Make the fixture beside this file: a small model in the form in which Firefox has them.

    python tests/mt/data/firefox/make.py --pairs tatoeba.en-es.tsv.gz --package PACKAGE

`--pairs`: English TAB Spanish, of tatoeba.org (CC BY 2.0 FR, by its contributors). `--package` is
where npm's @browsermt/bergamot-translator 0.4.9 was unpacked: that is the program with which
Firefox translates, compiled for the web, and Node runs it. torch and sentencepiece are needed
too. Nothing else runs this; it takes some minutes.

`model.bin` and `vocab.spm` hold a student as Firefox's are, with fewer and narrower layers: a
Transformer for the encoder, simpler simple recurrent units (Kim et al. 2019) for the decoder.
`expected.json` holds what Bergamot translates with these two files.
"""

import argparse
import gzip
import importlib
import io
import json
import math
import random
import struct
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece

torch = importlib.import_module("torch")
nn: Any = torch.nn

HERE = Path(__file__).parent
WIDTH, HEADS, INNER, LAYERS, PIECES = 64, 4, 128, 2, 512
COMMON_WORDS, STEPS, ANSWERS = 260, 3000, 40
INT8, FLOAT32, INTGEMM8 = 0x0101, 0x0404, 0x4101
"""What Marian calls the types of numbers."""

CONFIG = f"""
bert-masking-fraction: 0.15
dec-cell: ssru
dec-cell-base-depth: 2
dec-cell-high-depth: 1
dec-depth: {LAYERS}
dim-emb: {WIDTH}
dim-rnn: 1024
dim-vocabs: [{PIECES}, {PIECES}]
enc-cell: gru
enc-cell-depth: 1
enc-depth: {LAYERS}
enc-type: bidirectional
input-types: []
layer-normalization: false
lemma-dim-emb: 0
right-left: false
skip: false
tied-embeddings: false
tied-embeddings-all: true
tied-embeddings-src: false
transformer-aan-activation: swish
transformer-aan-depth: 2
transformer-aan-nogate: false
transformer-decoder-autoreg: rnn
transformer-dim-aan: 2048
transformer-dim-ffn: {INNER}
transformer-ffn-activation: relu
transformer-ffn-depth: 2
transformer-guided-alignment-layer: last
transformer-heads: {HEADS}
transformer-no-projection: false
transformer-postprocess: dan
transformer-postprocess-emb: d
transformer-postprocess-top: ""
transformer-preprocess: ""
transformer-tied-layers: []
transformer-train-position-embeddings: false
type: transformer
ulr: false
version: v1.9.56
"""


def main() -> None:
    """Train, write, translate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--package", type=Path, required=True)
    arguments = parser.parse_args()
    random.seed(7)
    torch.manual_seed(7)
    torch.set_num_threads(1)
    with gzip.open(arguments.pairs, "rt", encoding="utf-8") as file:
        pairs = everyday([line.rstrip("\n").split("\t")[:2] for line in file])
    pieces = train_pieces(HERE / "vocab.spm", [text for pair in pairs for text in pair])
    model = Student()
    train(model, pieces, pairs)
    (HERE / "model.bin").write_bytes(marian_file(model.tensors()))
    asked = random.sample(sorted({en for en, _ in pairs}), ANSWERS)
    said = bergamot(arguments.package, asked)
    for text, answer in zip(asked, said, strict=True):
        print(f"  {text}\t{answer}")
    content = json.dumps(list(zip(asked, said, strict=True)), ensure_ascii=False, indent=1)
    (HERE / "expected.json").write_text(content + "\n", encoding="utf-8")


def everyday(pairs: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Return the short pairs that need nothing but the commonest words of each side."""
    short = [(en, es) for en, es in pairs if len(en.split()) <= 7 and len(es.split()) <= 8]
    for _ in range(2):
        common = [
            {word for word, _ in Counter(w for p in short for w in words(p[i])).most_common(n)}
            for i, n in ((0, COMMON_WORDS), (1, 2 * COMMON_WORDS))
        ]
        short = [p for p in short if all(set(words(p[i])) <= common[i] for i in (0, 1))]
    return short


def words(text: str) -> list[str]:
    """Return the words of a text without their marks, in small letters."""
    return [word.strip(".,!?¿¡\"'").lower() for word in text.split()]


def train_pieces(path: Path, sentences: Sequence[str]) -> Any:
    """Train the one SentencePiece model, numbered as Marian does."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=(written := io.BytesIO()),
        vocab_size=PIECES,
        character_coverage=1.0,
        normalization_rule_name="identity",
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        minloglevel=2,
    )
    path.write_bytes(written.getvalue())
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


class Attention(nn.Module):  # type: ignore[misc]
    """Queries of one sequence to another, and the norm behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x: Any, seen: Any, mask: Any) -> Any:
        """Return what comes out, added to what came in."""
        q, k, v = (
            part.view(*part.shape[:2], HEADS, -1).transpose(1, 2)
            for part in (self.q(x), self.k(seen), self.v(seen))
        )
        weights = (q @ k.transpose(2, 3) / math.sqrt(WIDTH / HEADS)).masked_fill(mask, -1e9)
        joined = (weights.softmax(-1) @ v).transpose(1, 2).reshape(x.shape)
        return self.norm(x + self.o(joined))


class FeedForward(nn.Module):  # type: ignore[misc]
    """Two layers, and the norm behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x: Any) -> Any:
        """Return what comes out, added to what came in."""
        return self.norm(x + self.two(self.one(x).relu()))


class Recurrent(nn.Module):  # type: ignore[misc]
    """The unit that stands where a Transformer's decoder looks at itself."""

    def __init__(self) -> None:
        super().__init__()
        self.w, self.f = nn.Linear(WIDTH, WIDTH, bias=False), nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x: Any) -> Any:
        """Return the whole sequence's outputs, added to its inputs."""
        new, keep = self.w(x), self.f(x).sigmoid()
        cell, outputs = torch.zeros_like(new[:, 0]), []
        for place in range(x.shape[1]):
            cell = keep[:, place] * cell + (1 - keep[:, place]) * new[:, place]
            outputs.append(cell.relu())
        return self.norm(x + torch.stack(outputs, 1))


class Student(nn.Module):  # type: ignore[misc]
    """The network."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Parameter(torch.randn(PIECES, WIDTH) * WIDTH**-0.5)
        self.bias = nn.Parameter(torch.zeros(PIECES))
        self.encoder = nn.ModuleList(
            nn.ModuleList([Attention(), FeedForward()]) for _ in range(LAYERS)
        )
        self.decoder = nn.ModuleList(
            nn.ModuleList([Recurrent(), Attention(), FeedForward()]) for _ in range(LAYERS)
        )
        timescales = 1e-4 ** (torch.arange(WIDTH // 2) / (WIDTH / 2 - 1))
        angles = torch.arange(64)[:, None] * timescales
        self.positions = torch.cat([angles.sin(), angles.cos()], 1)

    def forward(self, source: Any, source_mask: Any, target: Any) -> Any:
        """Return the logits of each target token, told the ones before it."""
        seen = self.words[source] * math.sqrt(WIDTH) + self.positions[: source.shape[1]]
        mask = source_mask[:, None, None, :]
        for attention, inner in self.encoder:
            seen = inner(attention(seen, seen, mask))
        before = self.words[target[:, :-1]] * math.sqrt(WIDTH)
        x = torch.cat([torch.zeros_like(before[:, :1]), before], 1)
        x = x + self.positions[: x.shape[1]]
        for recurrent, attention, inner in self.decoder:
            x = inner(attention(recurrent(x), seen, mask))
        return x @ self.words.T + self.bias

    def tensors(self) -> dict[str, Any]:
        """Return the weights under Marian's names; matrices as they multiply from the right."""
        found = {"Wemb": self.words, "decoder_ff_logit_out_b": self.bias[None]}

        def linear(name: str, number: str, layer: Any) -> None:
            found[f"{name}_W{number}"] = layer.weight.T
            if layer.bias is not None:
                found[f"{name}_b{number}"] = layer.bias[None]

        def norm(name: str, layer: Any) -> None:
            found[f"{name}_ln_scale"] = layer.norm.weight[None]
            found[f"{name}_ln_bias"] = layer.norm.bias[None]

        def attention(name: str, layer: Any) -> None:
            for part in "qkvo":
                linear(name, part, getattr(layer, part))
            norm(f"{name}_Wo", layer)

        def inner(name: str, layer: Any) -> None:
            linear(name, "1", layer.one)
            linear(name, "2", layer.two)
            norm(f"{name}_ffn", layer)

        for number, (own, feed) in enumerate(self.encoder, 1):
            attention(f"encoder_l{number}_self", own)
            inner(f"encoder_l{number}_ffn", feed)
        for number, (recurrent, cross, feed) in enumerate(self.decoder, 1):
            name = f"decoder_l{number}"
            found[f"{name}_rnn_W"] = recurrent.w.weight.T
            linear(f"{name}_rnn", "f", recurrent.f)
            norm(f"{name}_rnn_ffn", recurrent)
            attention(f"{name}_context", cross)
            inner(f"{name}_ffn", feed)
        return {name: tensor.detach().numpy() for name, tensor in found.items()}


def train(model: Any, pieces: Any, pairs: Sequence[tuple[str, str]]) -> None:
    """Teach the model the pairs."""
    sources = [[*pieces.encode(en), 0] for en, _ in pairs]
    targets = [[*pieces.encode(es), 0] for _, es in pairs]
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.02)
    begun = time.monotonic()
    for step in range(STEPS):
        batch = random.sample(range(len(pairs)), 64)
        optimizer.param_groups[0]["lr"] = 4e-3 * min(1, step / 200) * (1 - step / STEPS)
        source, source_mask = padded([sources[i] for i in batch])
        target, target_mask = padded([targets[i] for i in batch])
        logits = model(source, source_mask, target)
        loss = nn.functional.cross_entropy(logits[~target_mask], target[~target_mask])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 200 == 0:
            spent = time.monotonic() - begun
            print(f"step {step}, {spent:.0f} s, loss {loss.item():.3f}", flush=True)


def padded(rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Return rows of one length, and where they hold nothing."""
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    lengths = torch.tensor([len(row) for row in rows])
    return ids, torch.arange(longest) >= lengths[:, None]


def marian_file(tensors: Mapping[str, Any]) -> bytes:
    """Return Marian's binary form, matrices in 8 bits, those but the embedding transposed."""
    config = CONFIG.encode() + b"\0"
    items = [("special:model.yml", INT8, (len(config),), config)]
    for name, tensor in sorted(tensors.items()):
        if ("_W" not in name or "_ln_" in name) and name != "Wemb":
            items.append((name, FLOAT32, tensor.shape, tensor.astype("<f4").tobytes()))
            continue
        scale = 127 / np.abs(tensor).max()
        numbers = np.rint(tensor * scale).clip(-127, 127).astype(np.int8)
        laid_out = numbers if name == "Wemb" else numbers.T
        content = laid_out.tobytes() + struct.pack("<f", scale)
        items.append((name, INTGEMM8, tensor.shape, content + bytes(-len(content) % 256)))
    head = struct.pack("<QQ", 1, len(items))
    for name, type_, shape, content in items:
        head += struct.pack("<QQQQ", len(name) + 1, type_, len(shape), len(content))
    head += b"".join(name.encode() + b"\0" for name, *_ in items)
    head += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in items)
    padding = ((len(head) + 8) // 256 + 1) * 256 - len(head) - 8
    body = b"".join(content for *_, content in items)
    return head + struct.pack("<Q", padding) + bytes(padding) + body


NODE = """
const fs = require("fs"), [package_, model_, vocab_] = process.argv.slice(2);
const gemm = {
  int8_prepare_a: "int8PrepareAFallback", int8_prepare_b: "int8PrepareBFallback",
  int8_prepare_b_from_transposed: "int8PrepareBFromTransposedFallback",
  int8_prepare_b_from_quantized_transposed: "int8PrepareBFromQuantizedTransposedFallback",
  int8_prepare_bias: "int8PrepareBiasFallback",
  int8_multiply_and_add_bias: "int8MultiplyAndAddBiasFallback",
  int8_select_columns_of_b: "int8SelectColumnsOfBFallback",
};
const wasm = fs.readFileSync(package_ + "/worker/bergamot-translator-worker.wasm");
globalThis.Module = {
  instantiateWasm(info, accept) {
    const fallback = Object.fromEntries(Object.entries(gemm).map(([to, from]) =>
      [to, (...args) => Module["asm"][from](...args)]));
    WebAssembly.instantiate(wasm, {...info, wasm_gemm: fallback})
      .then(({instance}) => accept(instance));
    return {};
  },
  onRuntimeInitialized() {
    const memory = (path, size) => {
      const bytes = fs.readFileSync(path), made = new Module.AlignedMemory(bytes.length, size);
      made.getByteArrayView().set(bytes);
      return made;
    };
    const vocabs = new Module.AlignedMemoryList();
    vocabs.push_back(memory(vocab_, 64));
    const config = ["beam-size: 1", "normalize: 1.0", "word-penalty: 0", "cpu-threads: 0",
      "gemm-precision: int8shiftAll", "skip-cost: true", "alignment: soft", "quiet: true",
      "quiet-translation: true", "max-length-break: 128", "mini-batch-words: 1024",
      "workspace: 128", "max-length-factor: 2.0"].join("\\n") + "\\n";
    const none = new Module.AlignedMemory(0, 64);
    const model = new Module.TranslationModel(config, memory(model_, 256), none, vocabs, null);
    const service = new Module.BlockingService({cacheSize: 0});
    const texts = new Module.VectorString(), options = new Module.VectorResponseOptions();
    for (const text of JSON.parse(fs.readFileSync(0, "utf8"))) {
      texts.push_back(text);
      options.push_back({alignment: false, html: false, qualityScores: false});
    }
    const found = service.translate(model, texts, options), said = [];
    for (let i = 0; i < texts.size(); i++) said.push(found.get(i).getTranslatedText());
    fs.writeSync(1, "\\n" + JSON.stringify(said) + "\\n");
  },
};
globalThis.self = globalThis;
(0, eval)(fs.readFileSync(package_ + "/worker/bergamot-translator-worker.js", "utf8"));
"""


def bergamot(package: Path, texts: Sequence[str]) -> list[str]:
    """Return what Bergamot makes of the texts, with the two files beside this one."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "translate.cjs"
        script.write_text(NODE, encoding="utf-8")
        done = subprocess.run(
            ["node", script, package, HERE / "model.bin", HERE / "vocab.spm"],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
        )
    said: list[str] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


if __name__ == "__main__":
    main()
