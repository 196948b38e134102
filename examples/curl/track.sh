#!/bin/sh
# Sends two messages of one conversation to Turret with curl.
# TURRET_URL and TURRET_API_KEY point it at another Turret than the one on this machine.
set -eu

url="${TURRET_URL:-http://127.0.0.1:4318}/track"

# track JSON: posts one event and prints the answer: {"success":true,"event_id":"…","session_id":"…","user_id":"…"}
track() {
  curl --silent --show-error --fail-with-body --max-time 10 "$url" \
    --header 'Content-Type: application/json' \
    --header "X-API-Key: ${TURRET_API_KEY:-}" \
    --data "$1"
}

answer=$(track '{"name": "chat_message", "metadata": {"prompt": "Where is my parcel?", "channel": "curl"}}')
echo "$answer"

# The ids of the first answer make the next message part of the same conversation.
session_id=$(echo "$answer" | sed -n 's/.*"session_id" *: *"\([^"]*\)".*/\1/p')
user_id=$(echo "$answer" | sed -n 's/.*"user_id" *: *"\([^"]*\)".*/\1/p')
track "{\"name\": \"chat_message\", \"metadata\": {\"prompt\": \"Can I send it back?\", \"channel\": \"curl\"}, \"session_id\": \"$session_id\", \"user_id\": \"$user_id\"}"
echo
