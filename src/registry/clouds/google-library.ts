/**
 * google-auth-library knows every form of default credentials; its requests go as all others: through the user's proxies, with
 * the authorities that are trusted. By a static import: of a package that is CommonJS a bundle gives a dynamic import nothing
 * but `default`.
 */
import { GoogleAuth } from "google-auth-library";
import type { CloudRequest } from "./request.ts";

/** @throws what the library throws */
export async function tokenOfFile(file: string, scope: string, request: CloudRequest): Promise<string | undefined> {
  const transporterOptions = {
    // It would make an agent for a proxy before it hands over what is to be sent.
    noProxy: [/^/],
    fetchImplementation: fetchBy(request) as typeof fetch,
  };
  /** Credentials that stand for others are made without the options of those. */
  class Auth extends GoogleAuth {
    override fromJSON(...[json, options]: Parameters<GoogleAuth["fromJSON"]>): ReturnType<GoogleAuth["fromJSON"]> {
      return super.fromJSON(json, { transporterOptions, ...options });
    }
  }
  return (await new Auth({ keyFilename: file, scopes: [scope] }).getAccessToken()) ?? undefined;
}

function fetchBy(request: CloudRequest) {
  return async (url: URL | string, { method, headers, body }: RequestInit = {}): Promise<Response> => {
    const { status, text } = await request({
      url: String(url),
      headers: Object.fromEntries(new Headers(headers)),
      ...(method && { method }),
      ...(body && { body: String(body) }),
    });
    // What is none is taken as text.
    return new Response(text || null, { status, headers: { "content-type": "application/json" } });
  };
}
