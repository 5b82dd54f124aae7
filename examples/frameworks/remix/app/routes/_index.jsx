import { json } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";

export const loader = () => json({ greeting: "Hello from Remix" });

export default function Home() {
  return <h1>{useLoaderData().greeting}</h1>;
}
