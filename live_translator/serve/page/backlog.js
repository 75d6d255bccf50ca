/**
 * What was recorded, by its place in the stream, until it can no longer be asked for again.
 * No clock and no connection.
 */
export class Backlog {
  #chunks = []; // {offset, samples}, without holes
  #kept;

  /** Keep the last `keptSamples` samples; older ones are lost, sent or not. */
  constructor(keptSamples) {
    this.#kept = keptSamples;
    /** Where what was recorded ends. */
    this.end = 0;
    /** Where what `take` returns next begins. */
    this.next = 0;
  }

  /** Where what is still here begins. */
  get begin() {
    return this.#chunks.length ? this.#chunks[0].offset : this.end;
  }

  /** How many samples wait to be taken. */
  get waiting() {
    return this.end - Math.max(this.next, this.begin);
  }

  /** Append an Int16Array, which is the backlog's from now on. */
  push(samples) {
    this.#chunks.push({ offset: this.end, samples });
    this.end += samples.length;
    while (this.end - this.#chunks[0].offset - this.#chunks[0].samples.length >= this.#kept) {
      this.#chunks.shift();
    }
  }

  /** Take again from a place on; what is no longer here is skipped. */
  rewind(offset) {
    this.next = Math.min(offset, this.end);
  }

  /**
   * Return up to `most` samples as {offset, skipped, samples}, or null where none wait.
   * `skipped` counts samples before them that are lost.
   */
  take(most) {
    const offset = Math.max(this.next, this.begin);
    const length = Math.min(most, this.end - offset);
    if (length <= 0) return null;
    const samples = new Int16Array(length);
    for (const chunk of this.#chunks) {
      const from = Math.max(offset, chunk.offset);
      const to = Math.min(offset + length, chunk.offset + chunk.samples.length);
      if (from < to) {
        samples.set(chunk.samples.subarray(from - chunk.offset, to - chunk.offset), from - offset);
      }
    }
    const skipped = offset - this.next;
    this.next = offset + length;
    return { offset, skipped, samples };
  }
}
