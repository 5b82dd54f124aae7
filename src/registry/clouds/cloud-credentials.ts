/**
 * Logins of clouds for their own registries, where nobody has logged in by hand. Only a registry's own hosts get its cloud's
 * token; nothing is loaded or asked before such a host wants a login.
 */
import type { CredentialSource } from "../credentials.ts";
import { ecrService } from "./ecr-host.ts";
import type { CloudRequest } from "./request.ts";

const GOOGLE = /^(?:[a-z0-9-]+\.)?gcr\.io$|^[a-z0-9-]+-docker\.pkg\.dev$|^docker\.pkg\.dev$/;
const AZURE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)?\.azurecr\.(?:io|cn|us)$/;

export function cloudCredentials(env: NodeJS.ProcessEnv, request: CloudRequest): CredentialSource {
  return {
    async find(registry) {
      if (GOOGLE.test(registry)) {
        const { googleCredential } = await import("./google.ts");
        return googleCredential(env, request);
      }
      const ecr = ecrService(registry);
      if (ecr) {
        const { amazonCredential } = await import("./amazon.ts");
        return amazonCredential(ecr, env, request);
      }
      if (AZURE.test(registry)) {
        const { azureCredential } = await import("./azure.ts");
        return azureCredential(registry, env, request);
      }
      // A workflow's own token opens the packages of its repository.
      if (registry === "ghcr.io" && env["GITHUB_ACTIONS"] === "true" && env["GITHUB_TOKEN"]) {
        const username = env["GITHUB_ACTOR"] || "token";
        return { credential: { kind: "password", username, password: env["GITHUB_TOKEN"] }, from: "GITHUB_TOKEN" };
      }
      return undefined;
    },
  };
}
