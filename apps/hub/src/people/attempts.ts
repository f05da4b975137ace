import { createHmac } from "node:crypto";
import { lt, sql } from "drizzle-orm";
import { query } from "../db/query.ts";
import { signInAttempts } from "../db/schema/people.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";

export interface AttemptLimit {
  /** What is tried, such as `password`. */
  readonly what: string;
  readonly tries: number;
  readonly seconds: number;
}

/** What may be tried how often. Whether there is such a person or code makes no difference. */
export const LIMITS = {
  fromAddress: { what: "address", tries: 60, seconds: 60 },
  passwordFromAddress: { what: "password from address", tries: 10, seconds: 900 },
  password: { what: "password", tries: 100, seconds: 3_600 },
  mail: { what: "mail", tries: 5, seconds: 3_600 },
  codeOfCompany: { what: "code", tries: 200, seconds: 3_600 },
  // At a company's own event a whole room enrols from one address.
  enrolmentFromAddress: { what: "enrolment from address", tries: 120, seconds: 3_600 },
  enrolmentsOfCompany: { what: "enrolment", tries: 2_000, seconds: 3_600 },
} as const satisfies Record<string, AttemptLimit>;

const KEPT_SECONDS = 86_400;
const PRUNED_EVERY = 500;

/** Counts what is tried, over all replicas, and by hashes: nobody reads here who wanted to sign in. */
export class Attempts {
  readonly #parts: Pick<HubParts, "db" | "box">;
  #counted = 0;

  constructor(parts: Pick<HubParts, "db" | "box">) {
    this.#parts = parts;
  }

  /** Counts one try and answers whether it is within the limit. */
  async take({ what, tries, seconds }: AttemptLimit, ...who: readonly string[]): Promise<boolean> {
    const { db, box } = this.#parts;
    const attemptHash = createHmac("sha256", box.deriveLasting("attempts to sign in"))
      .update(JSON.stringify([what, ...who]))
      .digest();
    const isOver = sql`${signInAttempts.startedAt} < now() - make_interval(secs => ${seconds})`;
    const [row] = await query(db.people)
      .insert(signInAttempts)
      .values({ attemptHash, startedAt: sql`now()`, tries: 1 })
      .onConflictDoUpdate({
        target: signInAttempts.attemptHash,
        set: {
          tries: sql`case when ${isOver} then 1 else ${signInAttempts.tries} + 1 end`,
          startedAt: sql`case when ${isOver} then now() else ${signInAttempts.startedAt} end`,
        },
      })
      .returning({ tries: signInAttempts.tries });
    if (++this.#counted % PRUNED_EVERY === 0) await this.#prune();
    return (row?.tries ?? 1) <= tries;
  }

  /** The same; throws HubError beyond the limit. */
  async demand(limit: AttemptLimit, ...who: readonly string[]): Promise<void> {
    if (await this.take(limit, ...who)) return;
    const minutes = Math.ceil(limit.seconds / 60);
    throw new HubError("too-many", `Too many tries. Wait ${minutes === 1 ? "a minute" : `${minutes} minutes`}, and try again.`);
  }

  async #prune(): Promise<void> {
    const { startedAt } = signInAttempts;
    await query(this.#parts.db.people)
      .delete(signInAttempts)
      .where(lt(startedAt, sql`now() - make_interval(secs => ${KEPT_SECONDS})`));
  }
}
