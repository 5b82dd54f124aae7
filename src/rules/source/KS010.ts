import type { SourceRule } from "../../analysis/facts.ts";

const rule: SourceRule = {
  id: "KS010",
  aliases: ["tls-server"],
  subject: "source",
  severity: "error",
  clause: "S13",
  summary: "The program is a TLS server",
  help: `TLS ends in front of the container: requests, gRPC too, arrive in clear. A listener that speaks TLS answers nothing
that the platform understands, and its readiness probe fails.

Serve plain HTTP and read \`X-Forwarded-Proto\` where the scheme matters. TLS *clients* (\`https.request\`, \`tls.Dial\`,
\`HttpClient\`) are fine. TLS that an option switches on is reported with the option: leave it off in the image.`,
  *check(facts) {
    for (const t of facts.tlsServers) {
      // What a server in front of the program does is KS011's.
      if (t.config && !t.ofProgram) continue;
      const option = t.option ?? t.reach.env[0] ?? t.reach.conditions.at(-1);
      yield {
        rule: rule.id,
        severity: t.reach.development ? "info" : option ? "warning" : "error",
        message: option
          ? `${t.what} is a TLS server, depending on ${option}: leave it off, requests arrive in clear`
          : `${t.what} is a TLS server: requests arrive in clear`,
        location: facts.locate(t.place),
        evidence: t.evidence,
      };
    }
  },
};

export default rule;
