# syntax=docker/dockerfile:1
# knbuild file ignore=KN091,DL3008 reason=tags are pinned, pin digests with your updater; Debian keeps only the newest version of a package

FROM gcc:15 AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends {{packages}} \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Static: it runs in an image without libc. Wherever the project puts its program, that is the server.
RUN cmake -S . -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXE_LINKER_FLAGS=-static \
    && cmake --build /build --parallel \
    && find /build -type f -name {{name|shell}} -exec cp {} /server ';'

FROM gcr.io/distroless/static-debian13:nonroot
WORKDIR /app
%if assets
# What the program reads when it runs.
{{assets}}
%end
COPY --from=build /server /server
USER 65532
EXPOSE 8080
ENTRYPOINT ["/server"]
