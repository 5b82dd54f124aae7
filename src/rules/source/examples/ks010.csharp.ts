import { examplesOf } from "./examples.ts";

export default examplesOf(
  "Program.cs",
  [
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://0.0.0.0:{port}");\n',
    "var handler = new HttpClientHandler { ClientCertificateOptions = ClientCertificateOption.Manual };\nvar client = new HttpClient(handler);\n",
    'var url = "https://example.com";\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(int.Parse(Environment.GetEnvironmentVariable("PORT"))));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'using System.Net.Security;\n\nawait stream.AuthenticateAsClientAsync("example.com");\n',
    "// options.UseHttps()\npublic class A {}\n",
    'using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Any, int.Parse(Environment.GetEnvironmentVariable("PORT")));\nlistener.Start();\n',
    'var credentials = new SslCredentials();\nvar channel = new Channel("example.com", credentials);\n',
    "class Web\n{\n    public void Start()\n    {\n        var builder = WebApplication.CreateBuilder();\n        builder.WebHost.ConfigureKestrel(delegate (WebHostBuilderContext context, KestrelServerOptions options)\n        {\n            options.ListenAnyIP(8443, delegate (ListenOptions listen)\n            {\n                listen.UseConnectionLogging();\n            });\n        });\n    }\n}\n",
    'using System.Net;\n\nclass Gateway\n{\n    readonly string[] _prefixes = { "http://+:8443/" };\n\n    void Open()\n    {\n        var listener = new HttpListener();\n        foreach (var prefix in _prefixes)\n            listener.Prefixes.Add(prefix);\n        listener.Start();\n    }\n}\n',
    "using NetCoreServer;\n\nclass CacheServer : HttpServer\n{\n    public CacheServer(IPAddress address, int port) : base(address, port) { }\n}\n",
  ],
  [
    'var builder = WebApplication.CreateSlimBuilder(args);\nif (builder.Configuration.GetValue<bool>("Ssl:Enabled"))\n    builder.WebHost.UseKestrelHttpsConfiguration();\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(8443, l => l.UseHttps()));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(443, listen =>\n{\n    listen.UseHttps("cert.pfx", "secret");\n}));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    "using System.Net.Security;\n\nvar ssl = new SslStream(stream);\nawait ssl.AuthenticateAsServerAsync(certificate);\n",
    "using System.Net.Security;\n\nvar ssl = new SslStream(stream);\nssl.AuthenticateAsServer(certificate, false, true);\n",
    "using Grpc.Core;\n\nvar credentials = new SslServerCredentials(pairs);\n",
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseKestrel(o => o.Listen(IPAddress.Any, 5001, l => l.UseHttps(certificate)));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("https://0.0.0.0:8443");\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls("https://*:5001");\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    "class Web\n{\n    public void Start()\n    {\n        var builder = WebApplication.CreateBuilder();\n        builder.WebHost.ConfigureKestrel(delegate (WebHostBuilderContext context, KestrelServerOptions options)\n        {\n            options.ListenAnyIP(8443, delegate (ListenOptions listen)\n            {\n                listen.UseHttps(_certificate);\n            });\n        });\n    }\n}\n",
    {
      "src/Secure.cs":
        "public static class Secure\n{\n    public static void UseOwnCertificate(this ListenOptions options)\n    {\n        if (options.ConnectionAdapters is not null)\n            options.UseHttps(Certificates.Load());\n    }\n}\n",
      "src/Program.cs":
        "var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(8443, l => l.UseOwnCertificate()));\nbuilder.Build().Run();\n",
    },
    'using System.Net;\n\nclass Gateway\n{\n    readonly string[] _prefixes = { "https://+:8443/" };\n\n    void Open()\n    {\n        var listener = new HttpListener();\n        foreach (var prefix in _prefixes)\n            listener.Prefixes.Add(prefix);\n        listener.Start();\n    }\n}\n',
    "using NetCoreServer;\n\nclass CacheServer : HttpsServer\n{\n    public CacheServer(SslContext context, IPAddress address, int port) : base(context, address, port) { }\n}\n",
  ],
);
