package store

import "maps"

// unflushed knows which entries of the dictionary may so far be in Pebble's
// memory and not in its tables. Most terms of a document are new, and to find
// that out costs more in memory than in the tables, which have filters; with
// unflushed, memory need not be asked about a term that it cannot have.
//
// Changes are counted in periods. Each ends with a batch that gives the
// dictionary a term that was in neither: the witness. Pebble writes its memory
// out in the order of the batches, so when the tables have the witness, they
// have all of its period and of those before, which can then be forgotten.
//
// It belongs to whoever holds disk.write.
type unflushed struct {
	limit   int           // changes in a period
	period  uint64        // the current one
	changes int           // in the current period
	ids     map[id]uint64 // the last period in which each was changed
	ends    []periodEnd   // of the periods that are not in tables, oldest first
	check   bool          // a period has ended since the tables were asked

	// Where not nil, there have been changes that are not in ids; when it is
	// closed, they are in tables.
	flush <-chan struct{}
}

type periodEnd struct {
	period  uint64
	witness id
}

// The size of a period, which is some ten documents, and the most changes that
// are remembered.
const (
	periodLimit  = 4 << 10
	maxUnflushed = 1 << 20
)

func newUnflushed() *unflushed { return &unflushed{limit: periodLimit, ids: map[id]uint64{}} }

// has reports whether memory may know more of n than the tables do.
func (u *unflushed) has(n id) bool {
	if u.flush != nil {
		return true
	}
	_, ok := u.ids[n]
	return ok
}

// forget gives up knowing what has been changed so far. All of it is in tables
// when flush is closed.
func (u *unflushed) forget(flush <-chan struct{}) {
	u.flush = flush
	u.ends, u.changes = nil, 0
	clear(u.ids)
}

// full reports whether there is too much to remember.
func (u *unflushed) full() bool { return len(u.ids) > maxUnflushed }

// note takes down what a batch changes. The witness is a term that the batch
// adds and that neither the tables nor memory had, 0 if there is none.
func (u *unflushed) note(changed []id, witness id) {
	for _, n := range changed {
		u.ids[n] = u.period
	}
	if u.changes += len(changed); u.changes >= u.limit && witness != 0 {
		u.ends = append(u.ends, periodEnd{u.period, witness})
		u.period++
		u.changes, u.check = 0, true
	}
}

// poll notices that what was forgotten is in tables. Tables that are to be asked
// must be opened afterwards.
func (u *unflushed) poll() {
	select {
	case <-u.flush:
		u.flush = nil
	default:
	}
}

// settle forgets the periods that are in tables, which it asks where a period
// has ended since.
func (u *unflushed) settle(inTables func(id) (bool, error)) error {
	if !u.check {
		return nil
	}
	u.check = false
	for i := len(u.ends) - 1; i >= 0; i-- {
		end := u.ends[i]
		ok, err := inTables(end.witness)
		if err != nil {
			return err
		}
		if ok {
			u.ends = u.ends[i+1:]
			maps.DeleteFunc(u.ids, func(_ id, period uint64) bool { return period <= end.period })
			break
		}
	}
	return nil
}

// forgetUnflushed is for changes that unflushed has not been told of, or cannot
// remember. It has them written out.
func (d *disk) forgetUnflushed() {
	flush, err := d.db.AsyncFlush()
	if err != nil {
		flush = make(chan struct{}) // never known
	}
	d.unflushed.forget(flush)
}
