import { logout } from "../../registry/login.ts";
import { defineCommand } from "../command.ts";

export default defineCommand({
  usage: "logout <registry>",
  summary: "Forget the login for a registry",
  examples: ["knbuild logout localhost:5000"],
  async run([registry], _options, context) {
    const removed = await logout(registry as string, context.env);
    if (context.json) context.printJson({ registry, removed });
    else context.print(removed ? `logged out of ${registry}` : `there was no login for ${registry}`);
    return 0;
  },
});
