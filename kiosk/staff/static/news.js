// Follows the event stream. It subscribes first and fetches then, so nothing falls between the two. Events carry ids;
// what is shown is this very page, fetched again and parsed without scripts (XMLHttpRequest gives a document).
import { announce } from "./announce.js";
import { restoreDrafts } from "./drafts.js";

const REFRESH_EVERY_MS = 30_000;
const LOOK_AT_DELIVERY_MS = 3_000;
const TRY_AGAIN_MS = 2_000;
// The server writes every 4 seconds: a longer silence is a line that is dead without anybody having said so.
const LONGEST_SILENCE_MS = 12_000;

export function followNews() {
  const state = document.querySelector("[data-console]").dataset;
  const thread = document.querySelector("[data-thread]")?.dataset.thread;
  let stream;
  let heardAt;

  const refresh = oneAtATime(async () => {
    const fresh = await fetchPage();
    if (fresh) {
      if (!state.following) announce("");
      show(fresh);
      if (stream.readyState === EventSource.OPEN) state.following = "yes";
    } else {
      lost();
      setTimeout(refresh, TRY_AGAIN_MS);
    }
  });

  function lost() {
    delete state.following;
    announce(state.cutText);
  }

  function subscribe() {
    stream?.close();
    stream = new EventSource("/live");
    heardAt = Date.now();
    stream.addEventListener("ready", refresh);
    stream.addEventListener("open-still", () => {
      heardAt = Date.now();
    });
    stream.addEventListener("case", ({ data }) => {
      const changed = JSON.parse(data).case;
      if (!thread || !changed || changed === thread) refresh();
    });
    stream.addEventListener("signed-out", () => {
      stream.close();
      signIn();
    });
    stream.addEventListener("error", () => {
      lost();
      // A refused stream is not tried again by the browser; fetching the page says why it was refused.
      if (stream.readyState === EventSource.CLOSED) refresh();
    });
  }

  subscribe();
  setInterval(() => {
    if (Date.now() - heardAt > LONGEST_SILENCE_MS) subscribe();
  }, TRY_AGAIN_MS);
  // Waiting times grow without an event, and a delivery changes without one.
  setInterval(refresh, REFRESH_EVERY_MS);
  setInterval(() => {
    if (document.querySelector("[data-undelivered]")) refresh();
  }, LOOK_AT_DELIVERY_MS);
}

function signIn() {
  location.assign("/sign-in");
}

/** Runs `work` now, or once more after the run that is under way. */
function oneAtATime(work) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work();
    }
    running = false;
  };
}

/** This page as it is now; null when it could not be had. Leaves the page when it may not be read any more. */
function fetchPage() {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.responseType = "document";
    request.setRequestHeader("Live-Refresh", "1");
    request.onload = () => {
      if (request.status === 401) signIn();
      else if (request.status === 403 || request.status === 404) location.assign("/");
      resolve(request.status === 200 ? request.response : null);
    };
    request.onerror = () => resolve(null);
    request.send();
  });
}

function show(fresh) {
  if (!fresh) return;
  const before = waitingCases();
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (next) replace(part, next);
  }
  document.title = fresh.title;
  if ([...waitingCases()].some((name) => !before.has(name))) {
    announce(document.querySelector("[data-new-text]").dataset.newText);
  }
}

function replace(part, next) {
  switch (part.dataset.live) {
    case "log":
      merge(part, next);
      break;
    case "desk":
      // The forms are left alone while they are the right ones: somebody is writing in them.
      if (part.dataset.state === next.dataset.state) return;
      part.dataset.state = next.dataset.state;
      swap(part, next);
      restoreDrafts();
      break;
    default:
      swap(part, next);
  }
}

/** Puts the new children in and leaves the focus where it was. */
function swap(part, next) {
  if (part.innerHTML === next.innerHTML) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
  if (focused) document.getElementById(focused)?.focus();
}

/** Adds what is new and changes what has changed, so that a screen reader reads nothing twice. */
function merge(log, next) {
  const box = log.parentElement;
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  for (const item of next.children) {
    const known = document.getElementById(item.id);
    if (!known) log.append(document.importNode(item, true));
    else if (known.innerHTML !== item.innerHTML) known.replaceWith(document.importNode(item, true));
  }
  if (atEnd) box.scrollTop = box.scrollHeight;
}

function waitingCases() {
  return new Set([...document.querySelectorAll("#waiting [data-case]")].map((item) => item.dataset.case));
}
