// What stands on a key and what a screen reader calls it. The words come from keyboard.html, in the person's language.

const JOINER = "{joiner}";
const SIGNS = "! @ :";

export class Labels {
  #words;
  #icons;
  #own;
  #send;

  // `part` is the element of keyboard.html, `own` the layout of the person's language, `send` what sends the form.
  constructor(part, own, send) {
    this.#words = part.dataset;
    this.#icons = Array.from(part.querySelector("template").content.children);
    this.#own = own;
    this.#send = send;
  }

  // Puts the label on a key as the library has drawn it. `leadsTo` is the script that a key of letters leads to, if it is one.
  put(key, { leadsTo = "", isPad = false }) {
    const { skbtn: name } = key.dataset;
    const label = key.firstElementChild;
    if (leadsTo) {
      this.#nameScript(key, leadsTo);
      return;
    }
    const icon = this.#icons.find(({ dataset }) => dataset.key === name);
    if (icon) label.append(icon.firstElementChild.cloneNode(true));
    else label.textContent = this.#shown(name);
    const said = this.called(name);
    if (said) key.setAttribute("aria-label", said);
    if (isPad && /\d/.test(name)) this.#addOwnDigit(key, Number(name));
  }

  // The name of a key whose sign does not say it, else undefined.
  called(name) {
    return {
      "{delete}": this.#words.delete,
      "{space}": this.#words.space,
      "{shift}": this.#words.shift,
      "{signs}": this.#words.signs,
      "{close}": this.#words.close,
      "{enter}": this.#send.textContent.trim(),
      [JOINER]: this.#words.joiner,
    }[name];
  }

  #shown(name) {
    if (name === "{signs}") return SIGNS;
    // A mark stands on a letter: shown on the line that Arabic draws for that.
    return /^\p{M}/u.test(name) ? `ـ${name}` : (this.called(name) ?? name);
  }

  // Letters are called by the name of their language; those of Turkish, where no Latin ones are known, by the first three.
  #nameScript(key, script) {
    const label = key.firstElementChild;
    if (script === "own") {
      label.textContent = this.#words.language;
      key.lang = document.documentElement.lang;
    } else if (this.#isLatin()) {
      label.textContent = "Türkçe";
      key.lang = "tr";
    } else {
      label.textContent = "ABC";
      key.setAttribute("aria-label", this.#words.latin);
    }
  }

  #isLatin() {
    return /\p{Script=Latin}/u.test(this.#own.letters[0]);
  }

  // Beside the digit that is written, as it is said: a screen reader says it once.
  #addOwnDigit(key, digit) {
    const own = this.#own.digits?.split(" ").find((sign) => sign.codePointAt(0) % 16 === digit);
    if (!own) return;
    const shown = document.createElement("span");
    shown.className = "keyboard__own-digit";
    shown.ariaHidden = "true";
    shown.textContent = own;
    key.append(shown);
  }
}
