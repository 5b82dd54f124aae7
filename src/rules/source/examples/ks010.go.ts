import { examplesOf } from "./examples.ts";

const main = (imports: string, body: string): string =>
  `package main\n\nimport (\n${imports
    .split(" ")
    .map((i) => `\t"${i}"`)
    .join("\n")}\n)\n\nfunc main() {\n${body}\n}\n`;

export default examplesOf(
  "main.go",
  [
    main("net/http os", '\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)'),
    main("crypto/tls", '\tconn, _ := tls.Dial("tcp", "example.com:443", &tls.Config{})\n\tconn.Close()'),
    main(
      "google.golang.org/grpc google.golang.org/grpc/credentials",
      '\tcreds := credentials.NewClientTLSFromCert(nil, "")\n\tgrpc.Dial("example.com:443", grpc.WithTransportCredentials(creds))',
    ),
    main(
      "crypto/tls net/http",
      '\tclient := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{}}}\n\tclient.Get("https://example.com")',
    ),
    main("os github.com/gin-gonic/gin", '\tgin.Default().Run(":" + os.Getenv("PORT"))'),
    main(
      "net google.golang.org/grpc",
      '\tlis, _ := net.Listen("tcp", ":8080")\n\tgrpc.NewServer(grpc.MaxRecvMsgSize(1)).Serve(lis)',
    ),
    main("crypto/tls", '\tcert, _ := tls.LoadX509KeyPair("a", "b")\n\t_ = cert'),
    main("net/http os", '\tserver := &http.Server{Addr: ":" + os.Getenv("PORT")}\n\tserver.ListenAndServe()'),
    // The go command passes over folders that begin so.
    {
      "main.go":
        'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n}\n',
      "_content/push/main.go":
        'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServeTLS(":8443", "cert.pem", "key.pem", nil)\n}\n',
    },
  ],
  [
    main("net/http", '\thttp.ListenAndServeTLS(":443", "cert.pem", "key.pem", nil)'),
    main("net/http", '\tserver := &http.Server{Addr: ":8443"}\n\tserver.ListenAndServeTLS("cert.pem", "key.pem")'),
    main("crypto/tls", '\ttls.Listen("tcp", ":443", &tls.Config{})'),
    main("net/http golang.org/x/crypto/acme/autocert", '\thttp.Serve(autocert.NewListener("example.com"), nil)'),
    main(
      "google.golang.org/grpc google.golang.org/grpc/credentials",
      '\tcreds, _ := credentials.NewServerTLSFromFile("cert.pem", "key.pem")\n\tgrpc.NewServer(grpc.Creds(creds))',
    ),
    main("github.com/gin-gonic/gin", '\tr := gin.Default()\n\tr.RunTLS(":8443", "cert.pem", "key.pem")'),
    main("github.com/labstack/echo/v4", '\te := echo.New()\n\te.StartTLS(":443", "cert.pem", "key.pem")'),
    main("github.com/gin-gonic/autotls github.com/gin-gonic/gin", '\tautotls.Run(gin.Default(), "example.com")'),
    main(
      "net/http os",
      '\tif os.Getenv("TLS_CERT") != "" {\n\t\thttp.ListenAndServeTLS(":443", os.Getenv("TLS_CERT"), "key.pem", nil)\n\t}',
    ),
    main("crypto/tls net", '\tlis, _ := net.Listen("tcp", ":443")\n\ttls.NewListener(lis, &tls.Config{})'),
  ],
);
