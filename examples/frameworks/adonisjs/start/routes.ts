import router from "@adonisjs/core/services/router";

router.get("/", () => "Hello from AdonisJS");
router.get("/api/hello", ({ request }) => ({ hello: request.qs()["name"] }));
