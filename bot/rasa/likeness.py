"""How alike a text and the examples are, as cosines: by meaning (encoder vectors) and by spelling (character n-grams).

Numbers only: no Rasa. Both kinds keep what they learnt in plain arrays.
"""

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

    def among(self, rows: slice) -> Any:
        """Some examples against all."""
        return self.examples[rows] @ self.examples.T

    def arrays(self) -> dict[str, Any]:
        return {"mean": self.mean, "vectors": self.examples}

    @classmethod
    def of_arrays(cls, arrays: Any) -> "Meaning":
        return cls(arrays["mean"], arrays["vectors"])


@dataclass(frozen=True)
class Spelling:
    """Unit rows of n-gram counts: logarithms of the counts, rare n-grams weighted more, those seen once left out."""

    weights: Any
    examples: Any

    @classmethod
    def fitted(cls, counts: Any) -> "Spelling":
        """`counts`: sparse, shape (examples, n-grams)."""
        seen = np.bincount(counts.indices, minlength=counts.shape[1])
        weights = np.where(seen > 1, np.log((1 + counts.shape[0]) / (1 + seen)) + 1, 0.0).astype(np.float32)
        return cls(weights, cls._weighted(counts, weights))

    @staticmethod
    def _weighted(counts: Any, weights: Any) -> Any:
        rows = sparse.csr_matrix(counts, dtype=np.float32)
        rows.data = (1 + np.log(rows.data)) * weights[rows.indices]
        rows.eliminate_zeros()
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        return (sparse.diags(1 / np.maximum(lengths, 1e-9)) @ rows).tocsr().astype(np.float32)

    def cosines(self, counts: Any) -> Any:
        """Shape (texts, examples)."""
        return (self._weighted(counts, self.weights) @ self.examples.T).toarray()

    def among(self, rows: slice) -> Any:
        """Some examples against all."""
        return (self.examples[rows] @ self.examples.T).toarray()

    def arrays(self) -> dict[str, Any]:
        e = self.examples
        return {
            "weights": self.weights,
            "data": e.data,
            "indices": e.indices.astype(np.int32),
            "rows": e.indptr.astype(np.int32),
        }

    @classmethod
    def of_arrays(cls, arrays: Any) -> "Spelling":
        weights, rows = arrays["weights"], arrays["rows"]
        shape = (len(rows) - 1, len(weights))
        return cls(weights, sparse.csr_matrix((arrays["data"], arrays["indices"], rows), shape=shape))


def _unit(vectors: Any) -> Any:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
