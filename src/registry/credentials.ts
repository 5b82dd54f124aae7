/** Credentials: what is known for a registry, and where it comes from. Nothing here ever prints or throws a secret. */

export type Credential =
  | { kind: "password"; username: string; password: string }
  /** An OAuth2 refresh token, exchanged at the token server ("identity token"). */
  | { kind: "identity-token"; token: string }
  /** A bearer token that the registry takes as it is. */
  | { kind: "registry-token"; token: string };

export interface FoundCredential {
  credential: Credential;
  /** For messages: `~/.docker/config.json`, `docker-credential-gcloud`. */
  from: string;
}

export interface CredentialSource {
  /**
   * @param registry host and port as in a reference: `docker.io`, `localhost:5000`
   * @param repository narrows it where logins are kept per path
   * @returns undefined when nothing is known: then the request goes out anonymous
   */
  find(registry: string, repository: string): Promise<FoundCredential | undefined>;
}

/** The first source that knows something. */
export function firstOf(...sources: CredentialSource[]): CredentialSource {
  return {
    async find(registry, repository) {
      for (const source of sources) {
        const found = await source.find(registry, repository);
        if (found) return found;
      }
      return undefined;
    },
  };
}

/** Takes secrets and control characters out of text that comes from elsewhere (a server's message, a helper's stderr). */
export interface Redactor {
  learn(secret: string): void;
  clean(text: string): string;
}

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    learn(secret) {
      if (secret.length >= 4) secrets.add(secret);
    },
    clean(text) {
      // What steers a terminal has no place in a message.
      let clean = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
      for (const secret of secrets) clean = clean.replaceAll(secret, "***");
      return clean.replace(/\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{8,}/gi, "$1 ***");
    },
  };
}
