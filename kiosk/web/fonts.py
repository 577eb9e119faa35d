"""Cuts the fonts of the pages to the letters that the pages use: a part of `python -m kiosk.web.assets`.

Noto (SIL Open Font License 1.1, https://openfontlicense.org) draws every letter of every language here. A page needs a
fraction of it. So each file is cut in two: `used` has the letters of our words and alphabets, `rest` all others, and
`unicode-range` lets a browser fetch the rest only when somebody types such a letter. Needs no other module of ours:
it also runs where a wheel is built.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from string import ascii_letters, digits, punctuation
from typing import Final
from unicodedata import category

from fontTools import subset
from fontTools.ttLib import TTFont

WEIGHTS: Final = (400, 600)
"""Plain and bold. Between and beyond them a browser takes the nearer one."""

ALPHABETS: Final = {
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzâîû",
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيـًٌٍَُِّْٰ",
    "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیةيكًٌٍَُِّْٰٔ",
    "prs": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیةيكًٌٍَُِّْٰٔ",
    "ps": "ءآأؤئابپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکګلمنڼهةوۇۉيېۍیۀګًٌٍَُِّْٰٔ",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "fr": "aàâæbcçdeéèêëfghiîïjklmnoôœpqrstuùûüvwxyÿz",
    "kmr": "abcçdeêfghiîjklmnopqrsştuûvwxyz",
    "so": "abcdefghijklmnopqrstuvwxyz",
    "ckb": "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەیێ",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "uz": "abcdefghijklmnopqrstuvxyzʻʼ",
    "ur": "ءآأؤئابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھۂۃیۓًٌٍَُِّْٰ",
}
"""The letters of each language of `content/languages.yaml`, small ones where there are two (after Unicode CLDR,
https://cldr.unicode.org, exemplar characters)."""

SIGNS: Final = digits + "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹" + punctuation + " \u00a0،؛؟٪٫٬«»‹›“”„‘’‚–—…·•№€₺°§×→←\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Cut:
    """One file of `@fontsource`: `{}` is the weight. `blocks` are the ranges (Unicode blocks) it is asked for."""

    name: str
    family: str
    source: str
    blocks: tuple[range, ...]


CUTS: Final = (
    Cut(
        "latin",
        "Noto Sans",
        "@fontsource/noto-sans/files/noto-sans-latin-{}-normal.woff2",
        # Not the joiners U+200C and U+200D: they belong to the Arabic word that they stand in.
        (range(0x20, 0x100), range(0x131, 0x132), range(0x152, 0x154), range(0x2BB, 0x2BD), range(0x200E, 0x2200)),
    ),
    Cut(
        "latin-ext",
        "Noto Sans",
        "@fontsource/noto-sans/files/noto-sans-latin-ext-{}-normal.woff2",
        (range(0x100, 0x300), range(0x1E00, 0x1F00), range(0x20A0, 0x20D0), range(0x2100, 0x2150)),
    ),
    Cut(
        "cyrillic",
        "Noto Sans",
        "@fontsource/noto-sans/files/noto-sans-cyrillic-{}-normal.woff2",
        (range(0x400, 0x530), range(0x2116, 0x2117)),
    ),
    Cut(
        "cyrillic-ext",
        "Noto Sans",
        "@fontsource/noto-sans/files/noto-sans-cyrillic-ext-{}-normal.woff2",
        (range(0x400, 0x530),),
    ),
    Cut(
        "arabic",
        "Noto Sans Arabic",
        "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-{}-normal.woff2",
        (range(0x600, 0x700), range(0x750, 0x780), range(0x8A0, 0x900), range(0x200C, 0x200E), range(0xFB50, 0xFF00)),
    ),
)


def letters_in_use(folders: Iterable[Path]) -> frozenset[str]:
    """Every letter of our alphabets, small and capital, our signs, and whatever else the words in `folders` hold."""
    found = set(SIGNS + ascii_letters)
    for alphabet in ALPHABETS.values():
        found |= set(alphabet) | set(alphabet.upper()) | {"İ"}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix in (".md", ".yaml", ".po"):
                found |= set(path.read_text(encoding="utf-8"))
    return frozenset(letter for letter in found if category(letter) != "Cc")


def build(packages: Path, target: Path, used: frozenset[str]) -> None:
    """Write the fonts and `fonts.css` into `target`. `packages` is npm's `node_modules`."""
    rules: list[str] = []
    # What was fetched by one file is not fetched by the next: the order of `CUTS` decides.
    drawn: dict[int, set[int]] = {weight: set() for weight in WEIGHTS}
    for cut, weight in product(CUTS, WEIGHTS):
        source = packages / cut.source.format(weight)
        wanted = {code for block in cut.blocks for code in block}
        codes = (set(_characters(source)) & wanted) - (drawn[weight] if cut.family == "Noto Sans" else set())
        if cut.family == "Noto Sans":
            drawn[weight] |= codes
        now = {code for code in codes if chr(code) in used}
        for part, of_part in (("used", now), ("rest", codes - now)):
            if of_part:
                name = f"{cut.name}-{weight}-{part}.woff2"
                _cut(source, target / name, of_part)
                rules.append(_rule(cut.family, weight, name, of_part))
    (target / "fonts.css").write_text("".join(rules), encoding="utf-8")


def _characters(source: Path) -> Iterator[int]:
    with TTFont(source, lazy=True) as font:
        yield from font.getBestCmap()


def _cut(source: Path, target: Path, codes: set[int]) -> None:
    # All features stay: without them Arabic letters do not join. Hints are for screens of old.
    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False, notdef_outline=True)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def _rule(family: str, weight: int, name: str, codes: set[int]) -> str:
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: normal; font-display: swap; '
        f'src: url("{name}") format("woff2"); unicode-range: {", ".join(_ranges(codes))}; }}\n'
    )


def _ranges(codes: set[int]) -> Iterator[str]:
    """The codes as CSS writes them: `U+61-7A`."""
    begin = last = None
    for code in [*sorted(codes), None]:
        if last is not None and code != last + 1:
            yield f"U+{begin:X}" if begin == last else f"U+{begin:X}-{last:X}"
            begin = code
        elif last is None:
            begin = code
        last = code
