import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main.rs",
  [
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).with_graceful_shutdown(stop()).await.unwrap();\n}\n\nasync fn stop() {\n    use tokio::signal::unix::{signal, SignalKind};\n    signal(SignalKind::terminate()).unwrap().recv().await;\n}\n',
    'use actix_web::{App, HttpServer};\nuse std::env;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap()))?.run().await\n}\n',
    "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n",
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n\nasync fn stop() {\n    use tokio::signal::unix::{signal, SignalKind};\n    signal(SignalKind::terminate()).unwrap().recv().await;\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap())).unwrap();\n    for stream in listener.incoming() {}\n}\n\nuse signal_hook::consts::SIGTERM;\nuse signal_hook::iterator::Signals;\n\nfn watch() {\n    let mut signals = Signals::new([SIGTERM]).unwrap();\n}\n',
    'use actix_web::{App, HttpServer};\nuse std::env;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into())))?.run().await\n}\n',
    {
      "src/main.rs":
        'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).with_graceful_shutdown(shutdown::stop()).await.unwrap();\n}\n\nmod shutdown;\n',
      "src/shutdown.rs":
        "pub async fn stop() {\n    use tokio::signal::unix::{signal, SignalKind};\n    signal(SignalKind::terminate()).unwrap().recv().await;\n}\n",
    },
    "// a library\npub mod api;\n",
  ],
  [
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap())).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap())).unwrap();\n    for stream in listener.incoming() {}\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).unwrap();\n    for stream in listener.incoming() {}\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn serve(port: u16) {\n    let listener = TcpListener::bind(("0.0.0.0", port)).unwrap();\n    for stream in listener.incoming() {}\n}\n\nfn main() {\n    serve(env::var("PORT").unwrap().parse::<u16>().unwrap());\n}\n',
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n\n// signal(SignalKind::terminate()) would be better\n',
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap())).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n\nfn helper() {}\n',
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).with_graceful_shutdown(stop()).await.unwrap();\n}\n\nasync fn stop() {\n    tokio::signal::ctrl_c().await.unwrap();\n}\n',
    'use axum::{routing::get, Router};\nuse std::env;\nuse tokio::signal;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).with_graceful_shutdown(async { signal::ctrl_c().await.unwrap(); }).await.unwrap();\n}\n\n/* signal::unix::signal(SignalKind::terminate())\n   is what a container needs */\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn helper() {}\n\nfn main() {\n    let listener = TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).unwrap();\n    for stream in listener.incoming() {}\n}\n',
  ],
);
