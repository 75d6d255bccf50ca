/* global sampleRate, registerProcessor, AudioWorkletProcessor */

const CHUNK_S = 0.04; // 25 messages a second, each a little late only.

/** Gives the microphone's sound away as s16, with its mean square. */
class Capture extends AudioWorkletProcessor {
  #chunk = new Int16Array(Math.round(CHUNK_S * sampleRate));
  #filled = 0;
  #squares = 0;

  process([input]) {
    const channel = input[0];
    if (!channel) return true;
    for (const value of channel) {
      const clipped = Math.max(-1, Math.min(1, value));
      this.#chunk[this.#filled] = Math.round(clipped * 32767);
      this.#squares += clipped * clipped;
      this.#filled += 1;
      if (this.#filled === this.#chunk.length) this.#give();
    }
    return true;
  }

  #give() {
    const samples = this.#chunk;
    const meanSquare = this.#squares / samples.length;
    this.#chunk = new Int16Array(samples.length);
    this.#filled = 0;
    this.#squares = 0;
    this.port.postMessage({ samples, meanSquare }, [samples.buffer]);
  }
}

registerProcessor("capture", Capture);
