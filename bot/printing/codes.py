"""Codes that a phone's camera reads (QR, ISO/IEC 18004): an address as a drawing for pages and paper.

Owns the measures of a code. What it leads to on paper and on shared screens is public: such a code never holds
anything about a person. The one that is secret is the key of a second factor, on the screen of its owner.
"""

from dataclasses import dataclass
from typing import Final

import segno

QUIET: Final = 4
"""White modules around the code, which the standard asks for."""


@dataclass(frozen=True, slots=True)
class Code:
    """The code of `address`. `modules` counts one side without the quiet zone; `markup` is one `svg` element."""

    address: str
    modules: int
    markup: str

    def __html__(self) -> str:
        """For templates, which otherwise escape everything. Who shows it says in words what it is."""
        return self.markup


def code(address: str) -> Code:
    """A code that is still read with 15 % of it hidden (error correction M)."""
    drawn = segno.make(address, error="m", micro=False)
    side = len(drawn.matrix)
    markup = drawn.svg_inline(omitsize=True, border=QUIET, dark="#000", light="#fff", svgclass="code__drawing")
    hidden = markup.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return Code(address, side, hidden)
