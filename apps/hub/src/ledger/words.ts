import { asCompany, type Database, type Tx } from "../db/connect.ts";
import { type Listed, listed } from "../db/query.ts";
import { retryPassing } from "../db/retry.ts";
import { ledgerWords } from "../db/schema/ledger.ts";

const numbered = { word: ledgerWords.word, wordNo: ledgerWords.wordNo };

/** Bonuses are few; ids of lines that are no numbers may be many, and are not kept for ever. */
const KEPT_MAX = 20_000;

/** A word's number. Throws for one that was not asked for before. */
export type WordOf = (word: string) => number;

/**
 * The numbers of the words that companies' ledgers use, kept in memory: a number never changes its meaning.
 * New words are written in a transaction of their own, so that nobody waits for a batch, or a close, that uses one.
 */
export class LedgerWords {
  readonly #db: Pick<Database, "directory">;
  readonly #numbers = new Map<number, Map<string, number>>();

  constructor(db: Pick<Database, "directory">) {
    this.#db = db;
  }

  /** The numbers of these words, which get one where they have none. */
  async learn(companyId: number, words: Iterable<string>): Promise<WordOf> {
    const kept = this.#numbers.get(companyId);
    const known = kept === undefined || kept.size > KEPT_MAX ? new Map<string, number>() : kept;
    this.#numbers.set(companyId, known);
    const unknown = [...new Set(words)].filter((word) => !known.has(word));
    if (unknown.length > 0) for (const { word, wordNo } of await this.#number(companyId, unknown)) known.set(word, wordNo);
    return (word) => {
      const wordNo = known.get(word);
      if (wordNo === undefined) throw new Error("a transfer uses a word that was not asked for");
      return wordNo;
    };
  }

  /** Written one after the other, in one order against deadlocks; what another transaction wrote meanwhile is found at the next try. */
  #number(companyId: number, words: string[]): Promise<Listed<typeof numbered>[]> {
    const sorted = words.sort();
    return retryPassing(() => asCompany({ app: this.#db.directory }, companyId, (tx) => insertWords(tx, companyId, sorted)));
  }
}

async function insertWords(tx: Tx, companyId: number, words: readonly string[]): Promise<Listed<typeof numbered>[]> {
  await tx`
    insert into ledger_words (company_id, word)
    select ${companyId}, w.word from unnest(${words as string[]}::text[]) as w (word)
     where not exists (select from ledger_words k where k.company_id = ${companyId} and k.word = w.word)
        on conflict (company_id, word) do nothing`;
  return tx<Listed<typeof numbered>[]>`
    select ${listed(tx, numbered)} from ledger_words where company_id = ${companyId} and word = any(${words as string[]}::text[])`;
}
