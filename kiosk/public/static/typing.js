// Brings a keyboard to the field of this page on a kiosk's screen, which has none of its own. The words stay in the field.

// A touch screen larger than a telephone in both directions. On a telephone its own keyboard comes: people know it.
const KIOSK = "(any-pointer: coarse) and (min-width: 500px) and (min-height: 500px)";

const part = document.getElementById("keyboard");
const field = document.querySelector("[data-keyboard]");

async function bring() {
  const { lang } = document.documentElement;
  const [{ Keys }, { default: own }] = await Promise.all([import("./keyboard.js"), import(`./layouts/${lang}.js`)]);
  const keys = new Keys(part, field, own, close);
  const open = () => {
    if (part.hidden) keys.cameUnderTheFinger();
    part.hidden = false;
    for (const place of [part, field]) place.scrollIntoView({ block: "nearest" });
  };
  // Only now: whoever gets no keyboard from here shall get that of the machine.
  field.inputMode = "none";
  field.addEventListener("click", open);
  for (const place of [part, field]) place.addEventListener("keydown", ({ key }) => key === "Escape" && close());
  // What comes in answer is read on the whole screen.
  field.form.addEventListener("submit", close);
  // A question that only this field answers begins with its keyboard; the conversation begins with what was said.
  if (field.autofocus || document.activeElement === field) open();
}

function close() {
  // The focus would be lost with the key that has it.
  if (part.contains(document.activeElement)) field.focus();
  part.hidden = true;
}

// After the page, which is read first. Where the line was lost meanwhile, the field works without keys, and the next page
// brings them.
if (part && field && matchMedia(KIOSK).matches) addEventListener("load", () => bring().catch(() => {}));
