/** Comma-separated rows after RFC 4180: quotes, doubled quotes inside them. A backslash is an ordinary character. */

/** Tells whether a row's quotes are closed; where not, the record goes on with the next line. */
export function quotesClosed(row: string): boolean {
  let count = 0;
  for (let at = row.indexOf('"'); at >= 0; at = row.indexOf('"', at + 1)) count++;
  return count % 2 === 0;
}

/** Splits one row into its fields. */
export function splitCsv(row: string, separator = ","): string[] {
  if (!row.includes('"')) return row.split(separator);
  let at = endOfPlainFields(row, 0, separator);
  const fields = at === 0 ? [] : row.slice(0, at - separator.length).split(separator);
  while (at <= row.length) {
    const [field, next] = row[at] === '"' ? quotedField(row, at, separator) : plainField(row, at, separator);
    fields.push(field);
    at = next;
    const plainEnd = endOfPlainFields(row, at, separator);
    if (plainEnd <= at) continue;
    for (const plain of row.slice(at, plainEnd - separator.length).split(separator)) fields.push(plain);
    at = plainEnd;
  }
  return fields;
}

/** Where the field with the next quote begins: the fields before it, mostly all but one, can be split at once. */
function endOfPlainFields(row: string, at: number, separator: string): number {
  const quote = row.indexOf('"', at);
  const before = row.lastIndexOf(separator, quote < 0 ? row.length : quote);
  return before < at ? at : before + separator.length;
}

function plainField(row: string, at: number, separator: string): readonly [string, number] {
  const end = row.indexOf(separator, at);
  return end < 0 ? [row.slice(at), row.length + 1] : [row.slice(at, end), end + 1];
}

function quotedField(row: string, at: number, separator: string): readonly [string, number] {
  let text = "";
  let from = at + 1;
  for (;;) {
    const quote = row.indexOf('"', from);
    if (quote < 0) return [text + row.slice(from), row.length + 1];
    text += row.slice(from, quote);
    if (row[quote + 1] !== '"') {
      const [tail, next] = plainField(row, quote + 1, separator);
      return [text + tail, next];
    }
    text += '"';
    from = quote + 2;
  }
}
