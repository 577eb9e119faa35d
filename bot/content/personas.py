"""The legal situations that rules differ by, as facts and texts name them (law 6458, regulation 2014/6883)."""

from typing import Final

PERSONAS: Final = (
    "ip_applicant",  # applied for international protection, no decision yet
    "refugee",
    "conditional_refugee",
    "subsidiary",  # subsidiary protection
    "tp",  # temporary protection
    "rp_holder",  # has or wants a residence permit
    "student",
    "stateless",
    "uac",  # unaccompanied child
    "trafficking_victim",
    "unregistered",
)

PERSONA_PREFIX: Final = "persona-"
"""Before a persona in the id of a section."""
