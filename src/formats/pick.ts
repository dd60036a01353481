/**
 * Picks out of a parsed object all the values that a format looks up, in one walk over the object. To ask for each of
 * a hundred names by itself costs several times as much as to parse the line.
 */
import { isJsonObject, type JsonObject } from "../bytes/json.ts";
import { getPath } from "../event/record.ts";

/** Values by the source's names for them; null and undefined are absent. */
export interface Named {
  get(name: string): unknown;
}

/** What a key leads to: the slot of a name that ends here (-1 for none), the keys under it that names go on with. */
interface Step {
  slot: number;
  inner: Level | undefined;
}

type Level = Map<string, Step>;

/** The names that a format looks up, each with a slot; made once. */
export class Picker {
  readonly #names: readonly string[];
  readonly #slots: ReadonlyMap<string, number>;
  readonly #top: Level = new Map();

  constructor(names: Iterable<string>) {
    this.#names = [...new Set(names)];
    this.#slots = new Map(this.#names.map((name, slot) => [name, slot]));
    for (const [name, slot] of this.#slots) addName(this.#top, name, slot);
  }

  /** The slot of one of the names. */
  readonly slotOf = (name: string): number | undefined => this.#slots.get(name);

  /** The values of an object, each where `getPath` finds it. */
  pick(object: JsonObject): Picked {
    const values = new Array<unknown>(this.#names.length).fill(undefined);
    this.#walk(this.#top, object, values, object);
    return new Picked(this.#slots, values, object);
  }

  #walk(level: Level, object: JsonObject, values: unknown[], whole: JsonObject): void {
    for (const key in object) {
      const step = level.get(key);
      if (step === undefined) continue;
      const value = object[key];
      if (step.inner !== undefined && isJsonObject(value)) this.#walk(step.inner, value, values, whole);
      if (step.slot < 0) continue;
      // A second way to the same name, dotted and nested: rare, and only the reference knows which way counts.
      const isFirst = values[step.slot] === undefined;
      values[step.slot] = isFirst ? value : (getPath(whole, this.#names[step.slot] ?? "") ?? null);
    }
  }
}

/** The values picked out of one object. */
export class Picked implements Named {
  /** By slot. */
  readonly values: unknown[];
  readonly #slots: ReadonlyMap<string, number>;
  readonly #object: JsonObject;

  constructor(slots: ReadonlyMap<string, number>, values: unknown[], object: JsonObject) {
    this.#slots = slots;
    this.values = values;
    this.#object = object;
  }

  get(name: string): unknown {
    const slot = this.#slots.get(name);
    return (slot === undefined ? getPath(this.#object, name) : this.values[slot]) ?? undefined;
  }

  /** Takes from another object of the same picker what is absent in this one. */
  fillFrom(other: Picked): void {
    for (let slot = 0; slot < this.values.length; slot++) this.values[slot] ??= other.values[slot];
  }
}

/** Adds every way to a name: as one key, and as a key for each place where it can be parted at a dot. */
function addName(level: Level, name: string, slot: number): void {
  stepAt(level, name).slot = slot;
  for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const step = stepAt(level, name.slice(0, dot));
    step.inner ??= new Map();
    addName(step.inner, name.slice(dot + 1), slot);
  }
}

function stepAt(level: Level, key: string): Step {
  const known = level.get(key);
  if (known !== undefined) return known;
  const made: Step = { slot: -1, inner: undefined };
  level.set(key, made);
  return made;
}
