"""The student's tokeniser: BERT's uncased WordPiece as the run time does it (collector/src/embed/builtin/wordpiece.ts)."""

import re
import unicodedata

import numpy as np
from scipy import sparse

MAX_WORD_LENGTH = 100  # a longer word is unknown, as in BERT
WHITE_SPACE = re.compile("[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")


class WordPiece:
    def __init__(self, vocabulary: list[str]):
        """@param vocabulary the pieces by id; `##` marks one that continues a word"""
        self.size = len(vocabulary)
        self._ids = {piece: id for id, piece in enumerate(vocabulary)}
        self._cache: dict[str, list[int]] = {}

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, unknown words left out, no special tokens."""
        return [id for word in words(text) for id in self._word_ids(word)]

    def rows(self, texts: list[str]) -> sparse.csr_array:
        """One sparse row per text: how often each id occurs, shape (len(texts), size), float32."""
        encoded = [self.encode(text) for text in texts]
        indptr = np.cumsum([0] + [len(ids) for ids in encoded])
        indices = np.fromiter((id for ids in encoded for id in ids), np.int32, indptr[-1])
        counts = sparse.csr_array((np.ones(len(indices), np.float32), indices, indptr), shape=(len(texts), self.size))
        counts.sum_duplicates()
        return counts

    def _word_ids(self, word: str) -> list[int]:
        ids = self._cache.get(word)
        if ids is None:
            ids = self._cache[word] = self._split(word)
        return ids

    def _split(self, word: str) -> list[int]:
        if len(word) > MAX_WORD_LENGTH:
            return []
        ids, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                id = self._ids.get(prefix + word[start:end])
                if id is not None:
                    ids.append(id)
                    start = end
                    break
            else:
                return []
        return ids


def words(text: str) -> list[str]:
    """Lower-cased words without accents; each punctuation character or symbol is a word of its own."""
    plain = unicodedata.normalize("NFD", text.lower())
    spaced = "".join(_space(character) for character in plain)
    return [word for word in WHITE_SPACE.split(spaced) if word]


def is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _space(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "PS":
        return f" {character} "
    if WHITE_SPACE.match(character):
        return " "
    return "" if category[0] == "M" or category in ("Cc", "Cf") else character
