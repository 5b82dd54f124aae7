import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { calledBy } from "../../dockerfile/start.ts";

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

/** A text without any of this turns nothing off. */
const NAMED = /--(?:allow-un|force-yes|no-?(?:gpg|digest|sig|verify|filedigest))/;
/** rpm also asks, checks and takes away, where nothing new comes in. */
const RPM_INSTALLS = /^(?:-[^-qVeK]*[iUF][^-qVeK]*|--(?:install|upgrade|freshen|reinstall))$/;

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
      "FROM fedora:42\nRUN rpm -qip --nosignature a.rpm && rpm -e --nodigest a && rpm -Va --nofiledigest\n",
    ],
    bad: [
      "FROM alpine:3.22\nRUN apk add --no-cache --allow-untrusted a.apk\n",
      "FROM debian:13\nRUN apt-get install -y --allow-unauthenticated a=1\n",
      "FROM debian:13\nRUN apt-get install --force-yes a=1\n",
      "FROM fedora:42\nRUN dnf install -y --nogpgcheck a-1\n",
      "FROM fedora:42\nRUN rpm -i --nosignature https://example.org/a.rpm\n",
      "FROM fedora:42\nRUN sudo rpm --nodigest -Uvh https://example.org/a.rpm\n",
      "FROM opensuse/leap:15\nRUN zypper --no-gpg-checks install -y a=1\n",
    ],
  },
  *check(subject) {
    if (!NAMED.test(subject.document.text)) return;
    for (const run of runsCalling(subject, () => true)) {
      for (const command of run.script.commands) {
        const { name, words } = calledBy(command);
        if (name === "rpm" && !words.some((word) => RPM_INSTALLS.test(word))) continue;
        for (const { programs, flag, id } of UNCHECKED) {
          const found = programs.test(name) ? words.find((word) => flag.test(word)) : undefined;
          if (!found) continue;
          yield {
            at: inSource(run, command.span),
            message: `${found}: nobody checks who made these packages`,
            ids: [{ rule: OWN }, ...(id === OWN ? [] : [{ rule: id }])],
          };
        }
      }
    }
  },
});
