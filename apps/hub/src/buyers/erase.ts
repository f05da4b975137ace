import { type BuyerIdentity, foldEmail, identitiesOf } from "@upline/core";
import { readCompany } from "../companies/directory.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { forgetBodies } from "../inbox/forget-bodies.ts";
import { openBody, readDeliveries } from "../inbox/queries.ts";
import { identityHashes } from "../network/buyer-hashes.ts";
import type { HubParts } from "../parts.ts";
import type { SecretBox } from "../secret-box.ts";
import {
  findBuyerOrders,
  findOrderDeliveries,
  findOrdersOfShop,
  forgetBuyers,
  forgetBuyersOfStore,
  listReadableOfStore,
  listStoreIds,
  listUnattached,
  type Place,
  type Readable,
} from "./queries.ts";

const BATCH = 200;
const START: Place = { groupNo: 0n, deliveryId: 0n };

/** Whom a person or a shop asks to erase. */
export interface NamedBuyer {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** The buyer's account in the shop. */
  readonly customerId?: string | undefined;
}

export interface Erased {
  /** Orders that are known as the buyer's. */
  readonly orders: number;
  /** Bodies that can be read no more. */
  readonly bodies: number;
  /** Deliveries that name the buyer and wait to be processed: they keep theirs until then. */
  readonly waiting: number;
}

/**
 * Erases what shops sent of a buyer: of every delivery of their orders, and of every other one whose body names them, the key.
 * Orders, ledger and snapshots stay: they hold no name and no address. Where the shop itself asks, the hashes by which the
 * buyer is known go too; a later order of theirs is then a new buyer's. Throws HubError where nobody is named.
 */
export async function eraseBuyer(
  parts: Pick<HubParts, "db" | "box">,
  args: {
    readonly companyId: number;
    readonly buyer: NamedBuyer;
    readonly actor: string;
    /** Orders that the shop itself counts as the buyer's. */
    readonly shopOrders?: { readonly storeId: string; readonly platformOrderIds: readonly string[] };
    /** A delivery that is not looked at: the request itself. */
    readonly except?: bigint;
    readonly signal?: AbortSignal;
  },
): Promise<Erased> {
  const { companyId, actor, shopOrders, except } = args;
  const named = identitiesOf({
    emails: [args.buyer.email],
    customerId: args.buyer.customerId?.trim() || null,
    phones: [args.buyer.phone],
  });
  if (named.length === 0 && shopOrders === undefined)
    throw new HubError(
      "unprocessable",
      "Name the buyer by an e-mail address, a telephone number or a customer's number in the shop.",
    );
  const known = await asCompany(parts.db, companyId, async (tx) => {
    const company = await readCompany(tx, companyId);
    if (company === null) throw new Error("the company of this transaction does not exist");
    const buyerKey = parts.box.open(company.buyerKey);
    const storeIds = shopOrders ? [shopOrders.storeId] : await listStoreIds(tx, companyId);
    const hashes = named.flatMap((identity) => storeIds.flatMap((storeId) => identityHashes(buyerKey, identity, storeId)));
    const own = await findBuyerOrders(tx, { companyId, hashes });
    const told = shopOrders ? await findOrdersOfShop(tx, { companyId, ...shopOrders }) : [];
    const orderNos = [...new Set([...own, ...told])];
    const bodies = await forgetBodies(tx, companyId, await findOrderDeliveries(tx, { companyId, orderNos }));
    if (shopOrders !== undefined) await forgetBuyers(tx, { companyId, orderNos });
    return { hashes, orders: orderNos.length, bodies };
  });
  const others = await eraseUnattached(parts, { ...args, companyId, named, except: except ?? null });
  const erased = { orders: known.orders, bodies: known.bodies + others.bodies, waiting: others.waiting };
  await asCompany(parts.db, companyId, (tx) =>
    insertAudit(tx, {
      companyId,
      actor,
      act: "buyer.erase",
      subject: known.hashes[0] ?? "orders of the shop",
      details: { ...erased },
    }),
  );
  return erased;
}

/** Deliveries of no order (dead letters, changed customers, what waits) are known as the buyer's only by what they say. */
async function eraseUnattached(
  { db, box }: Pick<HubParts, "db" | "box">,
  args: {
    readonly companyId: number;
    readonly named: readonly BuyerIdentity[];
    readonly except: bigint | null;
    readonly signal?: AbortSignal;
  },
): Promise<{ bodies: number; waiting: number }> {
  const { companyId, named, except, signal } = args;
  const names = namesIn(named);
  let [bodies, waiting] = [0, 0];
  for (let after: Place | null = names.length === 0 ? null : START; after !== null; ) {
    signal?.throwIfAborted();
    const from: Place = after;
    after = await asCompany(db, companyId, async (tx) => {
      const rows = await listUnattached(tx, { companyId, after: from, limit: BATCH });
      const naming = await whichName(tx, box, { companyId, deliveryIds: rows.map((row) => row.deliveryId), names });
      const meant = rows.filter(({ deliveryId }) => deliveryId !== except && naming.has(deliveryId));
      waiting += meant.filter(({ outcome }) => outcome === null).length;
      const done = meant.filter(({ outcome }) => outcome !== null).map(({ deliveryId }) => deliveryId);
      bodies += await forgetBodies(tx, companyId, done);
      return rows.length < BATCH ? null : (rows.at(-1) ?? null);
    });
  }
  return { bodies, waiting };
}

/** Erases the bodies of a store, and the hashes of its buyers; what waits keeps its body. Answers how many, and how many wait. */
export async function eraseStore(tx: Tx, args: { companyId: number; storeId: string }): Promise<Omit<Erased, "orders">> {
  const { companyId, storeId } = args;
  let [bodies, waiting] = [0, 0];
  await forgetBuyersOfStore(tx, args);
  for (let after: Place | null = START; after !== null; ) {
    const rows: readonly Readable[] = await listReadableOfStore(tx, { companyId, storeId, after, limit: BATCH });
    const done = rows.filter(({ outcome }) => outcome !== null).map(({ deliveryId }) => deliveryId);
    waiting += rows.length - done.length;
    bodies += await forgetBodies(tx, companyId, done);
    after = rows.length < BATCH ? null : (rows.at(-1) ?? null);
  }
  return { bodies, waiting };
}

type Names = readonly ((body: string) => boolean)[];

async function whichName(
  tx: Tx,
  box: SecretBox,
  args: { companyId: number; deliveryIds: readonly bigint[]; names: Names },
): Promise<Set<bigint>> {
  const deliveries = await readDeliveries(tx, args);
  const naming = deliveries.filter((delivery) => {
    const body = openBody(box, delivery)?.toLowerCase() ?? "";
    return args.names.some((isNamed) => isNamed(body));
  });
  return new Set(naming.map(({ deliveryId }) => deliveryId));
}

/** An address stands in a body as it was typed, a number with or without blanks, an account as a whole number or text. */
function namesIn(named: readonly BuyerIdentity[]): Names {
  return named.map(({ kind, value }) => {
    if (kind === "customer") {
      const whole = new RegExp(`(?<![\\w.])${value.toLowerCase().replaceAll(/[^a-z0-9]/g, "\\$&")}(?![\\w.])`);
      return (body) => whole.test(body);
    }
    if (kind === "phone") {
      const digits = value.replace(/\D/g, "");
      return (body) => body.replaceAll(/(?<=\d)[\s()./-]+(?=\d)/g, "").includes(digits);
    }
    const mailbox = foldEmail(value) ?? value;
    return (body) =>
      body.includes(value) ||
      (body.match(/[^\s"'<>:,;@\\]+@[^\s"'<>:,;@\\]+/g) ?? []).some((text) => foldEmail(text) === mailbox);
  });
}
