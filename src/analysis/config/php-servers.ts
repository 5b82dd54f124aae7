/** PHP's long-running frameworks take their sockets from configuration files: webman, Hyperf, Laravel's Octane, think-swoole. */
import { blankPhpComments } from "../comments.ts";
import { emptyReach, type FactValue, type Listener, literalFact } from "../facts.ts";

const FILE = /(^|\/)config\/(autoload\/)?(server|servers|process|swoole|octane|swoole_http)\.php$|^(dev|produce)\.php$/;
/** What stands behind an arrow: `env('PORT', 9501)` with its comma. */
const VALUE = /((?:[^,\n\](]|\([^()\n]*\))+)/.source;
const PORT = new RegExp(`["']port["']\\s*=>\\s*${VALUE}[,\\]]`, "gi");
const HOST = new RegExp(
  `["'](?:host|listen_address)["']\\s*=>\\s*${VALUE},(?![\\s\\S]*["'](?:host|listen_address)["'])`,
  "i",
);

export function phpServers(path: string, written: string): Listener[] {
  if (!FILE.test(path)) return [];
  const text = blankPhpComments(written);
  const out: Listener[] = [];
  const listener = (at: number, evidence: string, port: FactValue, host: FactValue): void => {
    out.push({
      framework: /swoole|hyperf/i.test(text) ? "Swoole" : "Workerman",
      protocol: "http",
      port: [port],
      host: [host],
      defaults: { host: "all" },
      place: { file: path, start: at, end: at + evidence.length },
      reach: emptyReach(),
      evidence: [evidence],
      handlesSigterm: true,
    });
  };
  for (const m of text.matchAll(/["']listen["']\s*=>\s*(["'](?:https?|websocket|tcp):\/\/[^"']*["'][^,\n]*),/g)) {
    const address = /:\/\/(\[[^\]]*\]|[^:"']*):(\d+)?/.exec(m[1] as string);
    const port: FactValue = address?.[2]
      ? { kind: "literal", value: Number(address[2]) }
      : factOf((m[1] as string).split("://")[1] ?? "");
    listener(m.index, m[0], port, { kind: "literal", value: address?.[1] || "0.0.0.0" });
  }
  // A server has a type or callbacks beside its port: other ports (of a database) are not listened on.
  const only = /["']MAIN_SERVER["']/.test(text) ? text.indexOf("MAIN_SERVER") : undefined;
  if (/SERVER_(HTTP|WEBSOCKET|BASE)|ON_REQUEST|SWOOLE_|["']sock_type["']/.test(text))
    for (const m of text.matchAll(PORT)) {
      // EasySwoole's file holds the whole application's settings.
      if (only !== undefined && (m.index < only || m.index > only + 250)) continue;
      const before = text.slice(Math.max(0, m.index - 200), m.index);
      const host = HOST.exec(before)?.[1];
      listener(m.index, m[0], factOf(m[1] as string), host ? factOf(host) : { kind: "absent" });
    }
  return out;
}

/** `'sock_type' => SWOOLE_SOCK_TCP | SWOOLE_SSL`, webman's `'transport' => 'ssl'`: where it stands. */
export function phpServerTls(path: string, text: string): { at: number; evidence: string } | undefined {
  const m = FILE.test(path) ? /\bSWOOLE_SSL\b|["']transport["']\s*=>\s*["']ssl["']/.exec(blankPhpComments(text)) : null;
  return m ? { at: m.index, evidence: m[0] } : undefined;
}

/** `9501`, `'0.0.0.0'`, `(int) env('PORT', 9501)`. */
function factOf(text: string): FactValue {
  const variable = /(?:env|getenv)\(\s*["'](\w+)["']\s*(?:,\s*["']?([\w.:]+)["']?)?/.exec(text);
  if (variable?.[1])
    return {
      kind: "env",
      name: variable[1],
      ...(variable[2] ? { fallback: [{ kind: "literal" as const, value: variable[2] }] } : {}),
    };
  const literal = /^\s*["']?([\d.]+|localhost|::1?)["']?\s*$/.exec(text)?.[1];
  if (literal === undefined) return { kind: "unknown" };
  return literalFact(literal);
}
