import "reflect-metadata";
import { Ignitor, prettyPrintError } from "@adonisjs/core";

const APP_ROOT = new URL("../", import.meta.url);

new Ignitor(APP_ROOT, { importer: (file) => import(file.startsWith(".") ? new URL(file, APP_ROOT).href : file) })
  .ace()
  .handle(process.argv.splice(2))
  .catch((error) => {
    process.exitCode = 1;
    prettyPrintError(error);
  });
