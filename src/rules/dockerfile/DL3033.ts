import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { unpinnedRpms } from "../../dockerfile/unpinned-rpms.ts";

export default defineDockerfileRule({
  id: "DL3033",
  severity: "warning",
  summary: "Pin versions of yum packages",
  help: "`yum install package-version` gives the same packages at every build.",
  examples: {
    good: ["FROM amazonlinux:2\nRUN yum install -y httpd-2.4 && yum clean all\n"],
    bad: ["FROM amazonlinux:2\nRUN yum install -y httpd && yum clean all\n"],
  },
  check: (subject) => unpinnedRpms(subject, ["yum"]),
});
