# Stands in for the official image: Debian's broker, as user 999, with its data in /var/lib/rabbitmq.
FROM python:3.11-slim-bookworm
RUN groupadd --gid 999 rabbitmq && useradd --uid 999 --gid 999 --home-dir /var/lib/rabbitmq rabbitmq
RUN printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d \
 && apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends rabbitmq-server \
 && rm -rf /usr/sbin/policy-rc.d /var/lib/apt/lists/* \
 && mkdir -p /etc/rabbitmq/conf.d /var/log/rabbitmq && chown -R 999:999 /var/lib/rabbitmq /etc/rabbitmq /var/log/rabbitmq
ENV HOME=/var/lib/rabbitmq PATH=/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
VOLUME ["/var/lib/rabbitmq"]
CMD ["/usr/lib/rabbitmq/bin/rabbitmq-server"]
