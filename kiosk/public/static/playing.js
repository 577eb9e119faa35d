// Plays pieces one after the other. The words go out in the body of a request, the sound is in memory, and then gone.

const AGAIN_AFTER = 1_000;
const TRIES = 4;
const DEADLINE = 15_000;
const VOLUMES = [0.3, 0.6, 1];
const SLOW = 0.75;

export const LOUDEST = VOLUMES.length - 1;

export class Playing {
  #audio = new Audio();
  #over = new AbortController();
  #asked = new Map();
  #at = 0;
  #turn = 0;
  #paused = false;

  // handlers: onSound(): it sounds at this moment, onPiece(piece, languageOfTheVoice), onEnd({ heard, missing }), onTrouble()
  constructor(pieces, how, handlers) {
    this.pieces = pieces;
    this.handlers = handlers;
    this.#audio.ontimeupdate = () => !this.#audio.paused && this.handlers.onSound();
    this.change(how);
    this.#read(0);
  }

  change({ volume, slow }) {
    this.#audio.volume = VOLUMES[volume];
    // A new source resets the rate to the default one.
    this.#audio.defaultPlaybackRate = this.#audio.playbackRate = slow ? SLOW : 1;
  }

  pause() {
    this.#paused = true;
    this.#audio.pause();
  }

  goOn() {
    this.#paused = false;
    if (this.#audio.currentSrc && !this.#audio.ended) this.#play().catch(() => {});
  }

  repeat() {
    this.#paused = false;
    this.#read(this.#at);
  }

  stop() {
    this.#turn += 1;
    this.#over.abort();
    this.#asked.clear();
    this.#forget();
  }

  async #read(from) {
    const turn = (this.#turn += 1);
    this.#audio.pause();
    let heard = 0;
    let missing = 0;
    try {
      for (this.#at = from; this.#at < this.pieces.length; this.#at += 1) {
        const sound = await this.#ask(this.#at);
        if (turn !== this.#turn) return;
        // Asked for while this one is heard, so that there is no gap between two paragraphs.
        this.#ask(this.#at + 1)?.catch(() => {});
        if (!sound) {
          missing += 1;
          continue;
        }
        heard += 1;
        this.handlers.onPiece(this.pieces[this.#at], sound.language);
        await this.#hear(sound.blob);
        if (turn !== this.#turn) return;
        this.#asked.delete(this.#at - 1);
      }
    } catch {
      if (turn === this.#turn) this.handlers.onTrouble();
      return;
    }
    this.#forget();
    this.handlers.onEnd({ heard, missing });
  }

  #ask(at) {
    if (at >= this.pieces.length) return undefined;
    if (!this.#asked.has(at)) {
      const asked = this.#fetch(this.pieces[at]);
      asked.catch(() => this.#asked.delete(at));
      this.#asked.set(at, asked);
    }
    return this.#asked.get(at);
  }

  async #fetch({ language, text }) {
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch("/voice", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "audio/wav, application/json" },
        body: JSON.stringify({ language, text }),
        signal: AbortSignal.any([this.#over.signal, AbortSignal.timeout(DEADLINE)]),
      });
      if (answer.status === 200) return { blob: await answer.blob(), language: answer.headers.get("Content-Language") };
      if (answer.status === 204) return null;
      if (answer.status !== 503 || tries === TRIES) throw new Error(`voice: ${answer.status}`);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
    }
  }

  async #hear(blob) {
    this.#forget();
    const audio = this.#audio;
    const ended = new Promise((resolve, reject) => {
      audio.onended = resolve;
      audio.onerror = () => reject(new Error("voice: not played"));
    });
    audio.src = URL.createObjectURL(blob);
    if (!this.#paused) await this.#play();
    await ended;
  }

  async #play() {
    try {
      await this.#audio.play();
    } catch (error) {
      // A pause in the first moment is no failure.
      if (error.name !== "AbortError") throw error;
    }
  }

  #forget() {
    const audio = this.#audio;
    audio.pause();
    audio.onended = audio.onerror = null;
    if (!audio.src) return;
    URL.revokeObjectURL(audio.src);
    audio.removeAttribute("src");
    audio.load();
  }
}
