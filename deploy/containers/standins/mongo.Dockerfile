# Stands in for the official image: the mongod that the demo uses, as user 999, with its data in /data/db.
FROM python:3.11-slim-bookworm
RUN apt-get -q update && apt-get -q install -y --no-install-recommends libcurl4 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 999 mongodb && useradd --uid 999 --gid 999 --home-dir /data/db mongodb \
 && mkdir -p /data/db /data/configdb && chown -R 999:999 /data
COPY mongod /usr/bin/mongod
RUN chmod 755 /usr/bin/mongod
VOLUME ["/data/db", "/data/configdb"]
CMD ["mongod"]
