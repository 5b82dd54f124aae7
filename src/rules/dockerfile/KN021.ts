import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { finalInstructions } from "../../dockerfile/start.ts";

const PRIVATE = /(?:\.key|\.p12|\.pfx|\.jks|\.keystore|(?:^|[-_.])key\.pem|privkey\.pem|\/private\/[^/]+\.pem)$/i;
const CERTIFICATE = /\.(?:crt|cer|pem)$/i;
const AUTHORITY =
  /(?:^|[-_./])(?:ca|cacerts?|root|chain|bundle|ca-bundle|ca-certificates|trust|authority|global-bundle|rds)(?:[-_./]|$)/i;
const PUBLIC = /(?:^|[-_.])(?:pub|public)[-_.]/i;
const TRUST_STORE =
  /^\/(?:usr\/local\/share\/ca-certificates|etc\/ssl\/(?:certs|cert\.pem$)|etc\/pki|usr\/share\/(?:pki|ca-certificates)|opt\/[^/]*\/cacerts)/;

export default defineDockerfileRule({
  id: "KN021",
  severity: "error",
  clause: "S13",
  summary: "No server keys or certificates in the image",
  help: "TLS ends in front of the container, so nothing here needs them; and a key in an image is a published key. Certificates of authorities (for clients) are fine.",
  examples: {
    good: [
      "FROM debian:13\nCOPY ca-certificates.crt /etc/ssl/certs/\n",
      "FROM alpine:3.22 AS a\nFROM scratch\nCOPY --from=a /etc/ssl/cert.pem /etc/ssl/cert.pem\n",
    ],
    bad: ["FROM debian:13\nCOPY server.key /etc/ssl/private/\n"],
  },
  *check(subject) {
    for (const instruction of finalInstructions(subject)) {
      if (instruction.name !== "copy" && instruction.name !== "add") continue;
      const args = subject.model.of(instruction)?.args ?? [];
      const target = args.at(-1) ?? "";
      for (const heredoc of instruction.heredocs) {
        if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(heredoc.content))
          yield { at: instruction, message: "a private key stands in the Dockerfile" };
      }
      for (const [i, source] of args.slice(0, -1).entries()) {
        const names = [source, ...(/\/$|^\.$/.test(target) ? [] : [target])].filter((name) => !PUBLIC.test(name));
        const secret = names.some((name) => PRIVATE.test(name));
        const served =
          names.some((name) => CERTIFICATE.test(name) && !AUTHORITY.test(name)) && !TRUST_STORE.test(target);
        if (secret || served) {
          yield {
            at: instruction.args[i]?.span ?? instruction,
            message: `${source}: a ${secret ? "private key" : "certificate"} for a server that has no TLS to speak`,
          };
        }
      }
    }
  },
});
