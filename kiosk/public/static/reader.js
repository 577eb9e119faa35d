// Reads aloud what the person points at: the page, one answer, or a greeting. It never begins by itself.

import { LOUDEST, Playing } from "./playing.js";
import { pageFromWhereItIsNew, pieces } from "./reading-order.js";

const KEY = "voice";
const SECOND_TOUCH = 400; // a trembling finger means one touch
const FINGER_LIFTED = 500; // what is touched must stay where it is until then
const NORMAL = { volume: 1, slow: false };

const part = (name) => document.getElementById(name);
const ear = part("ear");
const panel = part("reader");
const says = part("reader-says");
const asking = part("reader-ask");

let how = { ...NORMAL };
let playing = null;
let agreed = false;
let marked = null;
let waiting = null;
let stoppedAt = -SECOND_TOUCH;

// How loud and how slow lies in the session storage between two pages of a visit only; the wall begins anew.
function takeUp() {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (kept && !document.body.classList.contains("kiosk--wall")) how = { ...NORMAL, ...JSON.parse(kept) };
}

function handOn() {
  stop();
  if (how.volume !== NORMAL.volume || how.slow) sessionStorage.setItem(KEY, JSON.stringify(how));
}

function change(to) {
  how = { ...how, ...to };
  playing?.change(how);
  show();
}

function show({ paused = false } = {}) {
  const speaking = playing !== null && !asking.open;
  panel.hidden = !speaking;
  ear.setAttribute("aria-expanded", String(speaking));
  part("reader-pause").hidden = paused;
  part("reader-on").hidden = !paused;
  part("reader-slower").setAttribute("aria-pressed", String(how.slow));
  part("reader-quieter").disabled = how.volume === 0;
  part("reader-louder").disabled = how.volume === LOUDEST;
}

function tell(words, element = document.documentElement) {
  says.textContent = words;
  says.lang = element.lang;
  says.dir = element.dir;
}

function mark(element) {
  marked?.classList.remove("is-read-aloud");
  marked = element?.closest("button, a, summary") ?? element;
  marked?.classList.add("is-read-aloud");
  marked?.scrollIntoView({ block: "nearest" });
}

// With `shownAgainIn` it is silent at once, and the panel goes so many milliseconds later.
function stop(shownAgainIn = 0) {
  playing?.stop();
  playing = null;
  waiting = null;
  mark(null);
  if (shownAgainIn) setTimeout(show, shownAgainIn);
  else show();
}

// `none`: the element that carries the words for a language without a voice.
function read(list, none = says) {
  stop();
  tell("");
  if (!list.length) return;
  if (!agreed && list.some((piece) => piece.isPrivate)) {
    ask(list);
    return;
  }
  playing = new Playing(list, how, {
    // A visit is used for as long as it is listened to: `idle.js` hears this.
    onSound: () => document.dispatchEvent(new Event("read-aloud")),
    onPiece(piece, voice) {
      mark(piece.element);
      tell(voice === piece.language ? "" : says.dataset.borrowed);
    },
    onEnd({ heard, missing }) {
      stop();
      if (missing && heard) tell(says.dataset.some);
      else if (missing) tell(none.dataset.none, none === says ? undefined : none);
      else tell("");
    },
    onTrouble() {
      stop();
      tell(says.dataset.trouble);
    },
  });
  show();
}

// The question says nothing of the answer, so it may be heard by everybody: who cannot read it must know it too.
function ask(list) {
  const question = part("reader-question");
  asking.showModal();
  const silent = { onSound() {}, onPiece() {}, onEnd() {}, onTrouble() {} };
  playing = new Playing([{ element: question, language: document.documentElement.lang, text: question.textContent }], how, silent);
  waiting = list;
  show();
}

function answer(yes) {
  const list = waiting;
  stop();
  asking.close();
  if (!yes || !list) return;
  agreed = true;
  read(list);
}

function pause(paused) {
  if (!playing) return;
  if (paused) playing.pause();
  else playing.goOn();
  show({ paused });
}

function listenToButtons() {
  ear.addEventListener("click", () => {
    if (performance.now() - stoppedAt < SECOND_TOUCH) return;
    if (playing) {
      stop();
      stoppedAt = performance.now();
    } else read(pageFromWhereItIsNew());
  });
  const acts = {
    "reader-pause": () => pause(true),
    "reader-on": () => pause(false),
    "reader-repeat": () => {
      playing?.repeat();
      show();
    },
    "reader-slower": () => change({ slow: !how.slow }),
    "reader-quieter": () => change({ volume: Math.max(0, how.volume - 1) }),
    "reader-louder": () => change({ volume: Math.min(LOUDEST, how.volume + 1) }),
    "reader-stop": () => stop(),
    "reader-yes": () => answer(true),
    "reader-no": () => answer(false),
  };
  for (const [name, act] of Object.entries(acts)) part(name).addEventListener("click", act);
  asking.addEventListener("cancel", () => answer(false));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-reads]");
    if (!button) return;
    if (button.dataset.reads === "bubble") read(pieces(button.closest("article")));
    else read([{ element: button, language: button.lang, text: button.dataset.words, isPrivate: false }], button);
  });
}

function stopForEverythingElse() {
  const elsewhere = ({ target }) => !(target instanceof Element && target.closest("[data-reader]"));
  document.addEventListener("pointerdown", (event) => playing && elsewhere(event) && stop(FINGER_LIFTED), { capture: true, passive: true });
  const works = (event) => ["Tab", "Shift"].includes(event.key) || (["Enter", " "].includes(event.key) && !elsewhere(event));
  document.addEventListener("keydown", (event) => playing && !works(event) && stop(), true);
  document.addEventListener("submit", () => stop(), true);
  document.addEventListener("visibilitychange", () => document.hidden && stop());
  window.addEventListener("pagehide", handOn);
  // Whatever asks the person something now, for example whether they are still here, is heard first.
  new MutationObserver((changes) => {
    if (!changes.some(({ target }) => target.localName === "dialog" && target !== asking && target.open)) return;
    agreed = false;
    if (asking.open) asking.close();
    stop();
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["open"] });
}

// The pages that are kept for an absent server have no ear: the sound comes from the server.
if (ear) {
  takeUp();
  listenToButtons();
  stopForEverythingElse();
  ear.hidden = false;
  for (const button of document.querySelectorAll(".wall__ear")) button.hidden = false;
}
