import Koa from "koa";
import { router } from "#routes";

const app = new Koa();
app.use(router.routes()).use(router.allowedMethods());

app.listen(process.env.PORT ?? 8080, () => console.log("koa-esm is up"));
