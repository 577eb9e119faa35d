// The conversation page: shows what is said as it is said, sends what is typed or touched. Without it the forms still work.

import { mark, ownBubble, saidBubble } from "./bubbles.js";
import { keepDraft, restoreDraft } from "./draft.js";
import { newId, Sending } from "./sending.js";
import { Stream } from "./stream.js";

const LOST_AFTER = 1_500; // a line that is back at once is nobody's business
const ANSWER_WITHIN = 20_000;
const SECOND_TOUCH = 600; // a trembling finger means one touch

const log = document.getElementById("log");
const messages = document.getElementById("messages");
const writing = document.getElementById("writing");
const connection = document.getElementById("connection");
const composer = document.getElementById("composer");
const field = document.getElementById("text");
const words = messages.dataset;

let writingTimer = 0;
function showWriting(shown) {
  clearTimeout(writingTimer);
  writing.hidden = !shown;
  // A person of the office may be reading now: then no answer is being made, and the sign would promise one.
  if (shown) writingTimer = setTimeout(() => showWriting(false), ANSWER_WITHIN);
}

const unreachable = new Set();
let lostTimer = 0;
function reach(part, reached) {
  unreachable[reached ? "delete" : "add"](part);
  if (!unreachable.size) {
    clearTimeout(lostTimer);
    lostTimer = 0;
    connection.hidden = true;
  } else if (!lostTimer) {
    lostTimer = setTimeout(() => (connection.hidden = false), LOST_AFTER);
  }
}

function scrollToEnd() {
  log.scrollTop = log.scrollHeight;
}

// The beginning of an answer, below the question it answers; its end may be further down.
function bringIntoView(bubble) {
  const before = bubble.previousElementSibling;
  (before?.classList.contains("bubble--own") ? before : bubble).scrollIntoView({ block: "start" });
}

function reload() {
  keepDraft(field);
  location.replace("/chat");
}

const sending = new Sending({
  onStored({ bubble }) {
    mark(bubble, "");
    showWriting(true);
    scrollToEnd();
  },
  onRefused({ bubble }) {
    mark(bubble, "refused", words.refused);
    scrollToEnd();
  },
  onOver: () => location.replace("/"),
  onReach: (reached) => reach("sending", reached),
});

new Stream(Number(words.lastId), {
  onSaid(id, bubble) {
    const shown = saidBubble(id, bubble);
    showWriting(false);
    messages.append(shown);
    bringIntoView(shown);
  },
  onReload: reload,
  onReach(reached) {
    reach("stream", reached);
    if (reached) sending.hurry();
  },
});

let lastTouch = { token: "", at: 0 };
function isSecondTouch(token) {
  const again = token === lastTouch.token && performance.now() - lastTouch.at < SECOND_TOUCH;
  lastTouch = { token, at: performance.now() };
  return again;
}

function send(message, shownAs) {
  const bubble = ownBubble(shownAs, words.you);
  messages.append(bubble);
  mark(bubble, "sending", words.sending);
  scrollToEnd();
  sending.add({ ...message, id: newId(), bubble });
}

function sendWords() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  send({ text }, text);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form === composer) {
    event.preventDefault();
    sendWords();
  } else if (form.id === "choice") {
    event.preventDefault();
    const button = event.submitter;
    if (!isSecondTouch(button.value)) send({ token: button.value }, button.textContent.trim());
  } else if ("keepsDraft" in form.dataset) {
    keepDraft(field);
  }
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendWords();
});

restoreDraft(field);
showWriting(!writing.hidden);
if (messages.lastElementChild) bringIntoView(messages.lastElementChild);
