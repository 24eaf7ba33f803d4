package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/refs"
	csql "github.com/cayleygraph/cayley/graph/sql"
	"github.com/cayleygraph/cayley/graph/sql/postgres"
	"github.com/cayleygraph/quad"
	"github.com/lib/pq"
)

// OnServer reports whether path is the address of a PostgreSQL database and not
// that of a folder.
func OnServer(path string) bool {
	return strings.HasPrefix(path, "postgres://") || strings.HasPrefix(path, "postgresql://")
}

// pgStore is the back end on PostgreSQL: the tables and query translation of
// Cayley's SQL store, with our own way in and our own look-ups. What those of
// Cayley get wrong is mended here:
//
//   - its inserts go row by row, and count references for quads that are there
//     already, so that terms stay for ever: ours are COPY and set operations;
//   - it has no index on labels, which its foreign keys need as well: deleting a
//     term reads all quads;
//   - its foreign keys are checked for each quad, four times: most of the time of
//     a load. A change here brings its terms along and counts their uses, so they
//     are dropped;
//   - it finds unused terms by reading all terms;
//   - it keeps statistics until it writes itself.
//
// What cannot be mended from outside: it translates a whole query into one
// join, which the server may take minutes for where it goes through a node
// twice, and cannot read a snapshot. Terms are told apart by the SHA-1 of their text, so instants within one
// second are one term, and have microseconds at most.
type pgStore struct {
	db   *sql.DB
	qs   *csql.QuadStore
	name string // the address without its password
	opts Options
	seen atomic.Int64 // the version of the graph when this process last wrote
}

// pgLock is the advisory lock that one change at a time holds, and pgTurn the one
// that whoever excludes others holds around reading and changing.
const (
	pgLock = 0x64656d617263
	pgTurn = pgLock + 1
)

// exclude takes pgTurn for a connection of its own, so that a process that dies
// gives it back.
func (s *pgStore) exclude(ctx context.Context) (changed bool, release func(), err error) {
	if s.opts.ReadOnly {
		return false, nil, ErrReadOnly
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return false, nil, s.error(ctx, err)
	}
	// A connection that may hold the lock must not go back to the others.
	discard := func() {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		_ = conn.Close()
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, pgTurn); err != nil {
		discard()
		return false, nil, s.error(ctx, err)
	}
	var version int64
	if err := conn.QueryRowContext(ctx, `SELECT last_value + is_called::int FROM graph_version`).Scan(&version); err != nil {
		discard()
		return false, nil, s.error(ctx, err)
	}
	release = func() {
		if _, err := conn.ExecContext(context.Background(), `SELECT pg_advisory_unlock($1)`, pgTurn); err != nil {
			discard()
			return
		}
		_ = conn.Close() // it goes back to the others
	}
	return s.seen.Swap(version) != version, release, nil
}

// openPostgres connects to a database and makes the tables if there are none.
func openPostgres(addr string, opts Options) (_ *pgStore, err error) {
	u, err := url.Parse(addr)
	if err != nil {
		return nil, errors.New("open graph: the postgres:// address cannot be read")
	}
	s := &pgStore{name: u.Redacted(), opts: opts}
	defer func() {
		if err != nil {
			err = fmt.Errorf("open graph %s: %w", s.name, err)
		}
	}()
	if s.db, err = sql.Open("postgres", addr); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.db.Close())
		}
	}()
	if err := s.prepare(addr); err != nil {
		return nil, err
	}
	qs, err := csql.New(postgres.Type, addr, nil)
	if err != nil {
		return nil, err
	}
	s.qs = qs.(*csql.QuadStore)
	return s, nil
}

// prepare makes what is missing of the tables and indexes, one process at a time.
func (s *pgStore) prepare(addr string) (err error) {
	var tables, indexes bool
	look := func() error {
		return s.db.QueryRow(`SELECT to_regclass('quads') IS NOT NULL AND to_regclass('nodes') IS NOT NULL,
			to_regclass('quads_label') IS NOT NULL AND to_regclass('nodes_unused') IS NOT NULL AND to_regclass('graph_version') IS NOT NULL`).Scan(&tables, &indexes)
	}
	if err := look(); err != nil || tables && indexes {
		return err
	}
	if s.opts.ReadOnly {
		if !tables {
			return ErrNoGraph
		}
		return nil
	}
	ctx := context.Background()
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, pgLock); err != nil {
		return err
	}
	defer func() {
		_, unlock := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, pgLock)
		err = errors.Join(err, unlock)
	}()
	if err := look(); err != nil {
		return err
	}
	if !tables {
		if err := csql.Init(postgres.Type, addr, nil); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, `
		CREATE INDEX IF NOT EXISTS quads_label ON quads (label_hash) WHERE label_hash IS NOT NULL;
		ALTER TABLE quads DROP CONSTRAINT IF EXISTS subject_hash_fk, DROP CONSTRAINT IF EXISTS predicate_hash_fk,
			DROP CONSTRAINT IF EXISTS object_hash_fk, DROP CONSTRAINT IF EXISTS label_hash_fk;
		CREATE INDEX IF NOT EXISTS nodes_unused ON nodes (hash) WHERE refs <= 0;
		CREATE TABLE IF NOT EXISTS records (key BYTEA PRIMARY KEY, value BYTEA NOT NULL);
		CREATE SEQUENCE IF NOT EXISTS graph_version`)
	return err
}

func (s *pgStore) close() error { return errors.Join(s.qs.Close(), s.db.Close()) }

// error adds to an error what the store's users look for.
func (s *pgStore) error(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	// The driver reports a cancelled query in the server's words.
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	if e, ok := errors.AsType[*pq.Error](err); ok && e.Code == "53100" {
		err = fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	if errors.Is(err, sql.ErrConnDone) || err.Error() == "sql: database is closed" {
		err = ErrClosed
	}
	return fmt.Errorf("graph %s: %w", s.name, err)
}

// pgNodeColumns are the columns of the table nodes that hold a term.
var pgNodeColumns = []string{"hash", "value", "value_string", "datatype", "language", "iri", "bnode",
	"value_int", "value_bool", "value_float", "value_time"}

// pgTx is a change on its way.
type pgTx struct {
	ctx context.Context
	tx  *sql.Tx
}

// update runs fill in a transaction, and drops the terms it leaves unused.
func (s *pgStore) update(ctx context.Context, fill func(*pgTx) error) (err error) {
	if s.opts.ReadOnly {
		return ErrReadOnly
	}
	defer func() { err = s.error(ctx, err) }()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback() // the first error is the one to know
		}
	}()
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, pgLock); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		CREATE TEMP TABLE new_nodes (LIKE nodes) ON COMMIT DROP;
		ALTER TABLE new_nodes DROP COLUMN refs;
		CREATE TEMP TABLE new_quads (s BYTEA, p BYTEA, o BYTEA, g BYTEA) ON COMMIT DROP`)
	if err != nil {
		return err
	}
	if err := fill(&pgTx{ctx: ctx, tx: tx}); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM nodes WHERE refs <= 0`); err != nil {
		return err
	}
	var version int64
	if err := tx.QueryRowContext(ctx, `SELECT nextval('graph_version')`).Scan(&version); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.seen.CompareAndSwap(version, version+1) // unless another wrote in between
	// Writing nothing makes Cayley's store forget its statistics.
	return s.qs.ApplyDeltas(nil, graph.IgnoreOpts{})
}

// stage puts quads into new_quads and, with nodes, their terms into new_nodes.
func (t *pgTx) stage(quads func(yield func(Quad, error) bool), nodes bool) (n int64, err error) {
	if _, err := t.tx.ExecContext(t.ctx, `TRUNCATE new_nodes, new_quads`); err != nil {
		return 0, err
	}
	// One connection copies into one table at a time, so terms are kept back.
	// They are few beside the quads.
	terms := map[refs.ValueHash]Value{}
	hash := func(v Value) (any, error) {
		if v == nil {
			return nil, nil
		}
		v = canonical(v)
		if !quad.IsValidValue(v) {
			return nil, fmt.Errorf("store: %#v is no term", v)
		}
		h := refs.HashOf(v)
		if nodes {
			terms[h] = v
		}
		return h[:], nil
	}
	err = t.copy("new_quads", []string{"s", "p", "o", "g"}, func(put func(...any) error) error {
		for q, err := range quads {
			if err != nil {
				return err
			}
			if q.Subject == nil || q.Predicate == nil || q.Object == nil {
				return fmt.Errorf("store: a quad needs subject, predicate and object: %v", q)
			}
			var row [4]any
			for i, v := range [...]Value{q.Subject, q.Predicate, q.Object, q.Label} {
				if row[i], err = hash(v); err != nil {
					return err
				}
			}
			if err := put(row[:]...); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil || !nodes {
		return n, err
	}
	return n, t.copy("new_nodes", pgNodeColumns, func(put func(...any) error) error {
		for h, v := range terms {
			typ, vals, err := csql.NodeValues(csql.NodeHash{ValueHash: h}, v)
			if err != nil {
				return err
			}
			row := make([]any, len(pgNodeColumns))
			row[0] = vals[0]
			for i, c := range typ.Columns() {
				row[slices.Index(pgNodeColumns, c)] = vals[i+1]
			}
			if err := put(row...); err != nil {
				return err
			}
		}
		return nil
	})
}

// copy fills a table by COPY.
func (t *pgTx) copy(table string, columns []string, fill func(put func(...any) error) error) error {
	stmt, err := t.tx.PrepareContext(t.ctx, pq.CopyIn(table, columns...))
	if err != nil {
		return err
	}
	err = fill(func(row ...any) error {
		_, err := stmt.ExecContext(t.ctx, row...)
		return err
	})
	if err == nil {
		_, err = stmt.ExecContext(t.ctx)
	}
	return errors.Join(err, stmt.Close())
}

// pgCount is the part of a statement that adds up, in nodes, the terms of the
// quads that the statement "changed" returns.
const pgCount = `
	UPDATE nodes SET refs = refs %s c.n FROM (
		SELECT h, count(*) AS n FROM changed, unnest(ARRAY[subject_hash, predicate_hash, object_hash, label_hash]) AS h
		WHERE h IS NOT NULL GROUP BY h
	) AS c WHERE nodes.hash = c.h`

const pgReturn = ` RETURNING subject_hash, predicate_hash, object_hash, label_hash`

var (
	pgInsert = `WITH changed AS (
		INSERT INTO quads (subject_hash, predicate_hash, object_hash, label_hash, ts)
		SELECT DISTINCT s, p, o, g, now() FROM new_quads ON CONFLICT DO NOTHING` + pgReturn + `)` + fmt.Sprintf(pgCount, "+")
	pgDelete = `WITH changed AS (
		DELETE FROM quads USING new_quads WHERE subject_hash = s AND predicate_hash = p AND object_hash = o
		AND (label_hash = g OR label_hash IS NULL AND g IS NULL)` + pgReturn + `)` + fmt.Sprintf(pgCount, "-")
	pgDeleteLabel = `WITH changed AS (DELETE FROM quads WHERE label_hash = $1` + pgReturn + `)` + fmt.Sprintf(pgCount, "-")
)

// add puts quads in.
func (t *pgTx) add(quads func(yield func(Quad, error) bool)) (n int64, err error) {
	if n, err = t.stage(quads, true); err != nil {
		return n, err
	}
	cols := strings.Join(pgNodeColumns, ", ")
	_, err = t.tx.ExecContext(t.ctx, `INSERT INTO nodes (refs, `+cols+`) SELECT 0, `+cols+` FROM new_nodes ON CONFLICT DO NOTHING`)
	if err != nil {
		return n, err
	}
	_, err = t.tx.ExecContext(t.ctx, pgInsert)
	return n, err
}

// remove takes quads out.
func (t *pgTx) remove(quads []Quad) error {
	if _, err := t.stage(seq(quads), false); err != nil {
		return err
	}
	_, err := t.tx.ExecContext(t.ctx, pgDelete)
	return err
}

// record keeps a record, or takes it out.
func (t *pgTx) record(r Record) (err error) {
	if r.Value == nil {
		_, err = t.tx.ExecContext(t.ctx, `DELETE FROM records WHERE key = $1`, []byte(r.Key))
		return err
	}
	_, err = t.tx.ExecContext(t.ctx, `INSERT INTO records VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
		[]byte(r.Key), r.Value)
	return err
}

func seq(quads []Quad) func(yield func(Quad, error) bool) {
	return func(yield func(Quad, error) bool) {
		for _, q := range quads {
			if !yield(q, nil) {
				return
			}
		}
	}
}

func (s *pgStore) commit(ctx context.Context, changes []Change) error {
	return s.update(ctx, func(t *pgTx) error {
		for _, c := range changes {
			if c.Label != nil {
				h := refs.HashOf(canonical(c.Label))
				if _, err := t.tx.ExecContext(ctx, pgDeleteLabel, h[:]); err != nil {
					return err
				}
			}
			if len(c.Delete) > 0 {
				if err := t.remove(c.Delete); err != nil {
					return err
				}
			}
			if len(c.Add) > 0 {
				if _, err := t.add(seq(c.Add)); err != nil {
					return err
				}
			}
			for _, r := range c.Records {
				if err := t.record(r); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (s *pgStore) importQuads(ctx context.Context, r io.Reader, opts ImportOptions) (res ImportResult, err error) {
	var before, after Stats
	err = s.update(ctx, func(t *pgTx) error {
		if before, err = pgStats(ctx, t.tx); err != nil {
			return err
		}
		res.Read, err = t.add(func(yield func(Quad, error) bool) {
			var n int64
			for q, err := range readNQuads(r, opts.Blank) {
				if q.Label == nil {
					q.Label = opts.Label
				}
				if n++; opts.Progress != nil && n%(1<<14) == 0 {
					opts.Progress(n)
				}
				if !yield(q, err) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
		after, err = pgStats(ctx, t.tx)
		return err
	})
	if err == nil {
		res.Added, res.Terms = after.Quads-before.Quads, after.Terms-before.Terms
	}
	return res, err
}

// pgQuerier is a database or a transaction.
type pgQuerier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func pgStats(ctx context.Context, q pgQuerier) (st Stats, err error) {
	err = q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM quads), (SELECT count(*) FROM nodes),
		pg_total_relation_size('quads') + pg_total_relation_size('nodes')`).Scan(&st.Quads, &st.Terms, &st.Bytes)
	return st, err
}

// pgReader is a state of the database. Each read runs on a connection of its
// own that shares the snapshot of tx, so that reads may be nested; it is kept for
// the next read, since most reads take less time than to begin a transaction.
type pgReader struct {
	s  *pgStore
	tx *sql.Tx
	id string

	mu   sync.Mutex
	idle []*sql.Tx
}

func (s *pgStore) read() (reader, error) {
	ctx := context.Background()
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, s.error(ctx, err)
	}
	r := &pgReader{s: s, tx: tx}
	if err := tx.QueryRow(`SELECT pg_export_snapshot()`).Scan(&r.id); err != nil {
		return nil, errors.Join(s.error(ctx, err), tx.Rollback())
	}
	return r, nil
}

func (r *pgReader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, tx := range r.idle {
		_ = tx.Rollback() // it has changed nothing
	}
	r.idle = nil
	return r.tx.Rollback()
}

// with runs f on the snapshot.
func (r *pgReader) with(ctx context.Context, f func(pgQuerier) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := r.get(ctx)
	if err != nil {
		return r.s.error(ctx, err)
	}
	err = f(tx)
	if err != nil && !errors.Is(err, errStop) {
		_ = tx.Rollback() // it can read no more
		return r.s.error(ctx, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = append(r.idle, tx)
	return err
}

// get returns a transaction on the snapshot that nobody else uses.
func (r *pgReader) get(ctx context.Context) (*sql.Tx, error) {
	r.mu.Lock()
	if n := len(r.idle); n > 0 {
		defer r.mu.Unlock()
		tx := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return tx, nil
	}
	r.mu.Unlock()
	// A context would end the transaction with the first read.
	tx, err := r.s.db.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	if _, err = tx.ExecContext(ctx, `SET TRANSACTION SNAPSHOT `+pq.QuoteLiteral(r.id)); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

var pgDirections = [4]string{"subject_hash", "predicate_hash", "object_hash", "label_hash"}

// pgWhere is the condition that a pattern sets.
func pgWhere(p Pattern) (where string, args []any) {
	for i, v := range [...]Value{p.Subject, p.Predicate, p.Object, p.Label} {
		if v != nil {
			h := refs.HashOf(canonical(v))
			args = append(args, h[:])
			where += fmt.Sprintf(" AND q.%s = $%d", pgDirections[i], len(args))
		}
	}
	return where, args
}

// errStop ends a loop that its consumer has had enough of.
var errStop = errors.New("stop")

func (r *pgReader) match(ctx context.Context, p Pattern, yield func(Quad, error) bool) {
	r.rows(ctx, p, `quads`, yield)
}

func (r *pgReader) triples(ctx context.Context, p Pattern, yield func(Quad, error) bool) {
	r.rows(ctx, p, `(SELECT DISTINCT subject_hash, predicate_hash, object_hash, NULL::BYTEA AS label_hash FROM quads q WHERE true%s)`, yield)
}

// rows yields the quads that match p of a table, or of a subquery that has %s in
// place of the condition.
func (r *pgReader) rows(ctx context.Context, p Pattern, table string, yield func(Quad, error) bool) {
	where, args := pgWhere(p)
	if strings.Contains(table, "%s") {
		table, where = fmt.Sprintf(table, where), ""
	}
	var cols []string
	for _, d := range "spog" {
		for _, c := range pgNodeColumns[1:] {
			cols = append(cols, fmt.Sprintf("%c.%s", d, c))
		}
	}
	query := `SELECT ` + strings.Join(cols, ", ") + ` FROM ` + table + ` q
		JOIN nodes s ON s.hash = q.subject_hash JOIN nodes p ON p.hash = q.predicate_hash
		JOIN nodes o ON o.hash = q.object_hash LEFT JOIN nodes g ON g.hash = q.label_hash
		WHERE true` + where + ` ORDER BY q.subject_hash, q.predicate_hash, q.object_hash, q.label_hash`
	err := r.with(ctx, func(db pgQuerier) (err error) {
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		var n [4]pgNode
		for rows.Next() {
			// The driver has read ahead; it would go on after a cancellation.
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := rows.Scan(slices.Concat(n[0].dest(), n[1].dest(), n[2].dest(), n[3].dest())...); err != nil {
				return err
			}
			if !yield(Quad{Subject: n[0].term(), Predicate: n[1].term(), Object: n[2].term(), Label: n[3].term()}, nil) {
				return errStop
			}
		}
		return rows.Err()
	})
	if err != nil && !errors.Is(err, errStop) {
		yield(Quad{}, err)
	}
}

// pgNode is a row of nodes.
type pgNode struct {
	value     []byte
	str       sql.NullString
	typ, lang sql.NullString
	iri, bn   sql.NullBool
	i         sql.NullInt64
	b         sql.NullBool
	f         sql.NullFloat64
	t         sql.NullTime
}

func (n *pgNode) dest() []any {
	return []any{&n.value, &n.str, &n.typ, &n.lang, &n.iri, &n.bn, &n.i, &n.b, &n.f, &n.t}
}

// term returns the row's term, nil for a row that is not there.
func (n *pgNode) term() Value {
	// Cayley writes NUL, which PostgreSQL does not take, as these four characters.
	text := String(strings.ReplaceAll(n.str.String, `\x00`, "\x00"))
	switch {
	case n.iri.Bool:
		return IRI(n.str.String)
	case n.bn.Bool:
		return BNode(n.str.String)
	case n.lang.Valid:
		return LangString{Value: text, Lang: n.lang.String}
	case n.typ.Valid:
		return TypedString{Value: text, Type: IRI(n.typ.String)}
	case n.str.Valid:
		return text
	case n.i.Valid:
		return Int(n.i.Int64)
	case n.b.Valid:
		return Bool(n.b.Bool)
	case n.f.Valid:
		return Float(n.f.Float64)
	case n.t.Valid:
		return Time(n.t.Time.UTC())
	}
	return nil
}

func (r *pgReader) count(ctx context.Context, p Pattern) (n int64, err error) {
	where, args := pgWhere(p)
	err = r.with(ctx, func(db pgQuerier) error {
		return db.QueryRowContext(ctx, `SELECT count(*) FROM quads q WHERE true`+where, args...).Scan(&n)
	})
	return n, err
}

func (r *pgReader) labels(ctx context.Context, yield func(Value, error) bool) {
	err := r.with(ctx, func(db pgQuerier) (err error) {
		rows, err := db.QueryContext(ctx, `SELECT `+strings.Join(pgNodeColumns[1:], ", ")+` FROM nodes
			WHERE hash IN (SELECT label_hash FROM quads WHERE label_hash IS NOT NULL) ORDER BY hash`)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		var n pgNode
		for rows.Next() {
			if err := rows.Scan(n.dest()...); err != nil {
				return err
			}
			if !yield(n.term(), nil) {
				return errStop
			}
		}
		return rows.Err()
	})
	if err != nil && !errors.Is(err, errStop) {
		yield(nil, err)
	}
}

func (r *pgReader) records(ctx context.Context, prefix string, yield func(Record, error) bool) {
	var all []Record // few, and their consumer may read on this connection
	err := r.with(ctx, func(db pgQuerier) (err error) {
		where, args := ` WHERE key >= $1`, []any{[]byte(prefix)}
		if end := successor([]byte(prefix)); end != nil {
			where, args = where+` AND key < $2`, append(args, end)
		}
		var there bool // a graph that an older demarc made, opened for reading, has none
		if err := db.QueryRowContext(ctx, `SELECT to_regclass('records') IS NOT NULL`).Scan(&there); err != nil || !there {
			return err
		}
		rows, err := db.QueryContext(ctx, `SELECT key, value FROM records`+where+` ORDER BY key`, args...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var key, value []byte
			if err := rows.Scan(&key, &value); err != nil {
				return err
			}
			all = append(all, Record{string(key), value})
		}
		return rows.Err()
	})
	if err != nil {
		yield(Record{}, err)
		return
	}
	for _, record := range all {
		if !yield(record, nil) {
			return
		}
	}
}

func (r *pgReader) beside(ctx context.Context, prefix, key string) (before, after string, err error) {
	err = r.with(ctx, func(db pgQuerier) error {
		first := `SELECT key FROM records WHERE key >= $1 AND key < $2 ORDER BY key DESC LIMIT 1`
		last, args := `SELECT key FROM records WHERE key > $2`, []any{[]byte(prefix), []byte(key)}
		if end := successor([]byte(prefix)); end != nil {
			last, args = last+` AND key < $3`, append(args, end)
		}
		var x, y []byte
		err := db.QueryRowContext(ctx, `SELECT (`+first+`), (`+last+` ORDER BY key LIMIT 1)`, args...).Scan(&x, &y)
		before, after = string(x), string(y)
		return err
	})
	return before, after, err
}

func (r *pgReader) stats(ctx context.Context) (st Stats, err error) {
	err = r.with(ctx, func(db pgQuerier) error {
		st, err = pgStats(ctx, db)
		return err
	})
	return st, err
}

// quadStore is the latest state: Cayley's SQL store cannot read another.
func (r *pgReader) index() Index { return IndexOf(&Snapshot{r}) }

func (r *pgReader) version() uint64 { return 0 } // others may write to the database

func (r *pgReader) quadStore() graph.QuadStore { return r.s.quadStore() }

func (s *pgStore) verify(ctx context.Context) (rep Report, err error) {
	snap, err := s.read()
	if err != nil {
		return rep, err
	}
	r := snap.(*pgReader)
	defer func() { err = errors.Join(err, r.close()) }()
	err = r.with(ctx, func(db pgQuerier) (err error) {
		st, err := pgStats(ctx, db)
		if err != nil {
			return err
		}
		rep.Quads, rep.Terms = st.Quads, st.Terms
		var lost int64
		err = db.QueryRowContext(ctx, `SELECT count(*) FROM quads, unnest(ARRAY[subject_hash, predicate_hash, object_hash, label_hash]) AS h
			WHERE h IS NOT NULL AND NOT EXISTS (SELECT FROM nodes WHERE hash = h)`).Scan(&lost)
		if err != nil {
			return err
		}
		if lost > 0 {
			rep.problem("%d times a quad has a term that is not in the table of terms", lost)
		}
		rows, err := db.QueryContext(ctx, `SELECT n.hash, n.refs, coalesce(c.n, 0), `+"n."+strings.Join(pgNodeColumns[1:], ", n.")+`
			FROM nodes n LEFT JOIN (
				SELECT h, count(*) AS n FROM quads, unnest(ARRAY[subject_hash, predicate_hash, object_hash, label_hash]) AS h
				WHERE h IS NOT NULL GROUP BY h
			) AS c ON c.h = n.hash ORDER BY n.hash`)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var hash []byte
			var have, want int64
			var n pgNode
			if err := rows.Scan(append([]any{&hash, &have, &want}, n.dest()...)...); err != nil {
				return err
			}
			t := n.term()
			if h := refs.HashOf(t); t == nil || string(h[:]) != string(hash) {
				rep.problem("term %s has the hash %x of another", Format(t), hash)
			}
			if have != want {
				rep.problem("term %s is counted %d times, but used %d times", Format(t), have, want)
			}
			if want == 0 {
				rep.problem("term %s is in no quad", Format(t))
			}
		}
		return rows.Err()
	})
	return rep, err
}

func (s *pgStore) backup(context.Context, string) error {
	return fmt.Errorf("back up %s: %w: use pg_dump", s.name, ErrUnsupported)
}

// quadStore is Cayley's own, which its translation of queries to SQL insists on.
func (s *pgStore) quadStore() graph.QuadStore { return s.qs }
