const HEADER_BYTES = 16;

/**
 * Read a binary message: `seq`, `rateHz`, `startS` (source clock, seconds) and `samples`, a
 * Float32Array of mono sound within -1 and 1.
 */
export function parseFrame(buffer) {
  const view = new DataView(buffer);
  const count = (buffer.byteLength - HEADER_BYTES) >> 1;
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    samples[i] = view.getInt16(HEADER_BYTES + 2 * i, true) / 32768;
  }
  return {
    seq: view.getUint32(0, true),
    rateHz: view.getUint32(4, true),
    startS: view.getFloat64(8, true),
    samples,
  };
}
