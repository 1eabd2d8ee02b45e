#!/bin/bash
# mongod refuses a key file that others may read; the secret that is mounted can be read by its container alone,
# and is copied to memory with the mode that mongod asks for.
set -eu
umask 077
cp /run/secrets/mongod.key /tmp/mongod.key
# no slow operation is logged, for its text holds the names that were looked for and written;
# neither zlib between the network and mongod, whose inflating was a hole (CVE-2025-14847), nor JavaScript in it
exec mongod --replSet rs0 --keyFile /tmp/mongod.key --bind_ip_all --nounixsocket \
  --slowms 2147483647 --slowOpSampleRate 0 \
  --networkMessageCompressors snappy,zstd --noscripting \
  --wiredTigerCacheSizeGB 0.5 --setParameter transactionLifetimeLimitSeconds=10 \
  --setParameter minSnapshotHistoryWindowInSeconds=10 --quiet \
  > >(exec sed --unbuffered --regexp-extended --file /run/mongod_log.sed)
