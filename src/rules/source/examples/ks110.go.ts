import { examplesOf } from "./examples.ts";

const main = (imports: string, body: string): string =>
  `package main\n\nimport (\n${imports
    .split(" ")
    .map((i) => `\t"${i}"`)
    .join("\n")}\n)\n\nfunc main() {\n${body}\n}\n`;

export default examplesOf(
  "main.go",
  [
    main("os", '\tname := os.Getenv("NAME")\n\tif name == "" {\n\t\tname = "World"\n\t}\n\t_ = name'),
    main("log os", '\tport := os.Getenv("PORT")\n\tif port == "" {\n\t\tlog.Fatal("no port")\n\t}'),
    main("log os", '\tif os.Getenv("NAME") == "" {\n\t\tlog.Println("no name")\n\t}'),
    main("log net/http", '\tif err := http.ListenAndServe(":8080", nil); err != nil {\n\t\tlog.Fatal(err)\n\t}'),
    main("log os", '\tif os.Getenv("CHECK") != "" {\n\t\tlog.Fatal("checked")\n\t}'),
    main("os", "\tif len(os.Args) < 2 {\n\t\tos.Exit(1)\n\t}"),
    {
      "main.go": main("log os", '\tif os.Getenv("API_KEY") == "" {\n\t\tlog.Fatal("no key")\n\t}'),
      Dockerfile: 'FROM scratch\nENV API_KEY=x\nCMD ["/app"]\n',
    },
    main("os", '\tif os.Getenv("CLEAN") == "" {\n\t\tos.Exit(0)\n\t}'),
    'package main\n\nimport (\n\t"log"\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\tuser := os.Getenv("APP_USER")\n\tif user != "" {\n\t\tif os.Getenv("APP_PASSWORD") == "" {\n\t\t\tlog.Fatal("APP_PASSWORD must be set where APP_USER is")\n\t\t}\n\t}\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n}\n',
  ],
  [
    main("log os", '\tkey := os.Getenv("API_KEY")\n\tif key == "" {\n\t\tlog.Fatal("API_KEY is missing")\n\t}'),
    main("log os", '\tif os.Getenv("BUCKET") == "" {\n\t\tlog.Fatalf("no bucket")\n\t}'),
    main("os", '\tif os.Getenv("BUCKET") == "" {\n\t\tpanic("no bucket")\n\t}'),
    main("os", '\tproject := os.Getenv("PROJECT")\n\tif project == "" {\n\t\tos.Exit(1)\n\t}'),
    main(
      "log os",
      '\ta, b := os.Getenv("A_KEY"), os.Getenv("B_KEY")\n\tif a == "" || b == "" {\n\t\tlog.Fatal("keys")\n\t}',
    ),
    `package main\n\nimport (\n\t"log"\n\t"os"\n)\n\nvar token = os.Getenv("TOKEN")\n\nfunc init() {\n\tif token == "" {\n\t\tlog.Fatal("no token")\n\t}\n}\n`,
    main("log os", '\ttoken, ok := os.LookupEnv("TOKEN")\n\tif !ok || token == "" {\n\t\tlog.Fatal("no token")\n\t}'),
    main("os github.com/sirupsen/logrus", '\tif os.Getenv("DSN") == "" {\n\t\tlogrus.Fatal("no dsn")\n\t}'),
    'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc must(k string) string {\n\tv := os.Getenv(k)\n\tif v == "" {\n\t\tpanic("unset " + k)\n\t}\n\treturn v\n}\n\nfunc main() {\n\tprintln(must("DB_URL"), must("API_KEY"))\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n}\n',
    'package main\n\nimport (\n\t"log"\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\tuser := os.Getenv("APP_USER")\n\tprintln(user)\n\t{\n\t\tif os.Getenv("APP_PASSWORD") == "" {\n\t\t\tlog.Fatal("APP_PASSWORD must be set where APP_USER is")\n\t\t}\n\t}\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n}\n',
  ],
);
