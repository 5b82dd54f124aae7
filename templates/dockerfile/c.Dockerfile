# syntax=docker/dockerfile:1
# knbuild file ignore=KN091,DL3008 reason=tags are pinned, pin digests with your updater; Debian keeps only the newest version of a package

FROM gcc:15 AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends cmake \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cmake -S . -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXE_LINKER_FLAGS=-static \
    && cmake --build /build --parallel \
    && cp /build/{{name}} /server

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /server /server
USER 65532
EXPOSE 8080
ENTRYPOINT ["/server"]
