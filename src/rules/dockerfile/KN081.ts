import { defineDockerfileRule, inSource, runOf } from "../../dockerfile/rule.ts";
import { literalSecret } from "../../dockerfile/secret-literals.ts";
import { buildkitSecret, isKnownSecret } from "../../dockerfile/secret-names.ts";
import { finalInstructions } from "../../dockerfile/start.ts";

const FILES =
  /(?:^|\/)(?:\.env(?:\.(?!example|sample|template|dist)[\w-]+)?|\.npmrc|\.netrc|\.pypirc|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519)|\.aws(?:\/credentials)?|\.ssh|\.kube\/config|(?:[\w.-]*[-_.])?(?:service[-_]?account|sa|gcp|gcloud|google)?[-_.]?(?:key|credentials?|creds|keyfile)\.json|[\w.-]*service[-_]?account[\w.-]*\.json|application_default_credentials\.json|\.docker\/config\.json|secrets?\.(?:json|ya?ml)|[\w.-]*client_secret[\w.-]*\.json|kubeconfig)\/?$/i;
/** About a secret, not one itself: where it lies, how it is called, how long it lasts. */
const ABOUT =
  /_(?:names?|paths?|dir|directory|location|prefix|header|url|uri|endpoint|ttl|length|size|type|store|manager|lifetime|timeout|rounds|iterations|alg(?:orithm)?|issuer|audience|provider|method|mode|scopes?|realm|enabled|required|sock|socket|dummy)$|_expir(?:y|es|ation)(?:_|$)/i;
/** No value of a secret: a switch, the place of a mounted file. */
const NO_SECRET =
  /^(?:true|false|yes|no|on|off|none|disabled|enabled)$|^\/(?:[\w.@-]+\/)+[\w@-]*\.[a-z]{2,5}$|^\/(?:var\/)?run\/|^\/(?:etc|mnt|secrets?)\/[\w./@-]+$/i;

/** No file's name is longer than 255 bytes: of longer texts only as much is looked at. */
function endOf(path: string): string {
  if (path.length <= 600) return path;
  const slash = path.indexOf("/", path.length - 600);
  return slash < 0 ? "" : path.slice(slash);
}

export default defineDockerfileRule({
  id: "KN081",
  severity: "error",
  clause: "S34",
  summary: "No secrets in the image",
  help: "Whoever pulls the image reads them, also from deleted layers and from ARG in the history. In the build: `RUN --mount=type=secret`. At run time: the service's own account, whose token the metadata server gives, and Secret Manager.",
  examples: {
    good: [
      "FROM node:24\nRUN --mount=type=secret,id=npm npm ci\n",
      "FROM node:24\nENV PASSWORD_FILE=/run/s\n",
      "FROM node:24\nENV GOOGLE_APPLICATION_CREDENTIALS=/secrets/key.json AUTH=false TOKEN_EXPIRY=3600\n",
      "FROM node:24\nENV SSH_AUTH_SOCK=/agent SECRET_KEY_BASE_DUMMY=1\n",
    ],
    bad: [
      "FROM node:24\nARG NPM_TOKEN\n",
      "FROM node:24\nCOPY key.json /app/\n",
      "FROM debian:13\nENV DB_PASS=x\n",
      "FROM debian:13\nCOPY .aws/credentials /root/.aws/\n",
      "FROM debian:13\nCOPY client_secret.json /app/\n",
      "FROM debian:13\nENV DATABASE_URL=postgres://app:hunter2@db/app\n",
      'FROM node:24\nRUN echo "//npm.example.com/:_authToken=0a1b2c" > .npmrc && npm ci\n',
      'FROM node:24\nARG T\nRUN echo "//a.example.com/:_authToken=$T" > .npmrc\nRUN echo "//b.example.com/:_authToken=0a1b2c" >> .npmrc\n',
    ],
  },
  *check(subject) {
    const written = literalSecret(subject.document.text) !== undefined;
    // Put together of several values where it is not written.
    const expands = subject.document.text.includes("$");
    for (const instruction of finalInstructions(subject)) {
      const { name } = instruction;
      if (name === "arg" || name === "env") {
        const pair = subject.model
          .of(instruction)
          ?.pairs.find(
            ({ key, value }) =>
              (((buildkitSecret(key) || /(?:^|_)pass(?:phrase)?$/i.test(key)) && !ABOUT.test(key)) ||
                isKnownSecret(key)) &&
              (name === "arg" || value !== "") &&
              !NO_SECRET.test(value ?? ""),
          );
        if (pair) {
          yield { at: instruction, message: `${pair.key} looks like a secret: it stays in the image` };
          continue;
        }
        if (!written && !expands) continue;
        for (const { key, value } of subject.model.of(instruction)?.pairs ?? []) {
          const what = literalSecret(value ?? "");
          if (what) yield { at: instruction, message: `${what} stands in ${key}: it stays in the image` };
        }
      } else if (name === "run" && written) {
        const run = runOf(subject, instruction);
        if (!run || !literalSecret(run.script.text)) continue;
        for (const { args, span } of run.script.commands) {
          const what = args.map(({ text }) => literalSecret(text)).find(Boolean);
          if (what) yield { at: inSource(run, span), message: `${what} stands in the build: its history keeps it` };
        }
      } else if (name === "copy" || name === "add") {
        for (const [i, source] of (subject.model.of(instruction)?.args ?? []).slice(0, -1).entries()) {
          if (FILES.test(endOf(source)))
            yield {
              at: instruction.args[i]?.span ?? instruction,
              message: `${source} looks like a secret: it stays in the image`,
            };
        }
      }
    }
  },
});
