"""How well a table groups labelled texts: python evaluate.py --table DIR --datasets DIR"""

import argparse
import gzip
import json
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score

from table import Table

SEEDS = 3
NEIGHBOURS = 10
SAMPLE = 3000
# The least the shipped table must reach, in percent: (NMI, kNN purity). A large set is thinned to SAMPLE rows.
BARS = {
    "banking77-test": (73.5, 68.0, None),
    "clinc150-test": (85.0, 76.0, None),
    "sgd-intent-turns": (77.5, 79.0, SAMPLE),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--datasets", type=Path, required=True, help="holds banking77-test.jsonl.gz and the others")
    options = parser.parse_args()
    table = Table.load(options.table)
    failed = False
    for name, (least_nmi, least_purity, sample) in BARS.items():
        texts, labels = read(options.datasets / f"{name}.jsonl.gz", sample)
        vectors = table.embed(texts)
        scores = [nmi(vectors, labels, seed) for seed in range(SEEDS)]
        score, purity = float(np.mean(scores)), knn_purity(vectors, labels)
        failed |= score < least_nmi or purity < least_purity
        print(f"{name}: NMI {score:.1f} (>= {least_nmi}), kNN purity@{NEIGHBOURS} {purity:.1f} (>= {least_purity})", flush=True)
    raise SystemExit(1 if failed else 0)


def read(path: Path, sample: int | None) -> tuple[list[str], np.ndarray]:
    """Texts and labels; with `sample`, that many rows at even distances."""
    rows = [json.loads(line) for line in gzip.open(path, "rt", encoding="utf-8")]
    if sample is not None:
        rows = [rows[position * len(rows) // sample] for position in range(sample)]
    return [row["text"] for row in rows], np.array([row["label"] for row in rows])


def nmi(vectors: np.ndarray, labels: np.ndarray, seed: int) -> float:
    """Normalised mutual information of k-means with the true k, in percent."""
    clusters = KMeans(len(set(labels)), n_init=1, random_state=seed).fit_predict(vectors)
    return 100 * normalized_mutual_info_score(labels, clusters)


def knn_purity(vectors: np.ndarray, labels: np.ndarray) -> float:
    """Share of a text's nearest neighbours that carry its label, in percent."""
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, -np.inf)
    nearest = np.argpartition(-similarities, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return 100 * float((labels[nearest] == labels[:, None]).mean())


if __name__ == "__main__":
    main()
