/** A suite's InRelease: signature, dates and names checked, then the hashes of its indexes. DebianRepository/Format (wiki). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorMessage, KnbuildError } from "../base/errors.ts";
import { templatePath } from "../base/package-root.ts";
import { parseDeb822 } from "./deb822.ts";

export interface Release {
  /** Code name: `trixie`, `trixie-security`. */
  codename: string;
  date: Date;
  validUntil?: Date;
  byHash: boolean;
  /** Path below the suite's directory → sha256 and size. */
  files: ReadonlyMap<string, { sha256: string; size: number }>;
}

export interface ReleaseChecks {
  /** Armored or binary keyrings besides the embedded Debian archive keys. */
  keyrings: readonly string[];
  /** Suite that was asked for; a mirror must not answer with another one. */
  suite: string;
  now: Date;
  /** URL, for messages. */
  where: string;
}

/** Clocks differ: a Release of the near future is none of an attacker's. */
const CLOCK_SKEW_MS = 24 * 3600 * 1000;

/**
 * @throws BASE_SIGNATURE_INVALID no signature by a known key; BASE_RELEASE_EXPIRED after Valid-Until, or dated in the
 *   future; BASE_RELEASE_INVALID for another suite or a damaged file
 */
export async function verifyRelease(inRelease: string, checks: ReleaseChecks): Promise<Release> {
  const release = parseRelease(await verifiedText(inRelease, checks), checks);
  const { suite, now, where } = checks;
  if (release.codename !== suite) {
    throw new KnbuildError({
      code: "BASE_RELEASE_INVALID",
      message: `asked for the suite ${suite}, got ${release.codename}`,
      where,
      hint: "The mirror serves another suite in this place. Name another mirror.",
    });
  }
  if (release.validUntil && release.validUntil < now) {
    throw new KnbuildError({
      code: "BASE_RELEASE_EXPIRED",
      message: `the mirror's ${suite} was valid until ${release.validUntil.toISOString()}`,
      where,
      hint: "The mirror is out of date, or replays old packages. Name another mirror; check this machine's clock.",
    });
  }
  if (release.date.getTime() > now.getTime() + CLOCK_SKEW_MS) {
    throw new KnbuildError({
      code: "BASE_RELEASE_EXPIRED",
      message: `the mirror's ${suite} is dated in the future: ${release.date.toISOString()}`,
      where,
      hint: "Check this machine's clock.",
    });
  }
  return release;
}

/** The text that the signature covers; whatever stands around it in the file is dropped. */
async function verifiedText(inRelease: string, checks: ReleaseChecks): Promise<string> {
  const { readCleartextMessage, verify } = await import("openpgp");
  const invalid = (why: string, cause?: unknown) =>
    new KnbuildError({
      code: "BASE_SIGNATURE_INVALID",
      message: `the Debian archive's signature does not hold: ${why}`,
      where: checks.where,
      hint: "Name another mirror; for an archive with a key of its own, configure its keyring.",
      cause,
    });
  const keys = await readKeyrings(checks.keyrings);
  let reasons: string[];
  try {
    const message = await readCleartextMessage({ cleartextMessage: inRelease });
    const result = await verify({ message, verificationKeys: keys, date: checks.now });
    const verdicts = await Promise.all(
      result.signatures.map(({ keyID, verified }) =>
        verified.then(
          () => undefined,
          (error: unknown) => `key ${keyID.toHex()}: ${errorMessage(error)}`,
        ),
      ),
    );
    // Debian signs with several keys, of this release and the one before: one that is known is enough.
    if (verdicts.includes(undefined)) return result.data;
    reasons = verdicts.filter((verdict) => verdict !== undefined);
  } catch (error) {
    throw invalid(errorMessage(error), error);
  }
  throw invalid(reasons.length > 0 ? reasons.join("; ") : "it is not signed");
}

async function readKeyrings(extra: readonly string[]) {
  const { readKeys } = await import("openpgp");
  const embedded = templatePath("keys");
  const names = readdirSync(embedded).filter((name) => name.endsWith(".asc"));
  const files = [...names.sort().map((name) => join(embedded, name)), ...extra];
  const keys = await Promise.all(
    files.map(async (file) => {
      try {
        const bytes = readFileSync(file);
        const armored = bytes.subarray(0, 64).includes("-----BEGIN PGP");
        return await (armored ? readKeys({ armoredKeys: bytes.toString("utf8") }) : readKeys({ binaryKeys: bytes }));
      } catch (cause) {
        throw new KnbuildError({
          code: "BASE_KEYRING_INVALID",
          message: `cannot read a keyring: ${errorMessage(cause)}`,
          where: file,
          hint: "A keyring holds OpenPGP public keys, armored or binary.",
          cause,
        });
      }
    }),
  );
  return keys.flat();
}

function parseRelease(text: string, checks: ReleaseChecks): Release {
  const fields = parseDeb822(text)[0] ?? new Map<string, string>();
  const invalid = (why: string) =>
    new KnbuildError({ code: "BASE_RELEASE_INVALID", message: `a damaged InRelease: ${why}`, where: checks.where });
  const date = parseDate(fields.get("date"));
  if (!date) throw invalid("no Date");
  const codename = fields.get("codename");
  if (!codename) throw invalid("no Codename");
  const files = new Map<string, { sha256: string; size: number }>();
  for (const line of (fields.get("sha256") ?? "").split("\n")) {
    const [sha256, size, path] = line.trim().split(/\s+/);
    if (path && sha256 && /^[a-f0-9]{64}$/.test(sha256) && /^\d+$/.test(size ?? "")) {
      files.set(path, { sha256, size: Number(size) });
    }
  }
  if (files.size === 0) throw invalid("no SHA256 list");
  const validUntilText = fields.get("valid-until");
  const validUntil = parseDate(validUntilText);
  if (validUntilText && !validUntil) throw invalid("a Valid-Until that is no date");
  return {
    codename,
    date,
    ...(validUntil && { validUntil }),
    byHash: fields.get("acquire-by-hash") === "yes",
    files,
  };
}

function parseDate(text: string | undefined): Date | undefined {
  const date = text === undefined ? undefined : new Date(text);
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}
