import { expect, test } from "vitest";
import { packagesNamedLike } from "../../src/bases/library-names.ts";

/** Names of Debian 13; beside each library's package some that only begin like it. */
const NAMES =
  "libcairo2 libcairo2-dev libcairo-gobject2 libglib2.0-0t64 libglib2.0-data libjpeg62-turbo libjpeg62-turbo-dev librsvg2-2 librsvg2-bin libharfbuzz0b libxslt1.1 libxslt1-dev libxml2 libxml2-dev libxml2-utils libnss3 libnss3-tools libssl3t64 libssl-dev libusb-1.0-0 libusb-1.0-0-dev libpng16-16t64 libstdc++6 libx11-6 libx11-xcb1 zlib1g libatk-bridge2.0-0t64 libopenblas0 libopenblas0-pthread".split(
    " ",
  );

test.each([
  ["libcairo.so.2", "libcairo2"],
  ["libglib-2.0.so.0", "libglib2.0-0t64"],
  ["libgobject-2.0.so.0", "libglib2.0-0t64"],
  ["libjpeg.so.62", "libjpeg62-turbo"],
  ["librsvg-2.so.2", "librsvg2-2"],
  ["libharfbuzz.so.0", "libharfbuzz0b"],
  ["libxslt.so.1", "libxslt1.1"],
  ["libxml2.so.2", "libxml2"],
  ["libsmime3.so", "libnss3"],
  ["libcrypto.so.3", "libssl3t64"],
  ["libusb-1.0.so.0", "libusb-1.0-0"],
  ["libpng16.so.16", "libpng16-16t64"],
  ["libX11.so.6", "libx11-6"],
  ["libz.so.1", "zlib1g"],
  ["libatk-bridge-2.0.so.0", "libatk-bridge2.0-0t64"],
  ["libopenblas.so.0", "libopenblas0"],
])("%s is in %s", (library, name) => {
  expect(packagesNamedLike(library, NAMES)[0]).toBe(name);
});

test.each(["libjpeg.so.8", "libssl.so.1.1", "libcairo.so", "libglib-1.2.so.0"])("%s is in none", (library) => {
  expect(packagesNamedLike(library, NAMES)).toEqual([]);
});
