/**
 * A bounded map that keeps the entries with the smallest hashes. What stays depends only on the keys that
 * were offered, never on their order: the bound falls as entries are dropped, and never rises again.
 */

/** Orders keys by hash, then by themselves. */
export type Rank = readonly [hash: number, key: string];

export interface BottomK<V> {
  /** The value of a key, made when it is new; undefined when the key is beyond the bound. */
  get(key: string, make: () => V): V | undefined;
  /** Weighs an entry again after it grew; the largest hashes are dropped until all fits. */
  grow(by: number): void;
  /** Every entry that stays, by key. */
  entries(): readonly (readonly [string, V])[];
  /** From where on keys were dropped; null when none was. */
  bound(): Rank | null;
  /** Takes over another map's bound: what it dropped a part of cannot be kept whole here. */
  cut(bound: Rank): void;
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
  let bound: Rank | null = null;

  const drop = (key: string): void => {
    const value = values.get(key);
    values.delete(key);
    if (value === undefined) return;
    weight -= weigh(value);
    onDrop(key, value);
  };
  const settle = (): void => {
    while (weight > limit) {
      const largest = heap.pop();
      if (largest === undefined) return;
      bound = largest;
      drop(largest[1]);
    }
  };

  return {
    get(key, make) {
      // The bound is asked before the map: in a flood nearly all keys are beyond it, and a look-up costs more.
      const code = hash(key);
      if (bound !== null && !comesBefore(code, key, bound)) return undefined;
      const known = values.get(key);
      if (known !== undefined) return known;
      const value = make();
      values.set(key, value);
      heap.push([code, key]);
      weight += entryWeight;
      settle();
      return values.get(key);
    },
    grow(by) {
      weight += by;
      settle();
    },
    bound: () => bound,
    cut(other) {
      if (bound !== null && !isBefore(other, bound)) return;
      bound = other;
      for (let top = heap.peek(); top !== undefined && !isBefore(top, other); top = heap.peek()) {
        heap.pop();
        drop(top[1]);
      }
    },
    entries: () => [...values.entries()].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

function isBefore(a: Rank, b: Rank): boolean {
  return comesBefore(a[0], a[1], b);
}

function comesBefore(hash: number, key: string, other: Rank): boolean {
  return hash < other[0] || (hash === other[0] && key < other[1]);
}

interface MaxHeap {
  push(rank: Rank): void;
  pop(): Rank | undefined;
  peek(): Rank | undefined;
}

function createMaxHeap(): MaxHeap {
  const heap: Rank[] = [];
  const swap = (a: number, b: number): void => {
    const rank = heap[a] as Rank;
    heap[a] = heap[b] as Rank;
    heap[b] = rank;
  };
  const larger = (a: number, b: number): boolean => isBefore(heap[b] as Rank, heap[a] as Rank);
  const largerOf = (a: number, b: number): number => (b < heap.length && larger(b, a) ? b : a);
  const sink = (): void => {
    for (let at = 0; ; ) {
      const largest = largerOf(largerOf(at, 2 * at + 1), 2 * at + 2);
      if (largest === at) return;
      swap(at, largest);
      at = largest;
    }
  };
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
    peek: () => heap[0],
    pop() {
      const top = heap[0];
      const last = heap.pop();
      if (top === undefined || last === undefined || heap.length === 0) return top;
      heap[0] = last;
      sink();
      return top;
    },
  };
}
