/** What went wrong, in one sentence that says what to do about it. */
export class Trouble extends Error {
  /** `code` is the server's, or the page's own; `retryAfterS` is when to try again. */
  constructor(code, message, { retryAfterS = null, cause } = {}) {
    super(message, { cause });
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

const SENTENCES = {
  too_many_requests: "Too many connections from here: close other tabs with this page, then start again.",
  unauthorized: "This server wants its token: ask whoever runs it.",
  unknown_session: "The connection was gone for too long: what was said is kept above, press Start to go on.",
  replaced: "This talk goes on in another tab: close one of them.",
  shutting_down: "The server is being stopped: wait for it to come back, then press Start.",
  engine_failed: "A part of the translator failed: press Start to try again.",
  internal: "The server made a mistake: press Start to try again.",
  unreachable: "The server does not answer: check that it runs and that you are online, then press Start.",
  too_long: "The talk has reached the longest that the server takes: press Start to begin a new one.",
  too_fast: "The connection could not keep up with the sound: press Start to try again.",
  forbidden: "This page may not use the server: open it by the server's own address.",
};

/** Return the trouble that an error of the server means. */
export function troubleOf({ code, message, retry_after_s: retryAfterS }) {
  const said = message ? message[0].toUpperCase() + message.slice(1) : "";
  const sentence =
    code === "busy"
      ? `The server is translating as many talks as it can: it is tried again in ${retryAfterS} s.`
      : (SENTENCES[code] ?? `${said}.`);
  return new Trouble(code, sentence, { retryAfterS });
}
