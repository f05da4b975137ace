import { refused } from "../errors.ts";

/** Labels with full stops between, or an IPv6 address in brackets; a port where it is not the usual one. */
const HOST = /^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/;

/** The lower-case host, with its port where it names one, of a domain or an address; `one.example.` is `one.example`. Throws HubError. */
export function hostOf(domain: string): string {
  const text = domain.trim();
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  const host = url?.host.replace(/\.(?=:|$)/, "") ?? "";
  if (text === "" || url === null || url.username !== "" || host.length > 253 || !HOST.test(host))
    throw refused("domain", "is no host name", `"${domain}" is no domain: give the shop's host, such as shop.example.com.`);
  return host;
}

/** What tells a shop from all others: its host, and its folder where several shops share a host. Throws HubError. */
export function domainOf({ url, domain }: { readonly url: string; readonly domain: string }): string {
  const { host, pathname, hostname, username, password } = new URL(url);
  // It would be kept, shown to people, and sent along with whatever the shop is asked.
  if (username !== "" || password !== "")
    throw refused("url", "has a name or a password in it", "The shop's address has a name or a password in it: leave it out.");
  if (hostOf(hostname) !== hostOf(domain).replace(/:\d+$/, "")) {
    const detail = "The shop's domain and address do not name the same host.";
    throw refused("domain", `is not the host of the address ${hostname}`, detail);
  }
  return `${hostOf(host)}${pathname.replace(/\/+$/, "")}`.toLowerCase();
}
