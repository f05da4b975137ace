import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { csvText, unmarked } from "./csv-text.ts";

test("what a spreadsheet would run as a formula is text, and negative numbers stay numbers", () => {
  const rows = ["=1+1", "+49 30", "-2+3", "@now", "\tx", "\rx", "\uff1dx", "-", "-10.00", "-3", "-1e5", "a=b", ""];
  expect(
    csvText(
      ["cell", "end"],
      rows.map((cell) => ({ cell, end: "." })),
    ),
  ).toBe(
    [
      "cell,end",
      "'=1+1,.",
      "'+49 30,.",
      "'-2+3,.",
      "'@now,.",
      "'\tx,.",
      '"\'\rx",.',
      "'\uff1dx,.",
      "'-,.",
      "-10.00,.",
      "-3,.",
      "'-1e5,.",
      "a=b,.",
      ",.",
      "",
    ].join("\n"),
  );
});

test("quotes, separators and line ends are kept, and a marked cell is read back as it was", () => {
  const cells = [
    '=HYPERLINK("http://evil")',
    "one,two",
    "a\r\nb",
    "-SKU-7",
    "@home",
    "'tis",
    "O'Neill",
    "-12.50",
    "'=1",
    "''@x",
    "'-3",
    "''",
  ];
  const text = csvText(
    ["cell"],
    cells.map((cell) => ({ cell })),
  );
  const read = (parse(text) as string[][]).slice(1).map(([cell]) => unmarked(cell ?? ""));
  expect(read).toStrictEqual(cells);
});

test("no row leaves the header", () => {
  expect(csvText(["a", "b"], [])).toBe("a,b\n");
});

test("a cell with a line end of any kind is quoted, whatever ends the lines of the file", () => {
  const rows = ["a\nb", "a\rb", "a\r\nb"].map((cell) => ({ cell, end: "." }));
  expect(csvText(["cell", "end"], rows, { lineEnd: "\r\n" })).toBe('cell,end\r\n"a\nb",.\r\n"a\rb",.\r\n"a\r\nb",.\r\n');
});
