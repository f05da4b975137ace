import { expect, test } from "vitest";
import { noteCommit, onlyReads, watchCommits } from "../db/commits.ts";
import { Busy } from "../db/turns.ts";
import { openLog } from "../log.ts";
import { answerFailure } from "./problem.ts";

/** That nothing was changed is said where it is certain, and nowhere else. */

const failed = { requestId: "r", route: "POST /", isGone: false };
const lost = (code: string) => Object.assign(new Error("lost"), { code });
async function toldOf(error: Error): Promise<readonly [number, boolean]> {
  const answer = answerFailure(failed, openLog("silent"), error);
  const { detail } = (await answer.json()) as { detail: string };
  return [answer.status, detail.includes("Nothing was changed")];
}

test.each<[string, Error, boolean]>([
  ["a turn that did not come", new Busy("later"), true],
  ["a database that was never reached", lost("ECONNREFUSED"), true],
  ["a connection that did not come about", lost("CONNECT_TIMEOUT"), true],
  ["a connection that broke with a statement under way", lost("CONNECTION_CLOSED"), false],
  ["a socket that was reset", lost("ECONNRESET"), false],
  ["a server that said nothing more", lost("ETIMEDOUT"), false],
])("%s", async (_name, error, isNothing) => {
  expect(await watchCommits(() => toldOf(error))).toStrictEqual([503, isNothing]);
});

test("after a commit was sent nothing is certain, whatever fails then; what only reads commits nothing", async () => {
  const after = watchCommits(async () => {
    noteCommit();
    return toldOf(new Busy("later"));
  });
  expect(await after).toStrictEqual([503, false]);
  const reading = watchCommits(async () => {
    onlyReads(noteCommit);
    return toldOf(new Busy("later"));
  });
  expect(await reading).toStrictEqual([503, true]);
});
