import { expect, test } from "vitest";
import { HubError } from "../errors.ts";
import { isSamePerson, readOwner } from "./owner.ts";

test("a person stays the same person in other letters, spaces and forms", () => {
  for (const other of ["ann lee", "ANN LEE", " Ann\u00a0 Lee\t", "AnnLee", "Ａｎｎ Ｌｅｅ", "Ann\u200b Lee\u00ad"])
    expect(isSamePerson("Ann Lee", other), other).toBe(true);
  expect(isSamePerson("Jörg Groß", "JO\u0308RG GROSS")).toBe(true);
  expect(isSamePerson("ΝΙΚΟΣ", "νικος")).toBe(true);
  for (const other of ["Ann Lees", "Ann", "Lee Ann", "Änn Lee"]) expect(isSamePerson("Ann Lee", other), other).toBe(false);
});

test("an owner is kept as it is shown, and refused where it names nobody", () => {
  expect(readOwner("  Jo\u0308rg \n Groß ")).toBe("J\u00f6rg Groß");
  // Composed, one letter becomes eighteen.
  for (const nobody of ["", " ", "\u200b", "x".repeat(101), "\ufdfa".repeat(6), "a\u0000b", "\ud800"])
    expect(() => readOwner(nobody), JSON.stringify(nobody)).toThrow(HubError);
});
