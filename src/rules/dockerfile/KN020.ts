import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { startCommand, variablesInForce } from "../../dockerfile/start.ts";

const FLAGS =
  /^--?(?:certfile|keyfile|ssl[-_.](?:keyfile|certfile|key|cert|certificate|key-file|cert-file|ca-certs)|ssl|https|tls|tls[-_.](?:cert|key|certificate|private-key|cert-file|key-file|crt|crt-file|port)(?:-file)?|cert[-_]file|key[-_]file|https[-_.](?:cert|key|port|certificate)|server\.ssl\.[a-z-]+|certificate|experimental-https)$/i;
const FILE_FLAGS = /^--?(?:cert|key|certificate)$/i;
const BINDS = /^(?:-b|--bind|--url|--urls|--listen|--from)$/;
/** Their certificates are for servers elsewhere. */
const CLIENTS = new Set("curl wget http https psql mysql mariadb redis-cli mongosh openssl grpcurl nats".split(" "));

export default defineDockerfileRule({
  id: "KN020",
  severity: "error",
  clause: "S13",
  summary: "No TLS in the container",
  help: "TLS ends in front of the container: requests arrive as plain HTTP, and a server that speaks TLS cannot answer them. Take the certificate flags away.",
  examples: {
    good: [
      'FROM python:3.13\nCMD ["gunicorn", "-b", ":8080", "a:app"]\n',
      'FROM debian:13\nCMD ["curl", "--cert", "c.pem", "https://example.com"]\n',
      'FROM debian:13\nENV SSL_CERT_FILE=/etc/ssl/ca.pem\nCMD ["/app"]\n',
    ],
    bad: [
      'FROM python:3.13\nCMD ["gunicorn", "--certfile", "c.pem", "a:app"]\n',
      'FROM python:3.13\nCMD ["daphne", "-e", "ssl:8080:privateKey=k.pem:certKey=c.pem", "a:app"]\n',
      'FROM python:3.13\nENV GUNICORN_CMD_ARGS="--certfile=c.pem"\nCMD ["gunicorn", "a:app"]\n',
    ],
  },
  *check(subject) {
    const start = startCommand(subject);
    for (const { name: program, words } of start?.programs ?? []) {
      if (CLIENTS.has(program)) continue;
      const flag = words.find((word, i) => {
        const [name = "", value = words[i + 1] ?? ""] = word.split("=", 2);
        if (i > 0 && /^(?:ssl|https):\/\//.test(word) && BINDS.test(words[i - 1] ?? "")) return true;
        if (/^(?:-e|--endpoint)$/.test(words[i - 1] ?? "") && word.startsWith("ssl:")) return true;
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
    for (const { key, value, instruction } of variablesInForce(subject)) {
      if (speaksTls(key, value)) {
        yield { at: instruction, message: `${key} listens with TLS, which nobody here speaks` };
      }
    }
  },
});

/** Variables by which servers are told to speak TLS; those of clients (SSL_CERT_FILE) are not among them. */
function speaksTls(key: string, value: string): boolean {
  if (key === "ASPNETCORE_URLS" || key === "DOTNET_URLS") return value.includes("https://");
  if (key === "GUNICORN_CMD_ARGS")
    return value.split(/\s+/).some((word) => FLAGS.test(word.split("=", 1)[0] as string));
  if (/^(?:ASPNETCORE_|DOTNET_)?Kestrel__(?:Certificates|Endpoints__\w+__Certificate)__/i.test(key)) return true;
  if (key === "SERVER_SSL_ENABLED") return value === "true";
  return (
    value !== "" &&
    /^(?:UVICORN_SSL_(?:KEY|CERT)FILE|SERVER_SSL_(?:KEY_STORE|BUNDLE|CERTIFICATE)|ASPNETCORE_HTTPS_PORTS?)$/.test(key)
  );
}
