# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

%if cgo
FROM golang:{{version}} AS build
%else
FROM --platform=$BUILDPLATFORM golang:{{version}} AS build
%end
WORKDIR /src
%if manifests
# Modules first: they are fetched anew only when go.mod changes.
COPY {{manifests}} ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
%end
COPY . .
%if cgo
# C code inside: the image needs a libc.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=1 go build -trimpath -ldflags="-s -w" -o /server {{entry}}
%else
ARG TARGETOS TARGETARCH
# Static, without symbol tables: it runs in an image without libc.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /server {{entry}}
%end

%if cgo
FROM gcr.io/distroless/base-debian13:nonroot
%else
FROM gcr.io/distroless/static-debian13:nonroot
%end
WORKDIR /app
%if assets
# What the program reads when it runs.
{{assets}}
%end
COPY --from=build /server /server
USER 65532
EXPOSE 8080
ENTRYPOINT ["/server"]
