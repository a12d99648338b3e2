// <paged-list>: a list whose next pages are loaded as one scrolls; thousands of rows cost what the seen ones cost.

import { fill, h } from "../core/dom.js";
import { isAbort } from "../core/errors.js";
import { empty, failed, loading } from "./states.js";

/**
 * @template T
 * @typedef {{items: T[], next: string | null}} Page
 */

export class PagedList extends HTMLElement {
  /** @type {(cursor: string | null) => Promise<Page<any>>} */
  #load = () => Promise.resolve({ items: [], next: null });
  /** @type {(item: any) => HTMLElement} */
  #row = () => h("li");
  /** @type {() => HTMLElement} */
  #emptiness = () => empty("");
  /** @type {string | null} */
  #next = null;
  #busy = false;
  #reads = 0;
  #list = h("ul");
  #foot = h("div");
  #observer = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && void this.#more(), {
    rootMargin: "600px",
  });

  /**
   * @template T
   * @param {{
   *   load: (cursor: string | null) => Promise<Page<T>>,
   *   row: (item: T) => HTMLElement,
   *   empty: () => HTMLElement,
   *   label: string,
   * }} options `row` makes an `li`
   */
  configure(options) {
    this.#load = options.load;
    this.#row = options.row;
    this.#emptiness = options.empty;
    this.#list.setAttribute("aria-label", options.label);
    fill(this, this.#list, this.#foot);
    return this.reload();
  }

  /** The rows that are loaded. */
  get list() {
    return this.#list;
  }

  /** Begins anew with the first page. */
  async reload() {
    this.#next = null;
    fill(this.#list);
    await this.#read(null);
  }

  /** Whether there are pages that are not loaded. */
  get hasMore() {
    return this.#next !== null;
  }

  /** Shows or hides the sentence for an empty list, after rows were added or removed from outside. */
  settle() {
    if (!this.#busy && !this.#next) fill(this.#foot, !this.#list.childElementCount && this.#emptiness());
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  async #more() {
    if (this.#next && !this.#busy) await this.#read(this.#next);
  }

  /** @param {string | null} cursor */
  async #read(cursor) {
    this.#busy = true;
    this.#reads += 1;
    const read = this.#reads;
    this.#observer.disconnect();
    fill(this.#foot, loading());
    try {
      const page = await this.#load(cursor);
      // Another began meanwhile, for other filters.
      if (read !== this.#reads) return;
      this.#list.append(...page.items.map((item) => this.#row(item)));
      this.#next = page.next;
      fill(this.#foot, !this.#list.childElementCount && !page.next && this.#emptiness());
      if (page.next) this.#observer.observe(this.#foot);
    } catch (error) {
      if (!isAbort(error) && read === this.#reads) fill(this.#foot, failed(error, () => this.#read(cursor)));
    } finally {
      if (read === this.#reads) this.#busy = false;
    }
  }
}

customElements.define("paged-list", PagedList);

/**
 * A list that loads its pages by itself.
 * @template T
 * @param {{
 *   load: (cursor: string | null) => Promise<Page<T>>,
 *   row: (item: T) => HTMLElement,
 *   empty: () => HTMLElement,
 *   label: string,
 * }} options
 */
export function pagedList(options) {
  const list = new PagedList();
  void list.configure(options);
  return list;
}
