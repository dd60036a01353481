/** How an outcome is shown to a person: a symbol and a word first, colour only beside them. */
import { OUTCOMES, type Outcome } from "../event/outcome.ts";
import type { Severity } from "../sigma/level.ts";
import type { Paint } from "./color.ts";

interface OutcomeWords {
  readonly symbol: string;
  readonly word: string;
  /** What it means, in a few words. */
  readonly meaning: string;
  /** Whether a session to the Internet was completed. */
  readonly out: boolean;
  readonly paints: readonly Paint[];
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, OutcomeWords>> = {
  transferred: {
    symbol: "!!",
    word: "TRANSFERRED",
    meaning: "data was carried",
    out: true,
    paints: ["bold", "red"],
  },
  authenticated: {
    symbol: "!!",
    word: "AUTHENTICATED",
    meaning: "credentials were offered",
    out: true,
    paints: ["bold", "red"],
  },
  established: {
    symbol: "!",
    word: "established",
    meaning: "a session was completed",
    out: true,
    paints: ["red"],
  },
  attempted: {
    symbol: "~",
    word: "attempted",
    meaning: "it went out; no completed session is recorded",
    out: false,
    paints: ["yellow"],
  },
  blocked: { symbol: "x", word: "blocked", meaning: "it was stopped", out: false, paints: ["blue"] },
  unknown: {
    symbol: "?",
    word: "unknown",
    meaning: "nothing tells how it ended",
    out: false,
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
