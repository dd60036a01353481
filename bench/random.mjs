// A fast repeatable stream of numbers: the same seed gives the same logs.

export function createRandom(seed) {
  let state = seed | 0;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  return { next, int: (from, to) => from + Math.floor(next() * (to - from + 1)) };
}
