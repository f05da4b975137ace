import { expect, test } from "vitest";
import { waitingProposal } from "./waiting-proposal.ts";

test("the proposal that waits is the one the hub names, not the newest", () => {
  const runs = [{ run_id: "9" }, { run_id: "8" }, { run_id: "7" }];
  expect(waitingProposal({ waiting_run_id: "8", runs })).toBe(runs[1]);
  expect(waitingProposal({ waiting_run_id: null, runs })).toBe(null);
});
