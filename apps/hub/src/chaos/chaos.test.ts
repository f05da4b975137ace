import { expect, test } from "vitest";
import { startOwnServer } from "../testing/own-server.ts";
import { runChaos } from "./chaos.ts";

test("kills, an outage and poison: every acknowledged delivery has its one effect, to the last unit", async () => {
  const server = await startOwnServer();
  try {
    const report = await runChaos(server, {
      kills: 3,
      outages: 1,
      outageMs: [1_500, 1_500],
      perSecond: 10,
      windowMs: 3_000,
      recoverMs: 1_000,
      onProgress: () => {},
    });
    expect(report.acknowledged).toBeGreaterThan(0);
    expect([report.lost, report.wrong, report.dead]).toStrictEqual([0, 0, 0]);
  } finally {
    await server.remove();
  }
});
