package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"rapport"
	"rapport/internal/press"
	"rapport/internal/record"
	"rapport/internal/serve/problem"
	"rapport/internal/text"
)

// maxReports is how many reports one post may hold.
const maxReports = 1000

// WholeReport is a report with its claims.
type WholeReport struct {
	rapport.Report
	Claims []ToldClaim `json:"claims,omitempty"`
}

// Posted is what became of the reports of a post.
type Posted struct {
	Items  []PostedReport `json:"items"`
	Kept   int            `json:"kept" jsonschema:"how many are in the record now that were not, or not as they are"`
	Failed int            `json:"failed"`
}

// PostedReport is what became of one.
type PostedReport struct {
	ID      string           `json:"id,omitempty"`
	Kept    string           `json:"kept" jsonschema:"new, same, recoded, copied, revised, or none where it failed"`
	Claims  int              `json:"claims" jsonschema:"kept with it now"`
	Notes   []string         `json:"notes,omitempty"`
	Problem *problem.Details `json:"problem,omitempty"`
}

var reportLister = table([]string{"Story ID", "Publication Date", "Publisher", "Headline", "URL", "Language", "Retrieved", "Family", "SHA-256"}, func(r *rapport.Report) []string {
	return []string{r.ID, string(r.Published), oneLine(r.Outlet), oneLine(r.Title), oneLine(r.URL), r.Language, r.Retrieved, r.Family, r.Hash}
})

func listReports(c *call) error {
	f := record.ReportFilter{Outlet: c.str("outlet"), Since: c.date("since"), Until: c.date("until"), NoText: true}
	newest := c.bool("newest")
	l := lister[rapport.Report, int64]{
		page: func(ctx context.Context, limit int, after int64) ([]rapport.Report, int64, bool, error) {
			return c.api.Record.ReportPage(ctx, f, newest, after, limit)
		},
		json: func(r *rapport.Report) any { return r },
		csv:  reportLister,
		name: "reports",
		note: lookedNote,
	}
	return l.serve(c)
}

const lookedNote = "the filter lets little through; the list goes on behind next"

func getReport(c *call) error {
	id := c.r.PathValue("id")
	rep, err := c.api.Record.Report(c, id)
	if err != nil {
		return notFound("report", id, err, "GET "+Prefix+"/reports, which lists them")
	}
	out := WholeReport{Report: rep}
	f := record.ClaimFilter{Report: id, Limit: 5000}
	p, err := c.api.Record.ClaimPage(c, f, "")
	if err != nil {
		return err
	}
	for i := range p.Rows {
		out.Claims = append(out.Claims, claimOf(&p.Rows[i]))
	}
	return c.json(out)
}

func getText(c *call) error {
	id := c.r.PathValue("id")
	rep, err := c.api.Record.Report(c, id)
	if err != nil {
		return notFound("report", id, err, "GET "+Prefix+"/reports, which lists them")
	}
	return c.body("text/plain; charset=utf-8", []byte(rep.Text))
}

// unnamed stands for the body of a post in errors, and in the ids of reports that
// bring none until their content names them.
const unnamed = "the body"

// readReports reads the body of a post as rapport add reads a file: what it
// holds is told by the bytes. Archives are not taken.
func (c *call) readReports() (reports []rapport.Report, failed []error, err error) {
	body, err := c.whole()
	if err != nil {
		return nil, nil, err
	}
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) || bytes.HasPrefix(body, []byte("\x1f\x8b")) || bytes.HasPrefix(body, []byte("\x28\xb5\x2f\xfd")) || bytes.HasPrefix(body, []byte("WARC/")) {
		return nil, nil, problem.New(http.StatusUnsupportedMediaType, "", "is an archive", "its reports as JSON Lines; packed with Content-Encoding: gzip or zstd if need be")
	}
	o := text.Options{MaxBytes: c.api.MaxText, Outlet: c.str("outlet"), Published: c.date("published")}
	name := c.str("id")
	if strings.ContainsAny(name, `/\`) || len(name) > 200 {
		c.fault("id", name, "a short name without slashes")
	}
	if c.err != nil {
		return nil, nil, c.err
	}
	nobodys := name == ""
	if nobodys {
		name = unnamed
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil, problem.Bad("", "the body holds no report", "text, a report as JSON, or several as JSON Lines")
	}
	for r, err := range press.Read(bytes.NewReader(body), name+".txt", o) {
		if len(reports)+len(failed) == maxReports {
			return nil, nil, problem.New(http.StatusRequestEntityTooLarge, "", fmt.Sprintf("more than %d reports", maxReports), "several posts")
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if nobodys && strings.HasPrefix(r.ID, unnamed) { // its content names it
			r.ID = "sha256-" + rapport.HashText(r.Text)[:16]
		}
		reports = append(reports, r)
	}
	return reports, failed, nil
}

func postReports(c *call) error {
	work, err := c.pipeline()
	if err != nil {
		return err
	}
	reports, failed, err := c.readReports()
	if err != nil {
		return err
	}
	if len(reports) == 0 && len(failed) == 1 {
		return failed[0]
	}
	var out Posted
	told := func(a Added) {
		p := PostedReport{ID: a.Report.ID, Kept: a.Kept.String(), Claims: a.Claims, Notes: a.Notes}
		switch {
		case a.Err != nil:
			d := problem.Of(a.Err)
			p.Problem = &d
			out.Failed++
		case a.Kept != record.Same:
			out.Kept++
		}
		out.Items = append(out.Items, p)
	}
	for _, err := range failed {
		told(Added{Err: err})
	}
	if len(reports) > 0 {
		if err := c.heavily(func() error { return work.Add(c, reports, told) }); err != nil {
			return err
		}
	}
	if len(out.Items) == 1 && out.Items[0].Problem != nil {
		d := out.Items[0].Problem
		return problem.New(d.Status, d.Where, d.Detail, d.Try)
	}
	if len(out.Items) == 1 && out.Kept == 1 {
		c.w.Header().Set("Location", Prefix+"/reports/"+url.PathEscape(out.Items[0].ID))
		return c.created(out)
	}
	return c.json(out)
}

// Coded is a text with what was coded from it. Nothing of it is kept.
type Coded struct {
	Report rapport.Report `json:"report"`
	Claims []ToldClaim    `json:"claims"`
	Notes  []string       `json:"notes,omitempty"`
}

func postCode(c *call) error {
	work, err := c.pipeline()
	if err != nil {
		return err
	}
	reports, failed, err := c.readReports()
	if err != nil {
		return err
	}
	if len(reports) == 0 && len(failed) > 0 {
		return failed[0]
	}
	format := c.format()
	if c.err != nil {
		return c.err
	}
	out := make([]Coded, len(reports))
	err = c.each(len(reports), func(i int) error {
		rep := &reports[i]
		claims, notes, err := work.Code(c, rep)
		if err != nil {
			return err
		}
		out[i] = Coded{Report: *rep, Claims: []ToldClaim{}, Notes: notes}
		out[i].Report.Text = ""
		for k := range claims {
			out[i].Claims = append(out[i].Claims, ToldClaim{Claim: claims[k], Source: sourceOf(rep)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, err := range failed {
		out = append(out, Coded{Claims: []ToldClaim{}, Notes: []string{problem.Of(err).Where + ": " + problem.Of(err).Detail}})
	}
	if format == "ndjson" { // as rapport code --format jsonl, a claim a line
		l := lister[ToldClaim, int]{json: func(v *ToldClaim) any { return v }}
		c.w.Header().Set("Content-Type", "application/x-ndjson")
		return ignoreGone(l.lines(c.w, func(yield func(ToldClaim, error) bool) {
			for i := range out {
				for k := range out[i].Claims {
					if !yield(out[i].Claims[k], nil) {
						return
					}
				}
			}
		}))
	}
	return c.json(Page{Items: out})
}

// each does n things, as many at a time as there are workers free.
func (c *call) each(n int, do func(i int) error) error {
	if n == 1 {
		return c.heavily(func() error { return do(0) })
	}
	errs := make(chan error, n)
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	workers := min(n, c.api.Workers)
	for range workers {
		go func() {
			for i := range next {
				errs <- c.heavily(func() (err error) {
					defer func() {
						if p := recover(); p != nil {
							err = fmt.Errorf("panic: %v", p)
						}
					}()
					return do(i)
				})
			}
		}()
	}
	var first error
	for range n {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
