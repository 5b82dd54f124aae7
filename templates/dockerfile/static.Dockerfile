# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM nginxinc/nginx-unprivileged:1.29-alpine
# Plain HTTP on 8080: TLS ends in front of the container.
COPY {{root}} /usr/share/nginx/html/
USER 101
EXPOSE 8080
CMD ["nginx", "-g", "daemon off;"]
