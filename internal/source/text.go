package source

// readText reads plain text, which stays what it is.
func readText(data []byte, encoding string) (content, error) {
	text, runs, err := decode(data, encoding, "")
	if err != nil {
		return content{}, err
	}
	c := content{text: text, runs: runs}
	c.meta, c.body = head(text)
	c.meta.fill(meta{title: headline(text[c.body:])})
	return c, nil
}
