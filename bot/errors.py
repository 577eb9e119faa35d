"""The one tree of errors. Leaves live beside the code that raises them; every branch starts here.

    RehberError
    ├── SettingsError            a setting is missing or wrong; start-up stops
    ├── ContentError             a topic, registry or catalogue file is wrong; names file, reason, remedy
    ├── AssistantError           Rasa gave no usable answer within the deadline
    ├── CaseApiError             the office's case system gave no usable answer
    ├── ChannelError             a message could not be delivered to a person
    ├── CaseError                a hand-over is not possible as asked (claimed by another, closed)
    ├── VoiceError               a text could not be read aloud
    ├── TranslationError         a text could not be translated by machine
    ├── PrintingError            a paper could not be made, or a printer did not take it
    └── LaunchError              a local process did not start

Who handles them: the hub turns `AssistantError` and `CaseApiError` into an honest notice, the outbox turns
`ChannelError` into a delivery state, the staff door turns `CaseError` and `TranslationError` into a page, the public
door does the same with `VoiceError` and `PrintingError`, the commands print the rest.
"""


class RehberError(Exception):
    """Root of all errors that Rehber raises on purpose. The text says what happened, why, and what to do."""


class SettingsError(RehberError):
    """A setting is missing or wrong."""


class ContentError(RehberError):
    """A file of `content/` or `locales/` cannot be used."""


class AssistantError(RehberError):
    """Rasa did not answer, answered nothing, or answered something that is not a list of keys."""


class CaseApiError(RehberError):
    """The case system did not give an answer that can be shown."""


class ChannelError(RehberError):
    """A message could not be delivered."""


class CaseError(RehberError):
    """A hand-over is not possible as asked."""


class VoiceError(RehberError):
    """A text could not be read aloud."""


class TranslationError(RehberError):
    """A text could not be translated by machine."""


class PrintingError(RehberError):
    """A paper could not be made or printed."""


class LaunchError(RehberError):
    """A local process did not start or did not become ready."""
