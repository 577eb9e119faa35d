"""Rasa component that looks into the texts when no intent is sure: which topics say something like the question?

Adds `retrieved` to what Rasa says of a message: topics with the likeness of their texts, most alike first. It never
changes the intent; the actions let it move the guesses that they offer (docs/decisions/0003-understanding.md).
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
from bot.rasa.likeness import Meaning
from bot.rasa.passages import read_passages

RETRIEVED: Final = "retrieved"
_FILE: Final = "passages.npz"
_FALLBACK: Final = "nlu_fallback"
_PASSAGES_A_TOPIC: Final = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PassageSearch(GraphComponent):  # type: ignore[misc]  # Rasa's classes carry no types
    """A topic is as like the question as its three passages that are most alike. The likeness is standardised over the
    topics of one question: cosines of this encoder all lie close together. Needs `SentenceFeaturizer`'s vector.

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
        return {"topics": "content/topics", "length": 12}

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
                places = {"topics": arrays["topics"], "positions": arrays["positions"]}
                search._passages = {**places, "meaning": Meaning.of_arrays(arrays)}
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
        vectors = encoder.vectors([passage.text for passage in passages])
        found = [(p.topic, vector) for p, vector in zip(passages, vectors, strict=True) if vector is not None]
        topics, positions = np.unique([topic for topic, _ in found], return_inverse=True)
        meaning = Meaning.fitted(np.stack([vector for _, vector in found]))
        self._passages = {"topics": topics, "positions": positions, "meaning": meaning}
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, topics=topics, positions=positions, **meaning.arrays())
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
        topics, likeness = self._passages["topics"], self._passages["meaning"].cosines(vector[None, :])[0]
        best = np.array([_mean_of_the_best(likeness[self._passages["positions"] == i]) for i in range(len(topics))])
        standardised = (best - best.mean()) / best.std()
        order = np.argsort(-standardised)[: int(self._config["length"])]
        return [{"name": str(topics[i]), "confidence": float(standardised[i])} for i in order]


def _mean_of_the_best(likeness: Any) -> float:
    return float(np.sort(likeness)[-_PASSAGES_A_TOPIC:].mean())
