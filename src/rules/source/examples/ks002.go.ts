import { examplesOf } from "./examples.ts";

const main = (imports: string, body: string): string =>
  `package main\n\nimport (\n${imports
    .split(" ")
    .map((i) => `\t"${i}"`)
    .join("\n")}\n)\n\nfunc main() {\n\tport := os.Getenv("PORT")\n${body}\n}\n`;

export default examplesOf(
  "main.go",
  [
    main("net/http os", '\thttp.ListenAndServe(":"+port, nil)'),
    main("net/http os", '\thttp.ListenAndServe("0.0.0.0:"+port, nil)'),
    main("net net/http os", '\thttp.ListenAndServe(net.JoinHostPort("", port), nil)'),
    main(
      "net/http os",
      '\taddr := "localhost:8080"\n\tif port != "" {\n\t\taddr = ":" + port\n\t}\n\thttp.ListenAndServe(addr, nil)',
    ),
    main("net/http os", '\thttp.Get("http://localhost:" + port)\n\thttp.ListenAndServe(":"+port, nil)'),
    main("os github.com/gin-gonic/gin", '\tgin.Default().Run("0.0.0.0:" + port)'),
    main("net os", '\tnet.Dial("tcp", "127.0.0.1:"+port)\n\tnet.Listen("tcp", ":"+port)'),
    main("net/http os", '\tserver := &http.Server{Addr: ":" + port}\n\tserver.ListenAndServe()'),
    main(
      "fmt net/http os",
      '\tfmt.Println("http://localhost:" + port)\n\thttp.ListenAndServe(fmt.Sprintf(":%s", port), nil)',
    ),
  ],
  [
    main("net/http os", '\thttp.ListenAndServe("localhost:"+port, nil)'),
    main("net/http os", '\thttp.ListenAndServe("127.0.0.1:"+port, nil)'),
    main("fmt net/http os", '\thttp.ListenAndServe(fmt.Sprintf("localhost:%s", port), nil)'),
    main("net net/http os", '\thttp.ListenAndServe(net.JoinHostPort("127.0.0.1", port), nil)'),
    main("net/http os", '\tserver := &http.Server{Addr: "localhost:" + port}\n\tserver.ListenAndServe()'),
    main("net os", '\tnet.Listen("tcp", "[::1]:"+port)'),
    main("os github.com/gin-gonic/gin", '\tgin.Default().Run("127.0.0.1:" + port)'),
    main(
      "flag net/http os",
      '\thost := flag.String("host", "localhost", "host")\n\thttp.ListenAndServe(*host+":"+port, nil)',
    ),
    main("os github.com/labstack/echo/v4", '\te := echo.New()\n\te.Start("localhost:" + port)'),
  ],
);
