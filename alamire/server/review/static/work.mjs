// How long somebody has worked on a page, by the keys that were pressed.

const IDLE = 60_000; // milliseconds without a key after which nobody is thought to be working

export class Work {
  #milliseconds = 0;
  #last;

  /** @param {number} now in milliseconds */
  constructor(now = Date.now()) {
    this.#last = now;
  }

  /** @param {number} now in milliseconds */
  goesOn(now = Date.now()) {
    if (now - this.#last < IDLE) this.#milliseconds += now - this.#last;
    this.#last = now;
  }

  get minutes() {
    return this.#milliseconds / 60_000;
  }

  startAnew() {
    this.#milliseconds = 0;
  }
}
