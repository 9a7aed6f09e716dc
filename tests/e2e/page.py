"""Reads a page as the report's tests need it: tables by id, and everything that is not well-formed."""
import html.parser
import re

# Where a link may lead: the public record of a vulnerability, and nowhere else.
RECORD = re.compile(r"https://(nvd\.nist\.gov/vuln/detail|github\.com/advisories|osv\.dev/vulnerability)"
                    r"/[A-Za-z0-9._:-]+")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# What would load something, or run something.
LOADING = {"script", "link", "img", "iframe", "object", "embed", "base", "audio", "video", "source",
           "image", "use", "form"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.problems, self.open = [], []
        self.ids, self.targets = [], []
        self.tables, self.drawings, self.texts = [], [], []
        self.style = ""
        self._cell = self._title = None
        self.feed(text)
        self.close()
        self.problems += [f"never closed: {tag}" for tag in self.open]
        self.by_id = {table["id"]: table for table in self.tables if table["id"]}

    def problem(self, what):
        self.problems.append(f"line {self.getpos()[0]}: {what}")

    # ---- tags ----

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in LOADING:
            self.problem(f"<{tag}>")
        for name, value in attrs.items():
            self.attribute(tag, name, value or "")
        if tag not in VOID:
            self.open.append(tag)
        begin = getattr(self, "begin_" + tag, None)
        if begin:
            begin(attrs)

    def handle_startendtag(self, tag, attrs):
        self.problem(f"<{tag}/>")

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problem(f"</{tag}> inside {self.open[-3:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag in ("td", "th"):
            self._cell = None

    def attribute(self, tag, name, value):
        if name.startswith("on") or name in ("src", "srcset", "style", "action"):
            self.problem(f"<{tag} {name}>")
        if name == "id":
            self.ids.append(value)
        if name == "href":
            self.targets.append(value)
        if name in ("aria-labelledby", "aria-details"):
            self.targets.append("#" + value)

    def begin_table(self, attrs):
        self.tables.append({"id": attrs.get("id"), "caption": "", "heads": [], "rows": []})

    def begin_tr(self, attrs):
        if "tbody" in self.open:
            self.tables[-1]["rows"].append([])

    def begin_td(self, attrs):
        self._cell = self.tables[-1]["rows"][-1]
        self._cell.append("")

    def begin_th(self, attrs):
        in_head = "thead" in self.open
        if attrs.get("scope") != ("col" if in_head else "row"):
            self.problem(f"<th> has the scope {attrs.get('scope')}")
        self._cell = self.tables[-1]["heads"] if in_head else self.tables[-1]["rows"][-1]
        self._cell.append("")

    def begin_svg(self, attrs):
        self.drawings.append({"twin": attrs.get("aria-details"), "title": "", "text": []})

    def begin_small(self, attrs):
        self.handle_data(" ")

    begin_br = begin_small

    # ---- text ----

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside == "style":
            self.style += data
            return
        self.texts.append(data)
        if self._cell is not None and self._cell:
            self._cell[-1] += data
        if inside == "caption":
            self.tables[-1]["caption"] += data
        if "svg" in self.open:
            if inside == "title":
                self.drawings[-1]["title"] += data
            elif data.strip():
                self.drawings[-1]["text"].append(data)

    def unknown_decl(self, data):
        self.problem("unknown declaration")

    # ---- asking ----

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.texts))

    def table(self, name):
        """{head of row: [cells]}; an empty one where there is no such table."""
        return {row[0]: row[1:] for row in self.by_id.get(name, {"rows": []})["rows"]}

    def findings(self):
        """First cells of the tables of findings, one a finding."""
        return [row[0].split()[0] for table in self.tables if "Response, deadlines" in table["heads"]
                for row in table["rows"]]

    def faults(self):
        """Whatever is wrong with the page as a page."""
        found = list(self.problems)
        found += [f"twice: id {name}" for name in set(self.ids) if self.ids.count(name) > 1]
        found += [f"leads nowhere: {target}" for target in set(self.targets)
                  if not (target[1:] in self.ids if target.startswith("#")
                          else RECORD.fullmatch(target))]
        found += [f"no caption: {table['heads']}" for table in self.tables if not table["caption"]]
        found += [f"ragged: {row}" for table in self.tables for row in table["rows"]
                  if len(row) != len(table["heads"])]
        found += [f"no title or twin: {drawing}" for drawing in self.drawings
                  if not drawing["title"] or drawing["twin"] not in self.by_id]
        if "url(" in self.style or "@import" in self.style:
            found.append("the style sheet loads something")
        return found
