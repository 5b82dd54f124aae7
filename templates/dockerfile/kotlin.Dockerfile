# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

%if maven
FROM maven:3.9-eclipse-temurin-{{version}} AS build
WORKDIR /src
# The build file first: dependencies are fetched anew only when it changes.
COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2 mvn -B -q dependency:go-offline
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -DskipTests package
%else
FROM {{image}} AS build
WORKDIR /src
COPY . .
ENV GRADLE_USER_HOME=/cache/gradle
RUN --mount=type=cache,target=/cache/gradle {{gradle}} --no-daemon -q {{task}}
%end

FROM eclipse-temurin:{{version}}-jre
WORKDIR /app
COPY --from=build {{artifact}} /app/app.jar
USER 10001
EXPOSE 8080
# exec makes java process 1; the heap follows the memory limit of the container.
CMD ["sh", "-c", "exec java -XX:MaxRAMPercentage=75 {{portflag}} -jar /app/app.jar"]
