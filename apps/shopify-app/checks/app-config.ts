import { API_VERSION } from "@upline/shopify/fixtures/admin-schema";
import { parse } from "smol-toml";
import { z } from "zod";

/**
 * Shopify's command line builds an app whose configuration has unknown keys or topics, and only the deployed app tells.
 * So every key that we write is described here, and nothing else passes.
 */

/** The version of extensions, and of the tester that runs them. */
export const EXTENSION_API_VERSION = "2026-07";

/** What the app may ask for at most: reading orders and products; the rest when it is used, and nothing of customers. */
const SCOPES = ["read_orders", "read_products"];
const OPTIONAL_SCOPES = ["write_discounts", "write_pixels", "read_customer_events"];
const COMPLIANCE_TOPICS = ["customers/data_request", "customers/redact", "shop/redact"];

/** Fields of an order that tell who the buyer is; protected customer data of level 2, which nobody here asks for. */
const PERSONAL = /^(e?mail|contact_email|phone|billing_address|shipping_address|client_details|browser_ip|customer)(\.|$)/;

const https = z.url({ protocol: /^https$/, error: "is an https address" });
const address = z.union([https, z.string().regex(/^\/[\w/-]+$/, "is a path of the app or an https address")]);

function subscription(isTopic: (topic: string) => boolean) {
  const topic = z.string().refine(isTopic, "is no topic of WebhookSubscriptionTopic");
  const field = z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)*$/, "is a field of the body, with dots for nested ones")
    .refine((name) => name === "customer.id" || !PERSONAL.test(name), "is personal: no field of the buyer but customer.id");
  return z.union([
    z.strictObject({ topics: z.array(topic).min(1), uri: address, include_fields: z.array(field).min(1).optional() }),
    z.strictObject({ compliance_topics: z.array(z.enum(COMPLIANCE_TOPICS)).min(1), uri: address }),
  ]);
}

function appConfig(isTopic: (topic: string) => boolean) {
  return z
    .strictObject({
      client_id: z.string().regex(/^[0-9a-f]{32}$/, "is 32 hexadecimal digits"),
      name: z.string().min(1).max(30),
      handle: z.string().regex(/^[a-z0-9-]+$/),
      application_url: https,
      embedded: z.literal(true),
      access_scopes: z.strictObject({
        scopes: z
          .string()
          .transform((list) => list.split(","))
          .pipe(z.array(z.enum(SCOPES))),
        optional_scopes: z.array(z.enum(OPTIONAL_SCOPES)),
      }),
      auth: z.strictObject({ redirect_urls: z.array(https).min(1) }),
      webhooks: z.strictObject({ api_version: z.literal(API_VERSION), subscriptions: z.array(subscription(isTopic)) }),
      pos: z.strictObject({ embedded: z.literal(false) }),
    })
    .superRefine(({ application_url, auth, webhooks: { subscriptions } }, context) => {
      const complain = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
      const topics = subscriptions.flatMap((entry) => ("topics" in entry ? entry.topics : entry.compliance_topics));
      for (const topic of new Set(topics.filter((name, index) => topics.indexOf(name) !== index)))
        complain(["webhooks", "subscriptions"], `${topic} is subscribed to twice`);
      for (const topic of COMPLIANCE_TOPICS.filter((name) => !topics.includes(name)))
        complain(["webhooks", "subscriptions"], `${topic} is missing: Shopify refuses an app without it`);
      if (auth.redirect_urls.some((url) => new URL(url).origin !== new URL(application_url).origin))
        complain(["auth", "redirect_urls"], "leads to another host than application_url");
    });
}

const themeExtension = z.strictObject({ type: z.literal("theme"), name: z.string().min(1) });

const setting = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1),
  type: z.literal("single_line_text_field"),
  validations: z.array(z.strictObject({ name: z.enum(["min", "max", "regex"]), value: z.string() })),
});

const pixelExtension = z.strictObject({
  type: z.literal("web_pixel_extension"),
  name: z.string().min(1),
  handle: z.string().regex(/^[a-z0-9-]+$/),
  runtime_context: z.literal("strict"),
  customer_privacy: z.strictObject({
    analytics: z.boolean(),
    marketing: z.literal(true, "evidence of a referral is marketing: without that consent the pixel does not load"),
    preferences: z.boolean(),
    sale_of_data: z.enum(["enabled", "disabled", "ldu"]),
  }),
  settings: z.strictObject({ type: z.literal("object"), fields: z.record(z.string(), setting) }),
});

const uiExtension = z.strictObject({
  api_version: z.literal(EXTENSION_API_VERSION),
  extensions: z.array(
    z.strictObject({
      type: z.literal("ui_extension"),
      name: z.string().min(1),
      handle: z.string().regex(/^[a-z0-9-]+$/),
      targeting: z.array(
        z.strictObject({
          target: z.enum(["purchase.checkout.block.render", "purchase.thank-you.block.render"]),
          module: z.string().regex(/^\.\/src\/[\w-]+\.tsx$/),
        }),
      ),
      capabilities: z.strictObject({ network_access: z.boolean() }),
    }),
  ),
});

/** Reads shopify.app.toml; throws a ZodError that names each key Shopify would not know. */
export function readAppConfig(text: string, isTopic: (topic: string) => boolean) {
  return appConfig(isTopic).parse(parse(text));
}

/** Reads a shopify.extension.toml of any of our three kinds; throws a ZodError likewise. */
export function readExtensionConfig(text: string) {
  const raw = parse(text);
  if (raw.type === "theme") return themeExtension.parse(raw);
  return raw.type === "web_pixel_extension" ? pixelExtension.parse(raw) : uiExtension.parse(raw);
}
