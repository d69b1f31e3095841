# syntax=docker/dockerfile:1
# Retouche as a container. Nothing secret is in it: secrets come from the environment or from files
# when it runs. The three stages: elements for browsers, the Python environment, what runs.

FROM node:20.19-bookworm-slim AS elements
WORKDIR /build/widgets
COPY widgets/package.json widgets/package-lock.json ./
RUN npm ci --no-fund --no-audit --no-update-notifier
COPY widgets/ ./
COPY server/retouche/formats/ /build/server/retouche/formats/
RUN npm run build -- --logLevel warn

FROM python:3.11-slim-bookworm AS environment
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_PROJECT_ENVIRONMENT=/opt/retouche UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_NO_CACHE=1
# Compiled here: nobody may write there later, and each start would compile it all again.
ENV UV_COMPILE_BYTECODE=1
WORKDIR /build
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project
COPY server/ server/
COPY datasets/ datasets/
COPY schemas/ schemas/
COPY --from=elements /build/server/retouche/web/static/ server/retouche/web/static/
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin retouche \
 && install --directory --owner=retouche --group=retouche --mode=0700 /data
COPY --from=environment /opt/retouche /opt/retouche
ENV PATH=/opt/retouche/bin:$PATH PYTHONUNBUFFERED=1 RETOUCHE_HOME=/data/home
USER 10001:10001
WORKDIR /data
# The home is a folder of the volume, not the volume: a restore puts a new one in its place.
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health', timeout=8)"]
ENTRYPOINT ["retouche"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
