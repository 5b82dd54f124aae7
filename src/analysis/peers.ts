/** Where the nodes of a network speak to one another, or names are resolved (DNS): open beside a server for requests, it is no server for these. */
import type { FactValue, Listener } from "./facts.ts";

/** A folder or a file that is called so. */
const FILE = /(?:^|[/_.-])(?:p2p|libp2p|gossip|rlpx|discv\d|peers?|dns)(?=[/_.-])/i;
const NAME = /p2p|gossip|rlpx|discv\d|(?<![a-zA-Z])(?:[pP]eers?|dns)(?=[_.-]|[A-Z]|\b)/i;
/** What stands over a field and is about it. */
const ATTRIBUTE = /^\s*(?:#?\[.*\]|@\w+\(.*\))\s*$/;
const HEADING = /^\s*\[[\w.-]*\]\s*$/;
const OPENER = /[{:([]\s*$/;

export function isPeersFile(path: string): boolean {
  return FILE.test(path);
}

/** Is it for other nodes, by its name or by the name of its file? */
export function isOfPeers(name: string, file: string): boolean {
  return NAME.test(name) || isPeersFile(file);
}

/** A text without the lines that name peers, and what belongs to these: sections, blocks, attributes. */
export function withoutPeers(text: string): string {
  if (!NAME.test(text)) return text;
  const left: string[] = [];
  let deeper: number | undefined;
  let inSection = false;
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/);
    if (inSection && !HEADING.test(line)) continue;
    inSection = false;
    if (deeper !== undefined && (indent < 0 || indent > deeper)) continue;
    deeper = undefined;
    if (!NAME.test(line)) {
      left.push(line);
      continue;
    }
    inSection = HEADING.test(line);
    if (!inSection && OPENER.test(line)) deeper = indent;
    while (!inSection && ATTRIBUTE.test(left.at(-1) ?? "")) left.pop();
  }
  return left.join("\n");
}

/** `log.Info("Listening for peers on " + address)` where it listens. */
const TOLD_PEERS = /["'`][^"'`\n]*\blisten\w*[^"'`\n]*\bpeers?\b/i;

/**
 * Does it listen for other nodes, by its file, by what it is given, by the names of its settings or by what it says of itself?
 *
 * @param text of a file, where what stands beside it is looked at too
 */
export function isForPeers(
  { place, evidence, host, port }: Listener,
  text?: (file: string) => string | undefined,
): boolean {
  if (TOLD_PEERS.test(text?.(place.file)?.slice(place.end, place.end + 300) ?? "")) return true;
  const names = [...host, ...port].flatMap((v: FactValue) => (v.kind === "option" || v.kind === "env" ? [v.name] : []));
  const isNamed = names.length > 0 && names.every((n) => NAME.test(n));
  return isNamed || isPeersFile(place.file) || NAME.test(evidence[0] ?? "");
}
