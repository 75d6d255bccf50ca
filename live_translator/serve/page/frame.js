const HEADER_BYTES = 16;
const ROOM_HEADER_BYTES = 24;

/**
 * Read a binary message: `seq`, `rateHz`, `startS` (source clock, seconds) and `samples`, a
 * Float32Array of mono sound within -1 and 1.
 */
export function parseFrame(buffer) {
  const view = new DataView(buffer);
  return {
    seq: view.getUint32(0, true),
    rateHz: view.getUint32(4, true),
    startS: view.getFloat64(8, true),
    samples: samplesOf(view, HEADER_BYTES),
  };
}

/** Read a room's: the same, `startS` on the clock of its `talk`, and the `member` who speaks. */
export function parseRoomFrame(buffer) {
  const view = new DataView(buffer);
  return {
    seq: view.getUint32(0, true),
    member: view.getUint32(4, true),
    talk: view.getUint32(8, true),
    rateHz: view.getUint32(12, true),
    startS: view.getFloat64(16, true),
    samples: samplesOf(view, ROOM_HEADER_BYTES),
  };
}

function samplesOf(view, begin) {
  const samples = new Float32Array((view.byteLength - begin) >> 1);
  for (let i = 0; i < samples.length; i += 1) {
    samples[i] = view.getInt16(begin + 2 * i, true) / 32768;
  }
  return samples;
}
