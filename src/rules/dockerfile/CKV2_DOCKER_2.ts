import { instructionsOf, runsCalling } from "../../dockerfile/lookup.ts";
import { keyValue, plainPairs, unquote } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule, type Hit, inSource } from "../../dockerfile/rule.ts";
import { calledBy, type Program } from "../../dockerfile/start.ts";

const OWN = "CKV2_DOCKER_2";

/** Variables that turn the checks off (what another variable says nobody knows): by which values, under which of Checkov's ids. */
const VARIABLES: Readonly<Record<string, { off: RegExp; id: string }>> = {
  PYTHONHTTPSVERIFY: { off: /^0$/, id: "CKV2_DOCKER_5" },
  NODE_TLS_REJECT_UNAUTHORIZED: { off: /^0$/, id: "CKV2_DOCKER_6" },
  NPM_CONFIG_STRICT_SSL: { off: /^false$/i, id: "CKV2_DOCKER_12" },
  GIT_SSL_NO_VERIFY: { off: /^[^$]+$/, id: "CKV2_DOCKER_14" },
  PIP_TRUSTED_HOST: { off: /^[^$]+$/, id: "CKV2_DOCKER_16" },
};

/** A text without any of these turns nothing off. */
const NAMED = /curl|ssl|tls|httpsverify|trusted|no-check|insecure/i;
/** In a cluster of curl's, before an option that takes the rest for its value. */
const CURL_INSECURE = /^(?:--insecure|-[^-AbcCdDeEFhHKmoPQrtTuUwxXyYz]*k.*)$/;
const PACKAGE_TOOLS = /^(?:dnf|dnf5|microdnf|tdnf|yum|yum-config-manager)$/;
/** An address of the build itself: nobody stands between. */
const OWN_HOST = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?:[:/]|$)/;

export default defineDockerfileRule({
  id: OWN,
  aliases: [
    ...["CKV2_DOCKER_3", "CKV2_DOCKER_4", "CKV2_DOCKER_13", "CKV2_DOCKER_15"],
    ...Object.values(VARIABLES).map(({ id }) => id),
  ],
  severity: "warning",
  summary: "TLS checks stay on",
  help: "Without the check whoever stands between the build and the server decides what is installed. Install the certificate authority that signed the server's certificate instead (`COPY ca.crt /usr/local/share/ca-certificates/`, `update-ca-certificates`).",
  examples: {
    good: [
      "FROM debian:13\nRUN curl -fsSLo key https://example.org/k && wget https://example.org/\n",
      "FROM debian:13\nRUN curl -k https://localhost:8443/ && curl -ks localhost:8443\n",
      'FROM python:3.13\nARG HOSTS=""\nENV PIP_TRUSTED_HOST=$HOSTS\n',
      "FROM node:24\nENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY=\nRUN npm config set strict-ssl true\n",
    ],
    bad: [
      "FROM debian:13\nRUN curl -fsSkL https://example.org/a\n",
      "FROM debian:13\nRUN wget --no-check-certificate https://example.org/a\n",
      "FROM python:3.13\nRUN pip install --trusted-host example.org a==1\n",
      "FROM debian:13\nRUN git -c http.sslVerify=false clone https://example.org/a\n",
      "FROM node:24\nRUN npm config set strict-ssl false\n",
      "FROM fedora:42\nRUN dnf --setopt=sslverify=0 install -y a-1\n",
      "FROM node:24\nENV NODE_TLS_REJECT_UNAUTHORIZED 0\n",
      "FROM debian:13\nRUN export GIT_SSL_NO_VERIFY=1 && make\n",
      "FROM debian:13\nARG A=1 PYTHONHTTPSVERIFY=0\n",
      "FROM debian:13\nRUN sudo curl -k https://example.org/a\n",
      "FROM debian:13\nRUN /usr/bin/curl -k https://example.org/a\n",
      "FROM node:24\nRUN env NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci\n",
      "FROM debian:13\nRUN git -c http.https://example.org/.sslVerify=false clone https://example.org/a\n",
    ],
  },
  *check(subject) {
    const { document } = subject;
    if (!NAMED.test(document.text)) return;
    for (const instruction of instructionsOf(document, "env", "arg")) {
      const pairs =
        instruction.name === "env"
          ? plainPairs(instruction, document.escape)
          : instruction.args.map((arg) => keyValue(unquote(arg.value, document.escape)));
      for (const { key, value } of pairs) {
        const id = offVariable(key, value ?? "");
        if (id) yield hit(instruction, `${key} turns the check of certificates off`, id);
      }
    }
    for (const run of runsCalling(subject, () => true)) {
      for (const command of run.script.commands) {
        const found = turnsOff(calledBy(command));
        if (found)
          yield hit(inSource(run, command.span), `${found.what} turns the check of certificates off`, found.id);
      }
    }
  },
});

function hit(at: Hit["at"], message: string, id: string): Hit {
  return { at, message, ids: [{ rule: OWN }, ...(id === OWN ? [] : [{ rule: id }])] };
}

function offVariable(name: string, value: string): string | undefined {
  const known = VARIABLES[name.toUpperCase()];
  return known?.off.test(value) ? known.id : undefined;
}

function turnsOff({ name, words, assignments }: Program): { what: string; id: string } | undefined {
  const exported = name === "export" ? words.slice(1).map(keyValue) : [];
  for (const { key, value } of [...Object.entries(assignments).map(([key, value]) => ({ key, value })), ...exported]) {
    const id = offVariable(key, value ?? "");
    if (id) return { what: key, id };
  }
  const found = (pattern: RegExp, id: string) => {
    const what = words.find((word) => pattern.test(word));
    return what === undefined ? undefined : { what, id };
  };
  if (name === "curl") {
    const addresses = words.filter((word) => word.includes("://") || OWN_HOST.test(word));
    return addresses.length > 0 && addresses.every((word) => OWN_HOST.test(word))
      ? undefined
      : found(CURL_INSECURE, OWN);
  }
  if (name === "wget") return found(/^--no-check-certificate$/, "CKV2_DOCKER_3");
  if (/^(?:pip[\d.]*|python[\d.]*|uv|poetry)$/.test(name))
    return found(/^--(?:trusted-host|allow-insecure-host)(?:=|$)/, "CKV2_DOCKER_4");
  if (name === "git")
    return (
      found(/^http\.(?:.*\.)?sslverify=(?:false|0|no|off)$/i, "CKV2_DOCKER_14") ??
      pair(words, /^http\..*sslverify$/i, "CKV2_DOCKER_14")
    );
  if (/^(?:npm|pnpm|yarn)$/.test(name))
    return found(/^(?:--)?strict-ssl=false$/, "CKV2_DOCKER_13") ?? pair(words, /^(?:--)?strict-ssl$/, "CKV2_DOCKER_13");
  if (PACKAGE_TOOLS.test(name)) return found(/sslverify=(?:0|false|no|off)$/i, "CKV2_DOCKER_15");
  return undefined;
}

/** A key and, as the next word, `false`. */
function pair(words: readonly string[], key: RegExp, id: string) {
  const what = words.find((word, i) => key.test(word) && /^(?:false|0)$/.test(words[i + 1] ?? ""));
  return what === undefined ? undefined : { what: `${what} false`, id };
}
