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
    // In a cluster it is always set.
    main(
      "net/http os",
      '\thost := "127.0.0.1"\n\tif os.Getenv("KUBERNETES_SERVICE_HOST") != "" {\n\t\thost = "0.0.0.0"\n\t}\n\thttp.ListenAndServe(host+":"+port, nil)',
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
    // Nobody gives arguments unless told so; the other address is empty until somebody sets it.
    main(
      "net os github.com/spf13/cobra",
      '\tvar plain, secure string\n\tcommand := &cobra.Command{\n\t\tRunE: func(command *cobra.Command, args []string) error {\n\t\t\tif len(args) > 0 {\n\t\t\t\tif plain == "" {\n\t\t\t\t\tplain = "0.0.0.0:80"\n\t\t\t\t}\n\t\t\t} else {\n\t\t\t\tif plain == "" {\n\t\t\t\t\tplain = "127.0.0.1:8090"\n\t\t\t\t}\n\t\t\t}\n\t\t\taddress := plain\n\t\t\tif secure != "" {\n\t\t\t\taddress = secure\n\t\t\t}\n\t\t\t_, err := net.Listen("tcp", address)\n\t\t\treturn err\n\t\t},\n\t}\n\tcommand.Flags().StringVar(&plain, "http", "", "address")\n\tcommand.Flags().StringVar(&secure, "https", "", "address")\n\tcommand.Execute()\n\t_ = port',
    ),
    // Beside it only TLS listens.
    main(
      "crypto/tls flag net net/http os",
      '\tplain := flag.String("http", "127.0.0.1:4180", "address")\n\tsecure := flag.String("https", ":4443", "address")\n\tflag.Parse()\n\tif port == "" {\n\t\tserveTLS(*secure)\n\t}\n\tlistener, _ := net.Listen("tcp", *plain)\n\thttp.Serve(listener, nil)\n}\n\nfunc serveTLS(address string) {\n\tlistener, _ := net.Listen("tcp", address)\n\thttp.Serve(tls.NewListener(listener, config()), nil)',
    ),
    // A fallback that is not given is none.
    main(
      "flag net/http os",
      '\tvar host string\n\tflag.StringVar(&host, "host", "localhost", "host")\n\tflag.Parse()\n\thttp.ListenAndServe(override(host, "", "HOST")+":"+port, nil)\n}\n\nfunc override(given string, fallback string, keys ...string) string {\n\tfor _, key := range keys {\n\t\tif os.Getenv(key) != "" {\n\t\t\treturn os.Getenv(key)\n\t\t}\n\t}\n\tif fallback != "" && given == "" {\n\t\treturn fallback\n\t}\n\treturn given',
    ),
    // Its own table of flags.
    'package main\n\nimport (\n\t"net/http"\n\n\t"example.com/app/flags"\n)\n\nvar listenFlag = flags.Flag[string]{\n\tName:       "listen",\n\tConfigName: "server.listen",\n\tDefault:    "localhost:4954",\n}\n\nfunc main() {\n\tvalues := flags.Parse(&listenFlag)\n\tserver := &http.Server{Addr: values.Listen}\n\tserver.ListenAndServe()\n}\n',
    // Another platform's variable is not set here.
    'package main\n\nimport (\n\t"flag"\n\t"fmt"\n\t"net/http"\n\t"os"\n)\n\nvar addr = flag.String("http", "127.0.0.1:3999", "address")\n\nfunc main() {\n\tflag.Parse()\n\tif os.Getenv("GAE_ENV") == "standard" {\n\t\t*addr = fmt.Sprintf("0.0.0.0:%s", os.Getenv("PORT"))\n\t}\n\thttp.ListenAndServe(*addr, nil)\n}\n',
  ],
);
