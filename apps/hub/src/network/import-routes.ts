import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { type Caller, type CallerVariables, requireScope } from "../http/auth.ts";
import {
  faultsOf,
  fileFaults,
  fileName,
  ofFile,
  type ReadFile,
  readFileText,
  refusedFile,
  toldBefore,
  toldText,
} from "../http/csv-file.ts";
import { followImport, type ImportParts } from "../http/import-progress.ts";
import { answer, idText, instant, momentOf, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import type { PlannedMove } from "./changes.ts";
import { type DistributorImportResult, importDistributors } from "./import.ts";
import { DISTRIBUTOR_COLUMNS, rowOfRecord } from "./import-file.ts";
import type { NetworkWithin } from "./move.ts";
import type { EffectsOf } from "./move-routes.ts";
import { named, namesFor } from "./named.ts";
import type { DistributorImport } from "./rows.ts";

/** Of so many moves it is told what they change; of the others only that they are made. */
const TOLD_MOVES = 20;

const file = z
  .object({
    csv: z
      .string()
      .min(1)
      .openapi({
        example: "distributor_id,sponsor_id,name\n9013,9012,Ben Ode\n",
        description: `The file's text. Columns: ${[...DISTRIBUTOR_COLUMNS.required, ...DISTRIBUTOR_COLUMNS.optional].join(", ")}`,
      }),
    name: fileName,
    from: instant
      .optional()
      .openapi({ description: "From when on changed sponsors, ranks and statuses count; now where absent" }),
    told: toldBefore,
  })
  .openapi("DistributorFile");

const importTold = z
  .object({
    lines: z.int(),
    enrolled: z.int().openapi({ description: "New distributors" }),
    updated: z.int().openapi({ description: "Who were enrolled before and change in any way, those moved among them" }),
    unchanged: z.int(),
    moved: z.int().openapi({ description: "Who of them get another sponsor" }),
    ...fileFaults,
    told: toldText,
    moves: z
      .array(
        z.object({
          line: z.int(),
          distributor: named,
          from: named.nullable().openapi({ description: "Null is the company" }),
          to: named.nullable().openapi({ description: "Null is the company" }),
          people_below: z.int(),
          orders_kept: z.int().nullable(),
          periods: z.array(z.object({ period_id: idText, name: z.string(), ends_at: time, pv: z.string().nullable() })),
        }),
      )
      .openapi({ description: `What the first ${TOLD_MOVES} moves change, as \`/distributors/{id}/sponsor/preview\` tells it` }),
  })
  .openapi("DistributorImport");

const common = { tags: ["Distributors"], ...ofFile(file) };

const preview = createRoute({
  ...common,
  path: "/import/preview",
  operationId: "previewDistributorImport",
  summary: "What a file of distributors would change, or what is wrong with it, line by line",
  description: "Changes nothing. Needs the scope `admin`.",
  responses: { 200: answer("The import as it would be", importTold), ...problems(400, 401, 403, 422) },
});

const bring = createRoute({
  ...common,
  path: "/import",
  operationId: "importDistributors",
  summary: "Enrol and correct distributors from a file: all of it, or nothing if any line is wrong",
  description: "Needs the scope `admin`. Larger files: `pnpm upline distributor import`.",
  responses: { 200: answer("The import as it was made", importTold), ...problems(400, 401, 403, 422) },
});

interface Parts {
  readonly networks: NetworkWithin;
  readonly effectsOf: EffectsOf;
  /** Decides open orders of a company again whose buyer is known as a distributor by now. */
  readonly rebindAll: (companyId: number) => Promise<unknown>;
  readonly moved: ImportParts["moved"];
}

const readFile = (csv: string) => readFileText(csv, DISTRIBUTOR_COLUMNS, rowOfRecord);

export function importRoutes(hub: HubParts, { networks, effectsOf, rebindAll, moved }: Parts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const effects = { hub, networks, effectsOf };
  return routes
    .openapi(preview, async (c) => {
      const caller = c.get("caller");
      const { csv, from } = c.req.valid("json");
      const read = await readFile(csv);
      const at = momentOf(from) ?? new Date();
      const { companyId, actor } = caller;
      const result = await importDistributors(hub, { companyId, actor, rows: read.rows, from: at, dryRun: true });
      return c.json(importAnswer(read, result, await moveAnswers(effects, { caller, at }, result.moves)), 200);
    })
    .openapi(bring, async (c) => {
      const caller = c.get("caller");
      const { csv, from, told, name = "" } = c.req.valid("json");
      const read = await readFile(csv);
      const { companyId, actor } = caller;
      const { rows } = read;
      const begun = { companyId, actor, kind: "people" as const, fileName: name, total: rows.length };
      const done = await followImport({ db: hub.db, moved }, begun, async (tell) => {
        const asked = { companyId, actor, rows, from: momentOf(from) ?? new Date(), told, onProgress: tell.written };
        const result = await importDistributors(hub, asked);
        if (result.errorCount > 0) throw refusedFile(result);
        tell.computing();
        await rebindAll(companyId);
        return importAnswer(read, result, []);
      });
      return c.json(done, 200);
    });
}

function importAnswer(
  read: ReadFile<DistributorImport>,
  result: DistributorImportResult,
  told: z.infer<typeof importTold>["moves"],
): z.infer<typeof importTold> {
  const { enrolled, updated, moves, errorCount } = result;
  const lines = read.rows.length;
  return {
    ...{ lines, enrolled, updated, moved: moves.length, moves: told },
    unchanged: errorCount > 0 ? 0 : lines - enrolled - updated,
    told: result.told ?? "",
    ...faultsOf(read, result),
  };
}

async function moveAnswers(
  { hub, networks, effectsOf }: { hub: HubParts } & Omit<Parts, "rebindAll" | "moved">,
  { caller, at }: { caller: Caller; at: Date },
  moves: readonly PlannedMove[],
): Promise<z.infer<typeof importTold>["moves"]> {
  const { companyId } = caller;
  const first = moves.slice(0, TOLD_MOVES);
  if (first.length === 0) return [];
  await networks.ready(companyId);
  return asCompany(hub.db, companyId, async (tx: Tx) => {
    const network = await networks.current(tx, companyId);
    const fromOf = (no: number) => Math.max(0, network.tree.sponsorAsOf(no, at.getTime()));
    // A sponsor who is new in the file itself has no name yet.
    const newcomer = (id: string | null) => (id === null ? null : { distributor_id: id, name: null });
    const nameOf = await namesFor(
      tx,
      caller,
      first.flatMap((move) => [move.distributorNo, move.sponsorNo, fromOf(move.distributorNo)]),
    );
    const told: z.infer<typeof importTold>["moves"] = [];
    for (const { line, distributorNo: no, sponsorNo, sponsorId } of first) {
      const { below, ordersKept, periods } = await effectsOf(tx, { companyId, network, no, at });
      const distributor = nameOf(no);
      if (distributor === null) throw new Error("somebody moves who is not there");
      told.push({
        ...{
          line,
          distributor,
          from: nameOf(fromOf(no)),
          to: nameOf(sponsorNo) ?? newcomer(sponsorId),
          people_below: below,
          orders_kept: ordersKept,
        },
        periods: periods.map(({ id, name, endsAt, pv }) => ({ period_id: id, name, ends_at: endsAt.toISOString(), pv })),
      });
    }
    return told;
  });
}
