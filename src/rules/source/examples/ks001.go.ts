import { examplesOf } from "./examples.ts";

const main = (imports: string, body: string): string =>
  `package main\n\nimport (\n${imports
    .split(" ")
    .map((i) => `\t"${i}"`)
    .join("\n")}\n)\n\nfunc main() {\n${body}\n}\n`;

export default examplesOf(
  "main.go",
  [
    main(
      "net/http os",
      '\tport := os.Getenv("PORT")\n\tif port == "" {\n\t\tport = "8080"\n\t}\n\thttp.ListenAndServe(":"+port, nil)',
    ),
    main("fmt net/http os", '\thttp.ListenAndServe(fmt.Sprintf(":%s", os.Getenv("PORT")), nil)'),
    main("github.com/gin-gonic/gin", "\tr := gin.Default()\n\tr.Run()"),
    `package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc getenv(key, fallback string) string {\n\tif v, ok := os.LookupEnv(key); ok {\n\t\treturn v\n\t}\n\treturn fallback\n}\n\nfunc main() {\n\tserver := &http.Server{Addr: ":" + getenv("PORT", "8080")}\n\tserver.ListenAndServe()\n}\n`,
    {
      "main.go":
        'package main\n\nimport (\n\t"net/http"\n\n\t"example.com/app/config"\n)\n\nfunc main() {\n\tcfg := config.Load()\n\thttp.ListenAndServe(":"+cfg.Port, nil)\n}\n',
      "config/config.go":
        'package config\n\nimport "github.com/caarlos0/env/v11"\n\ntype Config struct {\n\tPort string `env:"PORT" envDefault:"8080"`\n}\n\nfunc Load() Config {\n\tcfg := Config{}\n\tenv.Parse(&cfg)\n\treturn cfg\n}\n',
      "go.mod": "module example.com/app\n\ngo 1.24\n",
    },
    main(
      "net os google.golang.org/grpc",
      '\tlis, err := net.Listen("tcp", ":"+os.Getenv("PORT"))\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tgrpc.NewServer().Serve(lis)',
    ),
    main(
      "net/http github.com/spf13/viper",
      '\tviper.AutomaticEnv()\n\tviper.SetDefault("port", "8080")\n\thttp.ListenAndServe(":"+viper.GetString("port"), nil)',
    ),
    main(
      "flag net/http os",
      '\taddress := flag.String("address", "localhost:8080", "where")\n\tflag.Parse()\n\tif p := os.Getenv("PORT"); p != "" {\n\t\t*address = ":" + p\n\t}\n\thttp.ListenAndServe(*address, nil)',
    ),
    main("os github.com/labstack/echo/v4", '\te := echo.New()\n\te.Logger.Fatal(e.Start(":" + os.Getenv("PORT")))'),
    main("os github.com/gofiber/fiber/v2", '\tapp := fiber.New()\n\tapp.Listen(":" + os.Getenv("PORT"))'),
    'package main\n\nimport (\n\t"net"\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\tif os.Getenv("PROFILE") != "" {\n\t\tgo http.ListenAndServe("localhost:6060", nil)\n\t}\n\tsrv := &http.Server{Handler: http.DefaultServeMux}\n\tln, err := net.Listen("tcp", ":"+os.Getenv("PORT"))\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tsrv.Serve(ln)\n}\n',
    'package main\n\nimport (\n\t"flag"\n\t"fmt"\n\t"os"\n\n\t"github.com/panjf2000/gnet/v2"\n)\n\ntype handler struct{ gnet.BuiltinEventEngine }\n\nfunc main() {\n\tport := flag.String("port", os.Getenv("PORT"), "port")\n\tflag.Parse()\n\tif err := gnet.Run(&handler{}, fmt.Sprintf("tcp://:%s", *port)); err != nil {\n\t\tos.Exit(1)\n\t}\n}\n',
    'package main\n\nimport (\n\t"fmt"\n\t"net/http"\n\n\t"github.com/caarlos0/env/v11"\n)\n\ntype Settings struct {\n\tWebserverPort int `env:"PORT" envDefault:"53842"`\n}\n\nfunc main() {\n\tsettings := Settings{}\n\tenv.ParseWithOptions(&settings, env.Options{OnSet: trace})\n\thttp.ListenAndServe(fmt.Sprintf(":%d", settings.WebserverPort), nil)\n}\n',
    'package main\n\nimport (\n\t"os"\n\n\t"github.com/gin-gonic/gin"\n)\n\nfunc main() {\n\trouter := gin.Default()\n\trouter.Run()\n}\n',
    'package main\n\nimport (\n\t"fmt"\n\t"net/http"\n\n\t"github.com/danryan/env"\n)\n\ntype config struct {\n\tServerPort int `env:"key=PORT default=8080"`\n}\n\nfunc main() {\n\tcfg := &config{}\n\tenv.MustProcess(cfg)\n\thttp.ListenAndServe(fmt.Sprintf(":%d", cfg.ServerPort), nil)\n}\n',
    'package main\n\nimport (\n\t"os"\n\n\t"github.com/alecthomas/kingpin/v2"\n\t"github.com/prometheus/exporter-toolkit/web"\n\t"github.com/prometheus/exporter-toolkit/web/kingpinflag"\n)\n\nfunc main() {\n\tflags := kingpinflag.AddFlags(kingpin.CommandLine, ":"+os.Getenv("PORT"))\n\tkingpin.Parse()\n\tweb.ListenAndServe(server(), flags, logger())\n}\n',
    'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc env(key string) string {\n\treturn os.Getenv("APP_" + key)\n}\n\nfunc main() {\n\tport := os.Getenv("PORT")\n\tif port == "" {\n\t\tport = env("PORT")\n\t}\n\thttp.ListenAndServe(":"+port, nil)\n}\n',
    {
      "main.go":
        'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n}\n',
      "go.mod": "module example.com/app\n\ngo 1.22\n",
      "fakes/server.go":
        'package fakes\n\nimport "net/http"\n\nfunc Serve() error {\n\treturn http.ListenAndServe(":9000", nil)\n}\n',
    },
    // A variable over what the function was given.
    main(
      "flag fmt net/http os strconv",
      '\tgiven := flag.Int("p", 8088, "port")\n\tflag.Parse()\n\thttp.ListenAndServe(fmt.Sprintf(":%d", portOf(*given)), nil)\n}\n\nfunc portOf(port int) int {\n\tif text := os.Getenv("PORT"); text != "" {\n\t\tnumber, _ := strconv.Atoi(text)\n\t\tif number > 0 {\n\t\t\tport = number\n\t\t}\n\t}\n\treturn port',
    ),
    // Ports that are mapped, in a tool that starts a container.
    main("github.com/magefile/mage/sh", '\tsh.Run("docker", "run", "--rm", "-p", "8000:8000", "site")'),
  ],
  [
    main("net/http", '\thttp.ListenAndServe(":3000", nil)'),
    main("log net/http", '\tconst port = "8081"\n\tlog.Fatal(http.ListenAndServe(":"+port, nil))'),
    main("net/http", '\tserver := &http.Server{\n\t\tAddr: "0.0.0.0:9000",\n\t}\n\tserver.ListenAndServe()'),
    main("github.com/gin-gonic/gin", '\tr := gin.Default()\n\tr.Run(":5000")'),
    main("net google.golang.org/grpc", '\tlis, _ := net.Listen("tcp", ":50051")\n\tgrpc.NewServer().Serve(lis)'),
    main(
      "flag net/http",
      '\taddr := flag.String("addr", ":8081", "address")\n\tflag.Parse()\n\thttp.ListenAndServe(*addr, nil)',
    ),
    main(
      "net/http os",
      '\tport := os.Getenv("APP_PORT")\n\tif port == "" {\n\t\tport = "4000"\n\t}\n\thttp.ListenAndServe(":"+port, nil)',
    ),
    main(
      "net/http github.com/spf13/viper",
      '\tviper.SetEnvPrefix("app")\n\tviper.AutomaticEnv()\n\thttp.ListenAndServe(":"+viper.GetString("port"), nil)',
    ),
    main(
      "flag fmt net/http",
      '\tvar port int\n\tflag.IntVar(&port, "port", 8082, "port")\n\tflag.Parse()\n\thttp.ListenAndServe(fmt.Sprintf(":%d", port), nil)',
    ),
    main("github.com/labstack/echo/v4", '\te := echo.New()\n\te.Logger.Fatal(e.Start(":1323"))'),
    `package main\n\nimport "net/http"\n\ntype server struct {\n\taddr string\n}\n\nfunc newServer(addr string) *server {\n\treturn &server{addr: addr}\n}\n\nfunc (s *server) run() error {\n\treturn http.ListenAndServe(s.addr, nil)\n}\n\nfunc main() {\n\tnewServer(":7070").run()\n}\n`,
    'package main\n\nimport (\n\t"net"\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\tif os.Getenv("PROFILE") != "" {\n\t\tgo http.ListenAndServe("localhost:6060", nil)\n\t}\n\tsrv := &http.Server{Handler: http.DefaultServeMux}\n\tln, err := net.Listen("tcp", ":"+"3000")\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tsrv.Serve(ln)\n}\n',
    'package main\n\nimport (\n\t"flag"\n\t"fmt"\n\t"os"\n\n\t"github.com/panjf2000/gnet/v2"\n)\n\ntype handler struct{ gnet.BuiltinEventEngine }\n\nfunc main() {\n\tport := flag.String("port", "8080", "port")\n\tflag.Parse()\n\tif err := gnet.Run(&handler{}, fmt.Sprintf("tcp://:%s", *port)); err != nil {\n\t\tos.Exit(1)\n\t}\n}\n',
    'package main\n\nimport (\n\t"fmt"\n\t"net/http"\n\n\t"github.com/caarlos0/env/v11"\n)\n\ntype Settings struct {\n\tWebserverPort int `env:"PORT" envDefault:"53842"`\n}\n\nfunc main() {\n\tsettings := Settings{}\n\tenv.ParseWithOptions(&settings, env.Options{Prefix: "APP_"})\n\thttp.ListenAndServe(fmt.Sprintf(":%d", settings.WebserverPort), nil)\n}\n',
    'package main\n\nimport (\n\t"os"\n\n\t"github.com/gin-gonic/gin"\n)\n\nfunc main() {\n\trouter := gin.Default()\n\trouter.Run(load().Address)\n}\n',
    'package main\n\nimport (\n\t"fmt"\n\t"net/http"\n\n\t"github.com/danryan/env"\n)\n\ntype config struct {\n\tServerPort int `env:"key=APP_PORT default=8080"`\n}\n\nfunc main() {\n\tcfg := &config{}\n\tenv.MustProcess(cfg)\n\thttp.ListenAndServe(fmt.Sprintf(":%d", cfg.ServerPort), nil)\n}\n',
    'package main\n\nimport (\n\t"github.com/alecthomas/kingpin/v2"\n\t"github.com/prometheus/exporter-toolkit/web"\n\t"github.com/prometheus/exporter-toolkit/web/kingpinflag"\n)\n\nfunc main() {\n\tflags := kingpinflag.AddFlags(kingpin.CommandLine, ":9093")\n\tkingpin.Parse()\n\tweb.ListenAndServe(server(), flags, logger())\n}\n',
    'package main\n\nimport (\n\t"fmt"\n\t"net/http"\n\t"os"\n\t"strconv"\n\n\t"github.com/spf13/viper"\n)\n\nconst envPrefix = "APP__"\n\ntype Config struct{ Port int }\n\nfunc text(key string) string {\n\tif path := os.Getenv(envPrefix + key + "_FILE"); path != "" {\n\t\tcontent, _ := os.ReadFile(path)\n\t\treturn string(content)\n\t}\n\treturn os.Getenv(envPrefix + key)\n}\n\nfunc number(key string) int {\n\tn, _ := strconv.Atoi(text(key))\n\treturn n\n}\n\nfunc load() *Config {\n\tc := &Config{Port: 7474}\n\tviper.SetConfigFile("config.toml")\n\tviper.Unmarshal(c)\n\tif v := number("PORT"); v > 0 {\n\t\tc.Port = v\n\t}\n\treturn c\n}\n\nfunc main() {\n\thttp.ListenAndServe(fmt.Sprintf(":%d", load().Port), nil)\n}\n',
    {
      "main.go": 'package main\n\nimport "example.com/app/fakes"\n\nfunc main() {\n\tfakes.Serve()\n}\n',
      "go.mod": "module example.com/app\n\ngo 1.22\n",
      "fakes/server.go":
        'package fakes\n\nimport "net/http"\n\nfunc Serve() error {\n\treturn http.ListenAndServe(":9000", nil)\n}\n',
    },
    // What another program is given, and a comment.
    main(
      "net os/exec",
      '\t// A container is told its port by $PORT.\n\tenvironment := map[string]string{}\n\tenvironment["PORT"] = "9000"\n\texec.Command("run", list(environment)...).Start()\n\tnet.Listen("tcp", load().Address)',
    ),
  ],
);
