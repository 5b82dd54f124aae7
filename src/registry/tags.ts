/** Tag lists, page by page: distribution-spec 1.1 "Listing Tags". */
import { TAG } from "../oci/reference.ts";
import { apiPath, type Endpoint, pullScope } from "./endpoint.ts";
import { protocolError, registryError } from "./errors.ts";
import { resolveLocation } from "./exchange.ts";
import { readFailure } from "./failed-answer.ts";
import { nextLink } from "./link.ts";
import type { WholeAnswer } from "./session.ts";

const PAGE_SIZE = 1000;
const MAX_EMPTY_PAGES = 20;
const PAGE_LIMIT_BYTES = 16 * 1024 * 1024;

/** In the registry's order. @throws REGISTRY_NOT_FOUND, REGISTRY_PROTOCOL (a page that comes again) */
export async function* listTags(endpoint: Endpoint): AsyncGenerator<string> {
  const first = apiPath(endpoint, `tags/list?n=${PAGE_SIZE}`);
  let next: string | URL | undefined = first;
  const visited = new Set<string>();
  const seen = new Set<string>();
  let empty = 0;
  while (next !== undefined) {
    const request = { method: "GET", path: next, scopes: pullScope(endpoint) };
    const { response, bytes } = await endpoint.session.read(request, PAGE_LIMIT_BYTES, { check: assertJson });
    if (!bytes) {
      const failure = await readFailure(response);
      // A registry that wants smaller pages has a size of its own.
      if (next === first && failure.errors.some(({ code }) => code === "PAGINATION_NUMBER_INVALID")) {
        next = apiPath(endpoint, "tags/list");
        continue;
      }
      throw registryError(response, failure, {
        action: `list the tags of ${endpoint.repository}`,
        redactor: endpoint.session.redactor,
        registry: endpoint.session.registry,
        login: endpoint.session.login,
      });
    }
    const page = parse(bytes) as { tags?: unknown } | null;
    const tags = Array.isArray(page?.tags) ? page.tags.filter(isTag) : [];
    const fresh = tags.filter((tag) => !seen.has(tag));
    // A registry that filters may have nothing to show of a page or two; one that never has is walking in a circle.
    empty = tags.length > 0 ? 0 : empty + 1;
    if ((tags.length > 0 && fresh.length === 0) || empty > MAX_EMPTY_PAGES) throw repeating(response.url);
    for (const tag of fresh) {
      seen.add(tag);
      yield tag;
    }
    const link = nextLink(response.headers["link"]);
    if (link === undefined) return;
    next = resolveLocation(link, response.url);
    if (visited.has(next.href)) throw repeating(response.url);
    visited.add(next.href);
  }
}

/** What is none could not be asked for, and might be meant for the terminal that it is printed on. */
function isTag(tag: unknown): tag is string {
  return typeof tag === "string" && TAG.test(tag);
}

/** Without the mark that some servers put before it. */
function parse(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

function assertJson({ response, bytes }: WholeAnswer): void {
  try {
    parse(bytes);
  } catch {
    throw protocolError("the list of tags is not JSON", response.url, undefined, true);
  }
}

function repeating(url: URL) {
  return protocolError("the list of tags repeats itself without end", url);
}
