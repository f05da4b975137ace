/**
 * A shop's address as what the shop is known by: host, port and folder. Which protocol it speaks, a leading www. and a full
 * stop at the host's end say nothing. Null where the text is no address. The plugin's `Address` is the same rule in PHP.
 */
export function shopAddressKey(address: string): string | null {
  const url = URL.parse(address.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const host = url.hostname.replace(/\.+$/, "").replace(/^www\./, "");
  if (host === "") return null;
  const port = ["", "80", "443"].includes(url.port) ? "" : `:${url.port}`;
  return `${host}${port}${url.pathname.replace(/\/+$/, "").toLowerCase()}`;
}

/** Whether two addresses are the same shop's. */
export function isSameShop(address: string, other: string): boolean {
  const key = shopAddressKey(address);
  return key !== null && key === shopAddressKey(other);
}
