// Renders the templates of a Helm chart with the engine that Helm uses, Go's text/template, and with those functions of Helm that the chart
// uses. Another function or a missing value is an error. Standard input is the data of the templates as JSON; the arguments are the templates.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/template"
)

func toJSON(value interface{}) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

func main() {
	functions := template.FuncMap{
		"toJson":    toJSON,
		"quote":     func(value interface{}) (string, error) { return toJSON(fmt.Sprint(value)) },
		"sha256sum": func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) },
		"list":      func(values ...interface{}) []interface{} { return values },
	}
	input, err := io.ReadAll(os.Stdin)
	require(err)
	var data map[string]interface{}
	require(json.Unmarshal(input, &data))
	for _, name := range os.Args[1:] {
		text, err := os.ReadFile(name)
		require(err)
		parsed, err := template.New(name).Funcs(functions).Option("missingkey=error").Parse(string(text))
		require(err)
		fmt.Println("---")
		require(parsed.Execute(os.Stdout, data))
	}
}

func require(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
