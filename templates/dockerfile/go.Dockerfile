# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM --platform=$BUILDPLATFORM golang:{{version}} AS build
WORKDIR /src
# Modules first: they are fetched anew only when go.mod changes.
COPY {{manifests}} ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH
# Static, without symbol tables: it runs in an image without libc.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /server {{entry}}

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /server /server
USER 65532
EXPOSE 8080
ENTRYPOINT ["/server"]
