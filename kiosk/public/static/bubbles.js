// Builds bubbles from data, the same as templates/bubble.html does. Words only ever become text, never markup.

function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const paragraphs = (texts) => texts.map((text) => element("p", {}, [text]));
const list = (items) => (items.length ? [element("ul", {}, items.map((item) => element("li", {}, [item])))] : []);

function block({ kind, heading, lines, items }) {
  switch (kind) {
    case "heading":
      return [element("h2", {}, [heading]), ...paragraphs(lines)];
    case "steps":
      return [...(heading ? [element("h3", {}, [heading])] : []), ...paragraphs(lines), ...list(items)];
    case "paragraph":
      return [...paragraphs(lines), ...list(items)];
    default:
      return [element("div", { class: kind }, [...paragraphs(lines), ...list(items)])];
  }
}

function choice({ label, token, link }) {
  const shared = { class: "button", "data-testid": "choice" };
  if (link) return element("a", { ...shared, href: link }, [label]);
  return element("button", { ...shared, type: "submit", form: "choice", name: "token", value: token }, [label]);
}

// Its words and their direction are the page's, whatever language is spoken in the bubble.
function ear() {
  const { lang, dir } = document.documentElement;
  const words = document.getElementById("messages").dataset.readAloud;
  const attributes = { class: "button button--quiet bubble__ear", type: "button", "data-reads": "bubble", "data-testid": "read-bubble", lang, dir };
  return element("button", attributes, [element("span", { class: "ear" }), element("span", {}, [words])]);
}

export function saidBubble(id, { language, direction, purpose, private: isPrivate, blocks, buttons }) {
  const parts = [element("div", { class: "bubble__body" }, blocks.flatMap(block))];
  if (buttons.length) parts.push(element("div", { class: "choices" }, buttons.map(choice)));
  parts.push(ear());
  return element(
    "article",
    {
      class: `bubble bubble--said bubble--${purpose}`,
      "data-testid": "message-said",
      "data-id": id,
      lang: language,
      dir: direction,
      ...(isPrivate && { "data-private": "" }),
    },
    parts,
  );
}

export function ownBubble(text, you) {
  return element("article", { class: "bubble bubble--own", "data-testid": "message-own" }, [
    element("span", { class: "visually-hidden" }, [you]),
    element("p", { class: "bubble__words", dir: "auto" }, [text]),
  ]);
}

export function mark(bubble, state, words) {
  bubble.querySelector(".bubble__state")?.remove();
  if (!state) {
    bubble.removeAttribute("data-state");
    return;
  }
  bubble.setAttribute("data-state", state);
  bubble.append(element("p", { class: "bubble__state" }, [words]));
}
