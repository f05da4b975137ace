import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import postgres from "postgres";
import { createCompany } from "../companies/create.ts";
import { asCompany } from "../db/connect.ts";
import { DirectoryCache } from "../orders/directory.ts";
import { publishPlan } from "../plans/publish.ts";
import { TEST_PLAN } from "../testing/test-company.ts";
import { openTestParts, type TestParts } from "../testing/test-parts.ts";
import { addCode } from "./codes.ts";
import { importDistributors } from "./import.ts";
import type { DistributorImport } from "./rows.ts";

let hub: TestParts;
let owner: postgres.Sql;
let made = 0;

before(async () => {
  hub = await openTestParts();
  owner = postgres(hub.db.url, { max: 1 });
});
after(async () => {
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
  assert.deepEqual([result.enrolled, result.updated], [0, 0]);
  assert.equal(result.errorCount, 1, JSON.stringify(result.errors));
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
    assert.deepEqual(await bring(companyId, rows), { enrolled: 4, updated: 0, errors: [], errorCount: 0 });
    const numbers = await owner`
      select d.distributor_no, e.sponsor_no from distributors d join sponsor_edges e using (company_id, distributor_no)
       where d.company_id = ${companyId} order by 1`;
    assert.deepEqual(
      numbers.map((row) => row.distributor_no),
      [1, 2, 3, 4],
    );
    assert.ok(numbers.every((row) => row.sponsor_no < row.distributor_no));
    assert.deepEqual(await uplineIds(companyId, "D"), ["D", "C", "B", "A"]);
  });

  test("a later file goes on where the last one ended", async () => {
    const companyId = await emptyCompany();
    await bring(companyId, rowsOf(["A", { sponsorId: null }]));
    await bring(companyId, rowsOf(["C", { sponsorId: "B" }], ["B", { sponsorId: "A" }]));
    assert.deepEqual(await uplineIds(companyId, "C"), ["C", "B", "A"]);
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
    for (const code of ["anna77", "anna-2", "d-7"]) assert.equal(directory.findByCode(code, Date.now())?.distributorId, "D-7");
    assert.equal(directory.distributorOfBuyer(directory.hashBuyer("email:anna@example.com")), "D-7");
    assert.equal(directory.uplineOf("D-7", Date.now())[0]?.country, "DE");
    const stored = await owner`
      select d.*::text as a, b.*::text as b, l.*::text as c from distributors d
        join distributor_buyers b using (company_id) join audit_log l using (company_id) where d.company_id = ${companyId}`;
    assert.ok(stored.length > 0);
    assert.doesNotMatch(JSON.stringify(stored), /example\.com|DE 123/i);
    const [sealed] = await owner`select tax_id_ciphertext from distributors where company_id = ${companyId}`;
    assert.equal(hub.box.open(sealed?.tax_id_ciphertext), "DE 123");
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
    assert.deepEqual(await bring(companyId, rows), { enrolled: 0, updated: 0, errors: [], errorCount: 0 });
    assert.deepEqual(await state(), stateBefore);
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
    assert.deepEqual([row?.version, row?.versions], [2, [2]]);
    const acts =
      await owner`select actor, act, details from audit_log where company_id = ${companyId} order by audit_no desc limit 1`;
    assert.deepEqual([acts[0]?.actor, acts[0]?.act, acts[0]?.details.enrolled], ["test", "network.import", 2]);
  });

  test("a dry run finds the same and writes nothing", async () => {
    const companyId = await emptyCompany();
    const rows = rowsOf(["A", { sponsorId: null }]);
    const result = await importDistributors(hub, { companyId, rows, actor: "test", dryRun: true });
    assert.equal(result.enrolled, 1);
    assert.equal((await owner`select from distributors where company_id = ${companyId}`).length, 0);
  });

  test("50,000 rows in reverse order take seconds, with progress, and so does the same file right after", {
    timeout: 120_000,
  }, async () => {
    const companyId = await emptyCompany();
    const size = 50_000;
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
    const started = Date.now();
    const result = await importDistributors(hub, { companyId, rows, actor: "test", onProgress: ({ done }) => steps.push(done) });
    assert.equal(result.enrolled, size);
    assert.equal(steps.at(-1), size);
    assert.ok(steps.length >= 10);
    assert.ok(Date.now() - started < 30_000, `${Date.now() - started} ms`);
    assert.equal((await uplineIds(companyId, "50000")).length, 16);
    // The tables are too new for statistics: looking up one by one took the database minutes.
    const again = Date.now();
    assert.deepEqual(await bring(companyId, rows), { enrolled: 0, updated: 0, errors: [], errorCount: 0 });
    assert.ok(Date.now() - again < 30_000, `${Date.now() - again} ms`);
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
    assert.equal((await bring(companyId, rowsOf(["B", { status: "suspended" }]), NOON)).updated, 1);
    const directory = await directoryOf(companyId);
    const standing = (at: number) => directory.uplineOf("B", at).map((one) => `${one.status} ${one.rank}`)[0];
    assert.equal(standing(justBefore), "active silver");
    assert.equal(standing(NOON.getTime()), "suspended silver");
    assert.equal(directory.findByCode("b", NOON.getTime())?.eligible, false);
    await bring(companyId, rowsOf(["B", { rank: "none" }]), new Date(NOON.getTime() + 1000));
    assert.equal((await directoryOf(companyId)).uplineOf("B", NOON.getTime() + 1000)[0]?.rank, null);
  });

  test("a new standing keeps the last closed period's volume", async () => {
    const companyId = await smallNetwork();
    await owner`insert into standings (company_id, distributor_no, status, rank, period_pv, valid_from, version)
      values (${companyId}, 2, 'active', 'silver', 1200000, '2026-02-01', 3)`;
    await bring(companyId, rowsOf(["B", { rank: "gold" }]), NOON);
    const standing = (await directoryOf(companyId)).uplineOf("B", NOON.getTime())[0];
    assert.deepEqual([standing?.rank, standing?.periodPv], ["gold", 1_200_000n]);
  });

  test("a changed sponsor is a move from its date on; orders before see the old one", async () => {
    const companyId = await smallNetwork();
    const result = await bring(companyId, rowsOf(["D", { sponsorId: "A", enrolledAt }], ["C", { sponsorId: "D" }]), NOON);
    assert.deepEqual([result.enrolled, result.updated], [1, 1]);
    assert.deepEqual(await uplineIds(companyId, "C", justBefore), ["C", "B", "A"]);
    assert.deepEqual(await uplineIds(companyId, "C", NOON.getTime()), ["C", "D", "A"]);
  });

  test("two may change places, whichever line comes first", async () => {
    const companyId = await smallNetwork();
    assert.equal((await bring(companyId, rowsOf(["A", { sponsorId: "B" }], ["B", { sponsorId: null }]), NOON)).updated, 2);
    assert.deepEqual(await uplineIds(companyId, "C", NOON.getTime()), ["C", "B"]);
    assert.deepEqual(await uplineIds(companyId, "A", NOON.getTime()), ["A", "B"]);
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
      assert.deepEqual((await cache.refresh(companyId)).uplineOf(id, now), (await directoryOf(companyId)).uplineOf(id, now));
  });

  test("one row may change details and sponsor at once, for a directory that catches up as well", async () => {
    const companyId = await smallNetwork();
    const cache = new DirectoryCache(hub.db, hub.box);
    await cache.refresh(companyId);
    await bring(companyId, rowsOf(["C", { sponsorId: "A", country: "FR" }]), NOON);
    const caughtUp = (await cache.refresh(companyId)).uplineOf("C", NOON.getTime()).map((one) => one.distributorId);
    assert.deepEqual(caughtUp, ["C", "A"]);
  });

  test("the date of an enrolment stands", async () => {
    const companyId = await smallNetwork();
    assert.match(
      await errorOf(companyId, ["B", { enrolledAt: "2024-12-31" }]),
      /^2 enrolled_at: differs .*2025-01-01T00:00:00.000Z.* leave it out$/,
    );
  });

  test("nobody is sponsored by their own downline, directly or over somebody enrolled now", async () => {
    const companyId = await smallNetwork();
    assert.match(await errorOf(companyId, ["A", { sponsorId: "C" }]), /^2 sponsor_id: "C" stands below "A"/);
    assert.match(
      await errorOf(companyId, ["N", { sponsorId: "C" }], ["A", { sponsorId: "N" }]),
      /^3 sponsor_id: "N" stands below "A"/,
    );
    const both = await bring(companyId, rowsOf(["A", { sponsorId: "B" }], ["B", { sponsorId: "A" }]));
    assert.equal(both.errorCount, 1, "a circle of two who are enrolled");
  });

  test("a move before a recorded one is refused", async () => {
    const companyId = await smallNetwork();
    await bring(companyId, rowsOf(["C", { sponsorId: "A" }]), NOON);
    const result = await bring(companyId, rowsOf(["C", { sponsorId: "B" }]), new Date(justBefore));
    assert.match(result.errors[0]?.message ?? "", /was moved as of a later date/);
  });
});

describe("refusing a file names the line, the field and the fix, and writes nothing", () => {
  const root: readonly [string, Person] = ["A", { sponsorId: null, codes: ["ALPHA"], email: "a@example.com" }];
  const cases: readonly (readonly [string, readonly (readonly [string, Person])[], RegExp])[] = [
    ["an empty id", [["  ", { sponsorId: null }]], /^2 distributor_id: is empty/],
    ["an id with control characters", [["a\u0007", { sponsorId: null }]], /^2 distributor_id: 1 to 100/],
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
      assert.equal((await owner`select from distributors where company_id = ${companyId}`).length, 0);
    });
  }

  test("codes and addresses of those who are enrolled", async () => {
    const companyId = await emptyCompany();
    await bring(companyId, rowsOf(root));
    assert.match(
      await errorOf(companyId, ["B", { sponsorId: "A", codes: ["Alpha"] }]),
      /^2 codes: "Alpha" .* "A" who is enrolled/,
    );
    assert.match(
      await errorOf(companyId, ["alpha", { sponsorId: "A" }]),
      /^2 distributor_id: "alpha" is already a code of distributor "A"/,
    );
    assert.match(
      await errorOf(companyId, ["B", { sponsorId: "A", email: "a@example.com" }]),
      /^2 email: is already that of distributor "A"/,
    );
  });

  test("a rank that the plan in force does not have", async () => {
    const companyId = await emptyCompany();
    await publishPlan(hub, { companyId, document: TEST_PLAN, effectiveFrom: new Date(0), actor: "test" });
    assert.match(
      await errorOf(companyId, ["B", { sponsorId: null, rank: "star" }]),
      /^2 rank: "star" is no rank: .* associate, silver, gold/,
    );
  });

  test("at most 100 errors are listed, all are counted", async () => {
    const companyId = await emptyCompany();
    const rows = Array.from({ length: 250 }, (_, index) => ({ line: index + 2, distributorId: `${index}`, sponsorId: "nobody" }));
    const result = await bring(companyId, rows);
    assert.deepEqual([result.errors.length, result.errorCount, result.errors[0]?.line], [100, 250, 2]);
  });
});

test("imports at the same time take turns and number without a gap", async () => {
  const companyId = await emptyCompany();
  await Promise.all(
    ["A", "B", "C", "D"].map((name) => bring(companyId, rowsOf([name, { sponsorId: null }], [`${name}1`, { sponsorId: name }]))),
  );
  const rows = await owner`select distributor_no from distributors where company_id = ${companyId} order by 1`;
  assert.deepEqual(
    rows.map((row) => row.distributor_no),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
});

test("the same id and code may be in two companies, and neither sees the other", async () => {
  const [one, two] = [await emptyCompany(), await emptyCompany()];
  await bring(one, rowsOf(["A", { sponsorId: null, codes: ["X1"], name: "One" }]));
  await bring(two, rowsOf(["A", { sponsorId: null, codes: ["X1"], name: "Two" }]));
  const names = await asCompany(hub.db, one, (tx) => tx`select name from distributors`);
  assert.deepEqual(
    names.map((row) => row.name),
    ["One"],
  );
  await assert.rejects(
    asCompany(
      hub.db,
      one,
      (tx) =>
        tx`insert into referral_codes (company_id, folded_code, code, distributor_no, version) values (${two}, 'x', 'x', 1, 1)`,
    ),
    { code: "42501" },
  );
});

test("a code is added once, and never when it is another's", async () => {
  const companyId = await emptyCompany();
  await bring(companyId, rowsOf(["A", { sponsorId: null }], ["B", { sponsorId: "A" }]));
  const add = (distributorId: string, code: string) => addCode(hub, { companyId, distributorId, code, actor: "test" });
  assert.deepEqual(await add("A", "NEW1"), { added: true });
  assert.deepEqual(await add("A", "new1"), { added: false });
  await assert.rejects(add("B", "New1"), { code: "conflict", message: /distributor A/ });
  await assert.rejects(add("B", "a"), { code: "conflict" });
  await assert.rejects(add("X", "x1"), { code: "not-found" });
  await assert.rejects(add("A", "a b"), { code: "unprocessable" });
  assert.equal((await directoryOf(companyId)).findByCode("new1", Date.now())?.distributorId, "A");
});
