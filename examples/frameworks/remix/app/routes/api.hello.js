import { json } from "@remix-run/node";

export const loader = ({ request }) => json({ hello: new URL(request.url).searchParams.get("name") });
