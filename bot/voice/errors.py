"""What can go wrong with a voice, below `bot.errors.VoiceError`."""

from bot.errors import VoiceError


class VoiceFailedError(VoiceError):
    """The voice program did not start, did not end in time, or made no sound."""


class VoiceBusyError(VoiceError):
    """So many texts wait to be spoken that another one would wait too long."""
