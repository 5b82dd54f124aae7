%if maven
FROM maven:3.9-eclipse-temurin-{{version}} AS build
WORKDIR /src
%else
FROM {{image}} AS build
WORKDIR /src
%end
%if offline
# The build file first: dependencies are fetched anew only when it changes.
COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2 mvn -B -q dependency:go-offline
%end
COPY . .
%if maven
RUN --mount=type=cache,target=/root/.m2 {{build}}
%else
ENV GRADLE_USER_HOME=/cache/gradle
RUN --mount=type=cache,target=/cache/gradle {{build}}
%end

FROM eclipse-temurin:{{version}}-jre
WORKDIR /app
COPY --from=build /out /app
USER 10001
EXPOSE 8080
# exec makes java process 1; the heap follows the memory limit of the container.
CMD ["sh", "-c", "{{start}}"]
