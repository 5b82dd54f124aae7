import type { SourceRule } from "../../analysis/facts.ts";
import { merge } from "./examples/examples.ts";
import csharp from "./examples/ks010.csharp.ts";
import go from "./examples/ks010.go.ts";
import java from "./examples/ks010.java.ts";
import javascript from "./examples/ks010.javascript.ts";
import kotlin from "./examples/ks010.kotlin.ts";
import php from "./examples/ks010.php.ts";
import python from "./examples/ks010.python.ts";
import ruby from "./examples/ks010.ruby.ts";
import rust from "./examples/ks010.rust.ts";

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
  examples: merge(javascript, python, go, java, kotlin, ruby, php, csharp, rust),
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
