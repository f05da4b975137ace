import { expect, test } from "vitest";
import { foldEmail, foldPhone, identitiesOf } from "./buyer-identity.ts";

test("one mailbox, however its address is written", () => {
  for (const written of [
    "anna@example.com",
    " ANNA@Example.com ",
    "anna+shop@example.com",
    "Anna+a+b@EXAMPLE.com.",
    "ａnna@example.com",
  ])
    expect(foldEmail(written), written).toBe("anna@example.com");
  for (const written of ["annabell@gmail.com", "anna.bell@gmail.com", "A.n.n.a.Bell+x@googlemail.com"])
    expect(foldEmail(written), written).toBe("annabell@gmail.com");
});

test("dots count where the provider counts them, and a plus sign at the front is the name itself", () => {
  expect(foldEmail("anna.bell@example.com")).toBe("anna.bell@example.com");
  expect(foldEmail("+anna@example.com")).toBe("+anna@example.com");
});

test("what is no address is none", () => {
  for (const written of [
    "",
    "anna",
    "@example.com",
    "anna@",
    "anna@example",
    "an na@example.com",
    "anna@exa mple.com",
    `${"a".repeat(300)}@example.com`,
  ])
    expect(foldEmail(written), written).toBe(null);
});

test("a telephone number is its digits, with its country where it names one", () => {
  expect(foldPhone("+49 (151) 234-567")).toBe("+49151234567");
  expect(foldPhone("0049 151 234567")).toBe("+49151234567");
  expect(foldPhone("0151/234567")).toBe("0151234567");
  for (const written of ["", "12345", "no number", "1".repeat(18)]) expect(foldPhone(written), written).toBe(null);
});

test("identities are handed on once each, and nothing that is none", () => {
  const said = { emails: ["Anna@Example.com", "anna@example.com", null, 7, ""], customerId: null, phones: [undefined, "12"] };
  expect(identitiesOf(said)).toStrictEqual([{ kind: "email", value: "anna@example.com" }]);
});
