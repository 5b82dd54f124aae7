/** TLS in the configuration of hypercorn, uWSGI, Tomcat, HAProxy and Envoy. */
import type { TlsServer } from "../facts.ts";
import { emptyReach } from "../facts.ts";

interface Kind {
  path: RegExp;
  /** What else the text must hold to be such a file. */
  holds?: RegExp;
  comment: RegExp;
  /** The first group of the first match is shown. */
  tls: RegExp;
  what: string;
  /** The program's own server, not one in front of it. */
  ofProgram?: boolean;
}

const HASH = /(^|\s)#[^\n]*/g;

const KINDS: readonly Kind[] = [
  {
    path: /(^|\/)hypercorn[^/]*\.(toml|py)$|(^|\/)hypercorn\/[^/]*\.(toml|py)$/,
    comment: HASH,
    tls: /^[ \t]*((?:certfile|keyfile)[ \t]*=[ \t]*(?:["'][^"'\n]+["']|[a-z_][^\n]*))$/m,
    what: "hypercorn's certfile",
    ofProgram: true,
  },
  {
    path: /\.ini$/,
    holds: /^\[uwsgi\]/m,
    comment: /(^|\s)[#;][^\n]*/g,
    tls: /^[ \t]*((?:https2?|https-socket|ssl-socket|suwsgi-socket)[ \t]*=[ \t]*[^\n]+)$/m,
    what: "uWSGI's https",
    ofProgram: true,
  },
  {
    path: /(^|\/)server\.xml$/,
    holds: /<Server\b[\s\S]*<Service\b/,
    comment: /<!--[\s\S]*?-->/g,
    tls: /(<Connector\b[^>]*\b(?:SSLEnabled\s*=\s*["']true["']|scheme\s*=\s*["']https["'][^>]*\bkeystoreFile\s*=)[^>]*>)/i,
    what: "Tomcat's connector with SSLEnabled",
    ofProgram: true,
  },
  {
    path: /(^|\/)[^/]*\.cfg$/,
    holds: /^(frontend|listen)\s+\S/m,
    comment: HASH,
    tls: /^[ \t]+(bind[ \t][^\n]*\bssl\b[^\n]*)$/m,
    what: "HAProxy's bind … ssl",
  },
  {
    path: /\.(ya?ml|json)$/,
    holds: /\bstatic_resources\b[\s\S]*\blisteners\b|@type["']?\s*:\s*["']?[\w./]*envoy\.config\.listener/,
    comment: HASH,
    tls: /((?:transport_sockets\.tls|api\.v2\.auth)\.[\w.]*DownstreamTlsContext|envoy\.extensions\.transport_sockets\.quic\.v3\.QuicDownstreamTransport)\b/,
    what: "Envoy's DownstreamTlsContext",
  },
];

/** What makes a file's server speak TLS to those who call it; TLS towards others is none of it. */
export function proxyTls(path: string, text: string): TlsServer[] {
  return KINDS.filter((k) => k.path.test(path) && (k.holds?.test(text) ?? true)).flatMap((k) => {
    const bare = text.replace(k.comment, (m) => m.replace(/[^\n]/g, " "));
    const first = k.tls.exec(bare);
    if (!first) return [];
    const shown = (first[1] as string).trim();
    const start = first.index + first[0].indexOf(shown);
    return [
      {
        what: k.what,
        place: { file: path, start, end: start + shown.length },
        reach: emptyReach(),
        evidence: [shown.replace(/\s+/g, " ").slice(0, 120)],
        config: true,
        ...(k.ofProgram && { ofProgram: true }),
      },
    ];
  });
}
