"""Trains the builtin embedding table: python train.py --corpus texts.txt.gz --teachers minilm.jar bge.jar --out DIR"""

import argparse
import gzip
import hashlib
import time
from pathlib import Path

import numpy as np
from scipy import sparse

from distil import combine, ridge, rotate, tune, weighted_tokens
from table import Table
from teacher import Teacher, text_vectors, token_vectors
from wordpiece import WordPiece


def main() -> None:
    options = parse_options()
    corpus = gzip.decompress(options.corpus.read_bytes()).decode().splitlines()
    teachers = [Teacher.from_jar(jar) for jar in options.teachers]
    vocabulary = common_vocabulary(teachers)
    wordpiece = WordPiece(vocabulary)
    counts = wordpiece.rows(corpus)
    report(f"{len(corpus)} texts, {int(counts.sum())} tokens, {len(vocabulary)} pieces")

    # The corpus is shuffled, so its head is a fair sample; a text without a known token teaches nothing.
    known = counts.sum(axis=1) > 0
    head = np.flatnonzero(known[: options.texts])
    vectors = [text_vectors(teacher, corpus[: options.texts], options.cache)[head] for teacher in teachers]
    targets = combine(vectors, [teacher.astype(np.float32).mean(axis=0) for teacher in vectors])
    tokens = [token_vectors(teacher, len(vocabulary), options.cache) for teacher in teachers]
    report(f"teacher vectors of {len(head)} texts")

    rows = weighted_tokens(vocabulary, tokens, counts.sum(axis=0))
    shares = shares_of(counts[head])
    rows = ridge(shares, targets, rows)
    report("ridge regression done")
    rows = rotate(rows, options.dimensions)
    rows = tune(rows, shares, targets, options.steps, options.seed)
    report("tuning done")

    trained = {
        "texts": len(head),
        "steps": options.steps,
        "seed": options.seed,
        "corpus_sha256": hashlib.sha256(options.corpus.read_bytes()).hexdigest(),
        "teachers": [teacher.name for teacher in teachers],
    }
    Table.quantise(vocabulary, rows, counts[known]).save(options.out, trained)
    report(f"written to {options.out}")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="gzip, UTF-8, one text a line, shuffled")
    parser.add_argument("--teachers", type=Path, nargs="+", required=True, help="jars with an .onnx and a tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("teacher-vectors"), help="teacher vectors are kept here")
    parser.add_argument("--texts", type=int, default=106496, help="texts the teachers embed (the whole corpus is counted)")
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def common_vocabulary(teachers: list[Teacher]) -> list[str]:
    """The pieces by id; the teachers must share one vocabulary, because the student has one tokeniser."""
    vocabularies = [teacher.tokenizer.get_vocab() for teacher in teachers]
    if any(vocabulary != vocabularies[0] for vocabulary in vocabularies):
        raise SystemExit("the teachers' vocabularies differ")
    return sorted(vocabularies[0], key=vocabularies[0].__getitem__)


def shares_of(counts: sparse.csr_array) -> sparse.csr_array:
    """Token counts divided by their row's sum."""
    return sparse.csr_array(sparse.diags_array((1 / counts.sum(axis=1)).astype(np.float32)) @ counts)


def report(message: str) -> None:
    print(f"[{time.process_time():.0f} CPU s] {message}", flush=True)


if __name__ == "__main__":
    main()
