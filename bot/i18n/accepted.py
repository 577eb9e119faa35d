"""Which of our languages a browser asks for (RFC 9110, section 12.5.4)."""

from collections.abc import Sequence

from babel import negotiate_locale


def accepted(header: str, codes: Sequence[str]) -> str | None:
    """The first of `codes` that the `Accept-Language` header names, in the header's order; None for none of them."""
    wanted = [part.split(";")[0].strip() for part in header.split(",")]
    return negotiate_locale([code for code in wanted if code], codes, sep="-")
