/** The two shapes of LogRecord: a parsed JSON object, and a row under a header. */
import type { LogRecord } from "./event.ts";

type JsonObject = { readonly [key: string]: unknown };

/** Makes a record of a JSON object; dotted keys and nesting are one and the same. */
export function jsonRecord(object: JsonObject): LogRecord {
  return new JsonRecord(object);
}

/** A class, since one small object a record is cheaper than two functions. */
class JsonRecord implements LogRecord {
  readonly #object: JsonObject;

  constructor(object: JsonObject) {
    this.#object = object;
  }

  get(name: string): unknown {
    return getPath(this.#object, name);
  }

  entries(): Iterable<readonly [string, unknown]> {
    return flatten(this.#object);
  }
}

/** Makes a record of a row: `columns` maps a name to its place; "" and the unset mark count as absent. */
export function rowRecord(
  columns: ReadonlyMap<string, number>,
  values: readonly unknown[],
  unset?: string,
): LogRecord {
  return new RowRecord(columns, values, unset);
}

class RowRecord implements LogRecord {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #values: readonly unknown[];
  readonly #unset: string | undefined;

  constructor(columns: ReadonlyMap<string, number>, values: readonly unknown[], unset: string | undefined) {
    this.#columns = columns;
    this.#values = values;
    this.#unset = unset;
  }

  get(name: string): unknown {
    const place = this.#columns.get(name);
    return place === undefined ? undefined : this.#at(place);
  }

  *entries(): Generator<readonly [string, unknown]> {
    for (const [name, place] of this.#columns) {
      const value = this.#at(place);
      if (value !== undefined) yield [name, value];
    }
  }

  #at(place: number): unknown {
    const value = this.#values[place];
    return value === "" || value === this.#unset ? undefined : value;
  }
}

/** Reads a dotted path: at each level the longest key that itself contains the dots wins. */
export function getPath(object: JsonObject, path: string): unknown {
  const whole = object[path];
  if (whole !== undefined || !path.includes(".")) return whole === null ? undefined : whole;
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    const inner = object[path.slice(0, dot)];
    if (!isObject(inner)) continue;
    const value = getPath(inner, path.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Depth first, without recursion: a hostile record may be nested without end. */
function* flatten(object: JsonObject): Generator<readonly [string, unknown]> {
  const open = Object.entries(object).reverse();
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const [name, value] = entry;
    if (!isObject(value)) yield entry;
    else for (const [key, inner] of Object.entries(value).reverse()) open.push([`${name}.${key}`, inner]);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
