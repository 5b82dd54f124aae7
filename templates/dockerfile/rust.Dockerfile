# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM rust:{{version}} AS build
%if tools
# What crates need to be built.
# knbuild ignore=DL3008 reason=Debian keeps only the newest version of a package
RUN apt-get update \
    && apt-get install -y --no-install-recommends {{tools}} \
    && rm -rf /var/lib/apt/lists/*
%end
WORKDIR /src
%if offline
# Queries are checked against what was prepared, not against a database.
ENV SQLX_OFFLINE=true
%end
COPY . .
# Registry and target directory are caches: only what changed is compiled.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release{{locked}} {{bin}} && cp target/release/{{name}} /server

%if noshell
FROM gcr.io/distroless/cc-debian13:nonroot
WORKDIR /app
%end
%if shell
FROM debian:trixie-slim
%end
%if libraries
# What the program loads.
# knbuild ignore=DL3008 reason=Debian keeps only the newest version of a package
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates {{libraries}} \
    && rm -rf /var/lib/apt/lists/*
%end
%if shell
WORKDIR /app
%end
%if assets
# What the program reads when it runs.
{{assets}}
%end
COPY --from=build /server /server
USER 65532
EXPOSE 8080
ENTRYPOINT {{start}}
