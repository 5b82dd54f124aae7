import { examplesOf } from "./examples.ts";

export default examplesOf(
  "Program.cs",
  [
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://0.0.0.0:{port}");\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls("http://0.0.0.0:" + (Environment.GetEnvironmentVariable("PORT") ?? "8080"));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(int.Parse(Environment.GetEnvironmentVariable("PORT"))));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Any, int.Parse(Environment.GetEnvironmentVariable("PORT")));\nlistener.Start();\n',
    'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add($"http://*:{Environment.GetEnvironmentVariable("PORT")}/");\nlistener.Start();\n',
    "public static class Add\n{\n    public static int Sum(int a, int b) => a + b;\n}\n",
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("http://*:" + port);\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Urls.Add($"http://+:{port}");\napp.Run();\n',
  ],
  [
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("http://0.0.0.0:5000");\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls("http://0.0.0.0:3000");\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(5005));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    "using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Any, 4000);\nlistener.Start();\n",
    'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add("http://*:9000/");\nlistener.Start();\n',
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Urls.Add("http://*:7000");\napp.Run();\n',
    "const int Port = 6000;\nvar listener = new TcpListener(IPAddress.Any, Port);\nlistener.Start();\n",
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("http://+:8081");\n',
  ],
);
