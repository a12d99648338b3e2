// <elapsed-time since>: how long something has lasted; <remaining-time until>: how long it lasts yet. They go on by
// themselves.

import { duration } from "../core/format.js";

class ElapsedTime extends HTMLElement {
  static observedAttributes = ["since", "until"];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  connectedCallback() {
    this.#timer = setInterval(() => this.#show(), 1000);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  attributeChangedCallback() {
    this.#show();
  }

  #show() {
    const since = this.getAttribute("since");
    const until = this.getAttribute("until");
    const milliseconds = since ? Date.now() - Date.parse(since) : Date.parse(until ?? "") - Date.now();
    const text = duration(milliseconds);
    if (text !== this.textContent) this.textContent = text;
    if (until && milliseconds <= 0) {
      clearInterval(this.#timer);
      this.dispatchEvent(new Event("over", { bubbles: true }));
    }
  }
}

customElements.define("elapsed-time", ElapsedTime);
