import { readSoak } from "@upline/testing";
import postgres from "postgres";
import { afterAll, assert, beforeAll, describe, expect, test } from "vitest";
import { createCompany } from "../companies/create.ts";
import { asCompany } from "../db/connect.ts";
import { DirectoryCache } from "../orders/directories.ts";
import { publishPlan } from "../plans/publish.ts";
import { TEST_PLAN } from "../testing/test-company.ts";
import { openTestParts, type TestParts } from "../testing/test-parts.ts";
import { addCode } from "./codes.ts";
import { importDistributors, importWithin } from "./import.ts";
import type { DistributorImport } from "./rows.ts";

/** A real company's file in a soak; otherwise long enough that looking people up one by one would show. */
const LONG_FILE = readSoak(process.env).factor > 1 ? 50_000 : 12_000;

let hub: TestParts;
let owner: postgres.Sql;
let made = 0;

beforeAll(async () => {
  hub = await openTestParts();
  owner = postgres(hub.db.url, { max: 1 });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

async function emptyCompany(): Promise<number> {
  made += 1;
  return (await createCompany(hub, { slug: `company-${made}`, name: "Test" })).companyId;
}

type Person = Omit<DistributorImport, "line" | "distributorId">;

/** Rows from line 2 on, as a file with a header has them. */
function rowsOf(...people: readonly (readonly [string, Person])[]): DistributorImport[] {
  return people.map(([distributorId, person], index) => ({ line: index + 2, distributorId, ...person }));
}

function bring(companyId: number, rows: readonly DistributorImport[], from?: Date) {
  return importDistributors(hub, { companyId, rows, actor: "test", ...(from ? { from } : {}) });
}

/** The directory as a hub has it that starts now. */
function directoryOf(companyId: number) {
  return new DirectoryCache(hub.db, hub.box).refresh(companyId);
}

async function uplineIds(companyId: number, distributorId: string, at = Date.now()): Promise<string[]> {
  return (await directoryOf(companyId)).uplineOf(distributorId, at).map((one) => one.distributorId);
}

async function errorOf(companyId: number, ...people: readonly (readonly [string, Person])[]): Promise<string> {
  const result = await bring(companyId, rowsOf(...people));
  expect([result.enrolled, result.updated]).toStrictEqual([0, 0]);
  expect(result.errorCount, JSON.stringify(result.errors)).toBe(1);
  const [error] = result.errors;
  return `${error?.line} ${error?.field}: ${error?.message}`;
}

describe("enrolling", () => {
  test("sponsors may come after those they sponsor; numbers are dense and grow downwards", async () => {
    const companyId = await emptyCompany();
    const rows = rowsOf(
      ["D", { sponsorId: "C" }],
      ["C", { sponsorId: "B" }],
      ["A", { sponsorId: null }],
      ["B", { sponsorId: "A" }],
    );
    expect(await bring(companyId, rows)).toStrictEqual({ enrolled: 4, updated: 0, errors: [], errorCount: 0, moves: [] });
    const numbers = await owner`
      select d.distributor_no, e.sponsor_no from distributors d join sponsor_edges e using (company_id, distributor_no)
       where d.company_id = ${companyId} order by 1`;
    expect(numbers.map((row) => row.distributor_no)).toStrictEqual([1, 2, 3, 4]);
    assert.ok(numbers.every((row) => row.sponsor_no < row.distributor_no));
    expect(await uplineIds(companyId, "D")).toStrictEqual(["D", "C", "B", "A"]);
  });

  test("an id that no referral code can be is simply no code; any other is one", async () => {
    const companyId = await emptyCompany();
    // The first letter of the third is Cyrillic: it looks like the fourth and is not.
    const ids = ["ACME 12", "a,b", "\u0410nna", "Anna", "9012", "x".repeat(61)];
    const rows = rowsOf(...ids.map((id) => [id, { sponsorId: null }] as const));
    expect(await bring(companyId, rows)).toStrictEqual({ enrolled: 6, updated: 0, errors: [], errorCount: 0, moves: [] });
    const codes = await owner`select code from referral_codes where company_id = ${companyId} order by code`;
    expect(codes.map(({ code }) => code)).toStrictEqual(["9012", "Anna"]);
    const directory = await directoryOf(companyId);
    expect(["acme 12", "a,b", "9012"].map((code) => directory.findByCode(code, 0)?.distributorId)).toStrictEqual([
      undefined,
      undefined,
      "9012",
    ]);
  });

  test("ids that a spreadsheet broke and text that no column holds are refused by field", async () => {
    const companyId = await emptyCompany();
    const sponsor = { sponsorId: null };
    expect(await errorOf(companyId, ["1.00001E+11", sponsor])).toMatch(/^2 distributor_id: .*spreadsheet/);
    expect(await errorOf(companyId, ["A\u0000", sponsor])).toMatch(/^2 distributor_id: .*NUL/);
    const fields: [Person, string][] = [
      [{ name: "Ann\u0000" }, "name"],
      [{ name: "x".repeat(201) }, "name"],
      [{ rank: "r\u0000" }, "rank"],
      [{ rank: "r".repeat(101) }, "rank"],
      [{ taxId: "1".repeat(101) }, "tax_id"],
      [{ taxId: "1\u0000" }, "tax_id"],
      [{ email: `${"a".repeat(250)}@example.com` }, "email"],
      [{ email: "a\u0000@example.com" }, "email"],
      [{ enrolledAt: "0000-01-01" }, "enrolled_at"],
      [{ enrolledAt: "9999-12-31T23:59:59-12:00" }, "enrolled_at"],
    ];
    for (const [person, field] of fields)
      expect(await errorOf(companyId, ["A", { ...sponsor, ...person }])).toMatch(new RegExp(`^2 ${field}: `));
  });

  test("a later file goes on where the last one ended", async () => {
    const companyId = await emptyCompany();
    await bring(companyId, rowsOf(["A", { sponsorId: null }]));
    await bring(companyId, rowsOf(["C", { sponsorId: "B" }], ["B", { sponsorId: "A" }]));
    expect(await uplineIds(companyId, "C")).toStrictEqual(["C", "B", "A"]);
  });

  test("codes, the own id and the email address lead to the distributor; the address is stored nowhere", async () => {
    const companyId = await emptyCompany();
    const person = {
      sponsorId: null,
      name: "Anna",
      email: " Anna@Example.com ",
      taxId: "DE 123",
      codes: ["ANNA77", "anna-2"],
      country: "de",
    };
    await bring(companyId, rowsOf(["D-7", person]));
    const directory = await directoryOf(companyId);
    for (const code of ["anna77", "anna-2", "d-7"]) expect(directory.findByCode(code, Date.now())?.distributorId).toBe("D-7");
    expect(directory.distributorsOfBuyer([directory.hashBuyer("email:anna@example.com")])).toStrictEqual(["D-7"]);
    expect(directory.uplineOf("D-7", Date.now())[0]?.country).toBe("DE");
    const stored = await owner`
      select d.*::text as a, b.*::text as b, l.*::text as c from distributors d
        join distributor_buyers b using (company_id) join audit_log l using (company_id) where d.company_id = ${companyId}`;
    assert.ok(stored.length > 0);
    expect(JSON.stringify(stored)).not.toMatch(/example\.com|DE 123/i);
    const [sealed] = await owner`select tax_id_ciphertext from distributors where company_id = ${companyId}`;
    expect(hub.box.open(sealed?.tax_id_ciphertext)).toBe("DE 123");
  });

  test("the same file again does nothing, not even raise the directory's version", async () => {
    const companyId = await emptyCompany();
    const person = {
      sponsorId: null,
      status: "active",
      rank: "gold",
      email: "a@example.com",
      taxId: "1",
      codes: ["A1"],
      country: "DE",
      enrolledAt: "2024-05-01",
    };
    const rows = rowsOf(["A", person], ["B", { sponsorId: "A" }]);
    await bring(companyId, rows);
    const state = () => owner`
      select directory_version::text, (select count(*) from audit_log l where l.company_id = c.company_id)::text,
             (select count(*) from standings s where s.company_id = c.company_id)::text,
             (select count(*) from sponsor_edges e where e.company_id = c.company_id)::text
        from companies c where company_id = ${companyId}`;
    const stateBefore = await state();
    expect(await bring(companyId, rows)).toStrictEqual({ enrolled: 0, updated: 0, errors: [], errorCount: 0, moves: [] });
    expect(await state()).toStrictEqual(stateBefore);
  });

  test("every row carries the one version the import raised, and the audit says who did it", async () => {
    const companyId = await emptyCompany();
    await bring(companyId, rowsOf(["A", { sponsorId: null, email: "a@example.com" }], ["B", { sponsorId: "A", codes: ["B1"] }]));
    const [row] = await owner`
      select directory_version::int as version,
        (select array_agg(distinct version::int) from (
           select version from distributors where company_id = ${companyId} union all select version from sponsor_edges where company_id = ${companyId}
           union all select version from standings where company_id = ${companyId} union all select version from referral_codes where company_id = ${companyId}
           union all select version from distributor_buyers where company_id = ${companyId}) v) as versions
        from companies where company_id = ${companyId}`;
    expect([row?.version, row?.versions]).toStrictEqual([2, [2]]);
    const acts =
      await owner`select actor, act, details from audit_log where company_id = ${companyId} order by audit_no desc limit 1`;
    expect([acts[0]?.actor, acts[0]?.act, acts[0]?.details.enrolled]).toStrictEqual(["test", "network.import", 2]);
  });

  test("a dry run finds the same and writes nothing", async () => {
    const companyId = await emptyCompany();
    const rows = rowsOf(["A", { sponsorId: null }]);
    const result = await importDistributors(hub, { companyId, rows, actor: "test", dryRun: true });
    expect(result.enrolled).toBe(1);
    expect((await owner`select from distributors where company_id = ${companyId}`).length).toBe(0);
  });

  test("what a file writes is looked up by keys, though no table has statistics yet", async () => {
    const companyId = await emptyCompany();
    const size = 4000;
    const rows = Array.from({ length: size }, (_, index) => ({
      ...{ line: index + 2, distributorId: `${index + 1}`, sponsorId: index === 0 ? null : `${(index + 1) >> 1}` },
      ...{ email: `${index}@example.com`, taxId: `${index}`, codes: [`C${index}`] },
    }));
    const read = await asCompany(hub.db, companyId, async (tx) => {
      await importWithin(hub, tx, { companyId, rows, actor: "test" });
      return tx<{ relname: string; rows: number }[]>`
        select relname, (seq_tup_read + coalesce(idx_tup_fetch, 0))::float8 as rows from pg_stat_xact_user_tables
         where seq_tup_read + coalesce(idx_tup_fetch, 0) > ${20 * size}`;
    });
    expect(read.map(({ relname, rows }) => `${relname}: ${rows}`)).toStrictEqual([]);
  });

  test(`${LONG_FILE} rows in reverse order, with progress, and the same file right after`, {
    timeout: 180_000,
  }, async () => {
    const companyId = await emptyCompany();
    const size = LONG_FILE;
    const rows = Array.from({ length: size }, (_, index) => {
      const no = size - index;
      return {
        line: index + 2,
        distributorId: `${no}`,
        sponsorId: no === 1 ? null : `${no >> 1}`,
        email: `${no}@example.com`,
        taxId: `${no}`,
      };
    });
    const steps: number[] = [];
    const result = await importDistributors(hub, { companyId, rows, actor: "test", onProgress: ({ done }) => steps.push(done) });
    expect(result.enrolled).toBe(size);
    // As often as a batch is written, always further, and to the end.
    expect(steps.length).toBeGreaterThan(size / 5_000);
    expect(steps).toStrictEqual([...new Set(steps)].sort((x, y) => x - y));
    expect(steps.at(-1)).toBe(size);
    expect((await uplineIds(companyId, `${size}`)).length).toBe(Math.floor(Math.log2(size)) + 1);
    // The tables are too new for statistics: looking up one by one would take the database longer than this test may.
    expect(await bring(companyId, rows)).toStrictEqual({ enrolled: 0, updated: 0, errors: [], errorCount: 0, moves: [] });
  });
});

describe("correcting", () => {
  const NOON = new Date("2026-03-01T12:00:00Z");
  const justBefore = NOON.getTime() - 1;
  const enrolledAt = "2025-01-01";

  async function smallNetwork(): Promise<number> {
    const companyId = await emptyCompany();
    const rank = "silver";
    await bring(
      companyId,
      rowsOf(
        ["A", { sponsorId: null, enrolledAt }],
        ["B", { sponsorId: "A", rank, enrolledAt }],
        ["C", { sponsorId: "B", enrolledAt }],
      ),
    );
    return companyId;
  }

  test("a changed standing counts from its date on; what the row does not say stays", async () => {
    const companyId = await smallNetwork();
    expect((await bring(companyId, rowsOf(["B", { status: "suspended" }]), NOON)).updated).toBe(1);
    const directory = await directoryOf(companyId);
    const standing = (at: number) => directory.uplineOf("B", at).map((one) => `${one.status} ${one.rank}`)[0];
    expect(standing(justBefore)).toBe("active silver");
    expect(standing(NOON.getTime())).toBe("suspended silver");
    expect(directory.findByCode("b", NOON.getTime())?.eligible).toBe(false);
    await bring(companyId, rowsOf(["B", { rank: "none" }]), new Date(NOON.getTime() + 1000));
    expect((await directoryOf(companyId)).uplineOf("B", NOON.getTime() + 1000)[0]?.rank).toBe(null);
  });

  test("a new standing keeps the last closed period's volume", async () => {
    const companyId = await smallNetwork();
    await owner`insert into standings (company_id, distributor_no, status, rank, period_pv, valid_from, version)
      values (${companyId}, 2, 'active', 'silver', 1200000, '2026-02-01', 3)`;
    await bring(companyId, rowsOf(["B", { rank: "gold" }]), NOON);
    const standing = (await directoryOf(companyId)).uplineOf("B", NOON.getTime())[0];
    expect([standing?.rank, standing?.periodPv]).toStrictEqual(["gold", 1_200_000n]);
  });

  test("a changed sponsor is a move from its date on; orders before see the old one", async () => {
    const companyId = await smallNetwork();
    const result = await bring(companyId, rowsOf(["D", { sponsorId: "A", enrolledAt }], ["C", { sponsorId: "D" }]), NOON);
    expect([result.enrolled, result.updated]).toStrictEqual([1, 1]);
    expect(await uplineIds(companyId, "C", justBefore)).toStrictEqual(["C", "B", "A"]);
    expect(await uplineIds(companyId, "C", NOON.getTime())).toStrictEqual(["C", "D", "A"]);
  });

  test("two may change places, whichever line comes first", async () => {
    const companyId = await smallNetwork();
    expect((await bring(companyId, rowsOf(["A", { sponsorId: "B" }], ["B", { sponsorId: null }]), NOON)).updated).toBe(2);
    expect(await uplineIds(companyId, "C", NOON.getTime())).toStrictEqual(["C", "B"]);
    expect(await uplineIds(companyId, "A", NOON.getTime())).toStrictEqual(["A", "B"]);
  });

  test("a directory in memory that catches up equals one that is read anew", async () => {
    const companyId = await smallNetwork();
    const cache = new DirectoryCache(hub.db, hub.box);
    await cache.refresh(companyId);
    await bring(
      companyId,
      rowsOf(["C", { sponsorId: "A" }], ["D", { sponsorId: "C" }], ["B", { country: "FR", status: "inactive" }]),
      NOON,
    );
    const now = NOON.getTime();
    for (const id of ["A", "B", "C", "D"])
      expect((await cache.refresh(companyId)).uplineOf(id, now)).toStrictEqual((await directoryOf(companyId)).uplineOf(id, now));
  });

  test("one row may change details and sponsor at once, for a directory that catches up as well", async () => {
    const companyId = await smallNetwork();
    const cache = new DirectoryCache(hub.db, hub.box);
    await cache.refresh(companyId);
    await bring(companyId, rowsOf(["C", { sponsorId: "A", country: "FR" }]), NOON);
    const caughtUp = (await cache.refresh(companyId)).uplineOf("C", NOON.getTime()).map((one) => one.distributorId);
    expect(caughtUp).toStrictEqual(["C", "A"]);
  });

  test("the date of an enrolment stands", async () => {
    const companyId = await smallNetwork();
    expect(await errorOf(companyId, ["B", { enrolledAt: "2024-12-31" }])).toMatch(
      /^2 enrolled_at: differs .*2025-01-01T00:00:00.000Z.* leave it out$/,
    );
  });

  test("nobody is sponsored by their own downline, directly or over somebody enrolled now", async () => {
    const companyId = await smallNetwork();
    expect(await errorOf(companyId, ["A", { sponsorId: "C" }])).toMatch(/^2 sponsor_id: "C" stands below "A"/);
    expect(await errorOf(companyId, ["N", { sponsorId: "C" }], ["A", { sponsorId: "N" }])).toMatch(
      /^3 sponsor_id: "N" stands below "A"/,
    );
    const both = await bring(companyId, rowsOf(["A", { sponsorId: "B" }], ["B", { sponsorId: "A" }]));
    expect(both.errorCount, "a circle of two who are enrolled").toBe(1);
  });

  test("a move before a recorded one is refused", async () => {
    const companyId = await smallNetwork();
    await bring(companyId, rowsOf(["C", { sponsorId: "A" }]), NOON);
    const before = (sponsorId: string | null) => bring(companyId, rowsOf(["C", { sponsorId }]), new Date(justBefore));
    expect((await before(null)).errors[0]?.message ?? "").toMatch(/was moved as of a later date/);
    // Under B they stood then.
    expect(await before("B")).toMatchObject({ updated: 0, errors: [] });
  });
});

test("a file goes by the sponsor that somebody has on its day, not by a move that is dated later", async () => {
  const companyId = await emptyCompany();
  const top = { sponsorId: null, enrolledAt: "2020-01-01" };
  await bring(companyId, rowsOf(["A", top], ["B", top], ["C", { sponsorId: "A", enrolledAt: "2020-01-01" }]));
  const [next, after] = [new Date(Date.now() + 86_400_000), new Date(Date.now() + 2 * 86_400_000)];
  expect(await bring(companyId, rowsOf(["C", { sponsorId: "B" }]), next)).toMatchObject({ updated: 1, errors: [] });
  // The nightly file says what is so today, and a corrected name comes in.
  expect(await bring(companyId, rowsOf(["C", { sponsorId: "A", name: "Cleo" }]))).toMatchObject({
    updated: 1,
    moves: [],
    errors: [],
  });
  expect(await bring(companyId, rowsOf(["C", { sponsorId: "B" }]), after)).toMatchObject({ updated: 0, errors: [] });
  // Nor does a file of an earlier day ask for a move that was made since.
  expect(await errorOf(companyId, ["C", { sponsorId: "B" }])).toMatch(/^2 sponsor_id: "C" was moved as of a later date already/);
  expect(await uplineIds(companyId, "C")).toStrictEqual(["C", "A"]);
  expect(await uplineIds(companyId, "C", after.getTime())).toStrictEqual(["C", "B"]);
});

test("a move from before its distributor enrolled is refused with the row and the fix", async () => {
  const companyId = await emptyCompany();
  const enrolledAt = "2026-02-01";
  await bring(companyId, rowsOf(["A", { sponsorId: null, enrolledAt }], ["B", { sponsorId: null, enrolledAt }]));
  const moved = await bring(companyId, rowsOf(["B", { sponsorId: "A" }]), new Date("2026-01-15T00:00:00Z"));
  expect([moved.updated, moved.errors.map(({ line, field, message }) => `${line} ${field}: ${message}`)]).toStrictEqual([
    0,
    [
      '2 sponsor_id: changes from 2026-01-15 on, before "B" enrolled on 2026-02-01: date the import 2026-02-01 or later, or leave the sponsor of this line as it is',
    ],
  ]);
  expect((await bring(companyId, rowsOf(["B", { sponsorId: "A" }]), new Date("2026-02-01T00:00:00Z"))).updated).toBe(1);
});

describe("refusing a file names the line, the field and the fix, and writes nothing", () => {
  const root: readonly [string, Person] = ["A", { sponsorId: null, codes: ["ALPHA"], email: "a@example.com" }];
  const cases: readonly (readonly [string, readonly (readonly [string, Person])[], RegExp])[] = [
    ["an empty id", [["  ", { sponsorId: null }]], /^2 distributor_id: is empty/],
    ["an id with control characters", [["a\u0007", { sponsorId: null }]], /^2 distributor_id: "a " holds a control character/],
    ["the same id twice", [root, ["A", { sponsorId: null }]], /^3 distributor_id: "A" is in line 2 already: keep one/],
    ["ids that differ in case only", [root, ["a", { sponsorId: null }]], /^3 distributor_id: "a" differs only in case from "A"/],
    [
      "an unknown sponsor",
      [root, ["B", { sponsorId: "X" }]],
      /^3 sponsor_id: "X" is neither in this file nor enrolled: add a line/,
    ],
    ["no sponsor said", [["B", {}]], /^2 sponsor_id: is missing for a new distributor/],
    ["the own sponsor", [["B", { sponsorId: "B" }]], /sponsor_id: /],
    [
      "a circle",
      [
        ["B", { sponsorId: "C" }],
        ["C", { sponsorId: "D" }],
        ["D", { sponsorId: "B" }],
      ],
      /^2 sponsor_id: .*circle: B → C → D → B/,
    ],
    [
      "a code taken in the file",
      [root, ["B", { sponsorId: "A", codes: ["alpha"] }]],
      /^3 codes: "alpha" is already a code of distributor "A" in line 2/,
    ],
    [
      "a code that is another's id",
      [root, ["B", { sponsorId: "A", codes: ["a"] }]],
      /^3 codes: "a" is already a code of distributor "A"/,
    ],
    ["a code with spaces", [["B", { sponsorId: null, codes: ["A B"] }]], /^2 codes: "A B" is no referral code/],
    [
      "a code of two alphabets",
      [["B", { sponsorId: null, codes: ["АNNA77"] }]],
      /^2 codes: .* is no referral code: it mixes letters/,
    ],
    [
      "an email twice",
      [root, ["B", { sponsorId: "A", email: "A@example.com" }]],
      /^3 email: is already that of distributor "A" in line 2/,
    ],
    ["no email", [["B", { sponsorId: null, email: "nobody" }]], /^2 email: is no email address/],
    ["an unknown status", [["B", { sponsorId: null, status: "gone" }]], /^2 status: "gone" is none of active, inactive/],
    ["an unknown country", [["B", { sponsorId: null, country: "Germany" }]], /^2 country: "GERMANY" is no ISO 3166/],
    [
      "no date",
      [["B", { sponsorId: null, enrolledAt: "31.01.2026" }]],
      /^2 enrolled_at: "31.01.2026" is no date: write 2026-01-31/,
    ],
    ["a day that is not", [["B", { sponsorId: null, enrolledAt: "2026-02-31" }]], /^2 enrolled_at: "2026-02-31" is no date/],
  ];
  for (const [name, people, expected] of cases) {
    test(name, async () => {
      const companyId = await emptyCompany();
      const result = await bring(companyId, rowsOf(...people));
      const lines = result.errors.map(({ line, field, message }) => `${line} ${field}: ${message}`);
      assert.ok(
        lines.some((line) => expected.test(line)),
        lines.join("\n"),
      );
      expect((await owner`select from distributors where company_id = ${companyId}`).length).toBe(0);
    });
  }

  test("codes and addresses of those who are enrolled", async () => {
    const companyId = await emptyCompany();
    await bring(companyId, rowsOf(root));
    expect(await errorOf(companyId, ["B", { sponsorId: "A", codes: ["Alpha"] }])).toMatch(
      /^2 codes: "Alpha" .* "A" who is enrolled/,
    );
    expect(await errorOf(companyId, ["alpha", { sponsorId: "A" }])).toMatch(
      /^2 distributor_id: "alpha" is already a code of distributor "A"/,
    );
    expect(await errorOf(companyId, ["B", { sponsorId: "A", email: "a@example.com" }])).toMatch(
      /^2 email: is already that of distributor "A"/,
    );
  });

  test("a rank that the plan in force does not have", async () => {
    const companyId = await emptyCompany();
    await publishPlan(hub, { companyId, document: TEST_PLAN, effectiveFrom: new Date(0), actor: "test" });
    expect(await errorOf(companyId, ["B", { sponsorId: null, rank: "star" }])).toMatch(
      /^2 rank: "star" is no rank: .* associate, silver, gold/,
    );
  });

  test("one cause in many lines is told once, with their number", async () => {
    const companyId = await emptyCompany();
    const rows = Array.from({ length: 250 }, (_, index) => ({ line: index + 2, distributorId: `${index}`, sponsorId: "nobody" }));
    const result = await bring(companyId, rows);
    expect([result.errors.length, result.errorCount, result.errors[0]?.line, result.errors[0]?.more]).toStrictEqual([
      1, 250, 2, 249,
    ]);
  });
});

test("imports at the same time take turns and number without a gap", async () => {
  const companyId = await emptyCompany();
  await Promise.all(
    ["A", "B", "C", "D"].map((name) => bring(companyId, rowsOf([name, { sponsorId: null }], [`${name}1`, { sponsorId: name }]))),
  );
  const rows = await owner`select distributor_no from distributors where company_id = ${companyId} order by 1`;
  expect(rows.map((row) => row.distributor_no)).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("the same id and code may be in two companies, and neither sees the other", async () => {
  const [one, two] = [await emptyCompany(), await emptyCompany()];
  await bring(one, rowsOf(["A", { sponsorId: null, codes: ["X1"], name: "One" }]));
  await bring(two, rowsOf(["A", { sponsorId: null, codes: ["X1"], name: "Two" }]));
  const names = await asCompany(hub.db, one, (tx) => tx`select name from distributors`);
  expect(names.map((row) => row.name)).toStrictEqual(["One"]);
  await expect(
    asCompany(
      hub.db,
      one,
      (tx) =>
        tx`insert into referral_codes (company_id, folded_code, code, distributor_no, version) values (${two}, 'x', 'x', 1, 1)`,
    ),
  ).rejects.toThrow(expect.objectContaining({ code: "42501" }));
});

test("a code is added once, and never when it is another's", async () => {
  const companyId = await emptyCompany();
  await bring(companyId, rowsOf(["A", { sponsorId: null }], ["B", { sponsorId: "A" }]));
  const add = (distributorId: string, code: string) => addCode(hub, { companyId, distributorId, code, actor: "test" });
  expect(await add("A", "NEW1")).toStrictEqual({ added: true });
  expect(await add("A", "new1")).toStrictEqual({ added: false });
  await expect(add("B", "New1")).rejects.toThrow(
    expect.objectContaining({ code: "conflict", message: expect.stringMatching(/distributor A/) }),
  );
  await expect(add("B", "a")).rejects.toThrow(expect.objectContaining({ code: "conflict" }));
  await expect(add("X", "x1")).rejects.toThrow(expect.objectContaining({ code: "not-found" }));
  await expect(add("A", "a b")).rejects.toThrow(expect.objectContaining({ code: "unprocessable" }));
  expect((await directoryOf(companyId)).findByCode("new1", Date.now())?.distributorId).toBe("A");
});
