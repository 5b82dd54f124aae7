import { createFileRoute } from "@tanstack/react-router";
import { createServerFn } from "@tanstack/react-start";

const greeting = createServerFn({ method: "GET" }).handler(() => "Hello from TanStack Start");

export const Route = createFileRoute("/")({
  loader: () => greeting(),
  component: () => <h1>{Route.useLoaderData()}</h1>,
});
