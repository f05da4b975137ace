import { expect, test } from "vitest";
import { standingRun, waitingProposal } from "./waiting-proposal.ts";

test("the proposal that waits is the one the hub names, not the newest", () => {
  const runs = [{ run_id: "9" }, { run_id: "8" }, { run_id: "7" }];
  expect(waitingProposal({ waiting_run_id: "8", runs })).toBe(runs[1]);
  expect(waitingProposal({ waiting_run_id: null, runs })).toBe(null);
});

test("what a close came to is told by the run that stands, whatever it was computed for", () => {
  const run = (run_id: string, kind: "trial" | "proposed" | "committed", superseded_by: string | null = null) => {
    return { run_id, kind, superseded_by };
  };
  const again = run("7", "committed");
  expect(standingRun([run("8", "trial"), again, run("6", "proposed"), run("4", "committed", "7")])).toBe(again);
  expect(standingRun([run("8", "trial"), run("6", "proposed")])).toBe(undefined);
});
