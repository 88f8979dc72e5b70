FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

# The same two steps as `make install`: hashed requirements, then the project itself.
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY . ./
RUN pip install --no-deps --no-build-isolation . \
    && useradd --system --uid 10001 --create-home firstframe \
    && install --directory --owner=firstframe --mode=0700 /data

USER 10001
ENV DATABASE_URL=sqlite:////data/firstframe.db DATA_DIR=/data LISTEN=0.0.0.0:8080
VOLUME /data
WORKDIR /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
CMD ["firstframe", "run"]
