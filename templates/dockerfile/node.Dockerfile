# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM node:{{version}}-slim AS build
WORKDIR /app
%if settings
{{settings}}
%end
%if manager
{{manager}}
%end
%if withsource
# Scripts or packages inside the tree take part in the installation: the sources come first.
COPY . .
%end
%if manifests
# The lock file first: dependencies are installed anew only when it changes.
{{manifests}}
%end
%if install
{{install}}
%end
%if withsource
%else
COPY . .
%end
%if inside
WORKDIR {{appdir}}
%end
%if compiles
# One file of JavaScript from the app's TypeScript; its packages stay as they are.
%end
%if build
{{build}}
%end
%if prune
# What only the build needs stays behind.
{{prune}}
%end

%if site
%include site
%end
%if distroless
# No shell, no package manager: node and the app.
FROM gcr.io/distroless/nodejs{{major}}-debian13:nonroot
%end
%if shell
# With a shell: for the start command, or for packages of Debian.
FROM node:{{version}}-slim
%end
%if server
WORKDIR {{appdir}}
ENV {{environment}}
{{copies}}
# nonroot, by number: runAsNonRoot cannot check a name.
USER 65532
# Requests arrive on PORT, which is 8080 unless the service says otherwise.
EXPOSE 8080
# The exec form: SIGTERM reaches the app, not a shell.
CMD {{start}}
%end
