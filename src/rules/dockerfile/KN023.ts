import { fixedPorts } from "../../dockerfile/fixed-ports.ts";
import { defineDockerfileRule, inSource, runOf } from "../../dockerfile/rule.ts";
import { exposedRanges, finalInstructions, isExposed } from "../../dockerfile/start.ts";

const LISTENS =
  /\blisten\s+(?:[\w.*]+:|\[[^\]]*\]:)?443\b|\blisten\s[^;\n]*\b(?:ssl|quic)\b|^[ \t]*Listen\s+(?:\S+:)?443\b|\bSSLEngine\s+on\b|<VirtualHost\s+[^>]*:443|^[ \t]*(?:https:\/\/[^\s{]+|[\w.*-]*:443)(?:\s*,[^\n{]*)?\s*\{\s*$/gim;

export default defineDockerfileRule({
  id: "KN023",
  severity: "error",
  clause: "S13",
  summary: "Nothing listens on 443",
  help: "TLS ends in front of the container: requests arrive as plain HTTP on PORT.",
  examples: {
    good: [
      "FROM nginx:1.28\nCOPY <<EOF /etc/nginx/conf.d/a.conf\nserver { listen 8080; }\nEOF\n",
      "FROM nginx:1.28\nCOPY <<EOF /etc/nginx/conf.d/a.conf\n# listen 443 ssl;\nserver { listen 8080; }\nEOF\n",
    ],
    bad: [
      "FROM nginx:1.28\nCOPY <<EOF /etc/nginx/conf.d/a.conf\nserver { listen 443 ssl; }\nEOF\n",
      "FROM caddy:2.10\nCOPY <<EOF /etc/caddy/Caddyfile\n:443 {\n  respond ok\n}\nEOF\n",
      "FROM debian:13\nEXPOSE 443\n",
    ],
  },
  *check(subject) {
    for (const range of exposedRanges(subject)) {
      if (isExposed(443, range)) yield { at: range.at, message: "443: no TLS reaches the container" };
    }
    for (const { port, at, text } of fixedPorts(subject))
      if (port === 443) yield { at, message: "443: no TLS reaches the container", evidence: [text] };
    for (const instruction of finalInstructions(subject)) {
      for (const { content, contentSpan } of instruction.heredocs) {
        // What stands behind # is a comment in all of these languages.
        const found = [...content.matchAll(LISTENS)].find(
          ({ index, 0: text }) => !/#[^\n]*$/.test(content.slice(0, index + text.search(/\S/))),
        );
        if (!found) continue;
        const from = contentSpan.start + found.index;
        yield {
          at: { start: from, end: from + found[0].length },
          message: "this server speaks TLS, which nobody here does",
        };
      }
      const run =
        instruction.name === "run" && instruction.heredocs.length === 0 ? runOf(subject, instruction) : undefined;
      const command = run?.script.commands.find(({ args }) => args.some(({ text }) => text.search(LISTENS) >= 0));
      if (run && command) yield { at: inSource(run, command.span), message: "this writes a server that speaks TLS" };
    }
  },
});
