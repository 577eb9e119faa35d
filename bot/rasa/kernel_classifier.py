"""Rasa component that classifies intents by kernel ridge regression over what a sentence means and how it is spelt.

Encoder vectors of one meaning in two languages lie close together, but the classes are not linearly separable: a radial
kernel over the centred vectors was clearly better than logistic regression on the same data. A second radial kernel
over weighted character n-grams carries the languages that the encoder hardly knows, and carries all of them alone when
there is no encoder. The two are added; docs/decisions/0003-understanding.md has the figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import linalg, sparse

from bot.rasa.likeness import Meaning, Spelling

_FILE: Final = "kernel.npz"
_ROWS_AT_ONCE: Final = 2000


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelIntentClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa's classes carry no types
    """Scores are `kernel(x, examples) @ weights`; confidences are their softmax, sharpened by `sharpness`.

    Training needs four bytes for each pair of examples: 4.4 GB for 33,000. Rasa calls the methods by the names of their
    parameters, so those may not change.
    """

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._fitted: Fitted | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ridge` (regularisation), `gamma` (width of the kernels), `spelling` (share of the n-gram kernel where there
        is a sentence vector), `sharpness` (of the confidences), `ranking_length` (intents named in the answer),
        `reluctant` (an intent that is chosen with reluctance) and `reluctance` (by how much its score is lowered)."""
        return {
            "ridge": 0.03,
            "gamma": 0.5,
            "spelling": 0.5,
            "sharpness": 16.0,
            "ranking_length": 12,
            "reluctant": "out-of-scope",
            "reluctance": 0.05,
        }

    @classmethod
    def required_components(cls) -> list[type]:
        """A featurizer of each kind must stand before this component in the pipeline."""
        return [DenseFeaturizer, SparseFeaturizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """A classifier that has yet to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """The trained classifier."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as arrays:
            classifier._fitted = Fitted.of_arrays(arrays)
        return classifier

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises ValueError for a setting that is not a positive number."""
        for name, usual in cls.get_default_config().items():
            if isinstance(usual, float | int) and name in config and not config[name] > 0:
                raise ValueError(f"{cls.__name__}: {name} must be greater than 0, not {config[name]!r}")

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the weights and stores them."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and _spelling(e) is not None]
        if not examples:
            return self._resource
        intents, positions, counts = np.unique(
            [example.get(INTENT) for example in examples], return_inverse=True, return_counts=True
        )
        # A rare intent's examples weigh more, by the square root: equal weight would let the rarest ones win too often.
        ridge = (self._config["ridge"] * np.sqrt(counts / counts.mean())[positions]).astype(np.float32)
        targets = np.eye(len(intents), dtype=np.float32)[positions]
        spelling = Spelling.fitted(sparse.vstack([_spelling(example) for example in examples]).tocsr())
        vectors = [_vector(example) for example in examples]
        encoded = all(vector is not None for vector in vectors)
        meaning = Meaning.fitted(np.stack(vectors)) if encoded else None
        blocks = _blocks(meaning, spelling, self._config["gamma"], self._config["spelling"])
        self._fitted = Fitted(intents, meaning, spelling, _solve(blocks, ridge, targets))
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, **self._fitted.arrays())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking on every message that has features."""
        for message in messages:
            counted = _spelling(message)
            if self._fitted is not None and counted is not None:
                self._classify(message, self._fitted, counted)
        return messages

    def _classify(self, message: Message, fitted: "Fitted", counted: Any) -> None:
        gamma, share, vector = self._config["gamma"], self._config["spelling"], _vector(message)
        near = share * _radial(fitted.spelling.cosines(counted), gamma)
        # Without a sentence vector the same weights see the spelling alone: worse, but an answer.
        if vector is not None and fitted.meaning is not None:
            near += (1 - share) * _radial(fitted.meaning.cosines(vector[None, :]), gamma)
        scores = (near @ fitted.weights)[0]
        # To refuse what could be answered is the worse mistake.
        scores[fitted.intents == self._config["reluctant"]] -= self._config["reluctance"]
        sharpened = self._config["sharpness"] * scores
        confidences = np.exp(sharpened - sharpened.max())
        confidences /= confidences.sum()
        order = np.argsort(-confidences)[: int(self._config["ranking_length"])]
        ranking = [
            {INTENT_NAME_KEY: str(fitted.intents[i]), PREDICTED_CONFIDENCE_KEY: float(confidences[i])} for i in order
        ]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


@dataclass(frozen=True)
class Fitted:
    """What training found. `weights` has the shape (examples, intents)."""

    intents: Any
    meaning: Meaning | None
    spelling: Spelling
    weights: Any

    def arrays(self) -> dict[str, Any]:
        """Plain arrays by name, for a file without pickles."""
        meaning = self.meaning.arrays() if self.meaning else {}
        return {"intents": self.intents, "weights": self.weights, **self.spelling.arrays(), **meaning}

    @classmethod
    def of_arrays(cls, arrays: Any) -> "Fitted":
        """The way back."""
        meaning = Meaning.of_arrays(arrays) if "mean" in arrays.files else None
        return cls(arrays["intents"], meaning, Spelling.of_arrays(arrays), arrays["weights"])


def _vector(message: Message) -> Any:
    _, sentence = message.get_dense_features(TEXT)
    return sentence.features[0] if sentence else None


def _spelling(message: Message) -> Any:
    _, sentence = message.get_sparse_features(TEXT)
    return sentence.features if sentence else None


def _radial(cosines: Any, gamma: float) -> Any:
    # Unit vectors: their squared distance is 2 - 2 * cosine.
    return np.exp(-gamma * np.maximum(0.0, 2.0 - 2.0 * cosines))


def _blocks(meaning: Meaning | None, spelling: Spelling, gamma: float, share: float) -> Iterator[Any]:
    """The kernel of the examples among themselves, some rows at a time."""
    spelt = (share * _radial(cosines, gamma) for cosines in spelling.among(_ROWS_AT_ONCE))
    if meaning is None:
        yield from spelt
        return
    for near, cosines in zip(spelt, meaning.among(_ROWS_AT_ONCE), strict=True):
        yield near + (1 - share) * _radial(cosines, gamma)


def _solve(blocks: Iterator[Any], ridge: Any, targets: Any) -> Any:
    """The weights of kernel ridge regression. The kernel, by far the largest thing in a training, is used in place."""
    kernel = np.empty((len(ridge), len(ridge)), dtype=np.float32)
    row = 0
    for block in blocks:
        kernel[row : row + len(block)] = block
        row += len(block)
    kernel[np.diag_indices_from(kernel)] += ridge
    # Transposed, so that the solver can work in place: the matrix is symmetric, and it wants columns first.
    factor = linalg.cho_factor(kernel.T, overwrite_a=True, check_finite=False)
    return linalg.cho_solve(factor, targets, check_finite=False)
