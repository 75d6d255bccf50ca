"""Make the fixture beside this file: a small Marian model as Hugging Face has them.

    python tests/mt/data/marian/make.py --pairs tatoeba.en-es.tsv.gz --held-out tatoeba-dev.tsv

`--pairs` and `--held-out`: English TAB Spanish, of tatoeba.org (CC BY 2.0 FR, by its
contributors). It needs torch, transformers, sentencepiece and sacremoses, in an environment of
their own, and takes three minutes on two cores. Nothing else runs it: the tests read what it
wrote, so they need none of these.

`models.tar.xz` holds two models. `en-es` was trained on short sentences and has the
configuration of Helsinki-NLP/opus-mt-en-es, with fewer and narrower layers; its weights are
there in all three forms in which such repositories have them. `separate` is not trained: it has
two vocabularies, a token for each target language, ReLU and a bias on every logit.
`expected.json.gz` holds what transformers makes of them.
"""

import argparse
import gzip
import importlib
import io
import json
import lzma
import random
import shutil
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import sentencepiece

torch = importlib.import_module("torch")
safetensors = importlib.import_module("safetensors.torch")
transformers = importlib.import_module("transformers")

HERE = Path(__file__).parent
WIDTH, HEADS, INNER, LAYERS = 48, 4, 96, 2
PIECES = 330
COMMON_WORDS = 260
"""Sentences of other words are left out, so that so small a model can learn the rest."""
STEPS = 3000
ANSWERS, SCORED, TOKENISED = 30, 6, 500

SHAPE = {
    "activation_function": "swish",
    "add_bias_logits": False,
    "add_final_layer_norm": False,
    "bos_token_id": 0,
    "d_model": WIDTH,
    "decoder_attention_heads": HEADS,
    "decoder_ffn_dim": INNER,
    "decoder_layers": LAYERS,
    "dropout": 0.0,
    "encoder_attention_heads": HEADS,
    "encoder_ffn_dim": INNER,
    "encoder_layers": LAYERS,
    "eos_token_id": 0,
    "forced_eos_token_id": 0,
    "max_length": 512,
    "max_position_embeddings": 512,
    "normalize_before": False,
    "normalize_embedding": False,
    "num_beams": 1,
    "scale_embedding": True,
    "static_position_embeddings": True,
}

ODD_TEXTS = (
    "", "  ", "I  see \t you .", "“Who?” she said…", "It costs 1.234,56 €!", "naïve café, señor",
    "日本語 and русский", "😀 Hello", "HELLO", "e-mail: a_b@c.org", "x" * 70, "l'été — déjà vu",
    "¿Qué?", ">>fra<< I see you.", "a >>fra<< b", "<unk> </s> <pad>", "ﬁne ½ ①", "it's Tom's.",
)  # fmt: skip


def main() -> None:
    """Train, record, pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, required=True)
    arguments = parser.parse_args()
    random.seed(7)
    torch.manual_seed(7)
    torch.set_num_threads(1)
    with gzip.open(arguments.pairs, "rt", encoding="utf-8") as file:
        pairs = everyday(line.rstrip("\n").split("\t")[:2] for line in file)
    held_out = [
        line.split("\t")[:2] for line in arguments.held_out.read_text(encoding="utf-8").splitlines()
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        trained, separate = root / "en-es", root / "separate"
        expected = make_trained(trained, pairs) | make_separate(separate, trained)
        expected["tokens"] = {
            "en": tokenised(trained, [en for en, _ in held_out]),
            "es": tokenised(reversed_(trained, root / "es-en"), [es for _, es in held_out]),
        }
        pack(root, HERE / "models.tar.xz")
    with gzip.GzipFile(HERE / "expected.json.gz", "wb", mtime=0) as file:
        file.write(json.dumps(expected, ensure_ascii=False, separators=(",", ":")).encode())


def everyday(lines: Iterator[Sequence[str]]) -> list[tuple[str, str]]:
    """Return the short pairs that need nothing but the commonest words of each side."""
    short = [(en, es) for en, es in lines if len(en.split()) <= 7 and len(es.split()) <= 8]
    for _ in range(2):  # with the rare words' sentences gone, other words are common
        common = [
            {word for word, _ in Counter(w for p in short for w in words(p[i])).most_common(n)}
            for i, n in ((0, COMMON_WORDS), (1, 2 * COMMON_WORDS))
        ]
        short = [p for p in short if all(set(words(p[i])) <= common[i] for i in (0, 1))]
    return short


def words(text: str) -> list[str]:
    """Return the words of a text without their marks, in small letters."""
    return [word.strip(".,!?¿¡\"'").lower() for word in text.split()]


def make_trained(folder: Path, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Train the model and save it in every form; return what transformers makes of it."""
    folder.mkdir()
    for name, side in (("source", 0), ("target", 1)):
        train_pieces(folder / f"{name}.spm", [pair[side] for pair in pairs])
    # Marian's own vocabulary holds what its training text had: not quite every piece.
    unused = 3
    learnt = [piece for name in ("source", "target") for piece in known(folder, name)[:-unused]]
    vocabulary = ["</s>", "<unk>", *dict.fromkeys(learnt), "<pad>"]
    write(folder / "vocab.json", {token: number for number, token in enumerate(vocabulary)})
    write(folder / "tokenizer_config.json", {"source_lang": "eng", "target_lang": "spa"})
    tokenizer = transformers.MarianTokenizer.from_pretrained(folder)
    model = new_model(len(vocabulary))
    print(f"{len(pairs)} pairs, {len(vocabulary)} tokens, {model.num_parameters()} weights")
    train(model, tokenizer, pairs)
    with torch.no_grad():  # two bytes of each weight are zero then, which packs well
        for name, parameter in model.named_parameters():
            if "embed_positions" not in name:
                parameter.copy_(parameter.bfloat16().float())
    save(model, folder)
    unseen = sorted({en for en, _ in random.sample(pairs, 400)})
    asked = random.sample(unseen, ANSWERS)
    answers = [answer(model, tokenizer, text) for text in asked]
    for text, said in zip(asked, answers, strict=True):
        print(f"  {text}\t{said}")
    scores = {}
    for activation in ("swish", "relu", "gelu"):
        config = transformers.MarianConfig(**SHAPE | {"activation_function": activation}
                                           | vocabulary_config(len(vocabulary)))  # fmt: skip
        other = transformers.MarianMTModel(config).eval()
        other.load_state_dict(model.state_dict())
        scores[activation] = [
            scored(other, tokenizer, text, said)
            for text, said in islice(zip(asked, answers, strict=True), SCORED)
        ]
    return {"answers": list(zip(asked, answers, strict=True)), "scores": scores}


def make_separate(folder: Path, trained: Path) -> dict[str, Any]:
    """Save an untrained model of two vocabularies; return what transformers makes of it."""
    folder.mkdir()
    for name in ("source", "target"):
        shutil.copy(trained / f"{name}.spm", folder)
    sides = {}
    for name, marks in (("source", [">>spa<<", ">>fra<<", ">>cmn_Hans<<"]), ("target", [])):
        tokens = ["</s>", "<unk>", *marks, *known(folder, name), "<pad>"]
        sides[name] = {token: number for number, token in enumerate(tokens)}
    write(folder / "vocab.json", sides["source"])
    write(folder / "target_vocab.json", sides["target"])
    write(folder / "tokenizer_config.json", {"separate_vocabs": True})
    config = transformers.MarianConfig(
        **SHAPE | {"d_model": 16, "encoder_ffn_dim": 24, "decoder_ffn_dim": 24}
        | {"encoder_layers": 1, "decoder_layers": 2, "activation_function": "relu"}
        | {"scale_embedding": False, "share_encoder_decoder_embeddings": False}
        | vocabulary_config(len(sides["source"]))
        | {"decoder_vocab_size": len(sides["target"])}
        | {"pad_token_id": len(sides["target"]) - 1}
        | {"decoder_start_token_id": len(sides["target"]) - 1}
    )  # fmt: skip
    model = transformers.MarianMTModel(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.4).copy_(parameter.bfloat16().float())
        for positions in (model.model.encoder, model.model.decoder):
            positions.embed_positions.weight.copy_(positions.embed_positions.create_weight())
        for side in (model.model.encoder, model.model.decoder):
            side.embed_tokens.weight[-1] = 0
        model.final_logits_bias.normal_(0, 1)
        model.final_logits_bias.copy_(model.final_logits_bias.bfloat16().float())
    model.save_pretrained(folder)
    tokenizer = transformers.MarianTokenizer.from_pretrained(folder)
    texts = [f"{mark} {text}" for mark, text in zip(
        (">>spa<<", ">>fra<<", ">>cmn_Hans<<"), ("Hello.", "I see you.", "Where is Tom?"),
        strict=True)]  # fmt: skip
    said = "Te veo."
    return {
        "separate": [
            {"ids": tokenizer(text).input_ids} | scored(model, tokenizer, text, said)
            for text in texts
        ]
    }


def train_pieces(path: Path, sentences: Sequence[str]) -> None:
    """Train a SentencePiece model."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=(written := io.BytesIO()),
        vocab_size=PIECES,
        character_coverage=1.0,
        normalization_rule_name="identity",  # its table would be most of the fixture
        minloglevel=2,
    )
    path.write_bytes(written.getvalue())


def known(folder: Path, name: str) -> list[str]:
    """Return the pieces of a SentencePiece model that spell text."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{name}.spm"))
    ids = range(pieces.get_piece_size())
    return [
        pieces.id_to_piece(i) for i in ids if not (pieces.is_control(i) or pieces.is_unknown(i))
    ]


def vocabulary_config(size: int) -> dict[str, Any]:
    """Return what a configuration says of a vocabulary whose last token is <pad>."""
    return {
        "vocab_size": size,
        "decoder_vocab_size": size,
        "pad_token_id": size - 1,
        "decoder_start_token_id": size - 1,
        "bad_words_ids": [[size - 1]],
    }


def new_model(size: int) -> Any:
    """Return an untrained model."""
    return transformers.MarianMTModel(transformers.MarianConfig(**SHAPE, **vocabulary_config(size)))


def train(model: Any, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> None:
    """Teach the model the pairs."""
    sources = [tokenizer(en).input_ids for en, _ in pairs]
    targets = [tokenizer(text_target=es).input_ids for _, es in pairs]
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    begun = time.monotonic()
    for step in range(STEPS):
        batch = random.sample(range(len(pairs)), 64)
        optimizer.param_groups[0]["lr"] = 4e-3 * min(1, step / 200) * (1 - step / STEPS)
        ids = padded([sources[i] for i in batch], model.config.pad_token_id)
        labels = padded([targets[i] for i in batch], -100)
        loss = model(
            input_ids=ids, attention_mask=ids.ne(model.config.pad_token_id), labels=labels
        ).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():  # the vector from which it starts to decode stays zero
            model.model.shared.weight[-1] = 0
        if step % 200 == 0:
            spent = time.monotonic() - begun
            print(f"step {step}, {spent:.0f} s, loss {loss.item():.3f}", flush=True)
    model.eval()


def padded(rows: Sequence[Sequence[int]], fill: int) -> Any:
    """Return rows of one length."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows])


def save(model: Any, folder: Path) -> None:
    """Save as such repositories were filled over the years: twice a pickle, then safetensors."""
    model.save_pretrained(folder)
    state = model.state_dict()
    torch.save(state, folder / "pytorch_model.bin")
    torch.save(state, folder / "pytorch_model.2020.bin", _use_new_zipfile_serialization=False)


def answer(model: Any, tokenizer: Any, text: str) -> str:
    """Return the greedy translation."""
    ids = tokenizer(text, return_tensors="pt")
    pad = model.config.pad_token_id
    out = model.generate(**ids, num_beams=1, do_sample=False, max_length=60, bad_words_ids=[[pad]])
    return str(tokenizer.decode(out[0], skip_special_tokens=True))


def scored(model: Any, tokenizer: Any, text: str, said: str) -> dict[str, Any]:
    """Return the logarithms of the target tokens' likelihoods, and where each layer looked."""
    source = tokenizer(text, return_tensors="pt")
    target = tokenizer(text_target=said).input_ids
    begin = torch.tensor([[model.config.decoder_start_token_id, *target[:-1]]])
    model.set_attn_implementation("eager")
    with torch.no_grad():
        out = model(**source, decoder_input_ids=begin, output_attentions=True)
    # Without <pad>, which is never said.
    likely = out.logits[0, :, :-1].log_softmax(-1)[range(len(target)), target]
    return {
        "source": text,
        "target": said,
        "log_probs": [round(value, 6) for value in likely.tolist()],
        "attention": [
            [[round(value, 5) for value in row] for row in layer[0].mean(0).tolist()]
            for layer in out.cross_attentions
        ],
    }


def reversed_(folder: Path, target: Path) -> Path:
    """Return a copy of a model's tokenizer for the other direction."""
    target.mkdir()
    for name, other in (("source", "target"), ("target", "source")):
        shutil.copy(folder / f"{name}.spm", target / f"{other}.spm")
    for name in ("vocab.json", "tokenizer_config.json"):
        shutil.copy(folder / name, target)
    return target


def tokenised(folder: Path, texts: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Return the ids that the tokenizer makes of odd texts and of held-out sentences."""
    tokenizer = transformers.MarianTokenizer.from_pretrained(folder)
    chosen = [*ODD_TEXTS, *texts[: TOKENISED - len(ODD_TEXTS)]]
    return [(text, tokenizer(text).input_ids) for text in chosen]


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON as transformers does."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")


def pack(root: Path, target: Path) -> None:
    """Pack the two models; the same weights in another form cost next to nothing."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for folder in (root / "en-es", root / "separate"):
            for path in sorted(folder.iterdir()):
                entry = tarfile.TarInfo(f"{folder.name}/{path.name}")
                entry.size = path.stat().st_size
                archive.addfile(entry, io.BytesIO(path.read_bytes()))
    target.write_bytes(lzma.compress(packed.getvalue(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main()
