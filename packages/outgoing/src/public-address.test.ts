import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

test("addresses of this machine, of private networks and of nobody are not public", () => {
  const refused = [
    ..."0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.168.1.1".split(
      " ",
    ),
    ..."198.18.0.1 192.0.2.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255".split(" "),
    ...":: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 100::1".split(" "),
    ..."fe80::1 fec0::1 fc00::1 fd00:ec2::254 ff02::1 2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 4000::1".split(" "),
    ..."localhost shop.example 127.1 2130706433".split(" "),
  ];
  expect(refused.filter(isPublicAddress)).toStrictEqual([]);
});

test("addresses of the open internet are", () => {
  const allowed =
    "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 169.253.0.1 192.167.0.1 223.255.255.255".split(" ");
  const allowed6 = "2606:4700:4700::1111 2a00:1450:4001::1 2003:e7::1".split(" ");
  expect([...allowed, ...allowed6].filter((address) => !isPublicAddress(address))).toStrictEqual([]);
});
