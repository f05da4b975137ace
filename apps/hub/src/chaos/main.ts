/** `pnpm chaos --kills 60 --outages 10`: see chaos.ts. Prints how it goes, and as its last line one JSON object. */
import { parseArgs } from "node:util";
import { startOwnServer } from "../testing/own-server.ts";
import { type ChaosReport, runChaos } from "./chaos.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "60" },
    outages: { type: "string", default: "10" },
    rate: { type: "string", default: "20" },
  },
});

const server = await startOwnServer({ unsafeFast: false });
try {
  const report = await runChaos(server, {
    kills: Number(values.kills),
    outages: Number(values.outages),
    outageMs: [1_000, 60_000],
    perSecond: Number(values.rate),
    windowMs: 20_000,
    recoverMs: 30_000,
    onProgress: (text) => void process.stderr.write(`… ${text}\n`),
  });
  const failures = failuresOf(report);
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  process.stdout.write(`${JSON.stringify({ ok: failures.length === 0, ...report })}\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await server.remove();
}

function failuresOf(report: ChaosReport): string[] {
  const { lost, wrong, dead, calmP99Ms, poisonP99Ms, afterOutageP99Ms } = report;
  const bound = 2 * calmP99Ms;
  return [
    ...(lost > 0 ? [`${lost} acknowledged deliveries are lost`] : []),
    ...(wrong > 0 ? [`${wrong} orders are not paid as they should be`] : []),
    ...(dead > 0 ? [`${dead} deliveries are dead letters still`] : []),
    ...(poisonP99Ms > bound ? [`the other company's p99 under poison is ${poisonP99Ms} ms, calm it is ${calmP99Ms} ms`] : []),
    ...afterOutageP99Ms.flatMap((p99, index) =>
      p99 > bound ? [`the other company's p99 after outage ${index + 1} is ${p99} ms, calm it is ${calmP99Ms} ms`] : [],
    ),
  ];
}
