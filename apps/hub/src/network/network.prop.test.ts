import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countryOf, Network } from "./network.ts";
import { kindText, NO_VOLUME } from "./standings.ts";
import { bytesOf } from "./text-index.ts";

/** The oracle: every row that was ever written, and the plainest way to look through them. */
interface Person {
  readonly id: string;
  readonly enrolledAt: number;
  country: string | null;
}
interface StandingRow {
  readonly no: number;
  readonly status: string;
  readonly rank: string | null;
  readonly periodPv: bigint | null;
  readonly from: number;
}
interface Edge {
  readonly no: number;
  readonly sponsorNo: number;
  readonly from: number;
}
/** What one change of the company wrote, table by table, as it is read. */
interface Rows {
  readonly people: { readonly no: number; readonly person: Person }[];
  readonly edges: Edge[];
  readonly standings: StandingRow[];
  readonly codes: { readonly code: string; readonly no: number }[];
  readonly buyers: { readonly hash: string; readonly no: number }[];
}

const TIMES = [-1, 0, 2, 4, 6, 20];
const moment = fc.nat(6);
const who = fc.nat(12);
const country = fc.constantFrom("US", "DE", null);
const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("enrol" as const), sponsor: who, at: moment, country }) },
  fc.record({ kind: fc.constant("move" as const), who, sponsor: who, at: moment }),
  fc.record({
    kind: fc.constant("stand" as const),
    who,
    at: moment,
    status: fc.constantFrom("active", "suspended"),
    rank: fc.constantFrom("gold", "two words", null),
    periodPv: fc.constantFrom(null, 0n, 5n, 2n ** 62n),
  }),
  fc.record({ kind: fc.constant("code" as const), who, name: fc.nat(9) }),
  fc.record({ kind: fc.constant("buyer" as const), who, name: fc.nat(9) }),
  fc.record({ kind: fc.constant("correct" as const), who, country }),
);
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

class Model {
  readonly people: Person[] = [{ id: "", enrolledAt: 0, country: null }];
  readonly edges: Edge[] = [];
  readonly standings: StandingRow[] = [];
  readonly codes = new Map<string, number>();
  readonly buyers = new Map<string, number>();

  sponsor(no: number, at: number): number {
    const own = this.edges.filter((edge) => edge.no === no);
    return (own.slice(1).findLast(({ from }) => from <= at) ?? own[0])?.sponsorNo ?? 0;
  }

  upline(no: number, at: number): number[] {
    const found: number[] = [];
    for (let up = this.sponsor(no, at); up !== 0; up = this.sponsor(up, at)) {
      if (found.includes(up) || found.length > 100) return [Number.NaN];
      found.push(up);
    }
    return found;
  }

  standing(no: number, at: number): StandingRow | undefined {
    // Stable, so that of two from the same moment the one recorded later is the last.
    const own = this.standings.filter((row) => row.no === no).sort((a, b) => a.from - b.from);
    return own.findLast(({ from }) => from <= at) ?? own[0];
  }

  /** What an act writes; null where it is refused. */
  write(act: Act): Partial<Rows> {
    const no = this.people.length;
    if (act.kind === "enrol") {
      const person = { id: `D${no}`, enrolledAt: act.at, country: act.country };
      const edge = { no, sponsorNo: act.sponsor % no, from: act.at };
      this.people.push(person);
      this.edges.push(edge);
      return { people: [{ no, person }], edges: [edge] };
    }
    const someone = 1 + (act.who % Math.max(1, no - 1));
    if (someone >= no) return {};
    if (act.kind === "move") {
      const own = this.edges.filter((edge) => edge.no === someone);
      const edge = { no: someone, sponsorNo: act.sponsor % no, from: act.at };
      if (own.length > 1 && act.at <= (own.at(-1)?.from ?? 0)) return {};
      this.edges.push(edge);
      const moments = [edge.from, ...this.edges.map(({ from }) => from).filter((from) => from > edge.from)];
      if (!moments.some((at) => this.upline(someone, at).some(Number.isNaN))) return { edges: [edge] };
      this.edges.pop();
      return {};
    }
    if (act.kind === "stand") {
      const { status, rank, periodPv, at } = act;
      const row = { no: someone, status, rank, periodPv, from: at };
      this.standings.push(row);
      return { standings: [row] };
    }
    if (act.kind === "correct") {
      const person = this.people[someone] as Person;
      person.country = act.country;
      return { people: [{ no: someone, person: { ...person } }] };
    }
    const name = `${act.kind}-${act.name}`;
    if (act.kind === "code") this.codes.set(name, someone);
    else this.buyers.set(name, someone);
    return act.kind === "code" ? { codes: [{ code: name, no: someone }] } : { buyers: [{ hash: name, no: someone }] };
  }
}

function merged(changes: readonly Partial<Rows>[]): Rows {
  return {
    people: changes.flatMap(({ people = [] }) => people),
    edges: changes.flatMap(({ edges = [] }) => edges),
    standings: changes.flatMap(({ standings = [] }) => standings),
    codes: changes.flatMap(({ codes = [] }) => codes),
    buyers: changes.flatMap(({ buyers = [] }) => buyers),
  };
}

function take(network: Network, rows: Rows): void {
  for (const { no, person } of rows.people)
    network.enrol(no, { id: bytesOf(person.id), enrolledAt: person.enrolledAt, country: countryOf(person.country) });
  for (const { no, ...edge } of rows.edges) network.follow(no, edge);
  for (const { no, from, status, rank, periodPv } of rows.standings)
    network.stand(no, { from, kind: bytesOf(kindText(status, rank)), periodPv: periodPv ?? NO_VOLUME });
  for (const { code, no } of rows.codes) network.nameCode(bytesOf(code), no);
  for (const { hash, no } of rows.buyers) network.knowBuyer(bytesOf(hash), no);
}

test("a network that is read whole, one that follows in pieces and the rows themselves give the same answers", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), fc.nat(6), (acts, size) => {
      const model = new Model();
      const pieces = new Network();
      const changes: Partial<Rows>[] = [];
      for (const [index, act] of acts.entries()) {
        changes.push(model.write(act));
        if (index % (size + 1) === size) take(pieces, merged(changes.slice(index - size)));
      }
      take(pieces, merged(changes.slice(changes.length - (changes.length % (size + 1)))));
      const whole = new Network(model.people.length - 1);
      take(whole, merged(changes));
      for (const network of [pieces, whole]) {
        expect(network.size).toBe(model.people.length - 1);
        for (let no = 1; no < model.people.length; no++) {
          const person = model.people[no] as Person;
          expect([network.idOf(no), network.numberOf(person.id)]).toStrictEqual([person.id, no]);
          for (const at of TIMES) {
            expect(network.uplineAt(no, at)).toStrictEqual(model.upline(no, at));
            const standing = model.standing(no, at);
            expect(network.memberAt(no, at)).toStrictEqual({
              distributorId: person.id,
              status: standing?.status ?? "active",
              rank: standing?.rank ?? null,
              periodPv: standing?.periodPv ?? null,
              enrolledAt: new Date(person.enrolledAt).toISOString(),
              country: person.country,
            });
          }
        }
        for (let name = 0; name < 10; name++) {
          expect(network.ownerOfCode(`code-${name}`)).toBe(model.codes.get(`code-${name}`) ?? null);
          expect(network.ownerOfBuyer(`buyer-${name}`)).toBe(model.buyers.get(`buyer-${name}`) ?? null);
        }
        expect([network.numberOf(""), network.idOf(0), network.idOf(model.people.length)]).toStrictEqual([null, null, null]);
      }
    }),
    runs(120),
  );
});
