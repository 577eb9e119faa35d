"""Rasa component that gives each message the encoder's sentence vector as a dense feature.

Adds nothing when the encoder is absent, so that the pipeline behind it can carry on with other features.
"""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa.encoder import load_encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):  # type: ignore[misc]  # Rasa's classes carry no types here
    """Sets one sentence feature of shape (1, 384) on every message that has text.

    Rasa calls `process` and `process_training_data` by the names of their parameters, so those may not change.
    """

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._encoder = load_encoder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceFeaturizer":
        """Called by Rasa for training and for prediction alike: there is nothing to load but the encoder."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """The component has no settings of its own."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Features the messages in place."""
        for message in messages:
            self._feature(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Features the training examples in place."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        if self._encoder is not None:
            texts = [example.get(TEXT) for example in examples]
            vectors = self._encoder.vectors(texts)
            for example, vector in zip(examples, vectors, strict=True):
                self._add(example, vector)
        return training_data

    def _feature(self, message: Message) -> None:
        text = message.get(TEXT)
        if self._encoder is not None and text:
            self._add(message, self._encoder.vector(text))

    def _add(self, message: Message, vector: Any) -> None:
        if vector is not None:
            message.add_features(
                Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS])
            )
