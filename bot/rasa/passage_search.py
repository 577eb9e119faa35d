"""Rasa component that looks into the texts when no intent is sure: which topics say something like the question?

Adds `retrieved` to what Rasa says of a message, topics with their similarity, most similar first; it never changes the
intent. The actions offer them beside the classifier's guesses (docs/decisions/0003-understanding.md has the ablation).
"""

from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa.encoder import load_encoder
from bot.rasa.passages import read_passages
from bot.rasa.vector_cache import VectorCache

RETRIEVED: Final = "retrieved"
_FILE: Final = "passages.npz"
_FALLBACK: Final = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PassageSearch(GraphComponent):  # type: ignore[misc]  # Rasa's classes carry no types
    """A topic is as similar as its most similar passage. Needs the sentence vector of `SentenceFeaturizer`.

    Rasa calls the methods by the names of their parameters, so those may not change.
    """

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._passages: dict[str, Any] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`topics` (the folder of the texts, from the repository's root), `length` (topics named)."""
        return {"topics": "content/topics", "length": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """A search that has yet to read the texts."""
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
        """The search over the texts of the training; one that finds nothing when there was no encoder."""
        search = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as arrays:
                search._passages = {name: arrays[name] for name in arrays.files}
        except ValueError:
            search._passages = {}
        return search

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises ValueError for a folder without texts."""
        topics = Path({**cls.get_default_config(), **config}["topics"])
        if not topics.is_dir():
            raise ValueError(f"{cls.__name__}: {topics} is no folder; run from the repository's root")

    def train(self, training_data: TrainingData) -> Resource:
        """Encodes every passage. The training examples play no part."""
        encoder = load_encoder()
        if encoder is None:
            return self._resource
        passages = read_passages(Path(self._config["topics"]))
        vectors = encoder.vectors([passage.text for passage in passages], VectorCache.of_the_environment)
        found = [(p.topic, vector) for p, vector in zip(passages, vectors, strict=True) if vector is not None]
        topics, positions = np.unique([topic for topic, _ in found], return_inverse=True)
        self._passages = {
            "topics": topics,
            "positions": positions,
            "vectors": np.stack([vector for _, vector in found]),
        }
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, **self._passages)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds what was found to each message that no intent is sure of."""
        for message in messages:
            unsure = (message.get(INTENT) or {}).get(INTENT_NAME_KEY) == _FALLBACK
            _, sentence = message.get_dense_features(TEXT)
            if unsure and sentence and self._passages:
                message.set(RETRIEVED, self._search(sentence.features[0]), add_to_output=True)
        return messages

    def _search(self, vector: Any) -> list[dict[str, Any]]:
        topics = self._passages["topics"]
        best = np.full(len(topics), -1.0, dtype=np.float32)
        np.maximum.at(best, self._passages["positions"], self._passages["vectors"] @ vector)
        order = np.argsort(-best)[: int(self._config["length"])]
        return [{"name": str(topics[i]), "confidence": float(best[i])} for i in order]
