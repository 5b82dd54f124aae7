import { Injectable } from "@nestjs/common";

@Injectable()
export class Greeter {
  greet(name: string): { hello: string } {
    return { hello: name };
  }
}
