#!/bin/sh
# Starts coturn as a relay to the SFU and to nothing else. Further arguments go to turnserver.
#
# PARLOR_TURN_SECRET      shared with the server; at least 32 characters. With an empty one coturn accepts
#                         credentials that anybody can sign.
# PARLOR_ADVERTISED_IPS   addresses of the SFU, separated by commas: the only peers that the relay reaches.
set -eu

fail() {
    echo "turn: $1" >&2
    exit 2
}

secret=${PARLOR_TURN_SECRET:-}
[ "${#secret}" -ge 32 ] || fail "PARLOR_TURN_SECRET must have at least 32 characters"
case $secret in *[!\ -~]*) fail "PARLOR_TURN_SECRET must be printable ASCII" ;; esac
peers=$(echo "${PARLOR_ADVERTISED_IPS:-}" | tr -d ' ' | tr ',' ' ')
[ -n "$peers" ] || fail "PARLOR_ADVERTISED_IPS must name the address of the SFU, the only peer of the relay"

# A file and not an argument: every user of the machine can read the arguments of a process.
umask 077
config=$(mktemp)
{
    echo "use-auth-secret"
    echo "static-auth-secret=$secret"
    echo "realm=${DOMAIN:-localhost}"
    echo "fingerprint"
    echo "no-cli"
    echo "no-tcp-relay"
    echo "no-multicast-peers"
    echo "no-rfc5780"
    echo "stale-nonce=600"
    # One call holds an allocation for each TURN URL and network interface, twice while it reconnects.
    echo "user-quota=16"
    echo "total-quota=2000"
    # Bytes per second and allocation; twelve people who all talk are below 100,000.
    echo "max-bps=400000"
    echo "denied-peer-ip=0.0.0.0-255.255.255.255"
    echo "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    for peer in $peers; do echo "allowed-peer-ip=$peer"; done
} >"$config"
exec turnserver -c "$config" --log-file=stdout "$@"
