// Follows the conversation's events and never gives up. After a cut it asks for what came since; nothing is shown twice.

const SILENCE = 10_000; // the server beats every 4 seconds
const OPENS_WITHIN = 5_000;
const PAUSE = 1_000;
const LONGEST_PAUSE = 3_000;

export class Stream {
  #source = null;
  #tries = 0;
  #watch = 0;
  #again = 0;

  // onSaid(id, bubble), onWait(view), onMoved(), onReload(), onReach(reached)
  constructor(lastId, handlers) {
    this.lastId = lastId;
    this.handlers = handlers;
    window.addEventListener("offline", () => this.#lost());
    window.addEventListener("online", () => this.open());
    window.addEventListener("pagehide", () => this.close());
    this.open();
  }

  open() {
    this.close();
    const source = new EventSource(`/chat/events?after=${this.lastId}`);
    this.#source = source;
    this.#listen(OPENS_WITHIN);
    source.addEventListener("open", () => {
      this.#tries = 0;
      this.#listen();
      this.handlers.onReach(true);
    });
    source.addEventListener("said", (event) => {
      this.#listen();
      const id = Number(event.lastEventId);
      if (id <= this.lastId) return;
      this.lastId = id;
      this.handlers.onSaid(id, JSON.parse(event.data));
    });
    source.addEventListener("wait", (event) => {
      this.#listen();
      this.handlers.onWait(JSON.parse(event.data));
    });
    source.addEventListener("moved", () => {
      this.close();
      this.handlers.onMoved();
    });
    source.addEventListener("beat", () => this.#listen());
    for (const name of ["language", "gone"]) source.addEventListener(name, () => this.handlers.onReload());
    // The browser's own reconnection stops for good at the first answer that is no stream, for example a 503.
    source.addEventListener("error", () => this.#lost());
  }

  close() {
    clearTimeout(this.#watch);
    clearTimeout(this.#again);
    this.#source?.close();
  }

  #listen(silence = SILENCE) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lost(), silence);
  }

  #lost() {
    this.close();
    this.#tries += 1;
    this.handlers.onReach(false);
    this.#again = setTimeout(() => this.open(), Math.min(PAUSE * this.#tries, LONGEST_PAUSE));
  }
}
