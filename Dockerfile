# The collector with the ClickHouse engine inside. Debian, since the engine needs glibc.
FROM node:20-bookworm-slim AS build
WORKDIR /turret
COPY package.json package-lock.json .npmrc tsconfig*.json ./
COPY exporter/package.json exporter/
COPY clickhouse/package.json clickhouse/
COPY collector/package.json collector/
RUN npm ci
COPY exporter exporter
COPY clickhouse clickhouse
COPY collector collector
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
WORKDIR /turret
COPY --from=build --chown=node:node /turret ./
COPY --chown=node:node otel-config.yaml ./
RUN mkdir /data && chown node:node /data
ENV NODE_ENV=production TURRET_LISTEN=0.0.0.0:4318 TURRET_LISTEN_GRPC=0.0.0.0:4317 TURRET_LISTEN_SQL=0.0.0.0:8123 \
    TURRET_DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 4317 4318 8123
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4318/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["collector/bin/turret.js"]
CMD ["collector", "--config", "otel-config.yaml"]
