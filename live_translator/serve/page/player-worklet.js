/* global currentFrame, registerProcessor, AudioWorkletProcessor */

const REPORT_FRAMES = 2400;

/** Plays pieces one behind the other, each no earlier than its frame; counts what is missing. */
class Player extends AudioWorkletProcessor {
  #pieces = [];
  #position = 0;
  #reportedAt = 0;
  #endedAt = 0;
  #queued = 0;
  #received = 0;
  #underruns = 0;
  #missing = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data === "clear") {
        this.#pieces = [];
        this.#position = 0;
        this.#queued = 0;
      } else {
        this.#pieces.push(data);
        this.#queued += data.samples.length;
        this.#received += 1;
      }
    };
  }

  process(_, [[output]]) {
    let at = 0;
    while (at < output.length && this.#pieces.length) {
      const piece = this.#pieces[0];
      if (this.#position === 0) {
        if (piece.joined) this.#late(currentFrame + at);
        else if (piece.dueFrame > currentFrame + at) {
          at += Math.min(piece.dueFrame - currentFrame - at, output.length - at);
          continue;
        }
      }
      const count = Math.min(output.length - at, piece.samples.length - this.#position);
      output.set(piece.samples.subarray(this.#position, this.#position + count), at);
      at += count;
      this.#position += count;
      this.#queued -= count;
      this.#endedAt = currentFrame + at;
      if (this.#position === piece.samples.length) {
        this.#pieces.shift();
        this.#position = 0;
      }
    }
    if (currentFrame - this.#reportedAt >= REPORT_FRAMES) this.#report();
    return true;
  }

  /** What belongs directly behind the last piece came after that had ended. */
  #late(frame) {
    if (frame <= this.#endedAt) return;
    this.#underruns += 1;
    this.#missing += frame - this.#endedAt;
    this.#report();
  }

  #report() {
    this.#reportedAt = currentFrame;
    this.port.postMessage({
      queued: this.#queued,
      received: this.#received,
      underruns: this.#underruns,
      missing: this.#missing,
    });
  }
}

registerProcessor("player", Player);
