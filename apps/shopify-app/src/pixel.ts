import { eq } from "drizzle-orm";
import { z } from "zod";
import { type AdminParts, AdminProblem, askAdmin } from "./admin-api.ts";
import type { Database } from "./database.ts";
import { shops } from "./schema.ts";

const CREATE_PIXEL_DOCUMENT = `mutation UplinePixelCreate($settings: JSON!) {
  webPixelCreate(webPixel: { settings: $settings }) {
    webPixel { id }
    userErrors { code message }
  }
}`;

const createAnswer = z.object({
  webPixelCreate: z.object({
    webPixel: z.object({ id: z.string() }).nullable(),
    userErrors: z.array(z.object({ code: z.string().nullish(), message: z.string() })),
  }),
});

/** Switches the shop's pixel on and tells it where the app is. One that is on stays on. Throws AdminProblem. */
export async function switchPixelOn(
  parts: AdminParts & { readonly db: Database },
  { shop, appUrl }: { shop: string; appUrl: string },
): Promise<void> {
  const variables = { settings: JSON.stringify({ app_url: appUrl }) };
  const { webPixelCreate: made } = await askAdmin(parts, {
    shop,
    document: CREATE_PIXEL_DOCUMENT,
    variables,
    answer: createAnswer,
  });
  const [refused] = made.userErrors;
  const isOn = refused?.code === "TAKEN";
  if (made.webPixel === null && !isOn) throw new AdminProblem(refused?.message ?? "Shopify switched no pixel on.");
  await parts.db
    .update(shops)
    .set({ pixelId: made.webPixel?.id ?? "on" })
    .where(eq(shops.shop, shop));
}
