package sparql

import (
	"errors"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// errExpr is an error inside an expression, which the language knows what to do
// about; any other ends the query.
var errExpr = errors.New("the expression has no value")

func fatal(err error) bool { return err != nil && err != errExpr }

// valueOrNone works out an expression, to nil where an error leaves it without
// a value.
func (x *run) valueOrNone(e expr, r row, a active) (quad.Value, error) {
	v, err := x.value(e, r, a)
	if err == nil || fatal(err) {
		return v, err
	}
	return nil, nil
}

// value works out an expression. A variable without a value is an error.
func (x *run) value(e expr, r row, a active) (quad.Value, error) {
	switch e := e.(type) {
	case *varExpr:
		if n := r[e.v.slot]; n != 0 {
			return x.term(n)
		}
		return nil, errExpr
	case *constExpr:
		return e.term, nil
	case *aggregate:
		if n := r[e.v.slot]; n != 0 {
			return x.term(n)
		}
		return nil, errExpr
	case *binary:
		return x.binary(e, r, a)
	case *unary:
		if e.op == "!" {
			ok, err := x.truth(e.e, r, a)
			return boolean(!ok), err
		}
		v, err := x.value(e.e, r, a)
		if err != nil {
			return nil, err
		}
		n, ok := number(v)
		if !ok {
			return nil, errExpr
		}
		if e.op == "-" {
			if n, err = arithmetic("*", n, num{t: integer, i: -1}); err != nil {
				return nil, err
			}
		}
		return n.value(), nil
	case *in:
		return x.in(e, r, a)
	case *exists:
		found := false
		err := x.eval(e.pattern, slices.Clone(r), x.resolve(a, r), func(row) error {
			found = true
			return errDone
		})
		if err != nil && err != errDone {
			return nil, err
		}
		return boolean(found != e.not), nil
	case *call:
		return x.call(e, r, a)
	}
	return nil, errExpr
}

// resolve is the graph that a variable has been bound to.
func (x *run) resolve(a active, r row) active {
	if a.v != nil && r[a.v.slot] != 0 {
		return active{label: r[a.v.slot]}
	}
	return a
}

// truth is the effective boolean value of an expression.
func (x *run) truth(e expr, r row, a active) (bool, error) {
	v, err := x.value(e, r, a)
	if err != nil {
		return false, err
	}
	return truthOf(v)
}

func truthOf(v quad.Value) (bool, error) {
	if !isLiteral(v) {
		return false, errExpr
	}
	l := literalOf(v)
	if l.lang != "" || l.datatype == xsdString {
		return l.text != "", nil
	}
	if l.datatype == xsdBoolean {
		return l.text == "true" || l.text == "1", nil
	}
	if n, ok := number(v); ok {
		switch {
		case n.t >= float:
			return n.f != 0 && n.f == n.f, nil
		case n.r != nil:
			return n.r.Sign() != 0, nil
		}
		return n.i != 0, nil
	}
	if local, ok := strings.CutPrefix(l.datatype, xsd); ok && (derived[local] || slices.Contains(numTypes[:], l.datatype)) {
		return false, nil // a number whose text is none
	}
	return false, errExpr
}

func (x *run) binary(e *binary, r row, a active) (quad.Value, error) {
	switch e.op {
	case "||", "&&":
		decisive := e.op == "||"
		l, lerr := x.truth(e.l, r, a)
		if fatal(lerr) {
			return nil, lerr
		}
		if lerr == nil && l == decisive {
			return boolean(decisive), nil
		}
		rt, rerr := x.truth(e.r, r, a)
		if rerr == nil && rt == decisive {
			return boolean(decisive), nil
		}
		if rerr != nil {
			return nil, rerr
		}
		return boolean(!decisive), lerr
	}
	l, err := x.value(e.l, r, a)
	if err != nil {
		return nil, err
	}
	rv, err := x.value(e.r, r, a)
	if err != nil {
		return nil, err
	}
	switch e.op {
	case "=", "!=":
		eq, err := equal(l, rv)
		return boolean(eq == (e.op == "=")), err
	case "<", ">", "<=", ">=":
		c, err := compare(l, rv)
		if err == errNaN {
			return boolean(false), nil
		}
		if err != nil {
			return nil, err
		}
		return boolean(map[string]bool{"<": c < 0, ">": c > 0, "<=": c <= 0, ">=": c >= 0}[e.op]), nil
	}
	p, ok := number(l)
	q, ok2 := number(rv)
	if !ok || !ok2 {
		return nil, errExpr
	}
	n, err := arithmetic(e.op, p, q)
	if err != nil {
		return nil, err
	}
	return n.value(), nil
}

func (x *run) in(e *in, r row, a active) (quad.Value, error) {
	v, err := x.value(e.e, r, a)
	if err != nil {
		return nil, err
	}
	var failed error
	for _, o := range e.list {
		w, err := x.value(o, r, a)
		if err == nil {
			var eq bool
			if eq, err = equal(v, w); err == nil && eq {
				return boolean(!e.not), nil
			}
		}
		if fatal(err) {
			return nil, err
		}
		if err != nil {
			failed = err
		}
	}
	return boolean(e.not), failed
}

// equal is =: of values where both are known, otherwise of terms. Whether two
// literals of unknown types with other texts are equal nobody can tell.
func equal(a, b quad.Value) (bool, error) {
	if a == b {
		if n, ok := number(a); ok && n.t >= float && n.f != n.f {
			return false, nil
		}
		return true, nil
	}
	if !isLiteral(a) || !isLiteral(b) {
		return false, nil
	}
	c, err := compare(a, b)
	switch err {
	case nil:
		return c == 0, nil
	case errNaN:
		return false, nil
	}
	la, lb := literalOf(a), literalOf(b)
	if la.lang != "" || lb.lang != "" {
		return strings.EqualFold(la.lang, lb.lang) && la.text == lb.text, nil
	}
	if understood(a, la) && understood(b, lb) {
		return false, nil
	}
	return false, errExpr
}

// understood reports whether the value of a literal is known.
func understood(v quad.Value, l literal) bool {
	if l.datatype == xsdString {
		return true
	}
	if l.datatype == xsdBoolean {
		_, ok := boolText(l.text)
		return ok
	}
	if _, ok := number(v); ok {
		return true
	}
	_, ok := momentOf(l)
	return ok
}

func boolText(text string) (value, ok bool) {
	switch text {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// errNaN is what compare returns for what is neither less, equal nor more.
var errNaN = errors.New("not a number")

// compare orders the values of two literals, if their types have an order.
func compare(a, b quad.Value) (int, error) {
	if p, ok := number(a); ok {
		if q, ok := number(b); ok {
			c, ok := compareNum(p, q)
			if !ok {
				return 0, errNaN
			}
			return c, nil
		}
		return 0, errExpr
	}
	if !isLiteral(a) || !isLiteral(b) {
		return 0, errExpr
	}
	la, lb := literalOf(a), literalOf(b)
	if la.datatype == "" || lb.datatype == "" { // strings in a language have no order
		return 0, errExpr
	}
	if la.datatype == xsdString && lb.datatype == xsdString {
		return strings.Compare(la.text, lb.text), nil
	}
	if la.datatype == xsdBoolean && lb.datatype == xsdBoolean {
		p, ok := boolText(la.text)
		q, ok2 := boolText(lb.text)
		switch {
		case !ok || !ok2:
			return 0, errExpr
		case p == q:
			return 0, nil
		case q:
			return -1, nil
		}
		return 1, nil
	}
	if la.datatype == lb.datatype {
		p, ok := momentOf(la)
		q, ok2 := momentOf(lb)
		if ok && ok2 {
			if c, ok := compareMoments(p, q); ok {
				return c, nil
			}
		}
	}
	return 0, errExpr
}

// Compare orders the values of two literals; it fails where they have no order.
func Compare(a, b quad.Value) (int, error) { return compare(a, b) }

// WellFormed reports whether a literal is written as its datatype wants it, as
// far as the datatype is known.
func WellFormed(v quad.Value) bool {
	l := literalOf(v)
	local, ok := strings.CutPrefix(l.datatype, xsd)
	switch {
	case !ok:
		return true
	case slices.Contains(numTypes[:], l.datatype) || derived[local]:
		_, ok = number(v)
		return ok
	case local == "boolean" || local == "date" || local == "dateTime" || local == "gYearMonth" || local == "gYear":
		return understood(v, l)
	}
	return true
}
