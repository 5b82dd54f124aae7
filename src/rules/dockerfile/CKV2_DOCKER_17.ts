import { defineRunRule } from "../../dockerfile/run-rule.ts";
export default defineRunRule({
  id: "CKV2_DOCKER_17",
  severity: "warning",
  summary: "No passwords are set",
  help: "Nobody logs in to a container: an account needs no password, and one that the build sets is in the image, often in its history too.",
  examples: {
    good: ["FROM debian:13\nRUN useradd -l -u 10001 app\n"],
    bad: ["FROM debian:13\nRUN echo 'root:root' | chpasswd\n"],
  },
  programs: ["chpasswd"],
  offends: ({ name }) => /^(?:.*\/)?chpasswd$/.test(name),
  message: "nobody logs in to a container: its accounts need no password",
});
