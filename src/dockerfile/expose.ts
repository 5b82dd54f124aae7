/** EXPOSE: `[ip:][host:]port[-port][/protocol]` → `port/protocol`, one each. */
import { isIP } from "node:net";

/** @throws Error in the builder's words */
export function exposedPorts(specs: readonly string[]): string[] {
  return specs
    .map(rangeOf)
    .flatMap(({ first, last, protocol }) =>
      Array.from({ length: last - first + 1 }, (_, i) => `${first + i}/${protocol}`),
    );
}

/** @throws Error in the builder's words */
export function checkExposed(specs: readonly string[]): void {
  for (const spec of specs) rangeOf(spec);
}

function rangeOf(spec: string): { first: number; last: number; protocol: string } {
  const { address, host, container } = split(spec);
  const slash = container.indexOf("/");
  const range = slash < 0 ? container : container.slice(0, slash);
  const protocol = (slash < 0 ? "" : container.slice(slash + 1)) || "tcp";
  if (range === "") throw new Error(`invalid port: "${spec}": no port specified`);
  if (!["tcp", "udp", "sctp"].includes(protocol.toLowerCase())) {
    throw new Error(`invalid port: "${spec}": invalid proto: ${protocol}`);
  }
  if (address !== "" && !isIP(address.replace(/^\[|\]$/g, ""))) throw new Error(`invalid IP address: ${address}`);
  const [first, last] = portRange(range, "containerPort");
  if (host !== "") {
    const [hostFirst, hostLast] = portRange(host, "hostPort");
    if (last - first !== hostLast - hostFirst && last !== first) {
      throw new Error(`invalid ranges specified for container and host Ports: ${range} and ${host}`);
    }
  }
  return { first, last, protocol: protocol.toLowerCase() };
}

function split(spec: string): { address: string; host: string; container: string } {
  const parts = spec.split(":");
  const container = parts.at(-1) as string;
  if (parts.length === 1) return { address: "", host: "", container };
  if (parts.length === 2) return { address: "", host: parts[0] as string, container };
  return { address: parts.slice(0, -2).join(":"), host: parts.at(-2) as string, container };
}

function portRange(text: string, what: string): [number, number] {
  const [first = "", last = first] = text.split("-", 2);
  const number = (one: string): number => (/^\d+$/.test(one) && Number(one) <= 65_535 ? Number(one) : Number.NaN);
  const range: [number, number] = [number(first), number(last)];
  if (!(range[1] >= range[0])) throw new Error(`invalid ${what}: ${text}`);
  return range;
}
