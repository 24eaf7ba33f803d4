package schema

import "testing"

func TestFactInWords(t *testing.T) {
	japan, shikotan := NewEntity(State, "Japan"), NewEntity(Territory, "Shikotan")
	islands := []Qualifier{{RoleOver, NewEntity(Territory, "Iturup")}, {RoleOver, NewEntity(Territory, "Kunashir")}, {RoleOver, shikotan}}
	for _, c := range []struct {
		fact               Fact
		sentence, standing string
	}{
		{Fact{Subject: japan, Predicate: Claims, Object: shikotan, Time: Time{Since: Year(1945)}}, "Japan claims Shikotan (since 1945)", ""},
		{Fact{Subject: japan, Predicate: Claims, Object: shikotan, Negated: true, AttributedTo: NewEntity(State, "Russia")},
			"not so: Japan claims Shikotan", "according to Russia"},
		{Fact{Subject: shikotan, Predicate: TransferredTo, Object: japan, Modality: Promised, AttributedTo: japan},
			"Shikotan is to be transferred to Japan", "promised, according to Japan"},
		{Fact{Subject: shikotan, Predicate: TransferredTo, Object: japan, Modality: Asserted, Time: Time{Date: Month(1956, 10)}},
			"Shikotan was transferred to Japan (date 1956-10)", ""},
		{Fact{Subject: japan, Predicate: Disputes, Object: NewEntity(State, "Russia"), Qualifiers: islands},
			"Japan has a dispute with Russia (over Iturup, Kunashir and Shikotan)", ""},
	} {
		if got := c.fact.Sentence(); got != c.sentence {
			t.Errorf("got %q, want %q", got, c.sentence)
		}
		if got := c.fact.Standing(); got != c.standing {
			t.Errorf("%s: got %q, want %q", c.sentence, got, c.standing)
		}
	}
}
