import { examplesOf } from "./examples.ts";

const LISTENER =
  'tokio::net::TcpListener::bind(("0.0.0.0", std::env::var("PORT").unwrap().parse::<u16>().unwrap())).await.unwrap()';

export default examplesOf(
  "src/main.rs",
  [
    `use axum::{routing::get, Router};
use tokio::signal::unix::{signal, SignalKind};

#[tokio::main]
async fn main() {
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = ${LISTENER};
    axum::serve(listener, app).with_graceful_shutdown(stop()).await.unwrap();
}

async fn stop() {
    signal(SignalKind::terminate()).unwrap().recv().await;
}
`,
    // Both signals, as most programs write it.
    {
      "src/main.rs": `mod shutdown;

#[tokio::main]
async fn main() {
    let listener = ${LISTENER};
    axum::serve(listener, axum::Router::new()).with_graceful_shutdown(shutdown::signal()).await.unwrap();
}
`,
      "src/shutdown.rs": `use tokio::signal;

pub async fn signal() {
    let interrupt = async { signal::ctrl_c().await.unwrap() };
    let terminate = async {
        signal::unix::signal(signal::unix::SignalKind::terminate()).unwrap().recv().await;
    };
    tokio::select! { _ = interrupt => {}, _ = terminate => {} }
}
`,
    },
    // actix stops its workers on SIGTERM.
    `use actix_web::{web, App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    HttpServer::new(|| App::new().route("/", web::get().to(|| async { "hello" }))).bind(("0.0.0.0", port))?.run().await
}
`,
    `use signal_hook::{consts::SIGTERM, iterator::Signals};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let mut signals = Signals::new([SIGTERM])?;
    std::thread::spawn(move || signals.forever().next().map(|_| std::process::exit(0)));
    let listener = TcpListener::bind(format!("0.0.0.0:{}", std::env::var("PORT").unwrap()))?;
    for stream in listener.incoming() {
        drop(stream?);
    }
    Ok(())
}
`,
    `#[macro_use]
extern crate rocket;

#[get("/")]
fn index() -> &'static str {
    "hello"
}

#[launch]
fn rocket() -> _ {
    rocket::build().mount("/", routes![index])
}
`,
    `use tokio::signal::unix::{signal, SignalKind};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut term = signal(SignalKind::terminate())?;
    let addr = format!("[::]:{}", std::env::var("PORT")?).parse()?;
    tonic::transport::Server::builder()
        .add_service(greeter())
        .serve_with_shutdown(addr, async move { term.recv().await; })
        .await?;
    Ok(())
}
`,
    'pub mod api;\npub mod store;\n\npub fn version() -> &\'static str {\n    env!("CARGO_PKG_VERSION")\n}\n',
    'fn main() {\n    for line in std::io::stdin().lines() {\n        println!("{}", line.unwrap().to_uppercase());\n    }\n}\n',
    'use jsonrpsee::server::ServerBuilder;\nuse tokio::signal::unix::{signal, SignalKind};\n\n#[tokio::main]\nasync fn main() {\n    let address = format!("0.0.0.0:{}", std::env::var("PORT").unwrap());\n    let server = ServerBuilder::default().build(address.parse::<std::net::SocketAddr>().unwrap()).await.unwrap();\n    let handle = server.start(methods()).unwrap();\n    signal(SignalKind::terminate()).unwrap().recv().await;\n    handle.stop().unwrap();\n}\n',
    '#[ntex::main]\nasync fn main() -> std::io::Result<()> {\n    let address = format!("0.0.0.0:{}", std::env::var("PORT").unwrap());\n    ntex::server::build().bind("web", address, |_| service())?.run().await\n}\n',
  ],
  [
    `use axum::{routing::get, Router};

#[tokio::main]
async fn main() {
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = ${LISTENER};
    axum::serve(listener, app).await.unwrap();
}
`,
    // ctrl_c is SIGINT alone.
    `use axum::{routing::get, Router};

#[tokio::main]
async fn main() {
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = ${LISTENER};
    axum::serve(listener, app).with_graceful_shutdown(stop()).await.unwrap();
}

async fn stop() {
    tokio::signal::ctrl_c().await.unwrap();
}
`,
    `use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(format!("0.0.0.0:{}", std::env::var("PORT").unwrap()))?;
    for stream in listener.incoming() {
        std::thread::spawn(move || answer(stream.unwrap()));
    }
    Ok(())
}
`,
    `#[tokio::main]
async fn main() {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    warp::serve(warp::path::end().map(|| "hello")).run(([0, 0, 0, 0], port)).await;
}
`,
    `#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let addr = format!("[::]:{}", std::env::var("PORT")?).parse()?;
    tonic::transport::Server::builder().add_service(greeter()).serve(addr).await?;
    Ok(())
}
`,
    `#[tokio::main]
async fn main() -> std::io::Result<()> {
    // signal(SignalKind::terminate()) is what is missing here
    let listener = poem::listener::TcpListener::bind(format!("0.0.0.0:{}", std::env::var("PORT").unwrap()));
    poem::Server::new(listener).run(api()).await
}
`,
    `use salvo::prelude::*;

#[tokio::main]
async fn main() {
    let acceptor = TcpListener::new(format!("0.0.0.0:{}", std::env::var("PORT").unwrap())).bind().await;
    Server::new(acceptor).serve(Router::new()).await;
}
`,
    `use signal_hook::{consts::SIGHUP, iterator::Signals};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let mut signals = Signals::new([SIGHUP])?;
    std::thread::spawn(move || signals.forever().for_each(|_| reload()));
    let listener = TcpListener::bind(("0.0.0.0", std::env::var("PORT").unwrap().parse::<u16>().unwrap()))?;
    for stream in listener.incoming() {
        drop(stream?);
    }
    Ok(())
}
`,
    'use jsonrpsee::server::ServerBuilder;\nuse tokio::signal::ctrl_c;\n\n#[tokio::main]\nasync fn main() {\n    let address = format!("0.0.0.0:{}", std::env::var("PORT").unwrap());\n    let server = ServerBuilder::default().build(address.parse::<std::net::SocketAddr>().unwrap()).await.unwrap();\n    let handle = server.start(methods()).unwrap();\n    ctrl_c().await.unwrap();\n    handle.stop().unwrap();\n}\n',
  ],
);
