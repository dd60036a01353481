/**
 * A bounded map that keeps the entries with the smallest hashes. What stays depends only on the keys that
 * were offered, never on their order: the bound falls as entries are dropped, and never rises again.
 */

/** Orders keys by hash, then by themselves. */
type Rank = readonly [hash: number, key: string];

export interface BottomK<V> {
  /** The value of a key, made when it is new; undefined when the key is beyond the bound. */
  get(key: string, make: () => V): V | undefined;
  /** Weighs an entry again after it grew; the largest hashes are dropped until all fits. */
  grow(by: number): void;
  /** Every entry that stays, by key. */
  entries(): readonly (readonly [string, V])[];
}

/**
 * Makes one.
 * Shape: `limit` bounds the sum of the weights; each new key weighs `entryWeight` (1 unless told), more
 * through `grow`. `onDrop` is told of each entry that no longer fits.
 */
export function createBottomK<V>(
  limit: number,
  hash: (key: string) => number,
  onDrop: (key: string, value: V) => void,
  { entryWeight = 1, weigh = () => 1 }: { entryWeight?: number; weigh?: (value: V) => number } = {},
): BottomK<V> {
  const values = new Map<string, V>();
  const heap = createMaxHeap();
  let weight = 0;
  let bound: Rank = [Number.POSITIVE_INFINITY, ""];

  const settle = (): void => {
    while (weight > limit) {
      const largest = heap.pop();
      if (largest === undefined) return;
      bound = largest;
      const value = values.get(largest[1]);
      values.delete(largest[1]);
      if (value === undefined) continue;
      weight -= weigh(value);
      onDrop(largest[1], value);
    }
  };

  return {
    get(key, make) {
      const known = values.get(key);
      if (known !== undefined) return known;
      const rank: Rank = [hash(key), key];
      if (!isBefore(rank, bound)) return undefined;
      const value = make();
      values.set(key, value);
      heap.push(rank);
      weight += entryWeight;
      settle();
      return values.get(key);
    },
    grow(by) {
      weight += by;
      settle();
    },
    entries: () => [...values.entries()].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

function isBefore(a: Rank, b: Rank): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

interface MaxHeap {
  push(rank: Rank): void;
  pop(): Rank | undefined;
}

function createMaxHeap(): MaxHeap {
  const heap: Rank[] = [];
  const swap = (a: number, b: number): void => {
    const rank = heap[a] as Rank;
    heap[a] = heap[b] as Rank;
    heap[b] = rank;
  };
  const larger = (a: number, b: number): boolean => isBefore(heap[b] as Rank, heap[a] as Rank);
  return {
    push(rank) {
      heap.push(rank);
      for (let at = heap.length - 1; at > 0; ) {
        const up = (at - 1) >> 1;
        if (!larger(at, up)) return;
        swap(at, up);
        at = up;
      }
    },
    pop() {
      const top = heap[0];
      const last = heap.pop();
      if (top === undefined || last === undefined || heap.length === 0) return top;
      heap[0] = last;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const right = left + 1;
        let best = at;
        if (left < heap.length && larger(left, best)) best = left;
        if (right < heap.length && larger(right, best)) best = right;
        if (best === at) return top;
        swap(at, best);
        at = best;
      }
    },
  };
}
