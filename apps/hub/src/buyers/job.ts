import { listCompanies } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { forgetBodies } from "../inbox/forget-bodies.ts";
import { openBody, readDeliveries } from "../inbox/queries.ts";
import type { Job } from "../jobs/job.ts";
import type { HubParts } from "../parts.ts";
import { platforms } from "../platforms.ts";
import { eraseBuyer, eraseStore } from "./erase.ts";
import { listRedactions } from "./queries.ts";

/** Of a company as a whole. */
const SUBJECT = "company";

/** Carries out what shops ask to be erased (Shopify's `customers/redact` and `shop/redact`). The request's own body goes last. */
export function redactJob(parts: Pick<HubParts, "db" | "box">): Job {
  return {
    name: "redact",
    about: "Erases what shops sent of a buyer, or of the shop itself, where the shop asks for it.",
    everyMinutes: 10,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 60 },
    due: async () => (await listCompanies(parts.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }, signal) => {
      const requests = await asCompany(parts.db, companyId, (tx) => listRedactions(tx, companyId));
      let [bodies, waiting] = [0, 0];
      for (const deliveryId of requests) {
        signal.throwIfAborted();
        const erased = await redact(parts, { companyId, deliveryId, signal });
        bodies += erased.bodies;
        waiting += erased.waiting;
      }
      if (waiting > 0)
        throw new HubError(
          "unavailable",
          `${waiting} deliveries that a shop asks to erase wait to be processed first: they are erased after that.`,
        );
      return `${requests.length} requests carried out, ${bodies} bodies erased.`;
    },
  };
}

async function redact(
  parts: Pick<HubParts, "db" | "box">,
  args: { companyId: number; deliveryId: bigint; signal: AbortSignal },
): Promise<{ bodies: number; waiting: number }> {
  const { companyId, deliveryId, signal } = args;
  const [delivery] = await asCompany(parts.db, companyId, (tx) => readDeliveries(tx, { companyId, deliveryIds: [deliveryId] }));
  const body = delivery === undefined ? null : openBody(parts.box, delivery);
  if (delivery === undefined || body === null) return { bodies: 0, waiting: 0 };
  const { storeId, platform, topic } = delivery;
  const asked = platforms[platform].redactionOf?.(body, topic) ?? null;
  const actor = `store:${storeId}`;
  let erased = { bodies: 0, waiting: 0 };
  if (asked?.kind === "buyer") {
    const { orderIds: platformOrderIds, ...buyer } = asked;
    erased = await eraseBuyer(parts, {
      companyId,
      buyer,
      actor,
      shopOrders: { storeId, platformOrderIds },
      except: deliveryId,
      signal,
    });
  } else if (asked?.kind === "shop") {
    erased = await asCompany(parts.db, companyId, async (tx) => {
      const gone = await eraseStore(tx, { companyId, storeId });
      await insertAudit(tx, { companyId, actor, act: "store.erase", subject: storeId, details: gone });
      return gone;
    });
  }
  if (erased.waiting === 0) await asCompany(parts.db, companyId, (tx) => forgetBodies(tx, companyId, [deliveryId]));
  return erased;
}
