import type { ApplicationConfig } from "@angular/core";
import { provideClientHydration } from "@angular/platform-browser";
import { provideRouter } from "@angular/router";
import { Home } from "./app";

export const browserConfig: ApplicationConfig = {
  providers: [provideRouter([{ path: "**", component: Home }]), provideClientHydration()],
};
