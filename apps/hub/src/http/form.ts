import type { Context } from "hono";
import { HubError } from "../errors.ts";

/** A form that a browser sent: its fields as texts, empty where they are missing. Throws HubError for anything but a form. */
export async function readForm(c: Context): Promise<(name: string) => string> {
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(c.req.header("content-type") ?? "");
  const form = isForm ? await c.req.formData().catch(() => null) : null;
  if (form === null) throw new HubError("bad-request", "Send this as a form, as the hub's own page does.");
  return (name) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
}
