"""What can be measured on a screen: who can touch it, what is written on it, and whether it fits.

The measure is a panel of 32 inches with 1080 by 1920 pixels. On one of 27 inches (0.311 mm a pixel) everything is 84 %
as long.
"""

from dataclasses import dataclass
from math import hypot
from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

PORTRAIT: Final = (1080, 1920)
LANDSCAPE: Final = (1920, 1080)
PITCH_MM: Final = 32 * 25.4 / hypot(*PORTRAIT)
"""Millimetres from one pixel of the panel to the next: 0.369."""
SIZES: Final = {
    "portrait": PORTRAIT,
    "landscape": LANDSCAPE,
    "portrait-twice": (540, 960),
    "landscape-twice": (960, 540),
}
"""Viewports: a panel upright and lying, and both with everything enlarged to 200 %."""
SCRIPTS: Final = ("tr", "ar", "ps")
"""Languages that stand for the others where all ten would take too long: left to right, and twice right to left."""
MAIN_MM: Final = 20
OTHER_MM: Final = 15
GAP_MM: Final = 3

_CONTROLS: Final = """() => Array.from(document.querySelectorAll(
    "button, a[href], summary, input:not([type=hidden]), textarea, select, [tabindex]:not([tabindex='-1']):not(.log)"))
  .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".skip-link"))
  // What a dialog covers cannot be touched.
  .filter(element => !document.querySelector("dialog:modal") || element.closest("dialog:modal"))
  .map(element => {
    const box = element.getBoundingClientRect();
    return { main: element.matches(".button, .tile, .wall__language, .input"),
             height: box.height, width: box.width,
             left: box.left, right: box.right, top: box.top, bottom: box.bottom,
             part: element.closest("dialog, .keyboard, .log, .page, .wall, .composer, .bar, .top")?.className ?? "",
             what: element.outerHTML.slice(0, 110) }; })"""

_WORDS: Final = """() => {
  const language = element => element.closest("[lang]").lang;
  const found = [[document.documentElement.lang, document.title]];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!element.closest("script, noscript") && node.data.trim()) found.push([language(element), node.data]);
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      if (element.getAttribute(name)) found.push([language(element), element.getAttribute(name)]);
  return found.map(([code, words]) => [code, words.replace(/[\\u2066-\\u2069]/g, "").replace(/\\s+/g, " ").trim()]);
}"""

_NAMELESS: Final = """() => Array.from(
    document.querySelectorAll("button, a[href], summary, input:not([type=hidden]), textarea"))
  .filter(element => element.checkVisibility())
  .filter(element => !(element.getAttribute("aria-label") || element.textContent.trim() ||
                       Array.from(element.labels ?? [], label => label.textContent.trim()).join("")))
  .map(element => element.outerHTML.slice(0, 110))"""

_SIDEWAYS: Final = """() => [document.documentElement, ...document.querySelectorAll(".log, .page, .wall, dialog[open]")]
  .filter(part => part.scrollWidth > part.clientWidth)
  .map(part => [part.className || part.localName, part.scrollWidth, part.clientWidth].join(" "))"""

_AXE: Final = """options => axe.run(document, options).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 200)}`)))"""

_RULES: Final = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
_COLOURS: Final = {"runOnly": ["color-contrast", "color-contrast-enhanced"], "resultTypes": ["violations"]}


@dataclass(frozen=True, slots=True)
class Words:
    """Something that is written on a screen or read out, and the language that it says it is in."""

    language: str
    text: str


async def words(page: Page) -> list[Words]:
    return [Words(language, text) for language, text in await page.evaluate(_WORDS)]


async def sideways(page: Page) -> list[str]:
    """Parts of the page that are wider than they show."""
    return list(await page.evaluate(_SIDEWAYS))


async def hard_to_touch(page: Page) -> list[str]:
    """Controls that are too small, stand too near to another one, or have no name."""
    controls: list[dict[str, Any]] = await page.evaluate(_CONTROLS)
    assert controls
    small = [
        f"{control['width'] * PITCH_MM:.1f} by {control['height'] * PITCH_MM:.1f} mm: {control['what']}"
        for control in controls
        if min(control["height"], control["width"]) * PITCH_MM < (MAIN_MM if control["main"] else OTHER_MM)
    ]
    return small + _too_near(controls) + [f"no name: {what}" for what in await page.evaluate(_NAMELESS)]


def _too_near(controls: list[dict[str, Any]]) -> list[str]:
    """Controls with less than the gap between them, in both directions. What is scrolled away lies under the bar."""
    least = GAP_MM / PITCH_MM
    return [
        f"too near: {one['what']} and {other['what']}"
        for number, one in enumerate(controls)
        for other in controls[number + 1 :]
        if one["part"] == other["part"]
        and max(one["left"], other["left"]) - min(one["right"], other["right"]) < least
        and max(one["top"], other["top"]) - min(one["bottom"], other["bottom"]) < least
    ]


async def out_of_reach(page: Page) -> list[str]:
    """Controls above the lower third, where the page is scrolled to its beginning.

    While keys stand there, they and the bar count: the keys type, send and go away, and all else is low again then.
    """
    await page.evaluate("document.querySelectorAll('.log, .page, .wall').forEach(part => part.scrollTo(0, 0))")
    controls: list[dict[str, Any]] = await page.evaluate(_CONTROLS)
    height = await page.evaluate("innerHeight")
    if await page.locator(".keyboard").is_visible():
        controls = [control for control in controls if control["part"] in ("keyboard", "bar")]
    return [control["what"] for control in controls if control["top"] < height * 2 / 3]


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page (WCAG 2.2 A and AA, and good practice), one line each."""
    await page.evaluate(Axe().axe_script)
    return list(await page.evaluate(_AXE, _RULES))


async def pale(page: Page) -> list[str]:
    """Text with a contrast of less than 7:1. `violations` of the same page come first: they bring axe there."""
    return list(await page.evaluate(_AXE, _COLOURS))
