/** Sessions: which observations are one connection, and what they prove together. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SAMPLE_MS, type Sample, sampleObservation, shuffled } from "../../test/sample-observation.ts";
import { parseIp } from "../net/parse-ip.ts";
import type { Observation } from "./observation.ts";
import { joinSessions, representative, type Session } from "./session.ts";

function join(...samples: Sample[]): readonly Session[] {
  return joinSessions(samples.map((sample, offset) => sampleObservation({ offset, ...sample }))).sessions;
}

function only(...samples: Sample[]): Session {
  const sessions = join(...samples);
  expect(sessions).toHaveLength(1);
  return sessions[0] as Session;
}

const sizes = (sessions: readonly Session[]): number[] =>
  sessions.map(({ observations }) => observations.length);

/** The answering half: 8.8.8.8:445 → 10.1.2.3:50000. */
const REVERSE: Sample = { from: "8.8.8.8", fromPort: 445, to: "10.1.2.3", toPort: 50_000 };

describe("gaps", () => {
  test.each([
    [0, 1],
    [60_000, 1],
    [60_001, 2],
  ])("two records %d ms apart are %d session(s)", (gap, count) => {
    expect(join({}, { at: gap })).toHaveLength(count);
  });

  test("a gap is counted from the end of what came before", () => {
    expect(join({ until: 600_000 }, { at: 660_000 })).toHaveLength(1);
    expect(join({ until: 600_000 }, { at: 660_001 })).toHaveLength(2);
  });

  test("a short record inside a long one does not end it", () => {
    expect(join({ until: 600_000 }, { at: 1000, until: 2000 }, { at: 640_000 })).toHaveLength(1);
  });

  test("a chain of records joins, however long it is", () => {
    expect(sizes(join({}, { at: 50_000 }, { at: 100_000 }, { at: 150_000 }))).toEqual([4]);
  });

  test("records without a time are one session of their own", () => {
    expect(sizes(join({}, { at: null }, { at: null }))).toEqual([1, 2]);
  });
});

describe("flow ids", () => {
  const HOUR = 3_600_000;

  test("bridge any gap within one observer", () => {
    expect(join({ observer: "fw1", flow: "7" }, { observer: "fw1", flow: "7", at: HOUR })).toHaveLength(1);
  });

  test("say nothing to another observer", () => {
    expect(join({ observer: "fw1", flow: "7" }, { observer: "fw2", flow: "7", at: HOUR })).toHaveLength(2);
  });

  test("say nothing of another 5-tuple", () => {
    expect(join({ flow: "7" }, { flow: "7", fromPort: 50_001 })).toHaveLength(2);
  });

  test("join what lies between their records", () => {
    const flow = { observer: "fw1", flow: "7" };
    expect(join(flow, { ...flow, at: HOUR }, { observer: "fw2", at: HOUR / 2 })).toHaveLength(1);
  });

  test("are shared by the logs of one Zeek", () => {
    const zeek = { flow: "C1", byteCounting: "payload" } as const;
    const session = only(
      { ...zeek, dataset: "zeek.conn", state: "established" },
      { ...zeek, dataset: "zeek.ntlm", at: HOUR, fields: { "sallyport.auth.protocol": "ntlm" }, rules: [] },
    );
    expect(session.outcome).toBe("authenticated");
  });
});

describe("what is one connection", () => {
  test("the start row and the end row of a session", () => {
    const session = only(
      { action: "allowed", flow: "1", observer: "fw" },
      { action: "allowed", flow: "1", observer: "fw", at: 9000, out: 9000, in: 6000 },
    );
    expect(session).toMatchObject({ outcome: "established", bytesOut: 9000, bytesIn: 6000 });
  });

  test("both halves of a flow, each with its own counter", () => {
    const session = only(
      { dataset: "aws.vpcflow", byteCounting: "ip", out: 900 },
      { dataset: "aws.vpcflow", byteCounting: "ip", ...REVERSE, out: 700, rules: [] },
    );
    expect(session).toMatchObject({
      outcome: "established",
      bytesOut: 900,
      bytesIn: 700,
      flippedOnly: false,
    });
  });

  test("the same connection seen by two sensors: the larger counters, the stronger outcome", () => {
    const session = only(
      { observer: "fw", action: "allowed", out: 9000, in: 6000 },
      {
        observer: "tap",
        dataset: "zeek.conn",
        byteCounting: "payload",
        state: "established",
        out: 8000,
        in: 5000,
        at: 40,
      },
    );
    expect(session).toMatchObject({ outcome: "established", bytesOut: 9000, bytesIn: 6000 });
    expect(session.observations).toHaveLength(2);
  });

  test.each([
    ["another source port", { fromPort: 50_001 }],
    ["another destination", { to: "1.1.1.1" }],
    ["another destination port", { toPort: 139 }],
    ["another transport", { fields: { "network.transport": "udp" } }],
  ])("not %s", (_, sample) => {
    expect(join({}, sample)).toHaveLength(2);
  });

  test("an address and the one it is embedded in", () => {
    expect(join({ to: "8.8.8.8" }, { to: "64:ff9b::808:808" })).toHaveLength(1);
  });

  test("different flow ids of one observer within 60 s: their bytes add up", () => {
    const session = only({ flow: "1", out: 900, in: 900 }, { flow: "2", out: 100, in: 100, at: 5000 });
    expect(session).toMatchObject({ bytesOut: 1000, bytesIn: 1000 });
  });

  test("rows of one flow are cumulative: the largest counts", () => {
    const session = only({ flow: "1", out: 900, in: 900 }, { flow: "1", out: 1500, in: 1000, at: 5000 });
    expect(session).toMatchObject({ bytesOut: 1500, bytesIn: 1000 });
  });
});

describe("address translation", () => {
  const nat = (ip: string, port: number) => ({ "source.nat.ip": parseIp(ip), "source.nat.port": port });
  const INNER: Sample = { observer: "fw", action: "allowed", fields: nat("11.22.33.44", 1025) };
  const OUTER: Sample = {
    observer: "tap",
    from: "11.22.33.44",
    fromPort: 1025,
    state: "established",
    at: 10,
  };

  test("the row before it and the row after it are one session, named by the inner source", () => {
    const session = only(INNER, OUTER);
    expect(session.outcome).toBe("established");
    expect(representative(session).source.ip).toBe("10.1.2.3");
  });

  test("a chain of translations leads to the innermost source", () => {
    const middle: Sample = {
      observer: "fw2",
      from: "11.22.33.44",
      fromPort: 1025,
      fields: nat("11.22.99.1", 2048),
      at: 5,
    };
    const outermost: Sample = { observer: "tap", from: "11.22.99.1", fromPort: 2048, at: 10 };
    expect(sizes(join(outermost, middle, INNER))).toEqual([3]);
  });

  test("two sources that name each other as their translation do not go round for ever", () => {
    const a: Sample = { from: "10.0.0.1", fields: nat("10.0.0.2", 50_000) };
    const b: Sample = { from: "10.0.0.2", fields: nat("10.0.0.1", 50_000) };
    expect(sizes(join(a, b))).toEqual([2]);
    expect(sizes(join(b, a))).toEqual([2]);
  });

  test("a translation that nobody else saw changes nothing", () => {
    expect(sizes(join(INNER, { from: "11.22.33.44", fromPort: 1026 }))).toEqual([1, 1]);
  });
});

describe("outcome", () => {
  test.each<[string, Sample[], string]>([
    [
      "a block and a completed session elsewhere",
      [
        { observer: "fw", action: "blocked" },
        { observer: "tap", state: "established" },
      ],
      "established",
    ],
    [
      "a block before the tap saw no answer",
      [
        { observer: "fw", action: "blocked" },
        { observer: "tap", state: "no-answer" },
      ],
      "blocked",
    ],
    [
      "a start row and a block by one firewall",
      [{ action: "allowed" }, { action: "blocked", at: 100, out: 9000, in: 500 }],
      "blocked",
    ],
    ["allowed twice", [{ action: "allowed" }, { action: "allowed", at: 5 }], "attempted"],
    [
      "allowed by one, unknown to another",
      [{ observer: "a" }, { observer: "b", action: "allowed" }],
      "attempted",
    ],
    [
      "refused after an allow",
      [
        { observer: "fw", action: "allowed" },
        { observer: "tap", state: "refused" },
      ],
      "attempted",
    ],
    ["two counters of one observer in different rows", [{ out: 900 }, { in: 900, at: 5 }], "established"],
    [
      "two counters of different observers",
      [
        { observer: "a", out: 900 },
        { observer: "b", in: 900 },
      ],
      "unknown",
    ],
  ])("%s", (_, samples, outcome) => {
    expect(only(...samples).outcome).toBe(outcome);
  });

  test("a flow known only from its flipped half stays, as an attempt", () => {
    const session = only({ ...REVERSE, out: 5000, in: 5000 });
    expect(session).toMatchObject({ outcome: "attempted", flippedOnly: true });
    expect(representative(session).source.ip).toBe("10.1.2.3");
  });
});

describe("backscatter", () => {
  test("is dropped, and counted, when the sensor proves that the client sent nothing", () => {
    const silent = sampleObservation({ state: "client-silent", in: 3000 });
    expect(joinSessions([silent])).toEqual({ sessions: [], backscatter: 1 });
  });

  test("is not what lacks such proof", () => {
    expect(join({ state: "midstream" })).toHaveLength(1);
    expect(join({ in: 3000 })).toHaveLength(1);
  });

  test("does not take a session with it that another sensor saw", () => {
    const session = only({ observer: "tap", state: "client-silent" }, { observer: "fw", action: "allowed" });
    expect(sizes([session])).toEqual([1]);
    expect(session.outcome).toBe("attempted");
  });
});

describe("evidence without a rule", () => {
  const ntlm = (user: string | undefined, success: boolean | undefined): Sample => ({
    dataset: "zeek.ntlm",
    rules: [],
    fields: {
      "sallyport.auth.protocol": "ntlm",
      "sallyport.auth.user": user,
      "sallyport.auth.success": success,
    },
  });

  test("is no session of its own", () => {
    expect(join(ntlm("anna", true))).toEqual([]);
  });

  test("adds to a session: the row that names the account, and any answer", () => {
    const session = only(
      { dataset: "zeek.conn", state: "established" },
      ntlm(undefined, false),
      ntlm("anna", undefined),
    );
    expect(session.auth).toEqual({ protocol: "ntlm", user: "anna", domain: undefined, success: false });
    expect(session.outcome).toBe("authenticated");
  });

  test("a file written makes it a transfer", () => {
    const write: Sample = {
      dataset: "zeek.smb_files",
      rules: [],
      fields: { "sallyport.transfer": "upload" },
    };
    expect(only({ dataset: "zeek.conn", state: "established" }, write).outcome).toBe("transferred");
  });
});

test("a session begins with its first record and ends with its last activity", () => {
  const session = only({ at: 5000, until: 8000 }, { at: 0, until: 20_000 });
  expect(session.first?.ms).toBe(SAMPLE_MS);
  expect(session.lastMs).toBe(SAMPLE_MS + 20_000);
});

test("it carries every rule that any of its records met, once, and is shown by a record that met the rule", () => {
  const session = only({ rules: [2], at: 10 }, { ...REVERSE, rules: [0, 2] });
  expect(session.rules).toEqual([0, 2]);
  expect(representative(session).offset).toBe(0);
  expect(representative(session, 0).offset).toBe(1);
});

const someSample: fc.Arbitrary<Sample> = fc.record(
  {
    fromPort: fc.constantFrom(50_000, 50_001),
    at: fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: 12 }).map((n) => n * 20_000),
    ),
    until: fc.integer({ min: 0, max: 12 }).map((n) => n * 20_000),
    rules: fc.constantFrom<number[]>([0], [0, 1], []),
    observer: fc.constantFrom("fw", "tap"),
    flow: fc.constantFrom("1", "2"),
    state: fc.constantFrom("established", "refused", "no-answer", "midstream", "client-silent"),
    action: fc.constantFrom("allowed", "blocked", "unknown"),
    out: fc.integer({ min: 0, max: 2_000_000 }),
    in: fc.integer({ min: 0, max: 2_000_000 }),
    fields: fc.constantFrom(
      {},
      { "sallyport.auth.protocol": "ntlm" },
      { "sallyport.auth.protocol": "ntlm", "sallyport.auth.user": "anna" },
      { "sallyport.auth.protocol": "ntlm", "sallyport.auth.user": "otto" },
      { "source.nat.ip": parseIp("10.1.2.9"), "source.nat.port": 50_001 },
      { "source.nat.ip": parseIp("10.1.2.3"), "source.nat.port": 50_001 },
    ),
  },
  { requiredKeys: [] },
);

/** Whichever way round, and from whichever host. */
const someObservation = fc
  .tuple(someSample, fc.boolean(), fc.constantFrom("10.1.2.3", "10.1.2.9"))
  .map(([sample, reverse, host]): Sample => {
    const port = sample.fromPort ?? 50_000;
    return reverse ? { ...sample, ...REVERSE, to: host, toPort: port } : { ...sample, from: host };
  });

/** Two files, so that places in them repeat. */
function placed(samples: readonly Sample[]): Observation[] {
  return samples.map((sample, at) =>
    sampleObservation({ ...sample, file: at % 2 === 0 ? "a.log" : "b.log", offset: at >> 1 }),
  );
}

test("any order of the same observations gives the same sessions", () => {
  fc.assert(
    fc.property(
      fc.array(someObservation, { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (samples, dice) => {
        const observations = placed(samples);
        expect(joinSessions(shuffled(observations, dice))).toEqual(joinSessions(observations));
      },
    ),
    { numRuns: 500 },
  );
});

test("every observation is in one session, is backscatter, or proves nothing", () => {
  fc.assert(
    fc.property(fc.array(someObservation, { maxLength: 12 }), (samples) => {
      const observations = placed(samples);
      const { sessions } = joinSessions(observations);
      const joined = sessions.flatMap((session) => session.observations);
      expect(new Set(joined).size).toBe(joined.length);
      const left = observations.filter((observation) => !joined.includes(observation));
      const isNothing = ({ rules, state }: Observation): boolean =>
        rules.length === 0 || state === "client-silent";
      expect(left.filter((observation) => !isNothing(observation))).toEqual([]);
    }),
  );
});
