"""The words of machine translation: what can go wrong, and the doors that it is asked through. Pure."""

from typing import Final, Protocol

from bot.errors import TranslationError

LONGEST: Final = 3000
"""Code points of one text: what a person may write to a case at once (`bot.cases.model.MOST_CHARACTERS`)."""


class NoWay(TranslationError):  # noqa: N818 - the names of this tree say what is the case
    """No installed model leads from the one language to the other, not even by way of English."""


class TooSlow(TranslationError):  # noqa: N818
    """The deadline passed, or too many texts wait already."""


class NotTranslatable(TranslationError):  # noqa: N818
    """The text is longer than `LONGEST`, or the model gave nothing that can be shown."""


class Engine(Protocol):
    """Translates, and takes its time: call it from a thread. Languages are codes of our registry."""

    def leads(self, source: str, target: str) -> bool:
        """Whether `translate` has a way between the two. Looks at the disk, loads no model."""

    def translate(self, text: str, source: str, target: str) -> str:
        """The text in the other language, line by line. Raises NoWay, NotTranslatable."""
