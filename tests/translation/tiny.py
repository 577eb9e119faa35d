"""A model of translation that tests can make in two seconds: real format, real tokenizer, real network, chance weights.

What it says means nothing. That it says it by the way that a large model takes is what the tests are about.
"""

import json
import shutil
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import sentencepiece

WORDS = (
    "please come to the office with your papers tomorrow at nine lütfen yarın saat dokuzda belgelerinizle ofise gelin "
    "من فضلك تعال غدا إلى المكتب مع أوراقك في الساعة التاسعة 0 1 2 3 4 5 6 7 8 9 . , ? ! : - ( ) "
)
SIZE = 32


def make_model(folder: Path, source: str, target: str) -> Path:
    """A package file `translate-<source>_<target>.argosmodel` in `folder`."""
    name = f"translate-{source}_{target}"
    root = folder / name
    (root / "model").mkdir(parents=True)
    tokens = _tokenizer(root)
    _network(root / "model", tokens)
    described = {
        "package_version": "1.0",
        "argos_version": "1.9",
        "from_code": source,
        "from_name": source,
        "to_code": target,
        "to_name": target,
    }
    (root / "metadata.json").write_text(json.dumps(described), encoding="utf-8")
    packed = folder / f"{name}.argosmodel"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob("*")):
            archive.write(path, path.relative_to(folder))
    shutil.rmtree(root)
    return packed


def allow(file: Path, lists: Path) -> None:
    """Add the file to a list of allowed models."""
    with lists.open("a", encoding="utf-8") as opened:
        opened.write(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n")


def _tokenizer(root: Path) -> list[str]:
    sentences = root / "sentences.txt"
    sentences.write_text("\n".join([WORDS] * 40), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(sentences),
        model_prefix=str(root / "sentencepiece"),
        vocab_size=150,
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
    )
    sentences.unlink()
    (root / "sentencepiece.vocab").unlink()
    trained = sentencepiece.SentencePieceProcessor(model_file=str(root / "sentencepiece.model"))
    pieces = [trained.id_to_piece(number) for number in range(trained.get_piece_size())]
    return [*pieces, "<blank>"] if "<blank>" not in pieces else pieces


def _network(folder: Path, tokens: list[str]) -> None:
    spec = ctranslate2.specs.TransformerSpec.from_config(num_layers=1, num_heads=2)
    chance = np.random.default_rng(7)

    def some(*shape: int) -> Any:
        return chance.normal(0, 0.5, shape).astype(np.float32)

    def norm(layer: Any) -> None:
        layer.gamma, layer.beta = np.ones(SIZE, np.float32), np.zeros(SIZE, np.float32)

    def attention(layer: Any, *outputs: int) -> None:
        norm(layer.layer_norm)
        for linear, width in zip(layer.linear, outputs, strict=True):
            linear.weight, linear.bias = some(width, SIZE), np.zeros(width, np.float32)

    for side in (spec.encoder, spec.decoder):
        embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embeddings.weight = some(len(tokens), SIZE)
        side.scale_embeddings = True
        norm(side.layer_norm)
        for layer in side.layer:
            attention(layer.self_attention, 3 * SIZE, SIZE)
            if side is spec.decoder:
                attention(layer.attention, SIZE, 2 * SIZE, SIZE)
            norm(layer.ffn.layer_norm)
            layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = some(64, SIZE), np.zeros(64, np.float32)
            layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = some(SIZE, 64), np.zeros(SIZE, np.float32)
    spec.decoder.projection.weight = some(len(tokens), SIZE)
    spec.decoder.projection.bias = np.zeros(len(tokens), np.float32)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.validate()
    spec.save(str(folder))
