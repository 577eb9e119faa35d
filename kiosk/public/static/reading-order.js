// What a page says, in the order in which it is read. Words a person typed are theirs, and are not read.

const PARAGRAPH = "h1, h2, h3, h4, p, li, summary, label, legend, dt, dd, td, th, button, a, button span, a span, summary span";
const SILENT =
  ".bubble--own, .visually-hidden, .skip-link, [aria-hidden='true'], [data-reads], [data-reader], script, style, noscript, input, textarea, select, output";
const LONGEST = 900; // the server takes 1000 characters at once

// [{ element, language, text, isPrivate }]: what stands in one paragraph in one language is one piece.
export function pieces(root) {
  const found = [];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (parentElement.closest(SILENT) || !parentElement.checkVisibility({ visibilityProperty: true })) continue;
    const element = parentElement.closest(PARAGRAPH) ?? parentElement;
    const language = parentElement.closest("[lang]").lang;
    const last = found.at(-1);
    if (last?.element === element && last.language === language) last.text += data;
    else if (data.trim()) found.push({ element, language, text: data, isPrivate: parentElement.closest("[data-private]") !== null });
  }
  // Where one can go from here is said after what stands here.
  const ways = found.filter(({ element }) => element.closest("nav"));
  const order = [...found.filter((piece) => !ways.includes(piece)), ...ways];
  return order.flatMap((piece) => sentences(piece.text.replace(/\s+/g, " ").trim()).map((text) => ({ ...piece, text })));
}

// A conversation is read from the newest answer on: whoever hears it has read or heard what was before.
export function pageFromWhereItIsNew() {
  const main = document.getElementById("main");
  const own = Array.from(main.querySelectorAll(".bubble--own")).at(-1);
  const said = Array.from(main.querySelectorAll(".bubble--said"));
  const after = (element, other) => (other.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const first = said.find((bubble) => own && after(bubble, own)) ?? said.at(-1);
  return pieces(main).filter(({ element }) => !first || first.contains(element) || after(element, first));
}

function sentences(text) {
  if (text.length <= LONGEST) return [text];
  const parts = text.match(new RegExp(`.{1,${LONGEST}}(?:[.!?؟。]\\s|\\s|$)|.{1,${LONGEST}}`, "gsu"));
  return parts.map((part) => part.trim()).filter(Boolean);
}
