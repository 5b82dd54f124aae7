import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { unpinnedRpms } from "../../dockerfile/unpinned-rpms.ts";

export default defineDockerfileRule({
  id: "DL3041",
  severity: "warning",
  summary: "Pin versions of dnf packages",
  help: "`dnf install package-version` gives the same packages at every build; of modules, name the stream.",
  examples: {
    good: ["FROM fedora:42\nRUN dnf install -y httpd-2.4 && dnf clean all\n"],
    bad: ["FROM fedora:42\nRUN dnf install -y httpd && dnf clean all\n"],
  },
  check: (subject) => unpinnedRpms(subject, ["dnf", "microdnf"], ["group"]),
});
