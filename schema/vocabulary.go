package schema

import (
	"slices"
	"strings"
)

// Class is the type of an entity. Its value is the local name of its IRI in
// demarc's vocabulary.
type Class string

// The classes. Literal marks a value that is not an entity of its own: a name,
// a status, a condition in the document's words.
const (
	State        Class = "State"
	Territory    Class = "Territory"
	Boundary     Class = "Boundary"
	Instrument   Class = "Instrument"
	Person       Class = "Person"
	Organization Class = "Organization"
	Court        Class = "Court"
	Office       Class = "Office"
	Event        Class = "Event"
	Provision    Class = "Provision"
	Statement    Class = "Statement"
	Agent        Class = "Agent"
	Place        Class = "Place"
	Thing        Class = "Thing"
	Literal      Class = "Literal"
)

// ClassInfo describes a class.
type ClassInfo struct {
	Class   Class
	Parent  Class  // the class it specializes; "" for Thing and Literal
	Comment string // one sentence, for the reference and the RDF schema
}

var classes = []ClassInfo{
	{Thing, "", "Anything that a document speaks of."},
	{Agent, Thing, "What can act, speak and be held to its word: a state, an organization, a person."},
	{State, Agent, "A sovereign, formerly sovereign or self-governing state, or a government that speaks for one."},
	{Organization, Agent, "An international body, a government body, a company or an armed group."},
	{Court, Organization, "A court, tribunal or commission that rules on disputes."},
	{Person, Agent, "A human being."},
	{Place, Thing, "Somewhere on the earth's surface."},
	{Territory, Place, "Land, islands, waters or seabed that can be held or claimed, and groups of them."},
	{Boundary, Place, "A line between two territories, on land or at sea."},
	{Instrument, Thing, "A treaty, agreement, declaration, law, constitution or judgment."},
	{Provision, Thing, "What one part of an instrument lays down."},
	{Office, Thing, "A position of authority, such as President or Foreign Minister."},
	{Event, Thing, "Something that happened or is to happen: talks, a visit, a clash, a handover."},
	{Statement, Thing, "Something that somebody said, in the speaker's words."},
	{Literal, "", "A value that is no entity of its own: a name, a status, a condition."},
}

// Classes returns every class, parents before children.
func Classes() []ClassInfo { return slices.Clone(classes) }

// Is reports whether c is ancestor or one of its sub-classes.
func (c Class) Is(ancestor Class) bool {
	for c != "" {
		if c == ancestor {
			return true
		}
		i := slices.IndexFunc(classes, func(k ClassInfo) bool { return k.Class == c })
		if i < 0 {
			return false
		}
		c = classes[i].Parent
	}
	return false
}

// Predicate is the relation that a fact states. Its value is the local name of
// its IRI in demarc's vocabulary.
type Predicate string

// The predicates. Claiming, holding, recognizing and adjudicating are four
// different relations, so that no fact takes a side that its document does not.
const (
	Claims         Predicate = "claims"
	Administers    Predicate = "administers"
	Seized         Predicate = "seized"
	Disputes       Predicate = "disputes"
	PartyTo        Predicate = "partyTo"
	Covers         Predicate = "covers"
	TransferredTo  Predicate = "transferredTo"
	AlsoKnownAs    Predicate = "alsoKnownAs"
	PartOf         Predicate = "partOf"
	HoldsOffice    Predicate = "holdsOffice"
	NegotiatesWith Predicate = "negotiatesWith"
	MetWith        Predicate = "metWith"
	Rejects        Predicate = "rejects"
	Recognizes     Predicate = "recognizes"
	Sanctions      Predicate = "sanctions"
	RuledOn        Predicate = "ruledOn"
	Delimited      Predicate = "delimited"

	Said           Predicate = "said"
	ParticipatesIn Predicate = "participatesIn"
	Provides       Predicate = "provides"
)

// Role names a qualifier of a fact: what it adds to subject and object.
type Role string

// The roles. Dates are not qualifiers but the fact's [Time]; their roles are
// listed because predicates name which of them they take.
const (
	RoleDate  Role = "date"
	RoleSince Role = "since"
	RoleUntil Role = "until"

	RoleStatus    Role = "status"
	RoleAct       Role = "act"
	RoleOver      Role = "over"
	RoleFrom      Role = "from"
	RoleUnder     Role = "under"
	RoleCondition Role = "condition"
	RoleBy        Role = "by"
	RoleOf        Role = "of"
	RoleAbout     Role = "about"
	RoleAs        Role = "as"
	RoleFor       Role = "for"
	RoleCause     Role = "cause"
	RolePlace     Role = "place"
	RoleWith      Role = "with"
	RoleExtent    Role = "extent"
)

// PredicateInfo describes a predicate.
type PredicateInfo struct {
	Predicate Predicate
	Label     string // as it reads between subject and object
	Inverse   string // as it reads between object and subject
	Subjects  []Class
	Objects   []Class
	Symmetric bool
	Core      bool   // one of the core predicates that the scores count
	Roles     []Role // the roles it may take, dates included
	Comment   string
}

var predicates = []PredicateInfo{
	{Claims, "claims", "is claimed by", []Class{State, Agent}, []Class{Territory, Boundary}, false, true,
		[]Role{RoleSince, RoleUntil, RoleStatus}, "The subject asserts sovereignty over the object or ownership of it."},
	{Administers, "administers", "is administered by", []Class{State, Agent}, []Class{Territory}, false, true,
		[]Role{RoleSince, RoleUntil}, "The subject holds the object in fact: administers, governs, controls or occupies it."},
	{Seized, "seized", "was seized by", []Class{State, Agent}, []Class{Territory, State}, false, true,
		[]Role{RoleDate}, "The subject took the object: seized, invaded, annexed or occupied it, an act at a time."},
	{Disputes, "has a dispute with", "has a dispute with", []Class{State, Agent}, []Class{State, Agent}, true, true,
		[]Role{RoleOver, RoleSince, RoleUntil, RoleStatus}, "The two disagree over land, water or a boundary."},
	{PartyTo, "is party to", "has as party", []Class{State, Organization, Agent}, []Class{Instrument}, false, true,
		[]Role{RoleAct, RoleDate}, "The subject signed, ratified, concluded, agreed to, joined or left the instrument."},
	{Covers, "covers", "is covered by", []Class{Instrument}, []Class{Territory, Boundary}, false, true,
		nil, "The instrument concerns, settles or allocates the object."},
	{TransferredTo, "was transferred to", "received", []Class{Territory}, []Class{State, Agent}, false, true,
		[]Role{RoleFrom, RoleDate, RoleUnder, RoleCondition, RoleStatus}, "The territory was, or is to be, handed over, ceded or awarded to the object."},
	{AlsoKnownAs, "is also known as", "is another name of", []Class{Territory, Boundary}, []Class{Literal}, false, true,
		[]Role{RoleBy}, "The object is another name of the subject."},
	{PartOf, "is part of", "includes", []Class{Territory}, []Class{Territory, State}, false, true,
		nil, "By the text's own word the subject belongs to a group, region or state."},
	{HoldsOffice, "holds the office of", "is held by", []Class{Person}, []Class{Office}, false, true,
		[]Role{RoleOf, RoleStatus, RoleSince, RoleUntil}, "The person is or was the holder of the office."},
	{NegotiatesWith, "negotiates with", "negotiates with", []Class{State, Agent}, []Class{State, Agent}, true, true,
		[]Role{RoleAbout, RoleDate, RoleStatus, RoleCause}, "Talks, negotiations or a summit between the two."},
	{MetWith, "met with", "met with", []Class{Person}, []Class{Person}, true, true,
		[]Role{RoleDate, RoleAbout, RolePlace}, "The two persons met."},
	{Rejects, "rejects", "is rejected by", []Class{State, Agent}, []Class{State, Territory, Instrument, Agent}, false, true,
		[]Role{RoleAbout, RoleDate}, "The subject rejects, protests, contests or does not recognize the object or its claim or act."},
	{Recognizes, "recognizes", "is recognized by", []Class{State, Organization, Agent}, []Class{State, Territory}, false, true,
		[]Role{RoleDate, RoleAs}, "The subject recognizes independence, sovereignty or a boundary."},
	{Sanctions, "sanctions", "is sanctioned by", []Class{State, Organization, Agent}, []Class{State, Person, Organization, Agent}, false, true,
		[]Role{RoleDate, RoleCause}, "The subject imposes sanctions on the object."},
	{RuledOn, "ruled on", "was ruled on by", []Class{Court, Organization, Agent}, []Class{Territory, Boundary, State}, false, true,
		[]Role{RoleDate, RoleFor}, "A judgment, award or advisory opinion of the subject about the object."},
	{Delimited, "has agreed its boundary with", "has agreed its boundary with", []Class{State, Agent}, []Class{State, Agent}, true, true,
		[]Role{RoleDate, RoleStatus}, "The boundary of the two was agreed, delimited or demarcated."},

	{Said, "said", "was said by", []Class{Agent}, []Class{Statement}, false, false,
		[]Role{RoleDate, RoleAbout}, "The subject said the object."},
	{ParticipatesIn, "takes part in", "involves", []Class{Agent, Instrument, Territory}, []Class{Event}, false, false,
		[]Role{RoleDate, RolePlace, RoleWith, RoleCause, RoleStatus}, "The subject takes part in the event or undergoes it."},
	{Provides, "provides", "is provided by", []Class{Instrument}, []Class{Provision}, false, false,
		[]Role{RoleDate, RoleCondition}, "What the instrument lays down, in the document's words."},
}

// Predicates returns every predicate, the core ones first.
func Predicates() []PredicateInfo { return slices.Clone(predicates) }

// Info returns the description of p; ok is false for a predicate that the
// vocabulary does not have.
func (p Predicate) Info() (info PredicateInfo, ok bool) {
	i := slices.IndexFunc(predicates, func(k PredicateInfo) bool { return k.Predicate == p })
	if i < 0 {
		return PredicateInfo{}, false
	}
	return predicates[i], true
}

// Symmetric reports whether p holds in both directions at once.
func (p Predicate) Symmetric() bool {
	info, _ := p.Info()
	return info.Symmetric
}

// Modality says in which way a document puts a fact forward.
type Modality string

// The modalities. Only an asserted fact that the document states itself, and
// does not deny, stands in the graph as a plain triple.
const (
	Asserted    Modality = "asserted"
	Promised    Modality = "promised"
	Conditional Modality = "conditional"
	Planned     Modality = "planned"
	Alleged     Modality = "alleged"
)

// Transitive reports whether p goes on: what is p of something is p of all that
// this is p of.
func (p Predicate) Transitive() bool { return p == PartOf }

// InverseName is the local name of the property that says the same between
// object and subject, "isClaimedBy" of claims. It is "" for symmetric predicates
// and those whose objects are literals. No graph holds such properties: queries
// may ask by them, and get the predicate's triples the other way round.
func (p Predicate) InverseName() string {
	info, ok := p.Info()
	if !ok || info.Symmetric || slices.Equal(info.Objects, []Class{Literal}) {
		return ""
	}
	words := strings.Fields(info.Inverse)
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

// Inherited reports whether f, where it holds of the group, holds of each
// member of it too: of a group that is claimed, held, taken, handed over,
// covered, ruled on or in dispute, every member is. What is denied of a group
// need not be denied of its members.
func (f *Fact) Inherited(group Entity) bool {
	if f.Negated {
		return false
	}
	switch f.Predicate {
	case Claims, Administers, Seized, Covers, RuledOn:
		return f.Object.Same(group)
	case TransferredTo:
		return f.Subject.Same(group)
	case Disputes:
		return slices.ContainsFunc(f.Qualifiers, func(q Qualifier) bool { return q.Role == RoleOver && q.Value.Same(group) })
	}
	return false
}
