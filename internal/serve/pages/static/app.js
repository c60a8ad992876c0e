// What the pages do with a script beyond what they do without. Nothing here is
// needed to read or to decide anything.
(function () {
  "use strict";
  var $ = function (s, r) { return Array.prototype.slice.call((r || document).querySelectorAll(s)); };
  var typing = function (e) { return /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.ctrlKey || e.metaKey || e.altKey; };

  // "/" goes to the search box.
  document.addEventListener("keydown", function (e) {
    if (e.key !== "/" || typing(e)) return;
    var q = document.querySelector("input[type=search]");
    if (q) { q.focus(); q.select(); e.preventDefault(); }
  });

  // A filter answers when it is changed.
  $("form.filter select").forEach(function (s) {
    s.addEventListener("change", function () { s.form.requestSubmit(); });
  });

  report();
  review();

  function report() {
    var cards = $(".card"), now = -1;
    if (!cards.length) return;
    var evs = $(".text .ev, .text .also");
    var of = function (el) { return (el.getAttribute("data-c") || "").split(" "); };

    function mark(card) { // the words that the reasons rest on
      if (!window.Highlight || !CSS.highlights) return;
      var ranges = [];
      $("[data-from]", card).forEach(function (li) {
        var from = +li.getAttribute("data-from"), to = +li.getAttribute("data-to");
        if (!(to > from)) return;
        $(".text [data-o]").forEach(function (seg) {
          var node = seg.firstChild, o = +seg.getAttribute("data-o");
          if (!node || node.nodeType !== 3) return;
          var a = Math.max(from - o, 0), b = Math.min(to - o, node.length);
          if (a >= b) return;
          var r = new Range(); r.setStart(node, a); r.setEnd(node, b); ranges.push(r);
        });
      });
      if (ranges.length) CSS.highlights.set("reason", new (Function.prototype.bind.apply(Highlight, [null].concat(ranges)))());
      else CSS.highlights.delete("reason");
    }

    function pick(i, from) {
      if (i < 0 || i >= cards.length) return;
      now = i;
      var n = String(i + 1);
      cards.forEach(function (c, k) {
        c.classList.toggle("on", k === i);
        var d = c.querySelector("details");
        if (d) d.open = k === i;
      });
      evs.forEach(function (el) { el.classList.toggle("on", of(el).indexOf(n) >= 0); });
      $(".mk").forEach(function (m) {
        m.classList.toggle("on", m.textContent === n);
        if (m.textContent === n) m.setAttribute("aria-current", "true"); else m.removeAttribute("aria-current");
      });
      mark(cards[i]);
      if (from !== "card") see(cards[i]);
      if (from !== "text") { var m = $(".mk").filter(function (m) { return m.textContent === n; })[0]; if (m) see(m); }
      if (history.replaceState) history.replaceState(null, "", "#" + cards[i].id);
    }

    function see(el) {
      var side = el.closest(".side"), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (side && side.scrollHeight > side.clientHeight) { side.scrollTo({ top: el.offsetTop - 8, behavior: still ? "auto" : "smooth" }); return; }
      if (el.classList.contains("mk") || side) {
        var r = el.getBoundingClientRect();
        if (r.top < 0 || r.bottom > innerHeight) el.scrollIntoView({ block: "center" });
      }
    }

    $(".text").forEach(function (t) {
      t.addEventListener("click", function (e) {
        var a = e.target.closest("a.mk"), ev = e.target.closest(".ev, .also");
        if (String(getSelection()) && !a) return;
        if (a) { e.preventDefault(); pick(+a.textContent - 1, "text"); return; }
        if (ev) {
          var list = of(ev).map(Number), at = list.indexOf(now + 1);
          pick(list[(at + 1) % list.length] - 1, "text");
        }
      });
    });
    cards.forEach(function (c, i) {
      c.querySelector("h3 a").addEventListener("click", function (e) { e.preventDefault(); pick(i, "card"); });
      c.querySelector("summary").addEventListener("click", function () { if (now !== i) setTimeout(function () { pick(i, "card"); }, 0); });
    });
    document.addEventListener("keydown", function (e) {
      if (typing(e)) return;
      if (e.key === "j") pick(Math.min(now + 1, cards.length - 1));
      if (e.key === "k") pick(Math.max(now - 1, 0));
    });
    var at = cards.findIndex(function (c) { return "#" + c.id === location.hash; });
    if (at >= 0) pick(at);
  }

  function review() {
    var form = document.querySelector("form.review");
    if (!form) return;
    var press = function (v) { var b = form.querySelector("button[value=" + v + "]"); if (b && !b.disabled) b.click(); };
    form.addEventListener("submit", function () { setTimeout(function () { $("button", form).forEach(function (b) { b.disabled = true; }); }, 0); });
    document.addEventListener("keydown", function (e) {
      if (e.key === "Escape" && /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) { e.target.blur(); return; }
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { press("correct"); return; }
      if (typing(e)) return;
      switch (e.key) {
        case "a": press("accept"); break;
        case "r": press("reject"); break;
        case "n": press("next"); break;
        case "c":
          var f = form.querySelector(".fields select, .fields input");
          if (f) { f.focus(); e.preventDefault(); }
          break;
        case "u":
          var u = document.querySelector("form.undo-last button");
          if (u) u.click();
          break;
      }
    });
  }
})();
