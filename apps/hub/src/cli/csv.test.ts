import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readCsv } from "./csv.ts";

const folder = mkdtempSync(join(tmpdir(), "upline-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SHAPE = { required: ["distributor_id"], optional: ["sponsor_id", "name"] };
const quiet = { env: {}, out: () => {}, err: () => {}, isTerminal: false };

async function read(content: string | Buffer): Promise<(string | undefined)[][]> {
  const path = join(folder, "file.csv");
  writeFileSync(path, content);
  const records = await readCsv(path, SHAPE, quiet);
  return records.map(({ cell }) => ["distributor_id", "sponsor_id", "name"].map(cell));
}

describe("a file as a spreadsheet writes it", () => {
  test("commas, semicolons with a byte order mark, tabs", async () => {
    const right = [["0010", "", "Müller; Söhne"]];
    expect(await read('distributor_id,sponsor_id,name\n0010,,"Müller; Söhne"\n')).toStrictEqual(right);
    expect(await read('\uFEFFDistributor ID;Sponsor-ID;Name\r\n0010;;"Müller; Söhne"\r\n')).toStrictEqual(right);
    expect(await read("distributor_id\tsponsor_id\tname\n0010\t\tMüller; Söhne\n")).toStrictEqual(right);
  });

  test("what is no UTF-8 is refused with the line, and never stored broken", async () => {
    const windows = Buffer.from("distributor_id,name\n0012,Ann\n0013,Gr\u00fc\u00dfe\n", "latin1");
    await expect(read(windows)).rejects.toThrow(/file\.csv, line 3: "0013,Grüße" is not UTF-8: save it as “CSV UTF-8”/);
    const utf16 = Buffer.from("\uFEFFdistributor_id,name\n0012,Grüße\n", "utf16le");
    await expect(read(utf16)).rejects.toThrow(/line 1: the file is UTF-16/);
    await expect(read(Buffer.from(utf16).swap16())).rejects.toThrow(/line 1: the file is UTF-16/);
    await expect(read(utf16.subarray(2))).rejects.toThrow(/line 1: holds a NUL/);
  });

  test("a NUL character is named by its line", async () => {
    await expect(read("distributor_id,name\n1,Ann\n2,B\u0000ob\n")).rejects.toThrow(/file\.csv, line 3: holds a NUL character/);
  });

  test("a file that is not there, and an empty one", async () => {
    await expect(readCsv(join(folder, "none.csv"), SHAPE, quiet)).rejects.toThrow(/there is no such file/);
    await expect(read("")).rejects.toThrow(/is empty: its first line names the columns/);
  });
});
