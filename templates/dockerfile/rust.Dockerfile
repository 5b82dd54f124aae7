# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM rust:{{version}} AS build
WORKDIR /src
COPY . .
# Registry and target directory are caches: only what changed is compiled.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release{{locked}} --bin {{name}} && cp target/release/{{name}} /server

FROM gcr.io/distroless/cc-debian13:nonroot
WORKDIR /app
%if assets
# What the program reads when it runs.
{{assets}}
%end
COPY --from=build /server /server
USER 65532
EXPOSE 8080
ENTRYPOINT ["/server"]
