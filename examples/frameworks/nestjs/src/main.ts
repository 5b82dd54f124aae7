import "reflect-metadata";
import { Controller, Get, Module, Query } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Greeter } from "./greeter";

@Controller()
class AppController {
  // Found by its type alone: only with decorator metadata.
  constructor(private readonly greeter: Greeter) {}

  @Get("api/hello")
  hello(@Query("name") name: string) {
    return this.greeter.greet(name);
  }

  @Get()
  index() {
    return "<h1>Hello from NestJS</h1>";
  }
}

@Module({ controllers: [AppController], providers: [Greeter] })
class AppModule {}

async function main() {
  const app = await NestFactory.create(AppModule, { logger: ["error", "warn"] });
  app.enableShutdownHooks();
  await app.listen(process.env.PORT ?? 8080, "0.0.0.0");
}

void main();
