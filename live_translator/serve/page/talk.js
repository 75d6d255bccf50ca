import { Capture } from "./capture.js";
import { Connection } from "./connection.js";
import { Player } from "./player.js";

/** Microphone, connection and loudspeaker of one talk. */
export class Talk {
  #on;
  #complete;
  #capture = null;
  #player = null;
  #connection = null;
  #endedAtMs = null;
  #isOver = false;

  /**
   * `start` has `src_lang`, `tgt_lang` and `token`. Where `complete`, sentences are translated
   * as a whole and are heard after `stop`. `on` has what Connection's and Capture's
   * have, but samples; `ended` is called after the last sound.
   */
  constructor(start, { complete = false, on }) {
    this.#complete = complete;
    this.#on = on;
    this.start = start;
  }

  /** Gaps within the speech so far. */
  get underruns() {
    return this.#player?.underruns ?? 0;
  }

  /** How long it was listened to, in seconds. */
  get elapsedS() {
    const startedAtMs = this.#capture?.startedAtMs ?? null;
    return startedAtMs === null ? 0 : ((this.#endedAtMs ?? performance.now()) - startedAtMs) / 1000;
  }

  /** Take the microphone and begin; throws Trouble. Call it from a click or a key. */
  async open() {
    // Side by side: only the first to be opened is sure to be within the click.
    const [player, capture] = await Promise.allSettled([
      Player.open(),
      Capture.open({
        samples: (samples) => this.#connection?.send(samples),
        level: (db) => this.#on.level?.(db),
        lost: (trouble) => this.#on.lost?.(trouble),
      }),
    ]);
    this.#player = player.value ?? null;
    this.#capture = capture.value ?? null;
    const refused = [capture, player].find(({ status }) => status === "rejected");
    if (refused || this.#isOver) {
      this.close();
      if (refused) throw refused.reason;
      return;
    }
    if (this.#complete) await this.#player.hold();
    this.#connection = new Connection(
      this.#complete ? "ws/translate" : "ws/stream",
      { type: "start_stream", sample_rate: this.#capture.rateHz, ...this.start },
      {
        ...this.#on,
        sound: (frame) => this.#play(frame),
        ended: () => this.#finish(),
        failed: (trouble) => this.#fail(trouble),
      },
    );
  }

  /** Listen no more; what was said is still translated. */
  stop() {
    this.#endedAtMs = performance.now();
    this.#capture?.close();
    this.#connection?.stop();
    if (this.#complete) this.#player?.resume();
  }

  /** Be heard or not. */
  mute(muted) {
    if (this.#player) this.#player.muted = muted;
  }

  /** Go on after the system has stopped the sound. */
  wake() {
    if (!this.#complete) this.#player?.resume();
  }

  /** End at once. Idempotent. */
  close() {
    this.#isOver = true;
    this.#connection?.close();
    this.#capture?.close();
    this.#player?.close();
  }

  #play(frame) {
    const dueAtMs = this.#complete ? 0 : (this.#capture.startedAtMs ?? 0) + frame.startS * 1000;
    this.#player.play(frame, dueAtMs);
  }

  async #finish() {
    await this.#player.drained();
    if (this.#isOver) return;
    this.close();
    this.#on.ended?.();
  }

  /** What was said before is still heard. */
  async #fail(trouble) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#connection?.close();
    this.#capture?.close();
    this.#on.failed?.(trouble);
    await this.#player?.resume();
    await this.#player?.drained();
    this.close();
  }
}
