// The conversation page: shows what is said as it is said, sends what is typed or touched. Without it the forms still work.

import { mark, ownBubble, saidBubble } from "./bubbles.js";
import { carry, hasToCarry, takeUp } from "./carried.js";
import { newId, Sending } from "./sending.js";
import { Stream } from "./stream.js";
import { goOnByPhone, showWait } from "./waiting.js";

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

async function reload() {
  if (hasToCarry(field, sending.unsent())) await carry(field, sending.unsent());
  location.replace("/chat");
}

// Messages from before the page was left. One may have arrived although its answer did not: then it stands here twice,
// until the page is read anew, when all have arrived.
let restored = [];

const sending = new Sending({
  onStored({ id, bubble }) {
    mark(bubble, "");
    showWriting(true);
    scrollToEnd();
    if (restored.at(-1)?.id === id) reload();
  },
  onRefused({ bubble }) {
    mark(bubble, "refused", words.refused);
    scrollToEnd();
  },
  onOver: () => location.replace("/chat"),
  onReach: (reached) => reach("sending", reached),
  onLate() {
    unreachable.add("sending");
    connection.hidden = false;
  },
});

const stream = new Stream(Number(words.lastId), {
  onSaid(id, bubble) {
    const shown = saidBubble(id, bubble);
    showWriting(false);
    messages.append(shown);
    bringIntoView(shown);
  },
  onWait: showWait,
  onMoved: goOnByPhone,
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

function send(message) {
  const bubble = ownBubble(message.shownAs, words.you);
  messages.append(bubble);
  mark(bubble, "sending", words.sending);
  scrollToEnd();
  sending.add({ ...message, bubble });
}

function sendWords() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  send({ id: newId(), text, shownAs: text });
}

let isLeaving = false;
async function leave(go) {
  isLeaving = true;
  await carry(field, sending.unsent());
  // Not at once: a form is not sent while the event that was stopped is still on its way.
  setTimeout(() => {
    go();
    isLeaving = false;
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form === composer) {
    event.preventDefault();
    sendWords();
  } else if (form.id === "choice") {
    event.preventDefault();
    const button = event.submitter;
    if (!isSecondTouch(button.value)) {
      send({ id: newId(), token: button.value, shownAs: button.textContent.trim() });
    }
  } else if (form.getAttribute("action") === "/finish") {
    // It would say that the conversation is gone, and load the page anew before the answer is here.
    stream.close();
  } else if ("keepsDraft" in form.dataset && hasToCarry(field, sending.unsent()) && !isLeaving) {
    event.preventDefault();
    const { submitter } = event;
    leave(() => form.requestSubmit(submitter));
  }
});

// Whoever reads on another page while nothing answers finds their words here again.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !unreachable.size || !hasToCarry(field, sending.unsent())) return;
  event.preventDefault();
  leave(() => location.assign(link.href));
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendWords();
});

takeUp(field).then((messages) => {
  restored = messages;
  restored.forEach(send);
});
showWriting(!writing.hidden);
if (messages.lastElementChild) bringIntoView(messages.lastElementChild);
