// Tells the server that somebody is at this console, and somebody that they will be signed out for being away.
import { announce } from "./announce.js";

const TELL_EVERY_MS = 60_000;
const WARN_AFTER_MS = 13 * 60_000;

export function stayAwake() {
  const warning = document.querySelector("[data-console]").dataset.idleText;
  let told = Date.now();
  let timer = setTimeout(() => announce(warning), WARN_AFTER_MS);

  function active() {
    clearTimeout(timer);
    timer = setTimeout(() => announce(warning), WARN_AFTER_MS);
    announce("");
    if (Date.now() - told < TELL_EVERY_MS) return;
    told = Date.now();
    fetch("/here", { method: "POST" }).catch(() => {
      told = 0;
    });
  }

  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    document.addEventListener(kind, active, { passive: true });
  }
}
