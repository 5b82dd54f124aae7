/** Servers that speak over standard input unless they are told to listen: `mcp.run(transport="sse")`. */

import type { FactValue, Listener, StartCommand } from "./facts.ts";
import { withFlag } from "./start/commands.ts";

const NETWORK = /^(?:sse|http|streamable[-_]http)$/i;

/** Leaves out those that nothing tells to listen: neither the call, nor a default, nor the image. */
export function overNetwork(
  listeners: readonly Listener[],
  imageEnv: Readonly<Record<string, string>>,
  commands: readonly StartCommand[],
): Listener[] {
  const isNetwork = (v: FactValue): boolean => {
    if (v.kind === "literal") return NETWORK.test(String(v.value));
    if (v.kind === "env" && imageEnv[v.name] !== undefined) return NETWORK.test(imageEnv[v.name] as string);
    return (v.kind === "env" || v.kind === "option") && (v.fallback ?? []).some(isNetwork);
  };
  return listeners.filter((l) => !l.over || l.over.some((v) => isNetwork(withFlag(v, commands))));
}
