import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import type { Command } from "../../dockerfile/shell/commands.ts";
import { finalRuns, startCommand } from "../../dockerfile/start.ts";

const MAKERS = new Set(["openssl", "keytool", "cfssl", "step", "dotnet", "mkcert", "certbot", "make-ssl-cert"]);

export default defineDockerfileRule({
  id: "KN022",
  severity: "warning",
  clause: "S13",
  summary: "No certificates made in the build",
  help: "TLS ends in front of the container; and a key made while building is the same in every copy of the image.",
  examples: {
    good: ["FROM debian:13\nRUN openssl dgst -sha256 /app\n"],
    bad: [
      "FROM debian:13\nRUN openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem\n",
      'FROM debian:13\nCMD ["sh", "-c", "openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out c && exec /app"]\n',
    ],
  },
  *check(subject) {
    const start = startCommand(subject);
    if (start?.script?.commands.some(makesCertificate))
      yield { at: start.instruction, message: "a certificate that nothing here needs" };
    for (const run of finalRuns(subject, [...MAKERS])) {
      const command = run.script.commands.find(makesCertificate);
      if (command) yield { at: inSource(run, command.span), message: "a certificate that nothing here needs" };
    }
  },
});

function makesCertificate({ name, args }: Command): boolean {
  const program = name.slice(name.lastIndexOf("/") + 1);
  if (!MAKERS.has(program)) return false;
  const words = args.map(({ text }) => text);
  const [verb] = words;
  switch (program) {
    case "openssl":
      return (
        verb === "genrsa" ||
        verb === "genpkey" ||
        (verb === "ecparam" && words.includes("-genkey")) ||
        (verb === "req" && words.some((word) => /^-(?:x509|newkey|new)$/.test(word))) ||
        (verb === "x509" && words.includes("-req"))
      );
    case "keytool":
      return words.some((word) => /^-genkey(?:pair)?$/.test(word));
    case "cfssl":
      return verb === "gencert" || verb === "selfsign";
    case "step":
      return verb === "certificate";
    case "dotnet":
      return verb === "dev-certs" && !words.includes("--clean");
    default:
      return true;
  }
}
