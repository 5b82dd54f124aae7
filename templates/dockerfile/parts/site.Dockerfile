FROM nginxinc/nginx-unprivileged:1.30-alpine
# Plain HTTP on PORT: TLS ends in front of the container. The image's entrypoint fills the template in.
COPY <<'EOF' /etc/nginx/templates/default.conf.template
server {
    listen ${PORT};
    root /usr/share/nginx/html;
    location / {
        try_files $uri $uri/index.html $uri.html {{fallback}};
    }
}
EOF
{{files}}
USER 101
EXPOSE 8080
ENTRYPOINT ["sh", "-c", "export PORT=${PORT:-8080} && exec /docker-entrypoint.sh \"$@\"", "entrypoint"]
CMD ["nginx", "-g", "daemon off;"]
