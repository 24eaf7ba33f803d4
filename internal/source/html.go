package source

func readHTML(data []byte, encoding string) (content, error) {
	return content{}, wrong(Malformed, "HTML is not read yet")
}
func readMarkdown(data []byte, encoding string) (content, error) { return readText(data, encoding) }
