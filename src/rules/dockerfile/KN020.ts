import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { imageVariables, startCommand } from "../../dockerfile/start.ts";

const FLAGS =
  /^--?(?:certfile|keyfile|ssl[-_.](?:keyfile|certfile|key|cert|certificate|key-file|cert-file|ca-certs)|ssl|https|tls|tls[-_.](?:cert|key|certificate|private-key|cert-file|key-file|crt|crt-file|port)(?:-file)?|cert[-_]file|key[-_]file|https[-_.](?:cert|key|port|certificate)|server\.ssl\.[a-z-]+|certificate)$/i;
const FILE_FLAGS = /^--?(?:cert|key|certificate)$/i;
const BINDS = /^(?:-b|--bind|--url|--urls|--listen)$/;

export default defineDockerfileRule({
  id: "KN020",
  severity: "error",
  clause: "S13",
  summary: "No TLS in the container",
  help: "TLS ends in front of the container: requests arrive as plain HTTP, and a server that speaks TLS cannot answer them. Take the certificate flags away.",
  examples: {
    good: ['FROM python:3.13\nCMD ["gunicorn", "-b", ":8080", "a:app"]\n'],
    bad: ['FROM python:3.13\nCMD ["gunicorn", "--certfile", "c.pem", "a:app"]\n'],
  },
  *check(subject) {
    const start = startCommand(subject);
    for (const { words } of start?.programs ?? []) {
      const flag = words.find((word, i) => {
        const [name = "", value = words[i + 1] ?? ""] = word.split("=", 2);
        if (i > 0 && /^(?:ssl|https):\/\//.test(word) && BINDS.test(words[i - 1] ?? "")) return true;
        if (i === 0 || !word.startsWith("-") || /^(?:false|0|no|off)$/.test(value)) return false;
        return (
          FLAGS.test(name) ||
          (/^(?:-S|--ssl)$/.test(name) && words[0] === "http-server") ||
          (FILE_FLAGS.test(name) && /^(?:adhoc|on)$/.test(value)) ||
          (FILE_FLAGS.test(name) && /\.(?:pem|crt|cer|key|p12)$/.test(value)) ||
          /^-Dserver\.ssl\./.test(name)
        );
      });
      if (start && flag)
        yield {
          at: start.instruction,
          message: `${flag.split("=", 1)[0]} makes the server speak TLS, which nobody here does`,
        };
    }
    for (const { key, value, instruction } of imageVariables(subject)) {
      if (/^(?:ASPNETCORE_URLS|DOTNET_URLS)$/.test(key) && value.includes("https://")) {
        yield { at: instruction, message: `${key} listens with TLS, which nobody here speaks` };
      }
    }
  },
});
