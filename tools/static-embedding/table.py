"""The table as the run time reads it: int8 rows, a scale per row, the mean text vector, the vocabulary."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from wordpiece import WordPiece


@dataclass
class Table:
    vocabulary: list[str]
    rows: np.ndarray  # int8, (tokens, dimensions)
    scales: np.ndarray  # float32, (tokens,): a row's true value is scale * row
    mean: np.ndarray  # float32, (dimensions,): mean of the corpus' unit text vectors
    seen: np.ndarray  # uint8, (tokens,): log2(1 + how often the corpus holds the token), rounded down

    @classmethod
    def quantise(cls, vocabulary: list[str], rows: np.ndarray, counts: sparse.csr_array) -> "Table":
        """@param counts token counts of the whole corpus, one row a text"""
        scales = (np.abs(rows).max(axis=1) / 127).astype(np.float32)
        quantised = np.round(rows / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
        seen = np.floor(np.log2(1 + counts.sum(axis=0))).astype(np.uint8)
        table = cls(vocabulary, quantised, scales, np.zeros(rows.shape[1], np.float32), seen)
        table.mean = unit(counts @ table.values()).mean(axis=0)
        return table

    @classmethod
    def load(cls, directory: Path) -> "Table":
        model = json.loads((directory / "model.json").read_text())
        rows = np.fromfile(directory / "rows.i8", np.int8).reshape(model["tokens"], model["dimensions"])
        scales, mean = (np.fromfile(directory / name, "<f4") for name in ("scales.f32", "mean.f32"))
        seen = np.fromfile(directory / "seen.u8", np.uint8)
        return cls((directory / "vocabulary.txt").read_text().splitlines(), rows, scales, mean, seen)

    def save(self, directory: Path, trained: dict) -> None:
        """Writes the files and `model.json`, whose revision is the SHA-256 of all the others' digests."""
        directory.mkdir(parents=True, exist_ok=True)
        self.rows.tofile(directory / "rows.i8")
        self.scales.astype("<f4").tofile(directory / "scales.f32")
        self.mean.astype("<f4").tofile(directory / "mean.f32")
        self.seen.tofile(directory / "seen.u8")
        (directory / "vocabulary.txt").write_text("\n".join(self.vocabulary) + "\n")
        names = ["rows.i8", "scales.f32", "mean.f32", "seen.u8", "vocabulary.txt"]
        digests = {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in names}
        model = {
            "revision": hashlib.sha256("".join(digests.values()).encode()).hexdigest()[:12],
            "tokens": self.rows.shape[0],
            "dimensions": self.rows.shape[1],
            "trained": trained,
            "sha256": digests,
        }
        (directory / "model.json").write_text(json.dumps(model, indent=2) + "\n")

    def values(self) -> np.ndarray:
        return self.rows.astype(np.float32) * self.scales[:, None]

    def embed(self, texts: list[str]) -> np.ndarray:
        """Unit vectors, float32 (len(texts), dimensions); all zero for a text without a known token."""
        summed = WordPiece(self.vocabulary).rows(texts) @ self.values()
        known = np.abs(summed).max(axis=1, keepdims=True) > 0
        return np.where(known, unit(unit(summed) - self.mean), 0).astype(np.float32)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
