import { Trouble } from "./trouble.js";

const RATE_HZ = 16_000; // What the recogniser hears; the browser resamples well.
const LATENCY_S = 0.1; // Larger buffers bridge what a busy machine misses.
const FLOOR_DB = -90;

const REFUSALS = {
  NotAllowedError: "The microphone is not allowed: allow it beside this page's address, then press Start.",
  NotFoundError: "There is no microphone: plug one in, then press Start.",
  NotReadableError: "Another program holds the microphone: close that, then press Start.",
};

/** The microphone as mono s16 samples. */
export class Capture {
  #context;
  #stream;
  #isOver = false;

  /**
   * Ask for the microphone and begin. `on.samples(Int16Array)` comes 25 times a second,
   * `on.level(db)` with it, and `on.lost(trouble)` where the microphone goes away.
   * Throws Trouble. Call it from a click or a key.
   */
  static async open(on) {
    if (!navigator.mediaDevices?.getUserMedia || !globalThis.AudioWorkletNode) {
      throw new Trouble(
        "insecure",
        "Browsers give the microphone only to https pages and to localhost: start the server with --tls-cert and --tls-key.",
      );
    }
    const stream = await ask();
    const capture = new Capture();
    capture.#stream = stream;
    try {
      await capture.#begin(on);
    } catch (cause) {
      capture.close();
      throw new Trouble("capture", "The microphone could not be read: reload the page.", { cause });
    }
    return capture;
  }

  /** Samples a second. */
  rateHz = RATE_HZ;

  /** When the first sample was heard, on `performance.now`'s clock; null before. */
  startedAtMs = null;

  /** Let go of the microphone. Idempotent. */
  close() {
    this.#isOver = true;
    for (const track of this.#stream.getTracks()) track.stop();
    if (this.#context && this.#context.state !== "closed") this.#context.close();
  }

  async #begin(on) {
    const source = this.#source();
    await this.#context.audioWorklet.addModule(new URL("capture-worklet.js", import.meta.url));
    const node = new AudioWorkletNode(this.#context, "capture", {
      channelCount: 1,
      channelCountMode: "explicit",
      numberOfOutputs: 0,
    });
    node.port.onmessage = ({ data: { samples, meanSquare } }) => {
      if (this.#isOver) return;
      this.startedAtMs ??= performance.now() - (1000 * samples.length) / this.rateHz;
      on.level?.(Math.max(FLOOR_DB, 10 * Math.log10(meanSquare + 1e-12)));
      on.samples(samples);
    };
    this.#stream.getAudioTracks()[0].onended = () => {
      if (!this.#isOver) {
        on.lost?.(new Trouble("lost", "The microphone went away: plug it in, then press Start."));
      }
    };
    source.connect(node);
    await this.#context.resume();
  }

  #source() {
    this.#context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: LATENCY_S });
    try {
      return this.#context.createMediaStreamSource(this.#stream);
    } catch (error) {
      if (error.name !== "NotSupportedError") throw error;
    }
    // Firefox resamples no microphone; the server does.
    this.#context.close();
    this.#context = new AudioContext({ latencyHint: LATENCY_S });
    this.rateHz = this.#context.sampleRate;
    return this.#context.createMediaStreamSource(this.#stream);
  }
}

async function ask() {
  // Gain helps quiet voices; noise suppression takes from recognition more than it gives.
  const audio = {
    channelCount: 1,
    echoCancellation: true,
    autoGainControl: true,
    noiseSuppression: false,
  };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (cause) {
    const sentence = REFUSALS[cause.name] ?? "The microphone cannot be had: check it in the system's settings.";
    throw new Trouble("microphone", sentence, { cause });
  }
}
