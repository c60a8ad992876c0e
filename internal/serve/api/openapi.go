package api

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"rapport"
	"rapport/internal/serve/problem"
)

// The OpenAPI document is made of the routes; schemas come from the Go types by
// github.com/google/jsonschema-go, which speaks JSON Schema 2020-12 as OpenAPI
// 3.1 does. A framework (huma v2) would own requests and answers too; it takes
// answers as one value each, and most of ours are streams or written by others.

type object = map[string]any

// schemas gives each named type a component of its own.
type schemas struct {
	components object
	names      map[reflect.Type]string
}

func (s *schemas) of(v any) any { return s.ref(reflect.TypeOf(v)) }

// ref returns the schema of a type, a reference where it has a name.
func (s *schemas) ref(t reflect.Type) *jsonschema.Schema {
	if name, ok := s.names[t]; ok {
		return &jsonschema.Schema{Ref: "#/components/schemas/" + name}
	}
	if t.Kind() != reflect.Struct || t.Name() == "" {
		return s.value(t, false)
	}
	name := t.Name()
	if s.components[name] != nil {
		pkg := t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:]
		name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
	}
	s.names[t] = name // before its fields, one of which may be of the type itself
	s.components[name] = true
	schema := s.structure(t)
	amend(t, schema)
	s.components[name] = schema
	return &jsonschema.Schema{Ref: "#/components/schemas/" + name}
}

// structure makes the schema of a struct as encoding/json writes it.
func (s *schemas) structure(t reflect.Type) *jsonschema.Schema {
	out := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}}
	s.fields(t, out)
	return out
}

func (s *schemas) fields(t reflect.Type, out *jsonschema.Schema) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, more, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" { // its fields are those of t
			s.fields(f.Type, out)
			continue
		}
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		may := strings.Contains(more, "omitempty") || strings.Contains(more, "omitzero")
		p := s.value(f.Type, !may)
		if about := f.Tag.Get("jsonschema"); about != "" {
			if p.Ref != "" {
				p = &jsonschema.Schema{AllOf: []*jsonschema.Schema{p}}
			}
			p.Description = about
		}
		out.Properties[name] = p
		out.PropertyOrder = append(out.PropertyOrder, name)
		if !may {
			out.Required = append(out.Required, name)
		}
	}
}

// value makes the schema of a field's type; nil says that its zero may be
// written, as null.
func (s *schemas) value(t reflect.Type, null bool) *jsonschema.Schema {
	orNull := func(p *jsonschema.Schema) *jsonschema.Schema {
		switch {
		case !null:
		case p.Ref != "":
			return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{p, {Type: "null"}}}
		default:
			p.Types, p.Type = []string{"null", p.Type}, ""
		}
		return p
	}
	switch {
	case t == reflect.TypeFor[rapport.Origin]():
		four := 4
		return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "integer"}, MinItems: &four, MaxItems: &four,
			Description: "where a block of text stands in the page it was taken from: start and end in text, start and end in the page, in bytes"}
	case t == reflect.TypeFor[json.RawMessage]():
		return &jsonschema.Schema{Description: "any JSON"}
	case t.Kind() == reflect.Pointer:
		return orNull(s.value(t.Elem(), false))
	case t.Kind() == reflect.Slice:
		return orNull(&jsonschema.Schema{Type: "array", Items: s.value(t.Elem(), false)})
	case t.Kind() == reflect.Array:
		n := t.Len()
		return &jsonschema.Schema{Type: "array", Items: s.value(t.Elem(), false), MinItems: &n, MaxItems: &n}
	case t.Kind() == reflect.Map:
		return orNull(&jsonschema.Schema{Type: "object", AdditionalProperties: s.value(t.Elem(), false)})
	case t.Kind() == reflect.Struct && t.Name() != "":
		return s.ref(t)
	case t.Kind() == reflect.Struct:
		return s.structure(t)
	}
	schema, err := jsonschema.ForType(t, nil)
	if err != nil {
		panic(fmt.Sprintf("schema of %v: %v", t, err)) // a fault of the table of routes, which a test finds
	}
	return schema
}

// amend says what the Go types do not: where null is written for what is not
// told, and what our own types' words mean. What is not named
// is no fault: answers may come to hold more.
func amend(t reflect.Type, s *jsonschema.Schema) {
	null := func(names ...string) {
		for _, name := range names {
			if p := s.Properties[name]; p != nil && p.Type != "" {
				p.Types, p.Type = []string{"null", p.Type}, ""
			} else if p != nil && p.Ref != "" {
				s.Properties[name] = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Ref: p.Ref}, {Type: "null"}}}
			}
		}
	}
	switch {
	case t == reflect.TypeFor[rapport.Claim]() || t == reflect.TypeFor[ToldClaim]():
		s.Description = "One act between parties as one report tells it: doc/claim.md."
		null("mode", "about", "about_date", "date", "date_basis", "place", "speaker")
		for _, name := range []string{"actor", "recipient", "context", "reasons"} { // empty where there is none
			s.Properties[name].Type, s.Properties[name].Types = "array", nil
		}
		s.Required = append(s.Required, "mode", "about", "about_date", "date", "date_basis", "place", "speaker")
		seen := map[string]bool{}
		var once []string
		for _, r := range s.Required {
			if !seen[r] {
				once = append(once, r)
			}
			seen[r] = true
		}
		s.Required = once
	case t == reflect.TypeFor[rapport.Report]():
		s.Description = "A text somebody published. Offsets are bytes of its text in UTF-8."
	case t == reflect.TypeFor[rapport.Party]():
		s.Description = "Who acts or is acted on, in the role held on the day of the act."
	case t == reflect.TypeFor[rapport.Event]() || t == reflect.TypeFor[ToldEvent]() || t == reflect.TypeFor[WholeEvent]():
		s.Description = "What happened, as all claims about it tell it."
	}
}

// openAPI writes the document.
func (a *API) openAPI() []byte {
	s := &schemas{components: object{}, names: map[reflect.Type]string{}}
	fault := s.of(problem.Details{})
	problems := object{}
	for _, p := range []struct {
		status int
		about  string
	}{
		{400, "The request is wrong; `where` names the parameter or field, `try` what to send."},
		{401, "This asks for a login or a token."},
		{403, "The account lacks the role, or another site's page sent this."},
		{404, "What is asked for is not in the record."},
		{413, "The body is too long, packed or unpacked."},
		{415, "The body is of a kind that this does not take."},
		{422, "The text cannot be read or coded, or the Idempotency-Key was used for another post."},
		{429, "Too many requests; Retry-After says when to come again."},
		{503, "The record is busy or the server stops; Retry-After says when to come again."},
	} {
		problems[strconv.Itoa(p.status)] = object{"description": p.about, "content": object{problem.Type: object{"schema": fault}}}
	}
	paths := object{}
	for _, rt := range a.routes() {
		item, _ := paths[Prefix+rt.path].(object)
		if item == nil {
			item = object{}
			paths[Prefix+rt.path] = item
		}
		item[strings.ToLower(rt.method)] = operation(&rt, s)
	}
	doc := object{
		"openapi": "3.1.0",
		"info": object{"title": "Rapport", "version": a.Version, "license": object{"name": "MIT", "identifier": "MIT"},
			"description": "The record of how states stand to each other. Every claim and event comes with the sentences that tell it and who published them.\n\n" +
				"Lists come in pages (`next` goes on as `cursor`) or, as NDJSON or CSV, whole. Answers carry an ETag: ask again with If-None-Match. " +
				"Posts may carry an Idempotency-Key: sent again within a day they are done once. Errors are problem details (RFC 9457) that say what, where and what to try."},
		"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"servers":           []object{{"url": "/"}},
		"paths":             paths,
		"components": object{"schemas": s.components, "responses": problems, "securitySchemes": object{
			"token":   object{"type": "http", "scheme": "bearer", "description": "rapport tokens add makes one"},
			"session": object{"type": "apiKey", "in": "cookie", "name": "__Host-rapport", "description": "what /login sets"},
		}},
		"security": []object{{"token": []string{}}, {"session": []string{}}, {}},
		"tags": []object{{"name": "events"}, {"name": "claims"}, {"name": "reports"}, {"name": "relations"}, {"name": "search"}, {"name": "code"}, {"name": "reviews"},
			{"name": "merges"}, {"name": "server"}},
	}
	b, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		panic(fmt.Sprintf("the OpenAPI document: %v", err))
	}
	return append(b, '\n')
}

func operation(rt *route, s *schemas) object {
	op := object{"operationId": rt.name, "summary": rt.short, "tags": []string{rt.tag}, "x-role": rt.role}
	about := rt.about
	if rt.role != "" {
		about = strings.TrimSpace(about + "\n\nRole: " + string(rt.role) + ".")
	}
	op["description"] = about
	params := []object{}
	for _, p := range rt.params {
		params = append(params, p.document())
	}
	faults := []string{"400", "401", "403", "429", "503"}
	if rt.fixed {
		params = append(params, object{"name": "If-None-Match", "in": "header", "description": "the ETag of the answer one has", "schema": object{"type": "string"}})
	}
	if strings.Contains(rt.path, "{") {
		faults = append(faults, "404")
	}
	if rt.method == "POST" {
		if rt.name != "code" {
			params = append(params, object{"name": "Idempotency-Key", "in": "header", "description": "a name of this post, so that sending it again does it once", "schema": object{"type": "string", "maxLength": 200}})
		}
		faults = append(faults, "413", "415", "422")
	}
	if len(params) > 0 {
		op["parameters"] = params
	}
	if rt.in != nil {
		types := rt.in.types
		if len(types) == 0 {
			types = []string{"application/json"}
		}
		content := object{}
		for _, t := range types {
			media := object{"schema": object{"type": "string"}}
			if t == "application/json" {
				media = object{"schema": s.of(rt.in.value)}
				if len(types) > 1 { // reports: one or several
					media["schema"] = object{"anyOf": []any{object{"type": "object", "required": []string{"text"}}, object{"type": "array", "items": object{"type": "object", "required": []string{"text"}}}}}
				}
				if rt.in.example != nil {
					media["example"] = rt.in.example
				}
			}
			content[t] = media
		}
		op["requestBody"] = object{"description": rt.in.about, "required": !rt.in.may, "content": content}
	}
	status := rt.status
	if status == 0 {
		status = http.StatusOK
	}
	content := object{}
	for _, t := range rt.types {
		content[t] = object{"schema": object{"type": "string"}}
		if t == "application/json" {
			content[t] = object{"schema": object{"type": "object"}}
		}
	}
	if rt.out != nil {
		schema := s.of(rt.out)
		if rt.list {
			content["application/x-ndjson"] = object{"schema": object{"type": "string", "description": "an item a line"}}
			content["text/csv"] = object{"schema": object{"type": "string", "description": "RFC 4180, with a header: doc/dataset.md has the columns of events and claims"}}
			if rt.name == "code" {
				delete(content, "text/csv")
			}
			schema = object{"type": "object", "required": []string{"items"}, "properties": object{
				"items": object{"type": "array", "items": schema},
				"next":  object{"type": "string", "description": "cursor of the next page; missing at the end"},
				"note":  object{"type": "string", "description": "what a reader should know about this page"},
			}}
		}
		content["application/json"] = object{"schema": schema}
	}
	responses := object{strconv.Itoa(status): object{"description": "Done.", "content": content}}
	if rt.name == "postReports" {
		responses["201"] = object{"description": "One report, and it is kept.", "content": content}
	}
	if rt.fixed {
		responses["200"].(object)["headers"] = object{"ETag": object{"schema": object{"type": "string"}}}
		responses["304"] = object{"description": "The answer one has still holds."}
	}
	for _, f := range faults {
		responses[f] = object{"$ref": "#/components/responses/" + f}
	}
	op["responses"] = responses
	return op
}

func (p param) document() object {
	schema := object{"type": "string"}
	if p.typ != "" {
		schema["type"] = p.typ
	}
	if p.enum != nil {
		schema["enum"] = p.enum
	}
	if p.least != nil {
		schema["minimum"] = *p.least
	}
	if p.most != nil {
		schema["maximum"] = *p.most
	}
	in := p.in
	if in == "" {
		in = "query"
	}
	out := object{"name": p.name, "in": in, "description": p.about, "schema": schema}
	if in == "path" {
		out["required"] = true
	}
	if p.many {
		out["schema"], out["style"], out["explode"] = object{"type": "array", "items": schema}, "form", false
	}
	if p.example != nil {
		out["example"] = p.example
		if p.many {
			out["example"] = []any{p.example}
		}
	}
	return out
}

//go:embed try/index.html
var tryPage []byte

//go:embed try/try.js
var tryScript []byte

//go:embed try/try.css
var tryStyle []byte

// docs serves the document and the page to try it on. They tell what the program
// can do and nothing of the record, so they ask for no login.
func (a *API) docs() {
	static := func(path, mediaType string, body func() []byte) {
		a.mux.HandleFunc("GET "+Prefix+path, func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Type", mediaType)
			h.Set("Cache-Control", "private, no-cache")
			h.Set("ETag", `W/"`+a.boot+`"`)
			if strings.TrimPrefix(r.Header.Get("If-None-Match"), "W/") == `"`+a.boot+`"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Write(body())
		})
	}
	as := func(b []byte) func() []byte { return func() []byte { return b } }
	static("/openapi.json", "application/vnd.oai.openapi+json;version=3.1", a.document)
	static("/{$}", "text/html; charset=utf-8", as(tryPage))
	static("/try.js", "text/javascript; charset=utf-8", as(tryScript))
	static("/try.css", "text/css; charset=utf-8", as(tryStyle))
	a.mux.Handle("GET "+Prefix, http.RedirectHandler(Prefix+"/", http.StatusMovedPermanently))
}
