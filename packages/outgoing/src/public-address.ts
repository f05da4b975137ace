import { BlockList, isIP } from "node:net";

/** Networks that are nobody's on the internet: this machine, private networks, link-local (clouds' metadata among them), reserved ones. */
const NOT_PUBLIC = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const network of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
])
  add(network, "ipv4");
// Of IPv6 only 2000::/3 is given out; in it, ranges that lead elsewhere (tunnels hold an IPv4 address) or nowhere.
for (const network of ["::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"])
  add(network, "ipv6");

function add(network: string, family: "ipv4" | "ipv6"): void {
  const [address, prefix] = network.split("/");
  NOT_PUBLIC[family].addSubnet(address as string, Number(prefix), family);
}

/** Whether an IP address is one of the open internet. Forms of IPv4 within IPv6 (`::ffff:…`) are not: nobody needs them. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const family = isIP(address) === 4 ? "ipv4" : "ipv6";
  return !NOT_PUBLIC[family].check(address, family);
}
