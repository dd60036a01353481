/**
 * Conditions: text ↔ tree. Binding from loose to tight: or, and, not, "1 of", brackets.
 * Source: Sigma specification 2.0.0, "Condition".
 */
import type { Condition } from "./rule.ts";

/** What is wrong with a condition. */
export interface ConditionFault {
  readonly code: "rule_invalid" | "rule_unsupported";
  readonly detail: string;
}

/** Thrown inside the parser only; parseCondition gives it back as a value. */
class Fault extends Error {
  readonly code: ConditionFault["code"];

  constructor(code: ConditionFault["code"], detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * Parses a condition over the names of a rule's selections.
 * Shape: the tree, or what is wrong with the text.
 */
export function parseCondition(text: string, selections: readonly string[]): Condition | ConditionFault {
  try {
    return new ConditionParser(text, selections).parse();
  } catch (error) {
    if (error instanceof Fault) return { code: error.code, detail: error.message };
    throw error;
  }
}

/** Prints a condition so that parsing it gives the same tree. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.items.map((item) => printOperand(item)).join(` ${condition.kind} `);
    case "not":
      return `not ${printOperand(condition.item)}`;
    case "selection":
      return condition.name;
    case "of":
      return `${condition.quantity} of ${condition.pattern}`;
    default:
      return condition satisfies never;
  }
}

function printOperand(item: Condition): string {
  const text = printCondition(item);
  return item.kind === "and" || item.kind === "or" ? `(${text})` : text;
}

const TOKEN = /\s*(?:([()|])|([\p{L}\p{N}_*?.-]+)|(\S))/uy;
const OPERATORS: ReadonlySet<string> = new Set(["and", "or", "not", "of", "(", ")", "|"]);

class ConditionParser {
  private readonly tokens: readonly string[];
  private readonly selections: readonly string[];
  private next = 0;

  constructor(text: string, selections: readonly string[]) {
    this.tokens = tokensOf(text);
    this.selections = selections;
  }

  parse(): Condition {
    const tree = this.or();
    const rest = this.peek();
    if (rest !== undefined) throw new Fault("rule_invalid", `"${rest}" is out of place in the condition`);
    return tree;
  }

  private or(): Condition {
    return this.chain("or", () => this.chain("and", () => this.not()));
  }

  private chain(kind: "and" | "or", operand: () => Condition): Condition {
    const first = operand();
    if (this.word() !== kind) return first;
    const items = [first];
    while (this.word() === kind) {
      this.next++;
      items.push(operand());
    }
    return { kind, items };
  }

  private not(): Condition {
    if (this.word() !== "not") return this.primary();
    this.next++;
    return { kind: "not", item: this.not() };
  }

  private primary(): Condition {
    const token = this.take();
    if (token === "(") {
      const inner = this.or();
      if (this.take() !== ")") throw new Fault("rule_invalid", "A bracket in the condition is not closed");
      return inner;
    }
    if (this.word() === "of") return this.quantified(token);
    if (OPERATORS.has(token.toLowerCase())) {
      throw new Fault("rule_invalid", `"${token}" is out of place in the condition`);
    }
    if (!this.selections.includes(token)) {
      throw new Fault("rule_invalid", `The condition names "${token}", but no selection has that name`);
    }
    return { kind: "selection", name: token };
  }

  private quantified(quantity: string): Condition {
    const lower = quantity.toLowerCase();
    if (lower !== "1" && lower !== "any" && lower !== "all") {
      throw new Fault("rule_invalid", `"${quantity} of" is not Sigma; 1, any and all are`);
    }
    this.next++;
    const pattern = this.take();
    const names = this.namesOf(pattern);
    if (names.length === 0) throw new Fault("rule_invalid", `No selection is meant by "${pattern}"`);
    return { kind: "of", quantity: lower === "all" ? "all" : "1", pattern, names };
  }

  /** `them` leaves out names that begin with an underscore; a pattern says what it means. */
  private namesOf(pattern: string): readonly string[] {
    if (pattern.toLowerCase() === "them") return this.selections.filter((name) => !name.startsWith("_"));
    const parts = pattern.split("*").map((part) => part.replace(/[.?-]/g, "\\$&"));
    const wanted = new RegExp(`^${parts.join(".*")}$`, "u");
    return this.selections.filter((name) => wanted.test(name));
  }

  private peek(): string | undefined {
    return this.tokens[this.next];
  }

  private word(): string | undefined {
    return this.peek()?.toLowerCase();
  }

  private take(): string {
    const token = this.tokens[this.next];
    if (token === undefined) throw new Fault("rule_invalid", "The condition ends too early");
    this.next++;
    return token;
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trim();
  if (trimmed === "") throw new Fault("rule_invalid", "The condition is empty");
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match === null) break;
    if (match[1] === "|") {
      throw new Fault(
        "rule_unsupported",
        "Aggregations in a condition (after |) are not supported; they left Sigma with version 2",
      );
    }
    if (match[3] !== undefined)
      throw new Fault("rule_invalid", `"${match[3]}" has no meaning in a condition`);
    tokens.push(match[1] ?? match[2] ?? "");
  }
  return tokens;
}

/** Tells whether parseCondition gave a fault. */
export function isConditionFault(parsed: Condition | ConditionFault): parsed is ConditionFault {
  return "code" in parsed;
}
