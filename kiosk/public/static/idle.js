// Knows how long nobody has touched the screen: asks whether more time is needed, and ends the visit when nobody answers.
// One number says it all, the time since the last touch. It is measured by the clock that only goes forward, and handed
// from page to page, so that a page that loads itself anew gives nobody time.

import { MoreTime } from "./more-time.js";
import { tellThatSomebodyIsHere } from "./presence.js";

const KEY = "idle";
const OFTEN = 500;
const MOST_IN_A_ROW = 10; // a screen that touches itself must not keep a visit for ever
const TRY_AGAIN = 5_000;
const DEADLINE = 3_000;
const LEFT_IS_SAID_FOR = 30_000;

const dialog = document.getElementById("more-time");
if (dialog) watch();
else forgetWhoLeft();

// The wall, with nobody before it.
function forgetWhoLeft() {
  const left = document.getElementById("left");
  if (!left) return;
  setTimeout(() => {
    // It keeps its place: nothing moves below a finger.
    left.classList.add("is-past");
    history.replaceState(null, "", "/");
  }, LEFT_IS_SAID_FOR);
}

function watch() {
  const idleFor = Number(dialog.dataset.idle) * 1000;
  const over = idleFor + Number(dialog.dataset.more) * 1000;
  const onWall = location.pathname === "/";
  let touchedAt = 0;
  let inARow = 0;
  let leavingUntil = 0;

  const question = new MoreTime(dialog, () => {
    touchedAt = performance.now();
    inARow += 1;
    tellThatSomebodyIsHere();
  });

  function takeOver() {
    const before = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    sessionStorage.removeItem(KEY);
    const asked = document.querySelector("[data-asks-to-leave]") !== null;
    touchedAt = performance.now() - (asked ? 0 : (before.idle ?? 0));
    inARow = before.inARow ?? 0;
    // Over already: the visit could not be ended where that happened. Tried again at once it would fail again.
    if (idle() >= over) leave();
    look();
  }

  function idle() {
    return performance.now() - touchedAt;
  }

  function touched(event) {
    if (event.isTrusted) isHere();
  }

  function isHere() {
    if (question.isOpen) return;
    touchedAt = performance.now();
    inARow = 0;
    tellThatSomebodyIsHere();
  }

  // Leaves the page some time to be gone. The wall may be seen all the while: nothing of anybody stands there.
  function leave() {
    leavingUntil = performance.now() + TRY_AGAIN;
    if (!onWall) question.show(0, 0);
  }

  function look() {
    if (idle() < idleFor || performance.now() < leavingUntil) return;
    if (idle() < over) question.show(Math.ceil((over - idle()) / 1000), MOST_IN_A_ROW - inARow);
    else end();
  }

  async function end() {
    leave();
    try {
      const { ok } = await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(DEADLINE) });
      if (!ok) throw new Error("not live");
      document.getElementById("end").requestSubmit();
    } catch {
      // Nothing of the page may stay. The wall ends the visit as soon as somebody answers.
      if (!onWall) location.replace("/");
    }
  }

  takeOver();
  setInterval(look, OFTEN);
  for (const act of ["pointerdown", "keydown", "wheel", "input"]) {
    document.addEventListener(act, touched, { passive: true, capture: true });
  }
  // Who listens to a page that is read aloud is there, too.
  document.addEventListener("read-aloud", isHere);
  // Whoever touched *Finish and erase* has left, also where the server did not hear it.
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== "/finish") return;
    touchedAt = performance.now() - over;
    leavingUntil = performance.now() + TRY_AGAIN;
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pagehide", () => {
    sessionStorage.setItem(KEY, JSON.stringify({ idle: Math.round(idle()), inARow }));
  });
  window.addEventListener("pageshow", ({ persisted }) => persisted && takeOver());
}
