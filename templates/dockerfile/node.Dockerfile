# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM node:{{version}}-slim AS build
WORKDIR /app
# The lock file first: dependencies are installed anew only when it changes.
COPY {{manifests}} ./
RUN --mount=type=cache,target={{cache}} {{install}}
COPY . .
%if build
RUN {{build}} && {{prune}}
%end

# No shell, no package manager: node and the app.
FROM gcr.io/distroless/nodejs{{major}}-debian13:nonroot
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app /app
# nonroot, by number: runAsNonRoot cannot check a name.
USER 65532
# Requests arrive on PORT, which is 8080 unless the service says otherwise.
EXPOSE 8080
# The exec form: SIGTERM reaches the app, not a shell.
CMD {{start}}
