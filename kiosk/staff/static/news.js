// Follows the event stream. It subscribes first and fetches then, so nothing falls between the two. Events carry ids;
// what is shown is this very page, fetched again and parsed without scripts (XMLHttpRequest gives a document).
import { announce } from "./announce.js";
import { restoreDrafts } from "./drafts.js";

const REFRESH_EVERY_MS = 30_000;
const LOOK_AT_DELIVERY_MS = 3_000;

export function followNews() {
  const thread = document.querySelector("[data-thread]")?.dataset.thread;
  const state = document.querySelector("[data-console]").dataset;
  const refresh = oneAtATime(async () => show(await fetchPage()));

  const stream = new EventSource("/live");
  stream.addEventListener("ready", async () => {
    announce("");
    await refresh();
    state.following = "yes";
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
    delete state.following;
    announce(state.cutText);
    // A refused stream is not tried again by the browser; the next page says why it was refused.
    if (stream.readyState === EventSource.CLOSED) refresh();
  });

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
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await work();
    } while (again);
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
