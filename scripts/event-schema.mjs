// JSON Schema of an event document, from the table of fields.

const TYPES = {
  ip: { type: "string" },
  time: { type: "string", format: "date-time" },
  port: { type: "integer", minimum: 0, maximum: 65535 },
  integer: { type: "integer" },
  keyword: { type: "string" },
  keywords: { type: "array", items: { type: "string" } },
  boolean: { type: "boolean" },
};

/** What a document says beside the event's fields: where the record stands. */
const PLACE = {
  "event.original": { type: "string", description: "The record itself, with --original." },
  "log.file.path": { type: "string", description: "The file the record stands in; - is standard input." },
  "log.offset": {
    type: "integer",
    minimum: 0,
    description: "The byte the record begins at; of the plain content, where the file is compressed.",
  },
};

/** The schema of the nested document. */
export function eventSchema(fields) {
  const root = {
    type: "object",
    properties: {},
    description: "An event as nested ECS JSON: what the record says, and what follows from it.",
  };
  for (const [name, { type, doc }] of Object.entries(fields)) {
    place(root, name, { ...TYPES[type], description: doc });
  }
  for (const [name, schema] of Object.entries(PLACE)) place(root, name, schema);
  return root;
}

function place(root, name, schema) {
  const parts = name.split(".");
  const last = parts.pop();
  let level = root;
  for (const part of parts) {
    level.properties[part] ??= { type: "object", properties: {} };
    level = level.properties[part];
  }
  level.properties[last] = schema;
}
