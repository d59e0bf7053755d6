// A question at the foot of the page that is answered in a line.

import { byId } from "./elements.mjs";

export class Question {
  /** @type {((answer: string) => void) | null} */
  #then = null;
  #answer = /** @type {HTMLInputElement} */ (byId("answer"));

  constructor() {
    byId("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#close(this.#answer.value);
    });
  }

  get isOpen() {
    return this.#then !== null;
  }

  /**
   * @param {string} question
   * @param {string} value what stands in the line at first
   * @param {string[]} choices
   * @param {(answer: string) => void} then
   */
  ask(question, value, choices, then) {
    this.#then = then;
    byId("question").textContent = `${question} `;
    this.#answer.value = value;
    byId("choices").replaceChildren(...choices.map((choice) => new Option(choice, choice)));
    byId("ask").hidden = false;
    this.#answer.focus();
    this.#answer.select();
  }

  /** Put the question away without an answer. */
  dismiss() {
    this.#close(null);
  }

  /** @param {string | null} answer */
  #close(answer) {
    const then = this.#then;
    this.#then = null;
    byId("ask").hidden = true;
    this.#answer.blur();
    if (then && answer !== null) then(answer);
  }
}
