// Sends messages in their order and each until the server has it. The id is made once, so sending twice is harmless.

import { isOurs, isReady } from "./ready.js";

const LONGEST_PAUSE = 5_000;
const DEADLINE = 15_000;
const LATE = 500; // then it is asked whether the server is slow, or gone
const READY_WITHIN = 700;

export function newId() {
  // crypto.randomUUID() is missing on pages without HTTPS, which a kiosk in an office network may be.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Sending {
  #waiting = [];
  #busy = false;
  #hurry = () => {};

  // onStored(message), onRefused(message), onOver(): the visit has ended, onReach(reached): whether the server
  // answers, onLate(): it has not answered for a moment and gives no sign of life.
  constructor(handlers) {
    this.handlers = handlers;
    window.addEventListener("online", () => this.#hurry());
  }

  add(message) {
    this.#waiting.push(message);
    this.#drain();
  }

  // What the server may not have yet, in order, as `carried.js` carries it.
  unsent() {
    return this.#waiting.map(({ id, text, token, shownAs }) => ({ id, text, token, shownAs }));
  }

  hurry() {
    this.#hurry();
  }

  async #drain() {
    if (this.#busy) return;
    this.#busy = true;
    for (let tries = 0; this.#waiting.length; ) {
      const message = this.#waiting[0];
      const status = await this.#send(message);
      if (status === 401) return this.handlers.onOver();
      if (status === 0 || status >= 500 || status === 429) {
        this.handlers.onReach(status !== 0);
        tries += 1;
        await this.#pause(Math.min(500 * 2 ** tries, LONGEST_PAUSE));
        continue;
      }
      tries = 0;
      this.#waiting.shift();
      this.handlers.onReach(true);
      if (status === 202) this.handlers.onStored(message);
      else this.handlers.onRefused(message);
    }
    this.#busy = false;
  }

  async #send({ id, text, token }) {
    const late = setTimeout(async () => {
      if (!(await isReady(READY_WITHIN))) this.handlers.onLate();
    }, LATE);
    try {
      const answer = await fetch("/chat/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(token ? { client_id: id, token } : { client_id: id, text }),
        signal: AbortSignal.timeout(DEADLINE),
      });
      return isOurs(answer) ? answer.status : 0;
    } catch {
      return 0;
    } finally {
      clearTimeout(late);
    }
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
