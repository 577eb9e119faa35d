// The keys on the screen. simple-keyboard lays them out and tells which was pressed; what a press does to the field is
// decided here. Nothing that is written is kept: it is in the field and nowhere else.

import SimpleKeyboard from "../web/vendor/simple-keyboard.js";
import english from "../web/vendor/layouts/english.js";
import { deleteBack, insert } from "./editing.js";
import { Labels } from "./labels.js";
import { documentLayers, padLayers, textLayers } from "./layouts/arrangement.js";
import turkish from "./layouts/tr.js";
import { pressWhereTheFingerLeaves, Touches } from "./touches.js";
import { stopAt, walkByArrows } from "./walking.js";

const WRITES = { "{space}": " ", "{joiner}": "\u200c" };
const SAID_FOR = 1_000;
const PADS = ["digits", "code", "phone", "date"];

export class Keys {
  #field;
  #keys;
  #board;
  #labels;
  #said;
  #saying = 0;
  #touches = new Touches();
  #layer;
  #script = "own";
  #close;

  // `part` is the element of keyboard.html, `own` the layout of the person's language, `close` what its close key does.
  constructor(part, field, own, close) {
    this.#field = field;
    this.#close = close;
    this.#keys = part.querySelector(".keyboard__keys");
    this.#said = part.querySelector(".keyboard__said");
    this.#labels = new Labels(part, own, field.form.querySelector("[type=submit]"));
    const layout = this.#layers(field.dataset.keyboard, own);
    part.dataset.kind = this.#layer;
    this.#board = new SimpleKeyboard(this.#keys, {
      layout,
      layoutName: this.#layer,
      theme: "keyboard__keys",
      display: unlabelled(layout),
      useButtonTag: true,
      // A click comes from a finger, a key and a screen reader alike; the library's own way acts when a finger arrives.
      useMouseEvents: true,
      disableButtonHold: true,
      // The field is ours to change: the library keeps no words and moves no caret.
      disableCaretPositioning: true,
      inputPattern: /^$/,
      onRender: () => this.#label(),
      onKeyPress: (key) => this.#pressed(key),
    });
    pressWhereTheFingerLeaves(this.#keys);
    walkByArrows(this.#keys);
  }

  // The page has moved, and a finger may still tremble where it touched the field.
  cameUnderTheFinger() {
    this.#touches.keysChanged();
  }

  #layers(kind, own) {
    if (PADS.includes(kind)) {
      this.#layer = "pad";
      return padLayers(kind);
    }
    if (kind === "number") {
      this.#layer = "document";
      return documentLayers(english);
    }
    // The office's papers have names in Turkish letters.
    if (kind === "name" && own !== turkish) this.#script = "other";
    this.#layer = this.#script;
    return textLayers(own, own === turkish ? null : turkish);
  }

  #pressed(key) {
    const acts = key.startsWith("{") && key !== "{delete}" && !(key in WRITES);
    if (!this.#touches.isMeant(key, acts)) return;
    if (acts) this.#act(key);
    else {
      if (key === "{delete}") deleteBack(this.#field);
      else insert(this.#field, WRITES[key] ?? key);
      this.#say(key);
      // A capital letter begins a word; the next letter is small again.
      if (this.#layer.endsWith("Caps") && key !== "{delete}") this.#show(this.#script);
    }
  }

  #act(key) {
    switch (key) {
      case "{shift}":
        return this.#show(this.#layer === this.#script ? `${this.#script}Caps` : this.#script);
      case "{signs}":
        return this.#show(this.#layer === "signs" ? this.#script : "signs");
      case "{script}":
        this.#script = this.#script === "own" ? "other" : "own";
        return this.#show(this.#script);
      case "{enter}":
        return this.#field.form.requestSubmit();
      case "{close}":
        return this.#close();
    }
  }

  #show(layer) {
    const name = this.#keys.contains(document.activeElement) ? document.activeElement.dataset.skbtn : "";
    // Between small and capital letters each key keeps its place, so quick writing may go on.
    if (layer.replace("Caps", "") !== this.#layer.replace("Caps", "")) this.#touches.keysChanged();
    this.#layer = layer;
    this.#board.setOptions({ layoutName: layer });
    if (name) stopAt(this.#keys, this.#all().find((key) => key.dataset.skbtn === name) ?? this.#all()[0]).focus();
  }

  // A screen reader says the sign that was written, not the number that has come about: somebody may stand near.
  #say(key) {
    clearTimeout(this.#saying);
    this.#said.textContent = this.#labels.called(key) ?? key;
    this.#saying = setTimeout(() => (this.#said.textContent = ""), SAID_FOR);
  }

  #label() {
    const other = this.#script === "own" ? "other" : "own";
    for (const key of this.#all()) {
      const { skbtn: name } = key.dataset;
      key.type = "button";
      key.dataset.testid = "key";
      if (name === "{shift}") key.ariaPressed = String(this.#layer.endsWith("Caps"));
      const back = name === "{signs}" && this.#layer === "signs" ? this.#script : "";
      this.#labels.put(key, { leadsTo: name === "{script}" ? other : back, isPad: this.#layer === "pad" });
    }
    stopAt(this.#keys, this.#all()[0]);
  }

  #all() {
    return Array.from(this.#keys.querySelectorAll("button"));
  }
}

// The library sets labels as markup. Trusted Types allow nobody that, except with the browser's own empty piece of
// markup: with it on every key no policy has to vouch for a string.
function unlabelled(layout) {
  const empty = window.trustedTypes?.emptyHTML ?? " ";
  const names = Object.values(layout).flatMap((rows) => rows.flatMap((row) => row.split(" ")));
  return Object.fromEntries(names.map((name) => [name, empty]));
}
