// Without a server: opens the topic that was asked for, and goes back as soon as the server is there again.

import { isCarrying } from "./carried.js";
import { isReady } from "./ready.js";

const ASKED_EVERY = 2_500;
// Where a visit goes on. Anything else in the address is nobody's place.
const PLACES = /^\/(chat|check(\?about=(appointment|status))?|contacts|topics(\/[a-z-]+)?|continue|topic\/[a-z-]+(\/(turkish|take))?)$/;

const page = document.querySelector("[data-language]");
const back = document.getElementById("back");
const leave = document.getElementById("leave");
const place = decodeURI(location.hash.slice(1));
const spokenBefore = /(?:^|; )rehber_language=([a-z-]+)/.exec(document.cookie)?.[1];

const asked = /^\/topic\/([a-z-]+)/.exec(place)?.[1];

let read = asked;

function goBack() {
  if (leave) {
    // Whoever began a visit before has left: the wall came by *Finish*, or because nobody was there any more.
    if (spokenBefore) leave.submit();
    else location.replace("/");
    return;
  }
  const before = PLACES.test(place) ? place : "/chat";
  const now = isCarrying() ? "/chat" : read && read !== asked ? `/topic/${read}` : before;
  if (place !== "/" && spokenBefore === page.dataset.language) {
    location.replace(now);
    return;
  }
  // From the wall: a new visit, because whoever chose there may be another person than the last one.
  back.elements.place.value = place === "/" ? "" : now.split("?")[0];
  back.submit();
}

async function tryAgain() {
  if (await isReady()) goBack();
  else setTimeout(tryAgain, ASKED_EVERY);
}

if (page) {
  document.getElementById("unsent").hidden = location.search !== "?unsent";
  document.getElementById("again").addEventListener("click", async (event) => {
    event.preventDefault();
    if (await isReady()) goBack();
  });
  for (const link of document.querySelectorAll("a.languages__one")) link.hash = place;
  const topic = asked && document.getElementById(`topic-${asked}`);
  if (topic) {
    topic.open = true;
    topic.scrollIntoView();
  }
  for (const one of document.querySelectorAll("details[data-slug]")) {
    one.addEventListener("toggle", () => {
      if (one.open) read = one.dataset.slug;
      else if (read === one.dataset.slug) read = "";
    });
  }
}

tryAgain();
