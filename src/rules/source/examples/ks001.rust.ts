import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main.rs",
  [
    `use axum::{routing::get, Router};

#[tokio::main]
async fn main() {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_string());
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{port}")).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
`,
    `use actix_web::{get, App, HttpServer, Responder};

#[get("/")]
async fn hello() -> impl Responder {
    "hello"
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = std::env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(8080);
    HttpServer::new(|| App::new().service(hello)).bind(("0.0.0.0", port))?.run().await
}
`,
    `use clap::Parser;

#[derive(Parser)]
struct Options {
    #[arg(long, env = "PORT", default_value_t = 8080)]
    port: u16,
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    warp::serve(warp::path::end().map(|| "hello")).run(([0, 0, 0, 0], options.port)).await;
}
`,
    `use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").expect("PORT").parse::<u16>().expect("a port");
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)))?;
    for stream in listener.incoming() {
        stream?.write_all(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")?;
    }
    Ok(())
}
`,
    {
      "src/main.rs": `mod settings;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let settings = settings::Settings::from_env();
    poem::Server::new(poem::listener::TcpListener::bind(settings.address())).run(api()).await
}
`,
      "src/settings.rs": `pub struct Settings {
    port: String,
}

impl Settings {
    pub fn from_env() -> Self {
        Settings { port: std::env::var("PORT").unwrap_or("8080".into()) }
    }

    pub fn address(&self) -> String {
        format!("0.0.0.0:{}", self.port)
    }
}
`,
    },
    `use tonic::transport::Server;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let addr = format!("[::]:{}", std::env::var("PORT")?).parse()?;
    Server::builder().add_service(GreeterServer::new(Greeter::default())).serve(addr).await?;
    Ok(())
}
`,
    `#[macro_use]
extern crate rocket;

#[launch]
fn rocket() -> _ {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    rocket::custom(rocket::Config::figment().merge(("address", "0.0.0.0")).merge(("port", port))).mount("/", routes![index])
}
`,
    "pub fn checksum(bytes: &[u8]) -> u32 {\n    bytes.iter().map(|b| u32::from(*b)).sum()\n}\n",
    'use clap::Parser;\nuse std::net::{IpAddr, SocketAddr};\n\n#[derive(Parser)]\nstruct Cli {\n    #[command(subcommand)]\n    command: Command,\n}\n\n#[derive(clap::Subcommand)]\nenum Command {\n    Build,\n    Serve {\n        #[arg(short = \'i\', long, default_value = "0.0.0.0")]\n        interface: IpAddr,\n        #[arg(short, long, env = "PORT", default_value_t = 1111)]\n        port: u16,\n    },\n}\n\nasync fn serve(interface: IpAddr, port: u16) {\n    let listener = tokio::net::TcpListener::bind(SocketAddr::new(interface, port)).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n\n#[tokio::main]\nasync fn main() {\n    match Cli::parse().command {\n        Command::Build => {}\n        Command::Serve { interface, port } => serve(interface, port).await,\n    }\n}\n',
    'use clap::{Arg, ArgMatches, Command};\nuse std::net::{SocketAddr, ToSocketAddrs};\n\nfn command() -> Command {\n    Command::new("serve").arg(Arg::new("hostname").long("hostname").default_value("0.0.0.0")).arg(\n        Arg::new("port").long("port").env("PORT").default_value("3000"),\n    )\n}\n\nfn execute(args: &ArgMatches) -> anyhow::Result<()> {\n    let port = args.get_one::<String>("port").unwrap();\n    let hostname = args.get_one::<String>("hostname").unwrap();\n    let address = format!("{hostname}:{port}");\n    let first: SocketAddr = address.to_socket_addrs()?.next().ok_or_else(|| anyhow::anyhow!("no address"))?;\n    std::thread::spawn(move || serve(first));\n    Ok(())\n}\n\n#[tokio::main]\nasync fn serve(address: SocketAddr) {\n    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n',
    "fn label(kind: &Kind) -> u16 {\n    match kind {\n        Kind::Port { port } => *port,\n        Kind::None => 3000,\n    }\n}\n",
    'fn main() {\n    let address = format!("0.0.0.0:{}", std::env::var("PORT").unwrap());\n    gotham::start_with_num_threads(address, || Ok(hello), 4).unwrap();\n}\n',
    {
      "src/main.rs": "mod monitor;\n\nfn main() {\n    monitor::start();\n}\n",
      "src/monitor.rs":
        'pub fn start() {}\n\n#[cfg(feature = "test-suite")]\npub mod test_suite {\n    pub fn listen() {\n        let listener = std::net::TcpListener::bind("127.0.0.1:18000").unwrap();\n        listener.accept().unwrap();\n    }\n}\n\n#[cfg(any(test, feature = "test-utils"))]\npub fn listen_v6() {\n    std::net::TcpListener::bind("[::1]:18001").unwrap();\n}\n',
    },
    // A crate by its path alone, and a variable that clap names after the field.
    {
      "Cargo.toml": '[package]\nname = "shop-server"\n',
      "src/lib.rs":
        "pub async fn run(port: u16) {\n    let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::UNSPECIFIED, port)).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n",
      "src/main.rs":
        'use clap::Parser;\n\n#[derive(Parser)]\nstruct Args {\n    #[clap(default_value = "3000", long, short, env)]\n    port: u16,\n}\n\n#[tokio::main]\nasync fn main() {\n    let args = Args::parse();\n    shop_server::run(args.port).await;\n}\n',
    },
    // A field whose value is a block, from a reader of the program's own.
    'use std::net::{IpAddr, Ipv6Addr, SocketAddr};\n\nstruct Config {\n    listen: SocketAddr,\n}\n\nfn optional<T: FromStr>(name: &str, default: T) -> Result<T, Error> {\n    match read(name) {\n        Err(Error::Missing) => Ok(default),\n        other => other,\n    }\n}\n\nimpl Config {\n    fn from_env() -> Result<Self, Error> {\n        Ok(Self {\n            listen: {\n                let host: IpAddr = optional("HOST", IpAddr::from(Ipv6Addr::UNSPECIFIED))?;\n                let port: u16 = optional("PORT", 8080)?;\n                SocketAddr::new(host, port)\n            },\n        })\n    }\n}\n\nfn read<T: FromStr>(name: &str) -> Result<T, Error> {\n    std::env::var(name).map_err(Error::from)?.parse().map_err(Error::from)\n}\n\n#[tokio::main]\nasync fn main() {\n    let config = Config::from_env().unwrap();\n    let listener = tokio::net::TcpListener::bind(config.listen).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n',
  ],
  [
    `use axum::{routing::get, Router};

const ADDRESS: &str = "0.0.0.0:3000";

#[tokio::main]
async fn main() {
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = tokio::net::TcpListener::bind(ADDRESS).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
`,
    `use actix_web::{get, App, HttpServer, Responder};

#[get("/")]
async fn hello() -> impl Responder {
    "hello"
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| App::new().service(hello)).bind(("0.0.0.0", 9000))?.run().await
}
`,
    `use clap::Parser;

#[derive(Parser)]
struct Options {
    #[arg(long, default_value_t = 8081)]
    port: u16,
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    warp::serve(warp::path::end().map(|| "hello")).run(([0, 0, 0, 0], options.port)).await;
}
`,
    `use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("0.0.0.0:7878")?;
    for stream in listener.incoming() {
        handle(stream?);
    }
    Ok(())
}
`,
    {
      "src/main.rs": `mod settings;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let settings = settings::Settings::default();
    poem::Server::new(poem::listener::TcpListener::bind(settings.address())).run(api()).await
}
`,
      "src/settings.rs": `pub struct Settings {
    port: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { port: 3000 }
    }
}

impl Settings {
    pub fn address(&self) -> String {
        format!("0.0.0.0:{}", self.port)
    }
}
`,
    },
    `use tonic::transport::Server;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let addr = "[::]:50051".parse()?;
    Server::builder().add_service(GreeterServer::new(Greeter::default())).serve(addr).await?;
    Ok(())
}
`,
    `use salvo::prelude::*;

#[handler]
async fn hello() -> &'static str {
    "hello"
}

#[tokio::main]
async fn main() {
    let acceptor = TcpListener::new("0.0.0.0:8698").bind().await;
    Server::new(acceptor).serve(Router::new().get(hello)).await;
}
`,
    // The settings file of the program names the address; nothing reads PORT.
    {
      "src/main.rs": `use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let config: Config = toml::from_str(&std::fs::read_to_string("config.toml")?).unwrap();
    HttpServer::new(App::new).bind(&config.server.address)?.run().await
}
`,
      "config.toml": '[server]\naddress = "0.0.0.0:8000"\n',
    },
    "use clap::Parser;\nuse std::net::{IpAddr, SocketAddr};\n\n#[derive(Parser)]\nstruct Cli {\n    #[command(subcommand)]\n    command: Command,\n}\n\n#[derive(clap::Subcommand)]\nenum Command {\n    Build,\n    Serve {\n        #[arg(short = 'i', long, default_value = \"0.0.0.0\")]\n        interface: IpAddr,\n        #[arg(short, long, default_value_t = 1111)]\n        port: u16,\n    },\n}\n\nasync fn serve(interface: IpAddr, port: u16) {\n    let listener = tokio::net::TcpListener::bind(SocketAddr::new(interface, port)).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n\n#[tokio::main]\nasync fn main() {\n    match Cli::parse().command {\n        Command::Build => {}\n        Command::Serve { interface, port } => serve(interface, port).await,\n    }\n}\n",
    'use clap::{Arg, ArgMatches, Command};\nuse std::net::{SocketAddr, ToSocketAddrs};\n\nfn command() -> Command {\n    Command::new("serve").arg(Arg::new("hostname").long("hostname").default_value("0.0.0.0")).arg(\n        Arg::new("port").long("port").default_value("3000"),\n    )\n}\n\nfn execute(args: &ArgMatches) -> anyhow::Result<()> {\n    let port = args.get_one::<String>("port").unwrap();\n    let hostname = args.get_one::<String>("hostname").unwrap();\n    let address = format!("{hostname}:{port}");\n    let first: SocketAddr = address.to_socket_addrs()?.next().ok_or_else(|| anyhow::anyhow!("no address"))?;\n    std::thread::spawn(move || serve(first));\n    Ok(())\n}\n\n#[tokio::main]\nasync fn serve(address: SocketAddr) {\n    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n',
    {
      "Cargo.toml": '[package]\nname = "app"\n',
      "src/settings.rs":
        'use config::{Config, Environment};\nuse serde::Deserialize;\n\n#[derive(Clone, Deserialize)]\npub struct Settings {\n    pub host: String,\n    pub port: u16,\n}\n\nimpl Settings {\n    pub fn new() -> anyhow::Result<Self> {\n        let config = Config::builder()\n            .set_default("host", "0.0.0.0")?\n            .set_default("port", 8888)?\n            .add_source(Environment::with_prefix("app"))\n            .build()?;\n        Ok(config.try_deserialize()?)\n    }\n}\n',
      "src/main.rs":
        'mod settings;\n\nuse settings::Settings;\nuse std::net::SocketAddr;\n\n#[derive(clap::Parser)]\nenum Cmd {\n    Start {\n        #[clap(long)]\n        host: Option<String>,\n        #[clap(long)]\n        port: Option<u16>,\n    },\n}\n\n#[tokio::main]\nasync fn main() -> anyhow::Result<()> {\n    match Cmd::parse() {\n        Cmd::Start { host, port } => {\n            let settings = Settings::new().context("settings")?;\n            let host = host.as_ref().unwrap_or(&settings.host).clone();\n            let port = port.unwrap_or(settings.port);\n            let listener = tokio::net::TcpListener::bind(SocketAddr::new(host.parse()?, port)).await?;\n            axum::serve(listener, axum::Router::new()).await?;\n        }\n    }\n    Ok(())\n}\n',
    },
    "use leptos::prelude::*;\n\n#[tokio::main]\nasync fn main() {\n    let conf = get_configuration(None).unwrap();\n    let leptos_options = conf.leptos_options;\n    let addr = leptos_options.site_addr;\n    let listener = tokio::net::TcpListener::bind(&addr).await.unwrap();\n    axum::serve(listener, routes()).await.unwrap();\n}\n",
    'fn main() {\n    let config = rustls_config();\n    gotham::start_with_tls("0.0.0.0:7878", || Ok(hello), config).unwrap();\n}\n',
    '#[cfg(feature = "http")]\nfn serve() {\n    let listener = std::net::TcpListener::bind("0.0.0.0:18000").unwrap();\n    listener.accept().unwrap();\n}\n\n#[cfg(not(test))]\nfn main() {\n    serve();\n}\n',
    // What a type says of itself where it is made by default; an argument that is only called PORT.
    'use serde::Deserialize;\n\n#[derive(Deserialize)]\nstruct Server {\n    #[serde(default = "Server::usual_port")]\n    port: u16,\n}\n\nimpl Server {\n    fn usual_port() -> u16 {\n        8000\n    }\n}\n\n#[derive(Deserialize)]\nstruct Config {\n    #[serde(default)]\n    server: Server,\n}\n\nimpl Default for Config {\n    fn default() -> Config {\n        Config { server: Default::default() }\n    }\n}\n\n#[tokio::main]\nasync fn main() {\n    let mut config = Config::default();\n    if let Some(port) = matches().value_of("PORT") {\n        config.server.port = port.parse().unwrap();\n    }\n    warp::serve(routes()).run(([0, 0, 0, 0], config.server.port)).await;\n}\n',
    'use structopt::StructOpt;\n\n#[derive(StructOpt)]\nstruct Args {\n    #[structopt(long, default_value = "0.0.0.0:7070")]\n    address: std::net::SocketAddr,\n}\n\nfn main() {\n    let args = Args::from_args();\n    let (_, serve) = warp::serve(routes()).try_bind_ephemeral(args.address).unwrap();\n    block_on(serve);\n}\n',
    `use clap::Parser;

#[derive(Parser)]
struct Opt {
    #[clap(long, default_value = "8000", value_name = "PORT")]
    http_port: u16,
}

#[tokio::main]
async fn main() {
    let opt = Opt::parse();
    let listener = tokio::net::TcpListener::bind(address(&opt)).await.unwrap();
    axum::serve(listener, axum::Router::new()).await.unwrap();
}
`,
  ],
);
