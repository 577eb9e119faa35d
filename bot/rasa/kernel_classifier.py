"""Rasa component that classifies intents by kernel ridge regression over sentence vectors.

Encoder vectors of one meaning in two languages lie close together, but the classes are not linearly separable: a radial
kernel over the centred vectors was clearly better than Rasa's logistic regression on the same data, most of all for
languages without training examples (docs/decisions/0003-understanding.md has the figures). Training is one linear
solve. A message without a sentence vector keeps the ranking of the classifier before it.
"""

from typing import Any, Final, Self

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_FILE: Final = "kernel.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelIntentClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa's classes carry no types
    """Scores are `exp(-gamma * |x - x_i|^2) @ weights`; confidences are their softmax, sharpened by `sharpness`.

    Rasa calls the methods by the names of their parameters, so those may not change.
    """

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._fitted: dict[str, Any] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ridge` (regularisation), `gamma` (width of the kernel), `sharpness` (of the confidences),
        `ranking_length` (intents named in the answer)."""
        return {"ridge": 0.07, "gamma": 1.0, "sharpness": 16.0, "ranking_length": 12}

    @classmethod
    def required_components(cls) -> list[type]:
        """A dense featurizer must stand before this component in the pipeline."""
        return [DenseFeaturizer]

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
        """The trained classifier; one that changes nothing when the model was trained without the encoder."""
        classifier = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as arrays:
                classifier._fitted = {name: arrays[name] for name in arrays.files}
        except ValueError:
            classifier._fitted = {}
        return classifier

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises ValueError for a setting that is not a positive number."""
        for name in cls.get_default_config():
            if name in config and not config[name] > 0:
                raise ValueError(f"{cls.__name__}: {name} must be greater than 0, not {config[name]!r}")

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the weights and stores them. Does nothing when no example has a sentence vector."""
        pairs = [(_vector(example), example.get(INTENT)) for example in training_data.intent_examples]
        pairs = [(vector, intent) for vector, intent in pairs if vector is not None and intent]
        if not pairs:
            return self._resource
        vectors = np.stack([vector for vector, _ in pairs]).astype(np.float64)
        intents, positions, counts = np.unique([intent for _, intent in pairs], return_inverse=True, return_counts=True)
        mean = vectors.mean(axis=0)
        centred = _centred(vectors, mean)
        kernel = _kernel(centred, centred, self._config["gamma"])
        # A rare intent's examples weigh more, by the square root: equal weight would let the rarest ones win too often.
        ridge = self._config["ridge"] * np.sqrt(counts / counts.mean())[positions]
        weights = np.linalg.solve(kernel + np.diag(ridge), np.eye(len(intents))[positions])
        self._fitted = {
            "intents": intents,
            "mean": mean.astype(np.float32),
            "vectors": centred.astype(np.float32),
            "weights": weights.astype(np.float32),
        }
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, **self._fitted)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking on every message that has a sentence vector."""
        for message in messages:
            vector = _vector(message)
            if self._fitted and vector is not None:
                self._classify(message, vector)
        return messages

    def _classify(self, message: Message, vector: Any) -> None:
        fitted = self._fitted
        similarity = _kernel(_centred(vector[None, :], fitted["mean"]), fitted["vectors"], self._config["gamma"])
        scores = self._config["sharpness"] * (similarity @ fitted["weights"])[0]
        confidences = np.exp(scores - scores.max())
        confidences /= confidences.sum()
        order = np.argsort(-confidences)[: int(self._config["ranking_length"])]
        ranking = [
            {INTENT_NAME_KEY: str(fitted["intents"][i]), PREDICTED_CONFIDENCE_KEY: float(confidences[i])} for i in order
        ]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _vector(message: Message) -> Any:
    _, sentence = message.get_dense_features(TEXT)
    return sentence.features[0] if sentence else None


def _centred(vectors: Any, mean: Any) -> Any:
    shifted = vectors - mean
    return shifted / np.linalg.norm(shifted, axis=1, keepdims=True)


def _kernel(left: Any, right: Any, gamma: float) -> Any:
    # Both sides hold unit vectors, so their squared distance is 2 - 2 * cosine.
    return np.exp(-gamma * np.maximum(0.0, 2.0 - 2.0 * left @ right.T))
