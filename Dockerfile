# The service as an image. From the repository's root:
#
#   docker build -t usher .
#
# Any JDK and JRE of version 25 or later will do as bases; the latter needs `useradd`.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG JRE_IMAGE=eclipse-temurin:25-jre

FROM ${JDK_IMAGE} AS build
WORKDIR /build
COPY . .
# `mdep.skip`: the sandbox's parts are for tests, and the gates are the build's of the sources, not the image's.
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -ntp -pl provisioning-service -am package -Dmaven.test.skip -Dmdep.skip \
 && cp provisioning-service/target/provisioning-service-*-exec.jar usher.jar \
 && java -Djarmode=tools -jar usher.jar extract --layers --destination layers

FROM ${JRE_IMAGE}
RUN groupadd --gid 10001 usher \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin usher \
 && mkdir -p /tenants /run/secrets
WORKDIR /app
# What changes least stands lowest: libraries, then what is ours.
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# One file for each tenant in /tenants, one for each secret in /run/secrets.
ENV USHER_TENANTS_DIRECTORY=/tenants
USER 10001:10001
EXPOSE 8080
# All that is written goes to /tmp, which must not be `noexec`: Kafka's compressors unpack there.
# A process that runs out of memory is of no use: it ends, and is started again.
# More flags in JDK_JAVA_OPTIONS. No HEALTHCHECK: ask /actuator/health/liveness and /readiness.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-jar", "usher.jar"]
