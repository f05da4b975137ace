import { z } from "zod";
import { type AdminParts, AdminProblem, askAdmin } from "./admin-api.ts";

/**
 * How the storefront remembers links. It lies in a metafield that belongs to the app, where the theme's app embed reads it
 * (`app.metafields.upline.capture`), which needs no permission of the shop.
 */

const capture = z.object({
  parameter: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/),
  window_days: z.coerce.number().int().min(1).max(90),
  touch: z.enum(["last", "first"]),
  consent: z.enum(["marketing", "preferences", "none"]),
});
export type Capture = z.infer<typeof capture>;

/** The same as the embed's own, which hold until somebody sets others. */
export const USUAL_CAPTURE: Capture = { parameter: "ref", window_days: 30, touch: "last", consent: "marketing" };

/** What a form sent, or the names of the fields that are wrong. */
export function captureFrom(form: Readonly<Record<string, unknown>>): Capture | readonly string[] {
  const read = capture.safeParse(form);
  return read.success ? read.data : [...new Set(read.error.issues.map(({ path }) => String(path[0])))];
}

const READ_CAPTURE_DOCUMENT = `query UplineCapture {
  currentAppInstallation { id metafield(namespace: "upline", key: "capture") { value } }
}`;

const SAVE_CAPTURE_DOCUMENT = `mutation UplineCaptureSave($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { id } userErrors { field message } }
}`;

const readAnswer = z.object({
  currentAppInstallation: z.object({ id: z.string(), metafield: z.object({ value: z.string() }).nullish() }),
});
const saveAnswer = z.object({ metafieldsSet: z.object({ userErrors: z.array(z.object({ message: z.string() })) }) });

/** What is set; null where nobody set anything. */
export async function readCapture(parts: AdminParts, shop: string): Promise<{ installationId: string; set: Capture | null }> {
  const { currentAppInstallation: app } = await askAdmin(parts, { shop, document: READ_CAPTURE_DOCUMENT, answer: readAnswer });
  const read = capture.safeParse(app.metafield ? jsonIn(app.metafield.value) : null);
  return { installationId: app.id, set: read.success ? read.data : null };
}

/** Throws AdminProblem with Shopify's own words. */
export async function saveCapture(parts: AdminParts, args: { shop: string; appUrl: string; capture: Capture }): Promise<void> {
  const { shop, appUrl } = args;
  const { installationId } = await readCapture(parts, shop);
  const value = JSON.stringify({ ...args.capture, names_url: `${appUrl}/names` });
  const metafield = { ownerId: installationId, namespace: "upline", key: "capture", type: "json", value };
  const { metafieldsSet: saved } = await askAdmin(parts, {
    ...{ shop, document: SAVE_CAPTURE_DOCUMENT, answer: saveAnswer },
    variables: { metafields: [metafield] },
  });
  const [refused] = saved.userErrors;
  if (refused !== undefined) throw new AdminProblem(refused.message);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
