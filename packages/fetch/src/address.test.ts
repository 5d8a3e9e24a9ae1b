import { BlockList } from "node:net";
import fc from "fast-check";
import { expect, it } from "vitest";
import { placeOf } from "./address.ts";

it.each([
  "8.8.8.8",
  "1.1.1.1",
  "100.63.255.255",
  "100.128.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.167.255.255",
  "223.255.255.255",
  "2606:4700::1111",
  "2001:4860:4860::8888",
  "2002:808:808::1",
  "64:ff9b::808:808",
  "::ffff:8.8.8.8",
  "2003::",
])("lets %s be: it is on the public internet", (address) => {
  expect(placeOf(address)).toBeUndefined();
});

it.each([
  ["127.0.0.1", "a loopback address"],
  ["127.255.255.254", "a loopback address"],
  ["0.0.0.0", "an address of this network"],
  ["10.0.0.1", "a private address"],
  ["172.16.0.1", "a private address"],
  ["172.31.255.255", "a private address"],
  ["192.168.1.1", "a private address"],
  ["169.254.169.254", "a link-local address"],
  ["100.64.0.1", "an address shared behind a provider"],
  ["224.0.0.1", "a multicast address"],
  ["255.255.255.255", "a reserved address"],
  ["::1", "a loopback address"],
  ["0:0:0:0:0:0:0:1", "a loopback address"],
  ["::", "no place at all"],
  ["::ffff:127.0.0.1", "a loopback address"],
  ["::ffff:7f00:1", "a loopback address"],
  ["::ffff:a9fe:a9fe", "a link-local address"],
  ["::127.0.0.1", "a reserved address"],
  ["64:ff9b::10.0.0.1", "a private address"],
  ["64:ff9b:1::1", "a reserved address"],
  ["2002:7f00:1::", "a loopback address"],
  ["2001::1", "a reserved address"],
  ["2001:db8::1", "an address for documentation"],
  ["fc00::1", "a private address"],
  ["fdff::1", "a private address"],
  ["fe80::1%eth0", "a link-local address"],
  ["fec0::1", "a private address"],
  ["ff02::1", "a multicast address"],
  ["100::1", "a reserved address"],
  ["4000::1", "a reserved address"],
  ["localhost", "no address at all"],
  ["", "no address at all"],
  ["0x7f.1", "no address at all"],
])("knows that %s is %s", (address, place) => {
  expect(placeOf(address)).toBe(place);
});

it("agrees with Node's own lists of private networks", () => {
  const list = new BlockList();
  for (const [net, bits] of [
    ["10.0.0.0", 8],
    ["127.0.0.0", 8],
    ["172.16.0.0", 12],
    ["192.168.0.0", 16],
    ["169.254.0.0", 16],
  ] as const)
    list.addSubnet(net, bits);
  list.addSubnet("fc00::", 7, "ipv6");
  list.addSubnet("fe80::", 10, "ipv6");
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      if (list.check(address, address.includes(":") ? "ipv6" : "ipv4"))
        expect(placeOf(address)).toBeDefined();
    }),
    { seed: 5, numRuns: 2000 },
  );
});
