# 问策 as an image: built with uv from the lock file, run by a user without rights. Used by compose.yaml.
FROM python:3.11-slim-trixie AS build
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE ./
# What is optional, such as --extra match.
ARG EXTRAS=""
RUN uv sync --locked --no-default-groups $EXTRAS --no-install-project
COPY bot bot
COPY conversations conversations
COPY knowledge knowledge
COPY rules rules
RUN uv sync --locked --no-default-groups $EXTRAS --no-editable

FROM python:3.11-slim-trixie
# pg_dump and pg_restore of the same major version as the server of compose.yaml, for wence backup.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /data wence
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
USER wence
WORKDIR /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
CMD ["wence", "serve"]
