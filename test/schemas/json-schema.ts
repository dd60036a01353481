/** A validator for the part of JSON Schema that our schemas use. Stricter than the standard: unknown members fail. */

type Schema = { readonly [keyword: string]: unknown };

const IGNORED = ["$schema", "title", "description", "$defs", "default", "format"];

/**
 * What is wrong with a value, one line for each fault; none when it is valid.
 * Shape: an object with `properties` may have no others, unless `additionalProperties` says so.
 * Errors: throws for a keyword that it does not know, so that no schema is half checked.
 */
export function faultsOf(value: unknown, schema: Schema): readonly string[] {
  return new Validator(schema).faults(value, schema, "$");
}

type Check = (value: unknown, argument: unknown, at: string, schema: Schema) => readonly string[];

class Validator {
  readonly #root: Schema;

  constructor(root: Schema) {
    this.#root = root;
  }

  faults(value: unknown, schema: Schema, at: string): readonly string[] {
    return Object.entries(schema).flatMap(([keyword, argument]) => {
      if (IGNORED.includes(keyword)) return [];
      const check = this.#checks[keyword];
      if (check === undefined) throw new Error(`the schema uses ${keyword}, which is not checked here`);
      return check(value, argument, at, schema);
    });
  }

  readonly #checks: Readonly<Record<string, Check>> = {
    $ref: (value, name, at) => this.faults(value, this.#definition(String(name)), at),
    anyOf: (value, options, at) => {
      const tried = (options as readonly Schema[]).map((option) => this.faults(value, option, at));
      if (tried.some((faults) => faults.length === 0)) return [];
      const [nearest] = [...tried].sort((a, b) => a.length - b.length);
      return nearest ?? [];
    },
    type: (value, names, at) => {
      const wanted = [names].flat() as readonly string[];
      return wanted.some((name) => isOfType(value, name)) ? [] : [`${at}: no ${wanted.join(" or ")}`];
    },
    const: (value, wanted, at) => (value === wanted ? [] : [`${at}: not ${JSON.stringify(wanted)}`]),
    enum: (value, choices, at) =>
      (choices as readonly unknown[]).includes(value) ? [] : [`${at}: none of ${JSON.stringify(choices)}`],
    minimum: (value, least, at) =>
      typeof value === "number" && value < Number(least) ? [`${at}: below ${least}`] : [],
    maximum: (value, most, at) =>
      typeof value === "number" && value > Number(most) ? [`${at}: above ${most}`] : [],
    minLength: (value, least, at) =>
      typeof value === "string" && value.length < Number(least) ? [`${at}: too short`] : [],
    minItems: (value, least, at) =>
      Array.isArray(value) && value.length < Number(least) ? [`${at}: too few items`] : [],
    pattern: (value, pattern, at) =>
      typeof value === "string" && !new RegExp(String(pattern), "u").test(value)
        ? [`${at}: not like ${pattern}`]
        : [],
    items: (value, items, at) =>
      Array.isArray(value)
        ? value.flatMap((item, index) => this.faults(item, items as Schema, `${at}[${index}]`))
        : [],
    required: (value, names, at) =>
      isObject(value)
        ? (names as readonly string[]).flatMap((name) =>
            Object.hasOwn(value, name) ? [] : [`${at}.${name}: missing`],
          )
        : [],
    propertyNames: (value, names, at) =>
      isObject(value)
        ? Object.keys(value).flatMap((name) => this.faults(name, names as Schema, `${at}.${name}`))
        : [],
    properties: (value, _, at, schema) => this.#members(value, at, schema),
    additionalProperties: (value, _, at, schema) =>
      "properties" in schema ? [] : this.#members(value, at, schema),
  };

  #members(value: unknown, at: string, schema: Schema): readonly string[] {
    if (!isObject(value)) return [];
    const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
    const others = schema["additionalProperties"];
    return Object.entries(value).flatMap(([name, member]) => {
      const path = `${at}.${name}`;
      const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (own !== undefined) return this.faults(member, own, path);
      return isObject(others) ? this.faults(member, others, path) : [`${path}: not in the schema`];
    });
  }

  #definition(reference: string): Schema {
    const name = reference.replace("#/$defs/", "");
    const found = (this.#root["$defs"] as Readonly<Record<string, Schema>> | undefined)?.[name];
    if (found === undefined) throw new Error(`the schema defines no ${reference}`);
    return found;
  }
}

function isOfType(value: unknown, name: string): boolean {
  switch (name) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isSafeInteger(value);
    default:
      return typeof value === name;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
