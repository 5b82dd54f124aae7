# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

%if composer
FROM composer:2.10 AS vendor
WORKDIR /app
# The lock file first: packages are installed anew only when it changes. Extensions are those of the image below, not of this one.
COPY {{manifests}} ./
RUN --mount=type=cache,target=/tmp/cache \
    composer install --no-dev --no-scripts --no-interaction --prefer-dist --ignore-platform-reqs --no-autoloader
COPY . .
RUN composer dump-autoload --no-dev --no-scripts --optimize --ignore-platform-reqs

%end
FROM php:{{version}}-apache
%if extensions
{{extensions}}
%end
# Apache reads PORT when it starts; 8080 needs no privileges.
RUN sed -ri -e 's/^Listen 80$/Listen ${PORT}/' /etc/apache2/ports.conf \
    && sed -ri -e 's!:80>!:${PORT}>!' -e 's!/var/www/html!/var/www/html{{docroot}}!' /etc/apache2/sites-available/000-default.conf \
    && a2enmod rewrite \
    && chown -R www-data /var/run/apache2 /var/lock/apache2
WORKDIR /var/www/html
COPY --chown=33 . .
%if composer
COPY --from=vendor --chown=33 /app/vendor ./vendor
%end
# www-data, by number: runAsNonRoot cannot check a name.
USER 33
EXPOSE 8080
CMD ["sh", "-c", "PORT=${PORT:-8080} exec apache2-foreground"]
