const KEY = "live-translate-token";
const DOOR = `
<dialog id="door" aria-labelledby="door-title">
  <form method="dialog">
    <h2 id="door-title">This server asks for its token</h2>
    <p>Whoever runs it knows it. It is kept until this tab is closed.</p>
    <p role="alert" hidden>That was not it: check for a missing letter, and try again.</p>
    <label><span>Token</span><input type="password" autocomplete="current-password" required></label>
    <button type="submit">Continue</button>
  </form>
</dialog>`;

/** The server's token: from the address's fragment, or asked for; kept for this tab. */
export class Token {
  #dialog;
  #form;
  #field;
  #problem;

  constructor() {
    document.body.insertAdjacentHTML("beforeend", DOOR);
    this.#dialog = document.getElementById("door");
    this.#form = this.#dialog.querySelector("form");
    this.#field = this.#dialog.querySelector("input");
    this.#problem = this.#dialog.querySelector("[role=alert]");
    const given = new URLSearchParams(location.hash.slice(1)).get("token");
    if (given !== null) {
      // Neither the history nor whoever looks over a shoulder needs it.
      history.replaceState(null, "", location.pathname);
      sessionStorage.setItem(KEY, given);
    }
  }

  /** The token, or undefined where there is none. */
  get value() {
    return sessionStorage.getItem(KEY) ?? undefined;
  }

  /** Fetch a path of the server's, asking for the token as often as it is wrong. */
  async fetch(path) {
    for (;;) {
      const headers = this.value ? { Authorization: `Bearer ${this.value}` } : {};
      const response = await fetch(path, { headers });
      if (response.status !== 401) return response;
      await this.ask();
    }
  }

  /** Ask for it; resolves once something was given. */
  ask() {
    this.#problem.hidden = this.value === undefined;
    sessionStorage.removeItem(KEY);
    this.#field.value = "";
    this.#dialog.showModal();
    return new Promise((resolve) => {
      this.#dialog.oncancel = (event) => event.preventDefault();
      this.#form.onsubmit = (event) => {
        event.preventDefault();
        const given = this.#field.value.trim();
        if (!given) return;
        sessionStorage.setItem(KEY, given);
        this.#dialog.close();
        resolve();
      };
    });
  }
}
