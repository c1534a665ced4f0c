# The light core of papergraph (no torch) behind waitress, as a user without rights. See docs/docker.md.
FROM python:3.12-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /src
COPY . .
# Installed from here, so that the exact versions in pyproject.toml hold.
RUN uv venv /opt/papergraph \
 && uv pip install --no-cache --compile-bytecode --python /opt/papergraph/bin/python .

FROM python:3.12-slim
COPY --from=build /opt/papergraph /opt/papergraph
# The folder exists with its owner, so that a named volume mounted here can be written by that user.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin papergraph \
 && install -d -o papergraph -g papergraph /data
ENV PATH=/opt/papergraph/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8642
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8642/', timeout=4)"]
ENTRYPOINT ["papergraph"]
CMD ["serve", "--graph", "/data/graph", "--host", "0.0.0.0", "--port", "8642"]
