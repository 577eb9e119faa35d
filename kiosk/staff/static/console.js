// Starts what the page needs. Every form works without this file; with it the page keeps itself up to date.
import { stayAwake } from "./awake.js";
import { keepDrafts } from "./drafts.js";
import { followNews } from "./news.js";

if (document.querySelector("[data-console]")) {
  stayAwake();
  followNews();
}
keepDrafts();
for (const box of document.querySelectorAll(".scroll")) box.scrollTop = box.scrollHeight;

// A second click must not send a message twice. A page that comes back from the browser's memory works again.
document.addEventListener("submit", (event) => {
  setTimeout(() => {
    for (const button of event.target.querySelectorAll("button")) button.disabled = true;
  });
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form button")) button.disabled = false;
});
