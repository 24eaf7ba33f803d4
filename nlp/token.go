package nlp

// Doc is a parsed text. It is read-only after parsing and safe to share.
type Doc struct {
	Text      string
	Sentences []Sentence
}

// Sentence is a run of tokens with one dependency tree over them.
type Sentence struct {
	Start, End int // byte offsets into Doc.Text
	Tokens     []Token
}

// Token is a word, number or punctuation mark.
type Token struct {
	Start, End int    // byte offsets into Doc.Text
	Text       string // Doc.Text[Start:End]
	Lemma      string
	Tag        string // Penn Treebank tag, as UD English has it in XPOS
	POS        string // universal part of speech
	Head       int    // index of the head within Sentence.Tokens; -1 for the root
	Rel        string // dependency relation to the head, subtypes included ("nmod:poss")
}
