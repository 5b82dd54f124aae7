import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { calledBy } from "../../dockerfile/start.ts";

export default defineRunRule({
  id: "CKV2_DOCKER_17",
  severity: "warning",
  summary: "No passwords are set",
  help: "Nobody logs in to a container: an account needs no password, and one that the build sets is in the image, often in its history too.",
  examples: {
    good: [
      "FROM debian:13\nRUN useradd -l -u 10001 app\n",
      "FROM debian:13\nRUN command -v chpasswd && rm /usr/sbin/chpasswd\n",
    ],
    bad: [
      "FROM debian:13\nRUN echo 'root:root' | chpasswd\n",
      "FROM debian:13\nRUN echo 'app:app' | sudo /usr/sbin/chpasswd\n",
    ],
  },
  programs: () => true,
  offends: (command, { script }) => script.text.includes("chpasswd") && calledBy(command).name === "chpasswd",
  message: "nobody logs in to a container: its accounts need no password",
});
