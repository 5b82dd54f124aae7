# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

%if composer
FROM composer:2.10 AS vendor
WORKDIR /app
# The lock file first: packages are installed anew only when it changes. Extensions are those of the image below, not of this one.
COPY {{manifests}} ./
%end
%if local
{{local}}
%end
%if composer
RUN --mount=type=cache,target=/tmp/cache \
    composer install --no-dev --no-scripts --no-interaction --prefer-dist --ignore-platform-reqs --no-autoloader
COPY . .
RUN composer dump-autoload --no-dev --no-scripts --optimize --ignore-platform-reqs

%end
%if assets
FROM node:26-slim AS assets
WORKDIR /app
{{assets}}

%end
FROM php:{{version}}-apache
%if extensions
{{extensions}}
%end
# Apache reads PORT when it starts; 8080 needs no privileges.
RUN mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini" \
    && sed -ri -e 's/^Listen 80$/Listen ${PORT}/' /etc/apache2/ports.conf \
%if fallback
    && printf '<Directory /var/www/html>\n    FallbackResource /index.php\n</Directory>\n' > /etc/apache2/conf-enabled/app.conf \
%end
    && sed -ri -e 's!:80>!:${PORT}>!' -e 's!/var/www/html!/var/www/html{{docroot}}!' /etc/apache2/sites-available/000-default.conf \
    && a2enmod rewrite \
    && chown -R www-data /var/run/apache2 /var/lock/apache2
WORKDIR /var/www/html
%if environment
{{environment}}
%end
COPY --chown=33 . .
%if composer
COPY --from=vendor --chown=33 /app/vendor ./vendor
%end
%if assets
COPY --from=assets --chown=33 /app/public ./public
%end
# www-data, by number: runAsNonRoot cannot check a name.
USER 33
%if console
# Scripts and styles under the names that the pages use.
RUN php bin/console importmap:install && php bin/console asset-map:compile
%end
EXPOSE 8080
CMD ["sh", "-c", "PORT=${PORT:-8080} exec apache2-foreground"]
