"""Asks Turret's gateway as clickhouse-connect does by default, and prints one JSON object of what it got."""

import json
import os

import clickhouse_connect
from clickhouse_connect.driver.exceptions import DatabaseError


def error_of(client, query):
    try:
        client.query(query)
    except DatabaseError as error:
        return str(error)
    return ""


client = clickhouse_connect.get_client(
    host="127.0.0.1",
    port=int(os.environ["GATEWAY"].rsplit(":", 1)[1]),
    username="bi",
    password=os.environ["GATEWAY_KEY"],
    database="turret",
)
messages = client.query("SELECT Text, SessionId, Fields FROM v_messages WHERE Text LIKE %(text)s", parameters={"text": "%parcel%"})
server_side = client.query("SELECT {n:UInt8} + 1", parameters={"n": 1})
numbers = client.query("SELECT number, toLowCardinality(toString(number % 7)), [number], map('k', number) FROM system.numbers LIMIT 100000")
print(
    json.dumps(
        {
            "ping": client.ping(),
            "messages": messages.result_rows,
            "serverSide": server_side.result_rows,
            "rows": len(numbers.result_rows),
            "last": numbers.result_rows[-1],
            "tables": len(client.query("SHOW TABLES").result_rows),
            "denied": error_of(client, "SELECT * FROM turret.api_keys"),
            "unknown": error_of(client, "SELECT Nothing FROM v_messages"),
        }
    )
)
