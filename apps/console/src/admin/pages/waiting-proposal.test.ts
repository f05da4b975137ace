import { expect, test } from "vitest";
import { waitingProposal } from "./waiting-proposal.ts";

test("a proposal waits until it is carried out or sent back, whatever is previewed meanwhile", () => {
  const found = (state: string, ...kinds: ("trial" | "proposed" | "committed")[]) =>
    waitingProposal({ state, runs: kinds.map((kind, place) => ({ kind, place })) })?.place ?? null;
  expect(found("open", "trial")).toBe(null);
  expect(found("closing", "proposed", "trial")).toBe(0);
  expect(found("closing", "trial", "proposed", "proposed")).toBe(1);
  expect(found("open", "proposed"), "sent back").toBe(null);
  expect(found("closed", "committed", "proposed", "trial"), "carried out").toBe(null);
  expect(found("closed", "proposed", "committed", "proposed"), "computed again").toBe(0);
});
