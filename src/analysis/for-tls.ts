/** Listeners that serve TLS, or only where TLS is configured. */
import type { Listener, SourceFacts } from "./facts.ts";

const TLS = /tls|https|_ssl|\bssl|cert/i;
/** What is true where there is no TLS: `DISABLE_TLS`, `args.no_https`, `sslDisabled`. */
const WITHOUT =
  /(?:disabled?|without|skip|(?<![a-z])no)[-_]?(?:tls|https|ssl|cert)|(?:tls|https|ssl)[-_]?(?:disabled?|off)\b/i;

/**
 * `cert == null`, `!cert`, `cert.isEmpty()`, `https !== "on"`, `DISABLE_TLS`; two of them are none: `!cert.isEmpty()`,
 * `!DISABLE_TLS`.
 */
function asksForAbsence(test: string): boolean {
  const negated = /^[\s(]*(?:!|not\b)/.test(test);
  const absent =
    /(?<!!)===? ?(?:nil|null|undefined|None|false|0\b|["'](?:off|false|0|no|none)?["'])|!==? ?(?:true\b|1\b|["'](?:on|true|1|yes|enabled|https|tls)["'])|\bis (?:None|False|not True)\b|\.(?:is_?(?:empty|none|blank|null)\w*\(|(?:nil|empty)\?)/i;
  return (absent.test(test) !== negated) !== WITHOUT.test(test);
}

/** What only listens where TLS is configured serves nothing here. */
export function isForTls(l: Listener): boolean {
  return l.reach.conditions.some((c) => {
    const against = /^not \((.*)\)$/.exec(c)?.[1];
    const asked = (against ?? c).split(/&&|\|\||\band\b|\bor\b/).filter((part) => TLS.test(part));
    return asked.length > 0 && asked.some(asksForAbsence) === (against !== undefined);
  });
}

/** What it accepts is handed to TLS in the same function of Go or Rust: `tls.NewListener(listener, config)`. */
export function isInTls({ place }: Listener, facts: SourceFacts): boolean {
  if (!/\.(?:go|rs)$/.test(place.file)) return false;
  const text = facts.text(place.file) ?? "";
  const next = text.slice(place.end).search(/\n(?:func|(?:pub(?:\([^)]*\))? )?(?:async )?fn) /);
  const end = next < 0 ? text.length : place.end + next;
  // `if secure { server.ListenAndServeTLS(…) } else { server.ListenAndServe() }`
  if (/\.ListenAndServe\(/.test(text.slice(place.end, end))) return false;
  const other = facts.listeners.find((l) => l.place.file === place.file && l.place.start > place.end)?.place.start;
  return facts.tlsServers.some(
    (t) => t.place.file === place.file && t.place.start > place.end && t.place.start < Math.min(end, other ?? end),
  );
}

/** `https.createServer(options).listen(8443)`, `const proxy = httpProxy.createServer({ ssl }); proxy.listen(port + 1)` */
export function isMadeForTls({ place, evidence }: Listener, facts: SourceFacts): boolean {
  if (/ is (?:https|tls|spdy)\.|createSecureServer/.test(evidence[1] ?? "")) return true;
  const name = /^(\w+)\.listen\(/.exec(evidence[0] ?? "")?.[1];
  const text = facts.text(place.file) ?? "";
  return (
    name !== undefined &&
    facts.tlsServers.some(
      (t) =>
        t.place.file === place.file &&
        new RegExp(`\\b${name}\\s*=\\s*(?:await )?$`).test(text.slice(Math.max(0, t.place.start - 60), t.place.start)),
    )
  );
}
