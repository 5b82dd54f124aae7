/** Sockets of Java, Kotlin and C# that are closed again at once: they only ask whether a port is free. */
import { closerAfter, openerBefore } from "./brackets.ts";
import type { Listener } from "./facts.ts";

/** What may be done with a socket that nobody connects to. */
const ASKED =
  /^\s*(?:[!=]=|\??\.(?:close|Close|Stop|Start|Dispose|setReuseAddress|getLocalPort|localPort|LocalEndpoint|reuseAddress|ExclusiveAddressUse|Server\.SetSocketOption)\b)/;
/** The next method: what stands behind it is about another name. */
const NEXT =
  /\n[ \t]*(?:@\w+\s+)?(?:(?:public|private|protected|internal|static|override|suspend|async)\s+)+[\w<>[\]?.]+|\n[ \t]*fun\s/;

/** `try (ServerSocket s = new ServerSocket(port)) { return true; }`, `var l = new TcpListener(…); l.Start(); l.Stop();` */
export function isProbe({ protocol, place: { file, start, end } }: Listener, text: string): boolean {
  if (protocol !== "tcp" || !/\.(?:java|kt|cs)$/.test(file)) return false;
  const after = text.slice(end, end + 1500);
  if (/^\s*\.(?:close|Stop|Close)\(\)/.test(after)) return true;
  const used = /^\s*\.use\s*\{/.exec(after);
  if (used) return !/\baccept\b|\bit\b(?!\.(?:localPort|reuseAddress))/.test(blockAt(text, end + used[0].length - 1));
  const name = /\b(?:[A-Z][\w.]*|va[rl])\s+([A-Za-z_]\w*)\s*=\s*$/.exec(
    text.slice(Math.max(0, start - 80), start),
  )?.[1];
  if (name === undefined) return false;
  const opener = openerBefore(text, start);
  const isTried = text[opener] === "(" && /\b(?:try|using)\s*$/.test(text.slice(Math.max(0, opener - 8), opener));
  const body = isTried ? text.indexOf("{", closerAfter(text, opener)) : -1;
  const next = after.search(NEXT);
  const around = body < 0 ? after.slice(0, next < 0 ? undefined : next) : blockAt(text, body);
  const uses = [...around.matchAll(new RegExp(`\\b${name}\\b`, "g"))];
  const isAsked = uses.every((m) => ASKED.test(around.slice(m.index + name.length, m.index + name.length + 60)));
  const isClosed = new RegExp(`\\b${name}\\??\\.(?:close|Close|Stop|Dispose)\\(`).test(around);
  return isAsked && (isTried || isClosed);
}

function blockAt(text: string, opener: number): string {
  return text.slice(opener, closerAfter(text, opener) + 1);
}
