/** A token bucket: `burst` at once, `perS` lastingly. Times are given, in ms. */
export class Bucket {
  #perS;
  #burst;
  #left;
  #atMs = null;

  constructor({ perS, burst }) {
    this.#perS = perS;
    this.#burst = burst;
    this.#left = burst;
  }

  /** How much may be taken at a time. */
  left(nowMs) {
    if (this.#atMs !== null) {
      const more = ((nowMs - this.#atMs) / 1000) * this.#perS;
      this.#left = Math.min(this.#burst, this.#left + more);
    }
    this.#atMs = nowMs;
    return this.#left;
  }

  /** Take that much. */
  take(count) {
    this.#left -= count;
  }

  /** Hold no more than that. */
  limit(count) {
    this.#left = Math.min(this.#left, count);
  }
}
