/** How code writes down an address or a host, and the flag or the field that it is the default of. */
import { escaped } from "../../base/escaped.ts";

/** A literal that is an address or a host, whole; or how a language names one. */
const ADDRESS = new RegExp(
  [
    String.raw`"(?:(?:https?|tcp|wss?|grpc):\/\/)?(?:(localhost|127\.0\.0\.1|\[?::1\]?|0\.0\.0\.0|\[?::\]?|[*+](?=[:/])|(?=:[1-9]))(?::(?:[1-9]\d{0,4}|%[ds]|\{[^}"]*\}|\$\w+)?)?|\/ip[46]\/(127\.0\.0\.1|::1|0\.0\.0\.0|::)\/tcp\/(?:[1-9]\d{0,4}|%[ds]|\{[^}"]*\}))\/?"`,
    String.raw`\b(Ipv[46]Addr::(?:LOCALHOST|UNSPECIFIED)|Ipv4Addr::new\((?:127, ?0, ?0, ?1|0, ?0, ?0, ?0)\)|\[(?:127, ?0, ?0, ?1|0, ?0, ?0, ?0)\]|IPAddress\.(?:IPv6)?(?:Loopback|Any)\b|net\.IPv4\((?:127, ?0, ?0, ?1|0, ?0, ?0, ?0)\)|(?:InetAddress\.)?getLoopbackAddress\(\)|InetAddress\.getByName\(null\)|LOOPBACK_[A-Z]+\b(?! *=))`,
  ].join("|"),
  "g",
);

/** What a text has to hold for that. */
export const MAY_HOLD =
  /localhost|127[.,]|::|LOCALHOST|UNSPECIFIED|0\.0\.0\.0|Loopback|LOOPBACK|IPAddress|getByName\(null|":\d/;

/** Every address in code whose comments are blank. */
export function* writtenAddresses(code: string): Generator<{ host: string; start: number; text: string }> {
  for (const m of code.matchAll(ADDRESS)) {
    const text = m[1] ?? m[2];
    const host =
      text?.replace(/^\[|\]$/g, "") ?? (/LOCALHOST|loopback|127|null/i.test(m[3] as string) ? "localhost" : "0.0.0.0");
    yield { host, start: m.index, text: m[0] };
  }
}

/** `if (six) end = new IPEndPoint(own, port); else end = new IPEndPoint(IPAddress.IPv6Loopback, port);`: what it is otherwise does not stand there. */
export function isOneOfSeveral(name: string, at: number, code: string): boolean {
  const given = [...code.matchAll(new RegExp(`(?:^|[;{}])\\s*${escaped(name)}\\s*=(?!=)([^;]{0,300});`, "g"))];
  const isHere = (m: RegExpMatchArray): boolean => (m.index ?? 0) < at && at < (m.index ?? 0) + m[0].length;
  return (
    given.some(isHere) &&
    given.some((m) => !isHere(m) && m[1]?.trim() !== "null" && [...writtenAddresses(m[1] ?? "")].length === 0)
  );
}

/** A field of Go with its default in a tag: `` BindAddress string `default:"localhost:9029" usage:"…"` ``. */
export function taggedField(code: string, at: number): string | undefined {
  const line = code.slice(code.lastIndexOf("\n", at) + 1, at);
  return /^\s*(\w+)\s+[\w.*[\]]+\s+`[^`\n]*\b\w*[dD]efault\w*:$/.exec(line)?.[1];
}

/** A call that declares an option of the command line by its first word. */
const DECLARES =
  /\b(?:add)?(?:Arg|Opt|Flag|[oO]ption|Argument)\w*(?:<[^>]*>)?(?:::(?:new|with_name|long|with_env))?\(\s*"-{0,2}([\w.-]+)"/;
/** One that is given a name with its default, or asks for one. */
const TAKES_DEFAULT =
  /(?:^|\.)(?:\w*[fF]lags?(?:\(\))?\.)?(?:String|StringP|StringVar|StringVarP|IPVarP?|StringSlice(?:Var)?P?|TextVar|SetDefault|set_default|Default|Getenv|getEnv\w*|GetEnv\w*|[eE]nv\w*|lookup\w*|[gG]et\w*|put|merge|insert)$/;
/** `fs.String(HTTPHostKey, "127.0.0.1", …)`: the name is a constant, which says as much. */
const CONSTANT =
  /^\s*(?:&[\w.]+,\s*)?(?:\w+\.)?([A-Z]\w{2,}?|[a-z]\w+?)_?(?:Key|Flag|Name|Option|Arg|KEY|FLAG|NAME|OPTION|ARG)?,\s*$/;

/** The name of the flag that a call declares: `StringVar(&addr, "listen", "127.0.0.1")`, `Arg::new("host").default_value(`. */
export function flagOf(head: string, entry: string): string | undefined {
  const declared = DECLARES.exec(head)?.[1];
  if (declared !== undefined) return declared;
  if (TAKES_DEFAULT.test(head) || (head === "" && /^\s*"[\w.-]+",\s*$/.test(entry)))
    return /"-{0,2}([\w.-]+)"/.exec(entry)?.[1] ?? CONSTANT.exec(entry)?.[1];
  return undefined;
}

/** The field or parameter that stands behind its attributes. */
export function fieldAfter(code: string, from: number): string | undefined {
  const text = code.slice(from, from + 300).replace(/^(?:\s|\]|#\[[^\]]*\]|\[[^\]]*\]|@[\w.]+(?:\([^()]*\))?)+/, "");
  return (
    /^(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:/.exec(text)?.[1] ??
    /^(?:[\w<>?,.[\]]+\s+)*?(?:val|var)\s+(\w+)/.exec(text)?.[1] ??
    /^(?:[\w<>?,.[\]]+\s+)+(\w+)\s*[;={,)]/.exec(text)?.[1]
  );
}

/** The types whose fields a function gives their default: `struct Mail { #[serde(default = "default_host")] host: String }`. */
export function typesWithDefault(code: string, fn: string): string[] {
  const at = code.indexOf(`"${fn}"`);
  const before = at < 0 ? "" : code.slice(Math.max(0, at - 2000), at);
  return [/^[\s\S]*\bstruct\s+(\w+)/.exec(before)?.[1] ?? []].flat();
}
