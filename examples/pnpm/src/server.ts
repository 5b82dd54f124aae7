import express from "express";
import { z } from "zod";

const Settings = z.object({ PORT: z.coerce.number().default(8080), K_SERVICE: z.string().optional() });
const settings = Settings.parse(process.env);

const app = express();
app.get("/", (_request, response) => {
  response.json({ message: "Hello, pnpm!", service: settings.K_SERVICE });
});
app.get("/slow", (request, response) => {
  const ms = z.coerce.number().max(8000).catch(1000).parse(request.query.ms);
  setTimeout(() => response.json({ message: "took a while" }), ms);
});

app.listen(settings.PORT, () => console.log(`pnpm listens on ${settings.PORT}`));
