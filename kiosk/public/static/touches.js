// What counts as one touch of a key. A key acts when the finger leaves it, and only if it is still on it.

// A panel or a trembling finger bounces within a tenth of a second. Two equal letters that are meant come slower than
// this, so the 300 ms that guard every other act of the kiosk would swallow the second letter of "address".
const BOUNCE = 120;
const SECOND_TOUCH = 300;

export class Touches {
  #last = { key: "", at: -Infinity };
  #quietUntil = 0;

  // Whether this press of a key is meant. `acts` says that the key does something other than write or delete.
  isMeant(key, acts) {
    const now = performance.now();
    const again = key === this.#last.key && now - this.#last.at < (acts ? SECOND_TOUCH : BOUNCE);
    this.#last = { key, at: now };
    return !again && now >= this.#quietUntil;
  }

  // Other keys lie under the finger now: its second touch would write something that nobody has read.
  keysChanged() {
    this.#quietUntil = performance.now() + SECOND_TOUCH;
  }
}

// A finger that slides a little on a key makes no click; here it does. Nothing else happens with the touch: the field
// keeps its focus and its selection.
export function pressWhereTheFingerLeaves(keys) {
  keys.addEventListener(
    "touchend",
    (event) => {
      event.preventDefault();
      const { clientX, clientY } = event.changedTouches[0];
      const key = event.target.closest("button");
      if (key?.contains(document.elementFromPoint(clientX, clientY))) key.click();
    },
    { passive: false },
  );
  keys.addEventListener("mousedown", (event) => event.preventDefault());
}
