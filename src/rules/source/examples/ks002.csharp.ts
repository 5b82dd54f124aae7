import { examplesOf } from "./examples.ts";

export default examplesOf(
  "Program.cs",
  [
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://0.0.0.0:{port}");\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://*:{port}");\n',
    'using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Any, int.Parse(Environment.GetEnvironmentVariable("PORT")));\nlistener.Start();\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(int.Parse(Environment.GetEnvironmentVariable("PORT"))));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var backend = "http://localhost:9000";\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Urls.Add($"http://+:{port}");\napp.Run();\n',
    '// app.Run("http://localhost:5000")\npublic class A {}\n',
    'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add($"http://*:{Environment.GetEnvironmentVariable("PORT")}/");\nlistener.Start();\n',
    {
      "Program.cs": 'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
      Dockerfile: 'FROM mcr.microsoft.com/dotnet/aspnet:9.0\nCOPY out /app\nENTRYPOINT ["dotnet", "/app/App.dll"]\n',
    },
    {
      "Program.cs": 'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
      "appsettings.json": '{ "Urls": "http://0.0.0.0:8080" }\n',
    },
  ],
  [
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://localhost:{port}");\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://127.0.0.1:{port}");\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenLocalhost(int.Parse(Environment.GetEnvironmentVariable("PORT"))));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable("PORT")));\nlistener.Start();\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("http://localhost:" + port);\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls("http://localhost:5000");\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Urls.Add($"http://localhost:{port}");\napp.Run();\n',
    'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add($"http://localhost:{Environment.GetEnvironmentVariable("PORT")}/");\nlistener.Start();\n',
    'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    {
      "Program.cs": 'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
      "Properties/launchSettings.json": '{ "profiles": { "http": { "applicationUrl": "http://0.0.0.0:5080" } } }\n',
    },
  ],
);
