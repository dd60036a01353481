/** How an outcome is shown to a person: a symbol and a word first, colour only beside them. */
import { OUTCOMES, type Outcome } from "../event/outcome.ts";
import type { Severity } from "../sigma/level.ts";
import type { Paint } from "./color.ts";

interface OutcomeWords {
  readonly symbol: string;
  readonly word: string;
  /** What it means, in a few words. */
  readonly meaning: string;
  readonly paints: readonly Paint[];
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, OutcomeWords>> = {
  transferred: {
    symbol: "!!",
    word: "TRANSFERRED",
    meaning: "data was carried",
    paints: ["bold", "red"],
  },
  authenticated: {
    symbol: "!!",
    word: "AUTHENTICATED",
    meaning: "credentials were offered",
    paints: ["bold", "red"],
  },
  established: {
    symbol: "!",
    word: "established",
    meaning: "a session was completed",
    paints: ["red"],
  },
  attempted: {
    symbol: "~",
    word: "attempted",
    meaning: "it went out; no completed session is recorded",
    paints: ["yellow"],
  },
  blocked: { symbol: "x", word: "blocked", meaning: "it was stopped", paints: ["blue"] },
  unknown: {
    symbol: "?",
    word: "unknown",
    meaning: "nothing tells how it ended",
    paints: ["cyan"],
  },
};

/** Every outcome, the furthest first. */
export const FURTHEST_FIRST: readonly Outcome[] = [
  "transferred",
  "authenticated",
  "established",
  "attempted",
  "blocked",
  "unknown",
];

/** The further of two outcomes: the stronger evidence wins. */
export function furtherOutcome(a: Outcome, b: Outcome): Outcome {
  return OUTCOMES.indexOf(a) >= OUTCOMES.indexOf(b) ? a : b;
}

/** The symbol and the word of an outcome: "!! TRANSFERRED", "x blocked". */
export function outcomeMark(outcome: Outcome): string {
  return `${OUTCOME_WORDS[outcome].symbol} ${OUTCOME_WORDS[outcome].word}`;
}

/** Tells whether a word is an outcome. */
export function isOutcome(word: unknown): word is Outcome {
  return (OUTCOMES as readonly unknown[]).includes(word);
}

export const SEVERITY_PAINTS: Readonly<Record<Severity, readonly Paint[]>> = {
  critical: ["bold", "red"],
  high: ["red"],
  medium: ["yellow"],
  low: ["cyan"],
  info: ["dim"],
};
