import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main.rs",
  [
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap())).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    'use actix_web::{App, HttpServer};\nuse std::env;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap()))?.run().await\n}\n',
    'use actix_web::{App, HttpServer};\nuse std::env;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into())))?.run().await\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).unwrap();\n    for stream in listener.incoming() {}\n}\n',
    "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n",
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap())).unwrap();\n    for stream in listener.incoming() {}\n}\n',
    'use std::env;\n\nfn port() -> String {\n    env::var("PORT").unwrap_or_else(|_| "8080".to_string())\n}\n\nfn main() {\n    let listener = std::net::TcpListener::bind(format!("0.0.0.0:{}", port())).unwrap();\n}\n',
  ],
  [
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(("0.0.0.0", 4000)).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    'use actix_web::{App, HttpServer};\nuse std::env;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind(("0.0.0.0", 9000))?.run().await\n}\n',
    'use actix_web::{App, HttpServer};\nuse std::env;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind("0.0.0.0:8081")?.run().await\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind("0.0.0.0:7878").unwrap();\n    for stream in listener.incoming() {}\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind(("0.0.0.0", 5000)).unwrap();\n    for stream in listener.incoming() {}\n}\n',
    'use axum::{routing::get, Router};\nuse std::env;\n\nconst ADDRESS: &str = "0.0.0.0:3000";\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(ADDRESS).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind(format!("0.0.0.0:{}", 6000)).unwrap();\n    for stream in listener.incoming() {}\n}\n',
  ],
);
