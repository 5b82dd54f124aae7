import { type BlockList, isIP } from "node:net";

/** Adds a CIDR range (RFC 4632, RFC 4291 2.3) to a list. @returns false for what is none */
export function addRange(list: BlockList, text: string): boolean {
  const [address = "", bits = ""] = text.replace(/[[\]]/g, "").split("/");
  const family = isIP(address);
  const length = /^\d+$/.test(bits) ? Number(bits) : Number.NaN;
  if (!family || !(length <= (family === 6 ? 128 : 32))) return false;
  list.addSubnet(address, length, family === 6 ? "ipv6" : "ipv4");
  return true;
}
