// The question itself: covers the page for eyes, fingers and screen readers, counts down, and says what a person must hear.

const EVERY = 15; // seconds between two polite announcements
const URGENT = 20; // from here on each second is said, as a number only, so that none is late
const SECOND_TOUCH = 700; // a finger that was on its way to something else answers nothing

const HIDES = "is-covered";

export class MoreTime {
  #dialog;
  #onYes;
  // Until `close` has been heard: the dialog itself is closed a moment earlier, and must not be opened in between.
  #asking = false;
  #openedAt = 0;
  #said = Infinity;
  #before = null;

  // onYes(): somebody asked for more time.
  constructor(dialog, onYes) {
    this.#dialog = dialog;
    this.#onYes = onYes;
    this.part = (name) => dialog.querySelector(`[data-${name}]`);
    this.title = document.getElementById("more-time-title");
    this.asks = this.title.textContent;
    dialog.addEventListener("click", (event) => this.#tooSoon() && event.preventDefault(), { capture: true });
    // Escape is an answer of somebody who is there. Where there is nothing to answer any more, it does nothing.
    dialog.addEventListener("cancel", (event) => (this.part("more-time").hidden || this.#tooSoon()) && event.preventDefault());
    dialog.addEventListener("close", () => this.#closed());
  }

  get isOpen() {
    return this.#asking;
  }

  // `yesLeft`: how often more time can still be asked for.
  show(seconds, yesLeft) {
    if (this.isOpen && seconds === this.#said) return;
    this.#offer(yesLeft);
    if (!this.isOpen) this.#open();
    this.part("seconds").textContent = seconds;
    const label = this.part("label").textContent;
    if (seconds <= URGENT) {
      this.part("urgently").textContent = this.#said > URGENT ? `${label} ${seconds}` : seconds;
    } else if (Math.ceil(seconds / EVERY) < Math.ceil(this.#said / EVERY) && this.#said !== Infinity) {
      this.part("politely").textContent = `${label} ${seconds}`;
    }
    this.#said = seconds;
  }

  #offer(yesLeft) {
    this.title.textContent = yesLeft > 0 ? this.asks : this.title.dataset.last;
    this.part("more-time").hidden = yesLeft <= 0;
    this.part("once").hidden = yesLeft !== 1;
  }

  #open() {
    this.#asking = true;
    this.#openedAt = performance.now();
    this.#before = document.activeElement;
    this.#said = Infinity;
    for (const name of ["politely", "urgently"]) this.part(name).textContent = "";
    for (const media of document.querySelectorAll("audio, video")) media.pause();
    this.#cover(true);
    this.#dialog.showModal();
  }

  #closed() {
    this.#asking = false;
    this.#onYes();
    document.body.classList.remove(HIDES);
    // Only now can the page be touched again: the second touch of a trembling finger was meant for the answer.
    setTimeout(() => {
      if (this.isOpen) return;
      this.#cover(false);
      this.#before?.focus();
    }, SECOND_TOUCH);
  }

  #cover(covered) {
    document.body.classList.toggle(HIDES, covered);
    for (const part of document.body.children) if (part !== this.#dialog) part.inert = covered;
  }

  #tooSoon() {
    return performance.now() - this.#openedAt < SECOND_TOUCH;
  }
}
