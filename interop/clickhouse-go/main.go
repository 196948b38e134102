// Asks Turret as Grafana's official ClickHouse data source does: clickhouse-go over HTTP with gzip, through database/sql.
// Prints one JSON object of what it got.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

func main() {
	result, err := run(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

func run(ctx context.Context) (map[string]any, error) {
	gateway := clickhouse.OpenDB(options(os.Getenv("GATEWAY"), "grafana", os.Getenv("GATEWAY_KEY")))
	defer gateway.Close()
	if err := gateway.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	var text, session string
	var at time.Time
	var fields map[string]string
	var path []string
	row := gateway.QueryRowContext(ctx, `SELECT m.Text, m.SessionId, m.Timestamp, m.Fields, s.TopicPath
		FROM turret.v_messages AS m INNER JOIN turret.v_sessions AS s ON s.SessionId = m.SessionId
		WHERE m.Timestamp > ? ORDER BY m.Timestamp LIMIT 1`, time.Now().Add(-time.Hour))
	if err := row.Scan(&text, &session, &at, &fields, &path); err != nil {
		return nil, fmt.Errorf("typed scan: %w", err)
	}
	var rows uint64
	numbers, err := gateway.QueryContext(ctx, `SELECT number, toLowCardinality(toString(number % 7)), if(number % 2, number, NULL)
		FROM system.numbers LIMIT 200000`)
	if err != nil {
		return nil, fmt.Errorf("large result: %w", err)
	}
	for numbers.Next() {
		var number uint64
		var name string
		var odd *uint64
		if err := numbers.Scan(&number, &name, &odd); err != nil {
			return nil, fmt.Errorf("large result: %w", err)
		}
		if number != rows || name != fmt.Sprint(number%7) || (odd != nil) != (number%2 == 1) {
			return nil, fmt.Errorf("row %d arrived as %d, %s, %v", rows, number, name, odd)
		}
		rows++
	}
	if err := numbers.Err(); err != nil {
		return nil, fmt.Errorf("large result: %w", err)
	}
	tables := 0
	menu, err := gateway.QueryContext(ctx, `SHOW TABLES FROM "turret"`)
	if err != nil {
		return nil, fmt.Errorf("menu: %w", err)
	}
	for menu.Next() {
		tables++
	}
	_, denied := gateway.QueryContext(ctx, "SELECT * FROM turret.api_keys")
	_, unknown := gateway.QueryContext(ctx, "SELECT Nothing FROM v_messages")
	inserted, err := insert(ctx)
	if err != nil {
		return nil, fmt.Errorf("insert: %w", err)
	}
	return map[string]any{
		"text": text, "session": session, "age": time.Since(at).Seconds(), "fields": fields, "path": len(path), "rows": rows,
		"tables": tables, "denied": fmt.Sprint(denied), "unknown": fmt.Sprint(unknown), "inserted": inserted,
	}, nil
}

// insert writes a batch straight into the embedded server, as the OpenTelemetry Collector's clickhouseexporter does.
func insert(ctx context.Context) (uint64, error) {
	db, err := clickhouse.Open(options(os.Getenv("SERVER"), "default", os.Getenv("SERVER_PASSWORD")))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	if err := db.Exec(ctx, "CREATE TABLE from_go (n UInt64, text String, tags Map(LowCardinality(String), String)) ENGINE = MergeTree ORDER BY n"); err != nil {
		return 0, err
	}
	batch, err := db.PrepareBatch(ctx, "INSERT INTO from_go")
	if err != nil {
		return 0, err
	}
	for n := uint64(0); n < 10_000; n++ {
		if err := batch.Append(n, "a blank line\n\nDROP TABLE from_go", map[string]string{"k": "v"}); err != nil {
			return 0, err
		}
	}
	if err := batch.Send(); err != nil {
		return 0, err
	}
	var count uint64
	err = db.QueryRow(ctx, "SELECT countIf(text LIKE '%\\n\\nDROP%' AND tags['k'] = 'v') FROM from_go").Scan(&count)
	return count, err
}

func options(address, user, password string) *clickhouse.Options {
	return &clickhouse.Options{
		Addr:        []string{address},
		Protocol:    clickhouse.HTTP,
		Auth:        clickhouse.Auth{Database: "turret", Username: user, Password: password},
		Compression: &clickhouse.Compression{Method: clickhouse.CompressionGZIP},
	}
}
