"""From teacher vectors to token rows: weighted token vectors, ridge regression, rotation, soft-contrastive tuning."""

import numpy as np
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans

from table import unit
from wordpiece import is_punctuation

SIF = 1e-4  # smooth inverse frequency: a token of this relative frequency gets half weight (Arora et al. 2017)
PUNCTUATION_WEIGHT = 0.02
FIRST_WORD_ID = 1996  # below: BERT's unused and single-character tokens, kept out of the mean
RIDGE = 0.3
RIDGE_STEPS = 20
TEMPERATURE = 0.06
BATCH = 1024
GROUPS = 300  # neighbourhoods of the teacher space; half of a batch comes from some of them, so that it holds near pairs
GROUPS_A_BATCH = 8
FROM_A_GROUP = BATCH // 2 // GROUPS_A_BATCH
RATE = 0.05
DECAY = (0.9, 0.99)


def combine(vectors: list[np.ndarray], means: list[np.ndarray]) -> np.ndarray:
    """Each teacher's unit vectors, centred, side by side: the dot product is the mean of the teachers' cosines."""
    parts = [unit(teacher.astype(np.float32) - mean) for teacher, mean in zip(vectors, means)]
    return np.concatenate(parts, axis=1) / np.float32(len(parts) ** 0.5)


def weighted_tokens(vocabulary: list[str], tokens: list[np.ndarray], counts: np.ndarray) -> np.ndarray:
    """Teacher token vectors times their weight, float32 (tokens, teacher dimensions); no training yet."""
    means = [teacher[FIRST_WORD_ID:].astype(np.float32).mean(axis=0) for teacher in tokens]
    frequencies = (counts + 0.5) / (counts + 0.5).sum()
    weights = SIF / (SIF + frequencies)
    weights[[all(map(is_punctuation, piece)) or piece.startswith("[") for piece in vocabulary]] = PUNCTUATION_WEIGHT
    return combine(tokens, means) * weights[:, None].astype(np.float32)


def ridge(texts: sparse.csr_array, targets: np.ndarray, start: np.ndarray) -> np.ndarray:
    """
    Moves the rows so that a text's mean row approaches its teacher vector, staying near `start`.
    @param texts token shares, (texts, tokens), rows sum to 1
    Conjugate gradient on (X'X + λI) D = X'(T − XW), one system a column.
    """
    predicted = texts @ start
    start = start * np.float32((predicted * targets).sum() / (predicted * predicted).sum())
    transposed = texts.T.tocsr()
    residual = transposed @ (targets - texts @ start)
    change, direction = np.zeros_like(start), residual.copy()
    size = (residual * residual).sum(axis=0)
    for _ in range(RIDGE_STEPS):
        image = transposed @ (texts @ direction) + np.float32(RIDGE) * direction
        step = size / np.maximum((direction * image).sum(axis=0), 1e-20)
        change += step * direction
        residual -= step * image
        previous, size = size, (residual * residual).sum(axis=0)
        direction = residual + size / np.maximum(previous, 1e-20) * direction
    return start + change


def rotate(rows: np.ndarray, dimensions: int) -> np.ndarray:
    """Keeps the directions that carry most of the rows' length (principal axes without centring)."""
    _, axes = np.linalg.eigh(rows.T @ rows)
    return np.ascontiguousarray(rows @ axes[:, ::-1][:, :dimensions])


def tune(rows: np.ndarray, texts: sparse.csr_array, targets: np.ndarray, steps: int, seed: int) -> np.ndarray:
    """
    Tunes the rows until a batch's similarities rank as the teachers' do: Adam on the mean KL divergence between
    the row-wise softmax of both similarity matrices, their diagonals left out.
    """
    random = np.random.default_rng(seed)
    groups = neighbourhoods(targets, seed)
    rows, first, second = rows.copy(), np.zeros_like(rows), np.zeros_like(rows)
    visits = np.zeros((len(rows), 1), np.float32)
    peak = RATE * float(np.abs(rows).mean())
    for step in range(steps):
        batch = draw(random, len(targets), groups)
        part = texts[batch]
        loss, gradient = contrast(part @ rows, targets[batch])
        used = np.unique(part.indices)
        slope = part[:, used].T @ gradient
        visits[used] += 1
        first[used] += (1 - DECAY[0]) * (slope - first[used])
        second[used] += (1 - DECAY[1]) * (slope * slope - second[used])
        mean = first[used] / (1 - DECAY[0] ** visits[used])
        deviation = np.sqrt(second[used] / (1 - DECAY[1] ** visits[used])) + 1e-12
        rate = peak * min(1 - step / steps, (step + 1) / (0.02 * steps))
        rows[used] -= np.float32(rate) * mean / deviation
        if step % 50 == 0 or step == steps - 1:
            print(f"step {step}: KL {loss:.3f}", flush=True)
    return rows


def contrast(sums: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """KL divergence of a batch and its gradient in the unnormalised text vectors."""
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    vectors = sums / lengths
    wanted, found = softmax(targets @ targets.T), softmax(vectors @ vectors.T)
    loss = float((wanted * np.log(np.maximum(wanted, 1e-12) / np.maximum(found, 1e-12))).sum() / len(sums))
    pull = found - wanted
    gradient = (pull + pull.T) @ vectors / np.float32(TEMPERATURE * len(sums))
    tangent = gradient - vectors * (gradient * vectors).sum(axis=1, keepdims=True)
    return loss, tangent / lengths


def softmax(similarities: np.ndarray) -> np.ndarray:
    logits = similarities / np.float32(TEMPERATURE)
    np.fill_diagonal(logits, -np.inf)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def neighbourhoods(targets: np.ndarray, seed: int) -> list[np.ndarray]:
    labels = MiniBatchKMeans(GROUPS, random_state=seed, n_init=1, batch_size=4096).fit_predict(targets[:, ::2])
    members = [np.flatnonzero(labels == group) for group in range(GROUPS)]
    return [group for group in members if len(group) >= FROM_A_GROUP]


def draw(random: np.random.Generator, size: int, groups: list[np.ndarray]) -> np.ndarray:
    """A batch of distinct texts: half from anywhere, half from a few neighbourhoods."""
    chosen = random.choice(len(groups), GROUPS_A_BATCH, replace=False)
    near = [random.choice(groups[group], FROM_A_GROUP, replace=False) for group in chosen]
    return np.unique(np.concatenate([random.choice(size, BATCH // 2, replace=False), *near]))
