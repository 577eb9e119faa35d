// Tells the server that somebody is here, so that it does not take a reader for gone. Only after a touch: the page of
// somebody who has left must not keep itself open. Twice a minute is enough, because the server waits a minute longer.

const OFTEN = 30_000;

let toldAt = -Infinity;
let leaves = false;

// The touch itself may have ended the visit: what it leads to must not be overtaken.
window.addEventListener("beforeunload", () => (leaves = true));
window.addEventListener("pageshow", () => (leaves = false));

export async function tellThatSomebodyIsHere() {
  // On the wall nobody is in the middle of anything.
  if (location.pathname === "/" || performance.now() - toldAt < OFTEN) return;
  toldAt = performance.now();
  try {
    const { status } = await fetch("/here", { method: "POST", headers: { Accept: "application/json" } });
    // A page of the visit leads to the wall, and takes the cookie away.
    if (status === 401 && !leaves) location.replace("/chat");
  } catch {
    // Without a server nothing is lost by silence; the next touch tells it.
    toldAt = -Infinity;
  }
}
