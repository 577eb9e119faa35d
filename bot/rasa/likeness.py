"""How alike a text and the examples are, as cosines: by meaning (encoder vectors) and by spelling (character n-grams).

Numbers only: no Rasa. Both kinds keep what they learnt in plain arrays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Meaning:
    """Centred unit vectors of the examples: the encoder's vectors all lean to one side."""

    mean: Any
    examples: Any

    @classmethod
    def fitted(cls, vectors: Any) -> "Meaning":
        """`vectors`: shape (examples, dimensions)."""
        mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(mean, _unit(vectors - mean))

    def cosines(self, vectors: Any) -> Any:
        """Shape (texts, examples)."""
        return _unit(vectors - self.mean) @ self.examples.T

    def among(self, rows: int) -> Iterator[Any]:
        """The examples against all, `rows` of them at a time."""
        for start in range(0, len(self.examples), rows):
            yield self.examples[start : start + rows] @ self.examples.T

    def arrays(self) -> dict[str, Any]:
        return {"mean": self.mean, "vectors": self.examples}

    @classmethod
    def of_arrays(cls, arrays: Any) -> "Meaning":
        return cls(arrays["mean"], arrays["vectors"])


@dataclass(frozen=True)
class Spelling:
    """N-gram counts as unit vectors: logarithms of the counts, rare n-grams weighted more, those seen once left out.

    `by_ngram` is sparse, shape (n-grams, examples): a text looks only at the rows of its own n-grams.
    """

    rarity: Any
    by_ngram: Any

    @classmethod
    def fitted(cls, counts: Any) -> "Spelling":
        """`counts`: sparse, shape (examples, n-grams)."""
        seen = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.where(seen > 1, np.log((1 + counts.shape[0]) / (1 + seen)) + 1, 0.0).astype(np.float32)
        return cls(rarity, cls._weighted(counts, rarity).T.tocsr())

    @staticmethod
    def _weighted(counts: Any, rarity: Any) -> Any:
        rows = sparse.csr_matrix(counts, dtype=np.float32, copy=True)
        rows.data = (1 + np.log(rows.data)) * rarity[rows.indices]
        rows.eliminate_zeros()
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        return (sparse.diags(1 / np.maximum(lengths, 1e-9)) @ rows).tocsr().astype(np.float32)

    def cosines(self, counts: Any) -> Any:
        """Shape (texts, examples)."""
        return (self._weighted(counts, self.rarity) @ self.by_ngram).toarray()

    def among(self, rows: int) -> Iterator[Any]:
        """The examples against all, `rows` of them at a time."""
        examples = self.by_ngram.T.tocsr()
        for start in range(0, examples.shape[0], rows):
            yield (examples[start : start + rows] @ self.by_ngram).toarray()

    def arrays(self) -> dict[str, Any]:
        n = self.by_ngram
        return {
            "rarity": self.rarity,
            "data": n.data,
            "indices": n.indices.astype(np.int32),
            "starts": n.indptr.astype(np.int32),
            "examples": np.array(n.shape[1]),
        }

    @classmethod
    def of_arrays(cls, arrays: Any) -> "Spelling":
        rarity, parts = arrays["rarity"], (arrays["data"], arrays["indices"], arrays["starts"])
        return cls(rarity, sparse.csr_matrix(parts, shape=(len(rarity), int(arrays["examples"]))))


def _unit(vectors: Any) -> Any:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
