import type { SourceRule } from "../../analysis/facts.ts";

const rule: SourceRule = {
  id: "KS011",
  aliases: ["tls-configuration"],
  subject: "source",
  severity: "error",
  clause: "S13",
  summary: "A configuration file makes a TLS server",
  help: `TLS ends in front of the container: requests arrive in clear. A server that its configuration makes speak TLS
(Spring's \`server.ssl\`, nginx's \`listen … ssl\`, Kestrel's certificates, gunicorn's and hypercorn's \`certfile\`, puma's
\`ssl_bind\`, uWSGI's \`https\`, Tomcat's \`SSLEnabled\`, HAProxy's \`bind … ssl\`, Envoy's DownstreamTlsContext) does not
answer them. TLS towards a back end is none of it.

Leave the certificate out of the configuration that is in force in the image. Only the active profile counts.`,
  *check(facts) {
    for (const t of facts.tlsServers) {
      if (!t.config) continue;
      yield {
        rule: rule.id,
        severity: t.option ? "warning" : "error",
        message: t.option
          ? `${t.what} makes a TLS server, depending on ${t.option}: leave it off, requests arrive in clear`
          : `${t.what} makes a TLS server: requests arrive in clear`,
        location: facts.locate(t.place),
        evidence: t.evidence,
      };
    }
  },
};

export default rule;
