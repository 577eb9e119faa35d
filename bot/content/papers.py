"""Which papers people have, and which parts of a topic speak to them: people know their paper, not their legal status.

The names are those of the cards (domain: law 6458 and regulation 2014/6883); nothing here says that a paper is valid.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.content.personas import PERSONA_PREFIX
from bot.content.text import Section, TopicText

PAPERS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = MappingProxyType(
    {
        "tp_card": (("tp",),),
        "applicant_card": (("ip_applicant",),),
        # The card of a status does not tell people apart as the law does: they see each rule under its own heading.
        "status_card": (("refugee", "conditional_refugee", "subsidiary"),),
        "residence_permit": (("rp_holder",),),
        "student_permit": (("student",), ("rp_holder",)),
        "stateless_card": (("stateless",),),
        "none": (("unregistered",),),
    }
)
"""The personas a paper may stand for: groups in the order of preference, the first that a topic speaks to counts."""


def sections_for(text: TopicText, paper: str) -> tuple[Section, ...]:
    """The sections of a topic that are for people with this paper, in the order of the file."""
    for group in PAPERS.get(paper, ()):
        ids = {PERSONA_PREFIX + persona for persona in group}
        if found := tuple(section for section in text.ordered_sections if ids.intersection(section.ids)):
            return found
    return ()


def papers_for(text: TopicText) -> tuple[str, ...]:
    """The papers for which the topic has a section of their own."""
    return tuple(paper for paper in PAPERS if sections_for(text, paper))
