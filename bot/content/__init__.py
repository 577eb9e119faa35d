"""What Rehber knows: topics with their facts, texts, laws and phone numbers, read from `content/`.

Read-only. Words for people come from here or from the gettext catalogues and from nowhere else.
"""

from bot.content.library import Library, load_library
from bot.content.text import Section, TextStatus, TopicText
from bot.content.topic import LegalBasis, Topic

__all__ = ["LegalBasis", "Library", "Section", "TextStatus", "Topic", "TopicText", "load_library"]
