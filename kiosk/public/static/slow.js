// A form that gets no answer: after a moment the page says so. The form is not sent again, its answer may still come.

import { isReady } from "./ready.js";

const LONG = 900;
const READY_WITHIN = 700;

const words = document.getElementById("slow");
let timer = 0;

function hide() {
  clearTimeout(timer);
  words.hidden = true;
}

document.addEventListener("submit", (event) => {
  hide();
  timer = setTimeout(async () => {
    if (!event.defaultPrevented && !(await isReady(READY_WITHIN))) words.hidden = false;
  }, LONG);
});
window.addEventListener("pageshow", hide);
