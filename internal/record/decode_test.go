package record

import (
	"encoding/json"
	"reflect"
	"testing"

	"rapport"
)

// full is a claim or event with every field that one has, so that a field added
// to it and not to the decoder shows.
func full[T any](t testing.TB) T {
	t.Helper()
	var c T
	n := 0
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		n++
		switch v.Kind() {
		case reflect.String:
			v.SetString([]string{"2024-06-08", `a "quoted\" <&> é 日本 🇪🇬`, "tab\tline\nend\u2028", "plain"}[n%4])
		case reflect.Int:
			v.SetInt(int64(n) * 1000)
		case reflect.Float64:
			v.SetFloat(-float64(n) / 7e9)
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem())
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0))
			fill(v.Index(1))
		case reflect.Array:
			fill(v.Index(0))
			fill(v.Index(1))
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		default:
			t.Fatalf("the decoder's test does not know %v", v.Type())
		}
	}
	fill(reflect.ValueOf(&c).Elem())
	return c
}

// TestDecode: the record's own decoder takes all that claims are written as.
func TestDecode(t *testing.T) {
	cs := []rapport.Claim{full[rapport.Claim](t), {}}
	for c := range newGenerator(1).reports(3, 5, 5) {
		cs = append(cs, c.Claims...)
	}
	for _, c := range cs {
		body, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var want rapport.Claim
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatal(err)
		}
		var got rapport.Claim
		d := decoder{s: string(body)}
		if d.claim(&got); d.bad || d.at != len(body) {
			t.Errorf("stops at byte %d of %s", d.at, body)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nis read as %+v\nwant       %+v", body, got, want)
		}
	}
}

func TestDecodeEvent(t *testing.T) {
	bare := full[rapport.Event](t)
	bare.Actor, bare.Recipient, bare.Claims, bare.Place, bare.Disputed = nil, []rapport.Party{}, nil, nil, nil
	for _, e := range []rapport.Event{full[rapport.Event](t), bare, {}} {
		body, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var got, want rapport.Event
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatal(err)
		}
		d := decoder{s: string(body)}
		if d.event(&got); d.bad || d.at != len(body) {
			t.Errorf("stops at byte %d of %s", d.at, body)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nis read as %+v\nwant       %+v", body, got, want)
		}
	}
	if e, err := decodeEvent([]byte(` {"id": "a", "new": 1}`)); err != nil || e.ID != "a" {
		t.Errorf("what encoding/json would read: %+v %v", e, err)
	}
	if _, err := decodeEvent([]byte(`{"id":`)); err == nil {
		t.Error("half an event is read")
	}
}

// FuzzDecode: where the decoder has an answer, it is encoding/json's.
func FuzzDecode(f *testing.F) {
	body, err := full[rapport.Claim](f).MarshalJSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	for _, s := range []string{
		`{}`, ``, `null`, `[]`, `{"id":"a"}`, `{"id":null,"actor":null}`, `{"id":"a","id":"b"}`, `{"ID":"a"}`, `{"quad":01}`, `{"score":1e400}`,
		`{"score":-0.0,"quad":-0}`, `{"quad":1.0}`, `{"id":"\ud800"}`, "{\"id\":\"\xff\"}", "{\"id\":\"\xef\xbf\xbd\"}", `{"id":"a"} `, `{"id":"\x"}`, `{"id":"a`, `{"id":"a\`,
		`{"reasons":[{"span":[1]}]}`, `{"reasons":[{"span":[1,2,3]}]}`, `{"evidence":{"start":1,"Start":2}}`, `{"place":{"lat":null}}`,
		`{"also":[{"start":1},{}]}`, `{"context":["a",null]}`, `{"quoted":tru}`, `{"score":.5}`, `{"score":5.}`, `{"score":+5}`, `{"score":-}`, `{"score":0x1p2}`, `{"i\u0064":"a"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want rapport.Claim
		d := decoder{s: string(body)}
		if d.claim(&got); d.bad || d.at != len(body) {
			return
		}
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("%q is taken, and is no JSON: %v", body, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %+v, want %+v", body, got, want)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body, err := newGenerator(1).coded(0, 14, 10).Claims[3].MarshalJSON()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("record", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if c, err := decodeClaim(body); err != nil || c.ID == "" {
				b.Fatal(err)
			}
		}
	})
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var c rapport.Claim
			if err := json.Unmarshal(body, &c); err != nil || c.ID == "" {
				b.Fatal(err)
			}
		}
	})
}
