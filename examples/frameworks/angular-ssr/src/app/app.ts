import { Component } from "@angular/core";
import { RouterOutlet } from "@angular/router";

@Component({ selector: "app-home", template: "<h1>Hello from Angular at {{ path }}</h1>" })
export class Home {
  protected readonly path = typeof window === "undefined" ? "the server" : window.location.pathname;
}

@Component({ selector: "app-root", imports: [RouterOutlet], template: "<router-outlet />" })
export class App {}
