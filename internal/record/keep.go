package record

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"rapport"
	"rapport/internal/record/fulltext"
)

// Kept says what [Record.Keep] did.
type Kept int

// What became of a report.
const (
	None    Kept = iota // nothing: there was an error
	New                 // kept
	Same                // was there already, by this coder or a newer one
	Recoded             // was there, its claims are replaced by a newer coder's
	Copied              // kept; nearly the same text is there under another id, one family
	Revised             // kept as a new version: the id was there with another text, from the same address or outlet or under the same title
)

var keptNames = [...]string{"none", "new", "same", "recoded", "copied", "revised"}

// String returns the English word for k.
func (k Kept) String() string { return keptNames[k] }

// Coded is a report with the claims coded from it.
type Coded struct {
	Report rapport.Report
	Claims []rapport.Claim
}

// Keep keeps a report with all its claims, or nothing of it, and returns when
// they are on the disk. coder names the program version that coded; of two
// versions that differ only in their numbers the higher is newer, any other
// difference counts as newer. Claims need an id; their Report is rep.ID.
//
// A report whose id is there with another text is a new version of it where
// address, outlet or title is the same, and else refused as BadInput: files of
// one name from two places must not replace each other.
//
// The claims of a re-coded report replace the earlier ones, but a claim that a
// person accepted or corrected stays as it stands, and a rejected one out.
func (r *Record) Keep(ctx context.Context, rep rapport.Report, claims []rapport.Claim, coder string) (Kept, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	in, err := prepare(rep, claims)
	if err != nil {
		return None, err
	}
	kept := None
	err = r.write(ctx, "report "+rep.ID+" cannot be kept", func(w *writer) (err error) {
		kept, err = r.keep(w, in, coder)
		return err
	})
	if err != nil {
		return None, err
	}
	return kept, nil
}

// Batch is how many reports [Record.KeepMany] keeps in one transaction.
const Batch = 500

// batchBytes ends a batch of long reports early.
const batchBytes = 16 << 20

// KeepMany keeps many reports, [Batch] of them at a time in one transaction:
// when it is killed whole reports of the last batch are missing, never part of
// one. each, which may be nil, learns what became of every report, in order,
// once that is on the disk; a report that is not valid is told there as an
// error and left out. KeepMany itself returns an error when the record cannot
// be written or ctx ends; what each was told stays kept.
func (r *Record) KeepMany(ctx context.Context, reports iter.Seq[Coded], coder string, each func(id string, k Kept, err error)) error {
	k := keeper{r: r, ctx: ctx, coder: coder, each: each}
	var batch []Coded
	size := 0
	for c := range reports {
		batch = append(batch, c)
		if size += len(c.Report.Text); len(batch) < r.batch && size < batchBytes {
			continue
		}
		if err := k.start(batch); err != nil {
			return err
		}
		batch, size = nil, 0
	}
	if err := k.start(batch); err != nil {
		return err
	}
	return k.wait()
}

// keeper keeps one batch while the next is prepared.
type keeper struct {
	r     *Record
	ctx   context.Context
	coder string
	each  func(id string, k Kept, err error)

	batch []Coded
	kept  []Kept
	told  []error
	done  chan error // nil when none is being kept
}

// start prepares a batch, waits for the one before and begins to keep it.
func (k *keeper) start(batch []Coded) error {
	if len(batch) == 0 {
		return nil
	}
	in, told := prepareAll(batch)
	words := buildWords(in)
	if err := k.wait(); err != nil {
		return err
	}
	k.batch, k.told, k.kept, k.done = batch, told, make([]Kept, len(batch)), make(chan error, 1)
	go func() { k.done <- k.keep(in, words) }()
	return nil
}

// wait waits for the batch in hand and tells what became of it.
func (k *keeper) wait() error {
	if k.done == nil {
		return nil
	}
	err := <-k.done
	k.done = nil
	if err != nil || k.each == nil {
		return err
	}
	for i := range k.batch {
		k.each(k.batch[i].Report.ID, k.kept[i], k.told[i])
	}
	return nil
}

func (k *keeper) keep(in []input, words *builtWords) error {
	k.r.mu.Lock()
	defer k.r.mu.Unlock()
	return k.r.write(k.ctx, "reports cannot be kept", func(w *writer) error {
		if err := w.look(in); err != nil {
			return err
		}
		w.built = words
		for i := range in {
			if k.told[i] != nil {
				continue
			}
			if err := k.ctx.Err(); err != nil {
				return err
			}
			var err error
			k.kept[i], err = k.r.keep(w, in[i], k.coder)
			if _, taken := errors.AsType[*TakenError](err); taken { // nothing of it was written
				k.told[i], err = err, nil
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// prepareAll prepares a batch on all processors.
func prepareAll(batch []Coded) ([]input, []error) {
	in, errs := make([]input, len(batch)), make([]error, len(batch))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(batch); i = int(next.Add(1)) - 1 {
				in[i], errs[i] = prepare(batch[i].Report, batch[i].Claims)
			}
		})
	}
	wg.Wait()
	return in, errs
}

// Has reports whether this very text is kept under id, and by which coder its
// claims were made, so that it need not be coded again.
func (r *Record) Has(ctx context.Context, id, hash string) (coder string, ok bool, err error) {
	raw, err := hex.DecodeString(hash)
	if err != nil {
		return "", false, nil
	}
	rows, err := r.read.QueryContext(ctx, `SELECT c.name FROM report r JOIN coder c ON c.n = r.coder WHERE r.hash = ? AND r.id = ?`, raw, id)
	if err != nil {
		return "", false, r.fail("cannot be read", err)
	}
	defer rows.Close()
	if rows.Next() {
		ok = true
		err = rows.Scan(&coder)
	}
	if err == nil {
		err = rows.Err()
	}
	return coder, ok, r.fail("cannot be read", err)
}

// input is a report made ready for the store.
type input struct {
	rep    rapport.Report
	hash   []byte
	sketch []uint32 // family.go
	doc    fulltext.Doc
	claims []row
}

type row struct {
	rapport.Claim
	body string
}

func prepare(rep rapport.Report, claims []rapport.Claim) (input, error) {
	bad := func(what string, err error) (input, error) {
		return input{}, &rapport.Error{Kind: rapport.BadInput, Where: rep.ID, What: what, Err: err}
	}
	sum := rapport.HashText(rep.Text)
	switch {
	case rep.ID == "":
		return bad("a report without an id cannot be kept", nil)
	case !utf8.ValidString(rep.Text):
		return bad("is not UTF-8 text", nil)
	case rep.Hash != "" && rep.Hash != sum:
		return bad("its hash is not that of its text", nil)
	}
	if err := rep.Published.Check(); err != nil {
		return bad("has a bad date of publication", err)
	}
	if err := checkMore(&rep, len(rep.Text)); err != nil {
		return bad(err.Error(), nil)
	}
	rep.Hash = sum
	in := input{rep: rep, claims: make([]row, len(claims)), sketch: sketchOf(rep.Text), doc: fulltext.Analyse(rep.Title, rep.Text)}
	in.hash, _ = hex.DecodeString(sum)
	seen := make(map[string]bool, len(claims))
	for i, c := range claims {
		switch {
		case c.ID == "":
			return bad("has a claim without an id", nil)
		case seen[c.ID]:
			return bad("has the claim "+c.ID+" twice", nil)
		case c.Report != rep.ID:
			return bad("has a claim of report "+strconv.Quote(c.Report), nil)
		}
		seen[c.ID] = true
		if err := c.Check(rep.Text); err != nil {
			return bad("has a bad claim "+c.ID, err)
		}
		body, err := c.MarshalJSON() // json.Marshal would check and copy its output once more
		if err != nil {
			return bad("has a bad claim "+c.ID, err)
		}
		in.claims[i] = row{c, string(body)}
	}
	return in, nil
}

func (r *Record) keep(w *writer, in input, coder string) (Kept, error) {
	coderN, err := w.coderN(coder)
	if err != nil {
		return None, err
	}
	var n, current int64
	var was string
	known := w.seen == nil || w.seen.ids[in.rep.ID]
	found := false
	if known {
		found, err = w.one(`SELECT r.n, r.current, c.name FROM report r JOIN coder c ON c.n = r.coder WHERE r.hash = ? AND r.id = ?`,
			[]any{in.hash, in.rep.ID}, &n, &current, &was)
	}
	if err != nil {
		return None, err
	}
	if found {
		// An older version of a revised report stays as it was.
		if current == 0 || !Newer(coder, was) {
			return Same, nil
		}
		return Recoded, r.recode(w, n, coderN, in)
	}
	kept := New
	var old, version int64
	var is rapport.Report
	revised := false
	if known {
		revised, err = w.one(`SELECT n, version, url, outlet, title FROM report WHERE id = ? AND current = 1`, []any{in.rep.ID},
			&old, &version, &is.URL, &is.Outlet, &is.Title)
	}
	if err != nil {
		return None, err
	}
	if revised && !sameSource(&is, &in.rep) {
		return None, Taken(in.rep.ID)
	}
	if revised {
		kept = Revised
		if err := r.supersede(w, old); err != nil {
			return None, err
		}
	}
	rep := &in.rep
	added := rep.Retrieved
	if r.now != nil {
		added = r.now().UTC().Format(time.RFC3339)
	}
	if n, err = w.reportN(); err != nil {
		return None, err
	}
	family, err := w.join(n, in.hash, in.sketch, rep.Published)
	if err != nil {
		return None, err
	}
	if _, err = w.exec(`INSERT INTO report (n, id, version, current, family, hash, coder, published, basis, outlet, url, author, language,
		retrieved, added, dateline_start, dateline_end, place, title, text, sketch) VALUES (?,?,?,1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		n, rep.ID, version+1, family, in.hash, coderN, string(rep.Published), rep.Basis, rep.Outlet, rep.URL, rep.Author, rep.Language,
		rep.Retrieved, added, rep.Dateline.Start, rep.Dateline.End, rep.Place, rep.Title, rep.Text, packSketch(in.sketch)); err != nil {
		return None, err
	}
	if err := w.keepMore(n, rep); err != nil {
		return None, err
	}
	if w.seen != nil {
		w.seen.ids[rep.ID], w.seen.hashes[string(in.hash)] = true, true
	}
	if family != n && !revised {
		kept = Copied
	}
	for i := range in.claims {
		if err := w.addClaim(n, coderN, &in.claims[i], rep.Published); err != nil {
			return None, err
		}
	}
	in.doc.N = n
	w.docs = append(w.docs, in.doc)
	return kept, nil
}

// sameSource reports whether two texts under one id may be versions of one
// report: something that names where they come from is the same.
func sameSource(a, b *rapport.Report) bool {
	return a.URL != "" && a.URL == b.URL || a.Outlet != "" && a.Outlet == b.Outlet || a.Title != "" && a.Title == b.Title
}

// TakenError is in the chain of the error that [Taken] returns.
type TakenError struct{ ID string }

// Error says whose id is taken.
func (e *TakenError) Error() string { return "another report has the id " + strconv.Quote(e.ID) }

// Taken is the error of a report whose id another report with another text has.
func Taken(id string) error {
	return &rapport.Error{Kind: rapport.BadInput, Where: id, What: "is not kept", Err: &TakenError{id},
		Try: "give each its own id: another file name, or \"id\" in JSON"}
}

// Newer reports whether coder a is newer than coder b: the same name with
// higher numbers, or another name.
func Newer(a, b string) bool {
	wa, na := versionNumbers(a)
	wb, nb := versionNumbers(b)
	if wa != wb {
		return true
	}
	for i := range min(len(na), len(nb)) {
		if na[i] != nb[i] {
			return na[i] > nb[i]
		}
	}
	return len(na) > len(nb)
}

// versionNumbers splits "rapport 0.10 model 3" into "rapport # model #" and 0 10 3;
// dots between numbers are part of the number, so 0.1.2 is newer than 0.1.
func versionNumbers(s string) (words string, nums []int) {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			b.WriteByte(s[i])
			i++
			continue
		}
		b.WriteByte('#')
		for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9') {
			if s[i] == '.' {
				i++
			}
			v := 0
			for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
				v = min(v*10+int(s[i]-'0'), 1<<27)
			}
			nums = append(nums, v)
		}
	}
	return b.String(), nums
}

func (w *writer) coderN(name string) (int64, error) {
	if n, ok := w.coder[name]; ok {
		return n, nil
	}
	var n int64
	ok, err := w.one(`SELECT n FROM coder WHERE name = ?`, []any{name}, &n)
	if err == nil && !ok {
		n, err = w.insert(`INSERT INTO coder (name) VALUES (?)`, name)
	}
	if err == nil {
		w.coder[name] = n
	}
	return n, err
}

// addClaim keeps a live claim and files it under its dyads.
func (w *writer) addClaim(report, coder int64, c *row, published rapport.Date) error {
	t := claimTerm(&c.Claim, published)
	n, err := w.claimN()
	if err != nil {
		return err
	}
	w.claims = append(w.claims, n, c.ID, report, coder, t.day, t.until, c.Evidence.Start, c.Evidence.End, c.body)
	w.told = append(w.told, claimRef{c.ID, c.Report})
	w.new = append(w.new, n)
	return w.file(n, &c.Claim, t)
}

// file puts a claim on the register of its dyads.
func (w *writer) file(n int64, c *rapport.Claim, t term) error {
	for _, d := range filing(c.Actor, c.Recipient) {
		dn, err := w.dyadN(d)
		if err != nil {
			return err
		}
		w.filed = append(w.filed, filedClaim{dn, t, n, c.Event, string(c.Status)})
		w.touch(dn, 1)
	}
	if len(w.filed) >= most {
		return w.flush()
	}
	return nil
}

// unfile takes a claim off the register, and with it what was derived from it:
// judgements by rule and its event.
func (w *writer) unfile(n int64, c *rapport.Claim, t term) error {
	if err := w.flush(); err != nil {
		return err
	}
	for _, d := range filing(c.Actor, c.Recipient) {
		dn, err := w.dyadN(d)
		if err != nil {
			return err
		}
		if _, err := w.exec(`DELETE FROM claim_dyad WHERE dyad = ? AND long = ? AND day = ? AND claim = ?`, dn, t.long(), t.day, n); err != nil {
			return err
		}
		w.touch(dn, -1)
	}
	for _, q := range []string{`DELETE FROM judgement WHERE a = ? AND person = 0`, `DELETE FROM judgement WHERE b = ? AND person = 0`} {
		if _, err := w.exec(q, c.ID); err != nil {
			return err
		}
	}
	var event int64
	ok, err := w.one(`SELECT event FROM event_claim WHERE claim = ?`, []any{n}, &event)
	if err != nil || !ok {
		return err
	}
	return w.dropEvent(event)
}

// held is a claim as the store has it.
type held struct {
	n         int64
	live      bool
	term      term
	claim     rapport.Claim // as it stands
	current   bool          // whether its report is the newest version
	published rapport.Date
	text      string // the report's
}

const heldQuery = `SELECT c.n, c.live, c.day, c.until, coalesce(c.stands, c.body), r.current, r.published, r.text
	FROM claim c CROSS JOIN report r ON r.n = c.report WHERE `

func scanHeld(rows scanner) (h held, err error) {
	var body []byte
	var published string
	if err := rows.Scan(&h.n, &h.live, &h.term.day, &h.term.until, &body, &h.current, &published, &h.text); err != nil {
		return h, err
	}
	h.published = rapport.Date(published)
	return h, decode(body, &h.claim)
}

// held reads one claim by its id.
func (w *writer) held(id string) (h held, ok bool, err error) {
	if err := w.flush(); err != nil {
		return h, false, err
	}
	s, err := w.stmt(heldQuery + `c.id = ?`)
	if err != nil {
		return h, false, err
	}
	h, err = scanHeld(s.QueryRow(id))
	if err == sql.ErrNoRows {
		return h, false, nil
	}
	return h, err == nil, err
}

// claimsOf reads all claims of a report.
func (w *writer) claimsOf(report int64) ([]held, error) {
	if err := w.flush(); err != nil {
		return nil, err
	}
	s, err := w.stmt(heldQuery + `c.report = ? ORDER BY c.n`)
	if err != nil {
		return nil, err
	}
	rows, err := s.Query(report)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []held
	for rows.Next() {
		h, err := scanHeld(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// supersede takes an old version of a report out of the register and of the
// search; it stays readable by its claims' ids.
func (r *Record) supersede(w *writer, report int64) error {
	old, err := w.claimsOf(report)
	if err != nil {
		return err
	}
	for _, h := range old {
		if !h.live {
			continue
		}
		if err := w.unfile(h.n, &h.claim, h.term); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`UPDATE claim SET live = 0 WHERE report = ?`,
		`UPDATE report SET current = 0 WHERE n = ?`,
	} {
		if _, err := w.exec(q, report); err != nil {
			return err
		}
	}
	return nil
}

// recode replaces a report's claims by a newer coder's. What a person decided
// on outweighs both coders: a claim that tells the same act otherwise, and so
// has another id, does not come beside it.
func (r *Record) recode(w *writer, report, coder int64, in input) error {
	old, err := w.claimsOf(report)
	if err != nil {
		return err
	}
	reviewed := map[string]bool{}
	var decided []*rapport.Claim
	for _, h := range old {
		review, err := w.standing(h.claim.ID)
		if err != nil {
			return err
		}
		if review != nil {
			reviewed[h.claim.ID] = true
			for _, c := range []*rapport.Claim{review.Old, review.New} {
				if c != nil {
					decided = append(decided, c)
				}
			}
			continue
		}
		if h.live {
			if err := w.unfile(h.n, &h.claim, h.term); err != nil {
				return err
			}
		}
		if _, err := w.exec(`DELETE FROM claim WHERE n = ?`, h.n); err != nil {
			return err
		}
	}
	for i := range in.claims {
		c := &in.claims[i]
		switch {
		case !reviewed[c.ID] && slices.ContainsFunc(decided, func(d *rapport.Claim) bool { return sameAct(d, &c.Claim) }):
		case !reviewed[c.ID]:
			err = w.addClaim(report, coder, c, in.rep.Published)
		default: // as coded anew, standing as reviewed
			_, err = w.exec(`UPDATE claim SET stands = coalesce(stands, body), body = ?, coder = ? WHERE id = ?`, c.body, coder, c.ID)
		}
		if err != nil {
			return err
		}
	}
	if _, err = w.exec(`UPDATE report SET coder = ? WHERE n = ?`, coder, report); err != nil {
		return err
	}
	return w.keepMore(report, &in.rep)
}

// sameAct reports whether two codings of one report tell one act: the same
// type between the same countries, told in the same words.
func sameAct(a, b *rapport.Claim) bool {
	return a.Event == b.Event && a.Evidence.Overlaps(b.Evidence.Span) &&
		slices.Equal(countriesOf(a.Actor), countriesOf(b.Actor)) && slices.Equal(countriesOf(a.Recipient), countriesOf(b.Recipient))
}

func countriesOf(ps []rapport.Party) (out []string) {
	for _, p := range ps {
		out = append(out, p.Country)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
