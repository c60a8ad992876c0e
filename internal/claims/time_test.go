package claims

import (
	"bytes"
	"encoding/json"
	"testing"

	"rapport"
	"rapport/internal/text"
)

// TestDateline holds that "today" is the day of the dateline where the report was
// published after it.
func TestDateline(t *testing.T) {
	for _, c := range []struct {
		text string
		want rapport.Date
	}{
		{"LISBON, June 13 (Agency) — Portugal today condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-13"},
		{"LISBON, June 14 (Agency) — Portugal today condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-14"},
		{"LISBON, June 13 (Agency) — Portugal yesterday condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-12"},
		{"LISBON, Thursday — Portugal tonight condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-13"},
		{"LISBON, May 1 (Agency) — Portugal today condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-14"}, // too far off to be its day
		{"LISBON — Portugal today condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-14"},
	} {
		rep := readOne(t, c.text)
		res, err := New().Code(&rep)
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Claims) == 0 || res.Claims[0].Date != c.want {
			t.Errorf("%q: %v, want the first of %s", c.text, res.Claims, c.want)
		}
	}
}

// readOne reads a report published on 14 June 2013 as it comes from a file.
func readOne(t *testing.T, words string) rapport.Report {
	t.Helper()
	data, err := json.Marshal(map[string]string{"id": "t", "text": words, "published": "2013-06-14"})
	if err != nil {
		t.Fatal(err)
	}
	for rep, err := range text.Read(bytes.NewReader(data), "t", text.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	t.Fatal("no report")
	return rapport.Report{}
}
