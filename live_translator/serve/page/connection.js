import { Backlog } from "./backlog.js";
import { Bucket } from "./bucket.js";
import { parseFrame } from "./frame.js";
import { troubleOf } from "./trouble.js";

const KEPT_S = 60; // Longer than a talk can be resumed.
const MESSAGE_S = 0.5; // Of sound that waited; what is live goes as it comes.
const MOST_BUFFERED_BYTES = 65_536; // A line that holds more is asked to take no more: 2 s.
const PACE = { perS: 1.4, burst: 25 }; // Under the server's 1.5 and 35 s.
const PUMP_MS = 50;
const ACK_MS = 1000;
const PING_MS = 5000;
const SILENT_MS = 12_000; // Without any message, pongs too, a line is broken.
const ATTEMPT_MS = 8000;
const RETRY_MS = [200, 500, 1000, 2000, 3000];
const ENDED = 1000;

/**
 * A talk with the server: sends sound as fast as the line takes it, and takes the talk up
 * again where the line breaks, without losing what was said.
 *
 * `path` is the socket's, `hello` its first message (`start_stream` or the like, with
 * `sample_rate`). `parse` reads its binary messages. `on` may have: `message(message)` for each JSON message, `sound(frame)` as
 * `parse` returns it, `state(state)` with "connecting", "open" or "resuming",
 * `ended()` once all is said, and `failed(trouble)`. After either of these two nothing comes.
 */
export class Connection {
  #path;
  #hello;
  #on;
  #backlog;
  #pace = new Bucket(PACE);
  #rateHz;
  #socket = null;
  #isOpen = false; // Whether sound may be sent.
  #session = null;
  #resumeS = 30;
  #lastSeq = 0;
  #ackedSeq = 0;
  #brokenAtMs = null;
  #attempts = 0;
  #heardAtMs = 0;
  #pingedAtMs = 0;
  #ackedAtMs = 0;
  #stopping = false;
  #stopSent = false;
  #isOver = false;
  #parse;
  #pump;
  #retry = null;
  #online = () => this.#brokenAtMs !== null && this.#reconnect();

  constructor(path, hello, on, { parse = parseFrame } = {}) {
    this.#parse = parse;
    this.#path = path;
    this.#hello = hello;
    this.#on = on;
    this.#rateHz = hello.sample_rate ?? 16_000;
    this.#backlog = new Backlog(KEPT_S * this.#rateHz);
    this.#pump = setInterval(() => this.#tick(), PUMP_MS);
    addEventListener("online", this.#online);
    this.#tell("state", "connecting");
    this.#connect();
  }

  /** Send an Int16Array of sound, now or when the line takes it. */
  send(samples) {
    if (this.#stopping || this.#isOver) return;
    this.#backlog.push(samples);
    this.#flush();
  }

  /** Send a JSON message, where the line is open. */
  say(message) {
    if (this.#isOpen) this.#socket.send(JSON.stringify(message));
  }

  /** A new stream of sound begins, at another rate perhaps. */
  restart(rateHz) {
    this.#rateHz = rateHz;
    this.#backlog = new Backlog(KEPT_S * rateHz);
  }

  /** No sound follows: the rest is sent and translated, then `ended` is called. */
  stop() {
    this.#stopping = true;
    this.#flush();
  }

  /** End the talk at once; nothing is called any more. Idempotent. */
  close() {
    this.#finish();
    this.#drop(ENDED);
  }

  #connect() {
    this.#drop();
    const url = new URL(this.#path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(JSON.stringify(this.#greeting()));
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => this.#closed(code);
    this.#socket = socket;
    this.#heardAtMs = performance.now();
  }

  #greeting() {
    if (this.#session === null) return this.#hello;
    const { token } = this.#hello;
    return { type: "resume", session: this.#session, last_seq: this.#lastSeq, token };
  }

  #receive(data) {
    this.#heardAtMs = performance.now();
    if (typeof data !== "string") {
      const frame = this.#parse(data);
      if (this.#isNew(frame.seq)) this.#tell("sound", frame);
      return;
    }
    const message = JSON.parse(data);
    if (message.seq !== undefined && message.seq !== null && !this.#isNew(message.seq)) return;
    switch (message.type) {
      case "stream_started":
      case "joined":
        this.#session = message.session;
        this.#resumeS = message.resume_s;
        this.#opened(0);
        break;
      case "stream_resumed":
      case "rejoined":
        this.#opened(message.received);
        break;
      case "slow_down":
        this.#pace.limit(message.left_s / 2);
        break;
      case "error":
        if (this.#session === null || !message.resumable || message.code === "replaced") {
          this.#fail(troubleOf(message));
        }
        return;
    }
    this.#tell("message", message);
    if (message.type === "stream_end") {
      this.#finish();
      this.#drop(ENDED);
      this.#on.ended?.();
    }
  }

  #isNew(seq) {
    const isNew = seq > this.#lastSeq;
    if (isNew) this.#lastSeq = seq;
    return isNew;
  }

  #opened(received) {
    this.#backlog.rewind(received);
    this.#isOpen = true;
    this.#stopSent = false;
    this.#brokenAtMs = null;
    this.#attempts = 0;
    this.#pingedAtMs = performance.now();
    this.#tell("state", "open");
    this.#flush();
  }

  /** The line is gone: take the talk up again on another, while the server keeps it. */
  #closed(code) {
    if (this.#isOver) return;
    this.#isOpen = false;
    if (this.#session === null || code === ENDED) {
      this.#fail(troubleOf({ code: "unreachable" }));
      return;
    }
    const nowMs = performance.now();
    if (this.#brokenAtMs === null) {
      this.#brokenAtMs = nowMs;
      this.#tell("state", "resuming");
    }
    if (nowMs - this.#brokenAtMs > this.#resumeS * 1000) {
      this.#fail(troubleOf({ code: "unknown_session" }));
      return;
    }
    const waitMs = RETRY_MS[Math.min(this.#attempts, RETRY_MS.length - 1)];
    this.#attempts += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#reconnect(), waitMs);
  }

  #reconnect() {
    clearTimeout(this.#retry);
    this.#connect();
  }

  #tick() {
    const nowMs = performance.now();
    if (this.#socket === null) return;
    const silentMs = nowMs - this.#heardAtMs;
    if (silentMs > (this.#isOpen ? SILENT_MS : ATTEMPT_MS)) {
      this.#drop();
      this.#closed(null);
      return;
    }
    if (!this.#isOpen) return;
    if (nowMs - this.#ackedAtMs > ACK_MS && this.#lastSeq > this.#ackedSeq) {
      this.#ackedAtMs = nowMs;
      this.#ackedSeq = this.#lastSeq;
      this.say({ type: "ack", seq: this.#lastSeq });
    }
    if (nowMs - this.#pingedAtMs > PING_MS) {
      this.#pingedAtMs = nowMs;
      this.say({ type: "ping" });
    }
    this.#flush();
  }

  #flush() {
    while (this.#isOpen && this.#socket.bufferedAmount < MOST_BUFFERED_BYTES) {
      const mayS = Math.min(MESSAGE_S, this.#pace.left(performance.now()));
      const piece = this.#backlog.take(Math.floor(mayS * this.#rateHz));
      if (piece === null) break;
      if (piece.skipped) this.say({ type: "audio", offset: piece.offset });
      this.#socket.send(piece.samples);
      this.#pace.take(piece.samples.length / this.#rateHz);
    }
    if (this.#isOpen && this.#stopping && !this.#stopSent && this.#backlog.waiting <= 0) {
      this.#stopSent = true;
      this.say({ type: "stop_stream" });
    }
  }

  /** Forget the socket. Without a code the server takes it for a broken line. */
  #drop(code) {
    const socket = this.#socket;
    this.#socket = null;
    this.#isOpen = false;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  #finish() {
    this.#isOver = true;
    clearInterval(this.#pump);
    clearTimeout(this.#retry);
    removeEventListener("online", this.#online);
  }

  #fail(trouble) {
    this.#finish();
    this.#drop();
    this.#on.failed?.(trouble);
  }

  #tell(what, argument) {
    if (!this.#isOver) this.#on[what]?.(argument);
  }
}
