import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";

const OWN = "CKV2_DOCKER_7";

/** Programs, what turns their checks off, Checkov's id of it. */
const UNCHECKED: readonly { programs: RegExp; flag: RegExp; id: string }[] = [
  { programs: /^apk$/, flag: /^--allow-untrusted$/, id: OWN },
  { programs: /^(?:apt|apt-get|aptitude)$/, flag: /^--allow-unauthenticated$/, id: "CKV2_DOCKER_8" },
  { programs: /^(?:apt|apt-get)$/, flag: /^--force-yes$/, id: "CKV2_DOCKER_11" },
  { programs: /^(?:dnf|dnf5|microdnf|tdnf|yum)$/, flag: /^--(?:nogpgcheck|no-gpgchecks)$/, id: "CKV2_DOCKER_9" },
  { programs: /^zypper$/, flag: /^--(?:no-gpg-checks|allow-unsigned-rpm)$/, id: "CKV2_DOCKER_9" },
  { programs: /^rpm$/, flag: /^--(?:nodigest|nosignature|noverify|nofiledigest)$/, id: "CKV2_DOCKER_10" },
];

export default defineDockerfileRule({
  id: OWN,
  aliases: ["CKV2_DOCKER_8", "CKV2_DOCKER_9", "CKV2_DOCKER_10", "CKV2_DOCKER_11"],
  severity: "warning",
  summary: "Packages are signed",
  help: "A package whose signature nobody checks may be anybody's. Add the key of the repository (`signed-by=`, /etc/apk/keys, `rpm --import`) instead of turning the check off.",
  examples: {
    good: [
      "FROM alpine:3.22\nRUN apk add --no-cache curl=8\n",
      "FROM debian:13\nRUN rpm --import https://example.org/key\n",
    ],
    bad: [
      "FROM alpine:3.22\nRUN apk add --no-cache --allow-untrusted a.apk\n",
      "FROM debian:13\nRUN apt-get install -y --allow-unauthenticated a=1\n",
      "FROM debian:13\nRUN apt-get install --force-yes a=1\n",
      "FROM fedora:42\nRUN dnf install -y --nogpgcheck a-1\n",
      "FROM fedora:42\nRUN rpm -i --nosignature https://example.org/a.rpm\n",
      "FROM opensuse/leap:15\nRUN zypper --no-gpg-checks install -y a=1\n",
    ],
  },
  *check(subject) {
    for (const run of runsCalling(subject, (name) => UNCHECKED.some(({ programs }) => programs.test(name)))) {
      for (const { name, args, span } of run.script.commands) {
        for (const { programs, flag, id } of UNCHECKED) {
          const found = programs.test(name) ? args.find(({ text }) => flag.test(text)) : undefined;
          if (!found) continue;
          yield {
            at: inSource(run, span),
            message: `${found.text}: nobody checks who made these packages`,
            ids: [{ rule: OWN }, ...(id === OWN ? [] : [{ rule: id }])],
          };
        }
      }
    }
  },
});
