const RATE_HZ = 24_000; // The voices'; the browser resamples to the loudspeaker's.
const LATENCY_S = 0.1; // Of the loudspeaker: a busy machine must not tear the voice.
const CUSHION_S = { least: 0.12, most: 0.6, step: 0.12 }; // The jitter buffer, grown where too small.
const JOINT_S = 0.002; // Pieces closer than this are one speech.

/** Plays what the server says without gaps, each piece when it is due. */
export class Player {
  #context;
  #node;
  #gain;
  #cushionS = CUSHION_S.least;
  #endS = null; // Source clock, of what was queued last.
  #waiters = [];
  #sent = 0; // Pieces, to know a report that is older than the last of them.

  /** Make a player; call it from a click or a key. */
  static async open() {
    const player = new Player();
    player.#context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: LATENCY_S });
    await player.#context.audioWorklet.addModule(new URL("player-worklet.js", import.meta.url));
    player.#wire();
    await player.#context.resume();
    return player;
  }

  /** Return another voice over the same loudspeaker, which stays this one's to close. */
  beside() {
    const other = new Player();
    other.#context = this.#context;
    other.#wire();
    return other;
  }

  /** Be heard no more. */
  remove() {
    this.#node.disconnect();
    this.#gain.disconnect();
    this.#settle();
  }

  /** Gaps within speech, and what they lasted. */
  underruns = 0;
  missingS = 0;

  /** Seconds that wait to be heard. */
  queuedS = 0;

  /**
   * Queue a frame (`parseFrame`) for `dueAtMs` on `performance.now`'s clock, or for when it
   * can be heard; what follows on the source's clock follows without a gap.
   */
  play({ rateHz, startS, samples }, dueAtMs) {
    const context = this.#context;
    const joined = this.#endS !== null && Math.abs(startS - this.#endS) < JOINT_S;
    this.#endS = startS + samples.length / rateHz;
    const sound = rateHz === RATE_HZ ? samples : stretched(samples, RATE_HZ / rateHz);
    const inS = Math.max((dueAtMs - performance.now()) / 1000, this.#cushionS);
    const dueFrame = Math.round((context.currentTime + inS) * RATE_HZ);
    this.queuedS += sound.length / RATE_HZ;
    this.#sent += 1;
    this.#node.port.postMessage({ samples: sound, dueFrame, joined }, [sound.buffer]);
  }

  /** Be heard or not; what is not heard goes by. */
  set muted(muted) {
    this.#gain.gain.setTargetAtTime(muted ? 0 : 1, this.#context.currentTime, 0.02);
  }

  /** Keep what comes for later. */
  hold() {
    return this.#context.suspend();
  }

  /** Go on, also after a telephone call. */
  resume() {
    return this.#context.resume();
  }

  /** Say no more of what is queued. */
  clear() {
    this.#node.port.postMessage("clear");
    this.#endS = null;
    this.queuedS = 0;
  }

  /** Wait until all that is queued was heard. */
  drained() {
    return this.queuedS > 0 ? new Promise((done) => this.#waiters.push(done)) : Promise.resolve();
  }

  /** Let go of the loudspeaker. Idempotent. */
  close() {
    if (this.#context.state !== "closed") this.#context.close();
    this.#settle();
  }

  #wire() {
    this.#node = new AudioWorkletNode(this.#context, "player", {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    this.#gain = new GainNode(this.#context);
    this.#node.connect(this.#gain).connect(this.#context.destination);
    this.#node.port.onmessage = ({ data: { queued, received, underruns, missing } }) => {
      if (underruns > this.underruns) {
        this.#cushionS = Math.min(CUSHION_S.most, this.#cushionS + CUSHION_S.step);
      }
      this.underruns = underruns;
      this.missingS = missing / RATE_HZ;
      if (received < this.#sent) return;
      this.queuedS = queued / RATE_HZ;
      if (queued === 0) this.#settle();
    };
  }

  #settle() {
    for (const done of this.#waiters.splice(0)) done();
  }
}

/** Return samples at another rate, by straight lines between them. */
function stretched(samples, factor) {
  const result = new Float32Array(Math.round(samples.length * factor));
  for (let i = 0; i < result.length; i += 1) {
    const place = i / factor;
    const left = Math.floor(place);
    const next = samples[Math.min(left + 1, samples.length - 1)];
    result[i] = samples[left] + (next - samples[left]) * (place - left);
  }
  return result;
}
