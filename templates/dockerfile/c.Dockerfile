# syntax=docker/dockerfile:1
%if packages
# knbuild file ignore=KN091,DL3008 reason=tags are pinned, pin digests with your updater; Debian keeps only the newest version of a package
%else
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater
%end

FROM {{from}} AS build
%if packages
RUN apt-get update \
    && apt-get install -y --no-install-recommends {{packages}} \
    && rm -rf /var/lib/apt/lists/*
%end
WORKDIR /src
COPY . .
%if static
# Static: it runs in an image without libc.
RUN {{build}}
%end
%if dynamic
# {{why}}
# What the program is linked to goes along, but for what the last image has; of a static one ldd says that it is none.
RUN {{build}} \
    && mkdir /libs \
    && { ldd /server > /tmp/linked || true; } \
    && awk '$3 ~ "^/" && $1 !~ "^(libc|libm|libpthread|libdl|libgcc_s|libstdc)[.+]" { system("cp " $3 " /libs/") }' /tmp/linked
%end

%if static
FROM gcr.io/distroless/static-debian13:nonroot
%end
%if dynamic
FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=build /libs /usr/local/lib/
ENV LD_LIBRARY_PATH=/usr/local/lib
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
