import { expect, test } from "vitest";
import { displayNameOf } from "./display-name.ts";

test("names are cut to what a buyer may see", () => {
  const cases = {
    "Anna Maria Müller": "Anna M.",
    "Müller, Anna": "Anna M.",
    Anna: "Anna",
    "": "",
    山田太郎: "山.",
    "anna@example.com": "",
    "Anna anna@example.com": "Anna",
    " ben  king ": "ben K.",
    " Jean-Luc van den Berg ": "Jean-Luc B.",
  };
  for (const [name, shown] of Object.entries(cases)) expect(displayNameOf(name)).toBe(shown);
});
