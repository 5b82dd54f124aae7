/** Dockerfiles with everything in them, for tests that mutate. */
export const CORPUS: readonly string[] = [
  `# syntax=docker/dockerfile:1
# escape=\\
ARG VERSION=22
FROM --platform=$BUILDPLATFORM node:\${VERSION}-slim AS build
WORKDIR /app
# a comment
COPY --link package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \\
    npm ci && \\
    # inside

    npm run build
COPY <<EOF <<-'TWO' /etc/
hello $VERSION
EOF
	literal $x
	TWO
FROM gcr.io/distroless/nodejs22-debian12:nonroot
ENV A=1 B="two words" C=\${A:-x}
ENV legacy key value
COPY --from=build --chown=65532 /app /app
EXPOSE 8080/tcp 9000-9001
HEALTHCHECK --interval=5s CMD ["/bin/check"]
ONBUILD RUN make
SHELL ["/bin/sh", "-c"]
CMD ["server.js"]
`,
  'FROM debian:13\nRUN <<EOF\nset -e\nfor x in a b; do echo "$x" | tr a b; done\nif [ -f /x ]; then cat <<IN\nbody\nIN\nfi\nEOF\nCMD exec app --port $PORT & wait\n',
  '# escape=`\r\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\r\nSHELL ["powershell", "-Command"]\r\nRUN Get-Item C:\\ | `\r\n    Select-Object Name\r\nWORKDIR c:\\app\r\n',
  "FROM a\nRUN a=$(b `c $(d)` ${e:-$(f)}) && case $x in a|b) y;; *) z;; esac; { g; } > /h 2>&1 <<<i\nLABEL \"a b\"='c d' e=f\\ g\nUSER app:app\nVOLUME /a /b\nSTOPSIGNAL 9\nMAINTAINER x\nADD --checksum=sha256:1 https://x/y.tgz /z/\n",
];
