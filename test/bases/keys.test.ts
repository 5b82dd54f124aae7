import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readKeys } from "openpgp";
import { describe, expect, it } from "vitest";
import { templatePath } from "../../src/base/package-root.ts";

const names = readdirSync(templatePath("keys")).filter((name) => name.endsWith(".asc"));

describe("the archive keys", () => {
  it("are those that the list names", async () => {
    const listed = [
      ...readFileSync(templatePath("keys", "README.md"), "utf8").matchAll(/^ {4}([0-9A-F]{40}) {2}(.+)$/gm),
    ];
    const keys = (
      await Promise.all(
        names.map((name) => readKeys({ armoredKeys: readFileSync(templatePath("keys", name), "utf8") })),
      )
    ).flat();
    expect(keys.map((key) => key.getFingerprint().toUpperCase()).sort()).toEqual(
      listed.map((match) => match[1]).sort(),
    );
    for (const key of keys) {
      const [, , title] = listed.find((match) => match[1] === key.getFingerprint().toUpperCase()) ?? [];
      expect(key.getUserIDs()[0]).toContain(title);
      expect(key.isPrivate()).toBe(false);
      expect((await key.getExpirationTime())?.valueOf()).toBeGreaterThan(Date.now());
    }
  });

  it.skipIf(!existsSync("/usr/share/keyrings/debian-archive-trixie-automatic.gpg"))(
    "are those of the machine's keyring",
    async () => {
      for (const name of names) {
        const own = await readKeys({ armoredKeys: readFileSync(templatePath("keys", name), "utf8") });
        const path = `/usr/share/keyrings/${name.replace(/^debian-/, "debian-archive-").replace(/asc$/, "gpg")}`;
        const installed = await readKeys({ binaryKeys: readFileSync(path) });
        const fingerprints = (keys: typeof own) =>
          keys.flatMap((key) => key.getKeys().map((part) => part.getFingerprint()));
        expect(fingerprints(own), name).toEqual(fingerprints(installed));
      }
    },
  );
});
