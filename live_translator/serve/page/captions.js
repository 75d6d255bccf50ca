const NEAR_PX = 96; // Who is this close to the end follows it.

/**
 * What was said and its translation, an utterance a row, in an `<ol>`. What is committed stays;
 * what is only guessed stands behind it and is hidden from screen readers. A row is known
 * by any key, such as an utterance's number.
 */
export class Captions {
  #list;
  #scroller;
  #rows = new Map();

  /** `scroller` is what scrolls, where the newest row is to be kept in view. */
  constructor(list, scroller = list) {
    this.#list = list;
    this.#scroller = scroller;
  }

  get isEmpty() {
    return this.#rows.size === 0;
  }

  /** Append words to a row's "source" or "target", for good. */
  commit(side, key, text, { lang = "", uncertain = false } = {}) {
    const words = side === "source" ? text : `${text} `;
    if (!words.trim()) return;
    const isNear = this.#isNear();
    const { committed, guessed } = this.#row(key)[side];
    if (lang) committed.parentElement.lang = lang;
    const piece = document.createElement("span");
    piece.className = uncertain ? "piece uncertain" : "piece";
    piece.textContent = committed.childElementCount ? words : words.trimStart();
    committed.append(piece);
    guessed.textContent = "";
    if (isNear) this.follow();
  }

  /** Say what may come next in a row's side; "" where nothing is known. */
  guess(side, key, text) {
    if (!text.trim() && !this.#rows.has(key)) return;
    const isNear = this.#isNear();
    this.#row(key)[side].guessed.textContent = text;
    if (isNear) this.follow();
  }

  /** Return a row's element, made where there is none yet. */
  row(key) {
    return this.#row(key).element;
  }

  /** Forget what was only guessed: it will not be committed any more. */
  settle() {
    for (const { source, target } of this.#rows.values()) {
      source.guessed.textContent = target.guessed.textContent = "";
    }
  }

  /** Forget all. */
  clear() {
    this.#rows.clear();
    this.#list.replaceChildren();
  }

  /** Show the newest row. */
  follow() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #isNear() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #row(key) {
    let row = this.#rows.get(key);
    if (row === undefined) {
      const element = document.createElement("li");
      row = { element, source: side("source"), target: side("target") };
      element.append(row.source.element, row.target.element);
      this.#list.append(element);
      this.#rows.set(key, row);
    }
    return row;
  }
}

function side(name) {
  const element = document.createElement("p");
  element.className = name;
  element.dir = "auto";
  const committed = document.createElement("span");
  committed.className = "committed";
  const guessed = document.createElement("span");
  guessed.className = "guessed";
  guessed.ariaHidden = "true";
  element.append(committed, guessed);
  return { element, committed, guessed };
}
