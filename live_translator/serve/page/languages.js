const KEY = "live-translate-languages";
const AUTO = "auto";

/** Two menus: what is heard, and what can be made of that. */
export class Languages {
  #source;
  #target;
  #swap;
  #known = [];

  constructor({ source, target, swap }, onchange) {
    this.#source = source;
    this.#target = target;
    this.#swap = swap;
    source.onchange = () => {
      this.#offer(this.target);
      this.#changed(onchange);
    };
    target.onchange = () => this.#changed(onchange);
    swap.onclick = () => {
      this.#choose(this.target, this.source);
      this.#changed(onchange);
    };
  }

  /** BCP 47, or "auto". */
  get source() {
    return this.#source.value;
  }

  get target() {
    return this.#target.value;
  }

  /** Fill the menus with `GET /languages`' list; as it was chosen last, or English to Spanish. */
  fill(languages) {
    this.#known = languages
      .filter(({ translates_to: targets }) => targets.length)
      .sort((a, b) => a.name.localeCompare(b.name));
    const all = [{ code: AUTO, name: "Detect" }, ...this.#known];
    this.#source.replaceChildren(...all.map(option));
    const [source, target] = remembered() ?? ["en", "es"];
    this.#choose(source, target);
  }

  /** Let them be chosen or not. */
  set disabled(disabled) {
    this.#source.disabled = disabled;
    this.#target.disabled = disabled;
    this.#swap.disabled = disabled || !this.#canSwap();
  }

  #choose(source, target) {
    const isKnown = source === AUTO || this.#known.some(({ code }) => code === source);
    this.#source.value = isKnown ? source : (this.#known[0]?.code ?? AUTO);
    this.#offer(target);
  }

  #offer(wanted) {
    const names = new Map(this.#known.map(({ code, name }) => [code, name]));
    const source = this.#known.find(({ code }) => code === this.source);
    const codes = source
      ? source.translates_to
      : [...new Set(this.#known.flatMap(({ translates_to: targets }) => targets))];
    const offered = codes
      .map((code) => ({ code, name: names.get(code) ?? code }))
      .sort((a, b) => a.name.localeCompare(b.name));
    this.#target.replaceChildren(...offered.map(option));
    const isOffered = codes.includes(wanted);
    this.#target.value = isOffered ? wanted : (offered[0]?.code ?? "");
    this.#swap.disabled = !this.#canSwap();
  }

  #canSwap() {
    const target = this.#known.find(({ code }) => code === this.target);
    return target?.translates_to.includes(this.source) ?? false;
  }

  #changed(onchange) {
    this.#swap.disabled = !this.#canSwap();
    localStorage.setItem(KEY, JSON.stringify([this.source, this.target]));
    onchange();
  }
}

function option({ code, name }) {
  return new Option(name, code);
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}
