// JSON Schema of a TypeScript type, so that the types of our documents are declared once.
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Reads the types of some source files.
 * Shape: gives a function from a file and the name of an exported type to its schema. `known` has schemas that stand
 * for a type, by its name.
 * Errors: throws for a type that JSON has nothing for.
 */
export function typeSchemas(files, known = {}) {
  const program = ts.createProgram(
    files.map((file) => `${ROOT}${file}`),
    compilerOptions(),
  );
  const checker = program.getTypeChecker();
  return (file, name) => {
    const source = program.getSourceFile(`${ROOT}${file}`);
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
    const symbol = exported.find((one) => one.name === name);
    if (symbol === undefined) throw new Error(`${file} exports no type ${name}`);
    const writer = new SchemaWriter(checker, known);
    const schema = writer.root(checker.getDeclaredTypeOfSymbol(symbol));
    return {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: name,
      ...described(schema, writer.docOf(symbol)),
      ...(writer.defs.size === 0 ? {} : { $defs: sortedByName(writer.defs) }),
    };
  };
}

function compilerOptions() {
  const path = `${ROOT}tsconfig.core.json`;
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options;
}

class SchemaWriter {
  /** Schemas of named types, by name. */
  defs = new Map();

  constructor(checker, known) {
    this.checker = checker;
    this.known = known;
  }

  root(type) {
    return type.isUnion() ? this.unionOf(type) : this.objectOf(type);
  }

  docOf(symbol) {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replaceAll(/\s+/g, " ");
  }

  of(type) {
    const alias = type.aliasSymbol?.name;
    if (alias !== undefined && alias in this.known) return this.named(alias, () => this.known[alias]);
    if (type.isUnion()) return this.unionOf(type);
    if (this.checker.isArrayType(type)) {
      return { type: "array", items: this.of(this.checker.getTypeArguments(type)[0]) };
    }
    if (type.flags & ts.TypeFlags.Object) {
      return isNamed(type)
        ? this.named(type.symbol.name, () => described(this.objectOf(type), this.docOf(type.symbol)))
        : this.objectOf(type);
    }
    return this.simpleOf(type);
  }

  simpleOf(type) {
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLiteral) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === "true" };
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    if (flags & ts.TypeFlags.String) return { type: "string" };
    if (flags & ts.TypeFlags.Number) return { type: "number" };
    if (flags & ts.TypeFlags.Unknown) return {};
    throw new Error(`no schema for the type ${this.checker.typeToString(type)}`);
  }

  // The compiler's own order of a union depends on what else it has met, so the members are sorted.
  unionOf(type) {
    const isBoolean = (one) => (one.flags & ts.TypeFlags.BooleanLiteral) !== 0;
    const isText = (one) => one.isStringLiteral();
    const types = type.types.filter((one) => (one.flags & ts.TypeFlags.Undefined) === 0);
    const schemas = types.filter((one) => !isBoolean(one) && !isText(one)).map((one) => this.of(one));
    const texts = types
      .filter(isText)
      .map(({ value }) => value)
      .sort();
    if (types.filter(isBoolean).length === 2) schemas.push({ type: "boolean" });
    if (texts.length > 0) schemas.push(texts.length === 1 ? { const: texts[0] } : { enum: texts });
    schemas.sort((a, b) => rankOf(a) - rankOf(b) || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (schemas.length === 1) return schemas[0];
    const plain = schemas.every((schema) => Object.keys(schema).join() === "type");
    return plain ? { type: schemas.map((schema) => schema.type) } : { anyOf: schemas };
  }

  objectOf(type) {
    const members = this.checker.getPropertiesOfType(type);
    const rest = this.checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const properties = Object.fromEntries(
      members.map((member) => [
        member.name,
        described(this.of(this.checker.getTypeOfSymbol(member)), this.docOf(member)),
      ]),
    );
    const required = members
      .filter(({ flags }) => !(flags & ts.SymbolFlags.Optional))
      .map(({ name }) => name);
    return {
      type: "object",
      ...(members.length === 0 ? {} : { properties }),
      ...(required.length === 0 ? {} : { required }),
      ...(rest === undefined ? {} : { additionalProperties: this.of(rest.type) }),
    };
  }

  named(name, write) {
    if (!this.defs.has(name)) {
      this.defs.set(name, {});
      this.defs.set(name, write());
    }
    return { $ref: `#/$defs/${name}` };
  }
}

/** Null stands last. */
function rankOf(schema) {
  return schema.type === "null" ? 1 : 0;
}

function isNamed({ symbol }) {
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Interface) !== 0;
}

function described(schema, doc) {
  return doc === "" ? schema : { ...schema, description: doc };
}

function sortedByName(defs) {
  return Object.fromEntries([...defs].sort(([a], [b]) => (a < b ? -1 : 1)));
}
