/*
 * CSAF 2.0, profiles csaf_vex and csaf_security_advisory: the document. Keys are in alphabetical
 * order (6.2.13).
 */
#include "csaf/csaf.h"
#include "vex/issue_csaf.h"

/* ---- the document ---- */

void tu_issue_csaf_note(
	struct tu_issue_csaf *c, const char *category, struct tu_str text, const char *title)
{
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "category", tu_str_c(category));
	tu_json_member_str(c->json, "text", text);
	tu_json_member_str(c->json, "title", tu_str_c(title));
	tu_json_close_object(c->json);
}

static void add_publisher(struct tu_issue_csaf *c)
{
	tu_json_key(c->json, "publisher");
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "category", TU_STR("vendor"));
	tu_json_member_opt(c->json, "contact_details", c->w->issue->contact);
	tu_json_member_str(c->json, "name", c->w->issue->publisher);
	tu_json_member_str(c->json, "namespace", c->w->issue->namespace_);
	tu_json_close_object(c->json);
}

static struct tu_json previous_tracking(const struct tu_issue_csaf *c)
{
	return tu_json_get(tu_json_get(c->w->previous, TU_STR("document")), TU_STR("tracking"));
}

static struct tu_str document_id(const struct tu_issue_csaf *c)
{
	struct tu_str before = TU_JSON_STR(previous_tracking(c), "id");

	return before.len ? before : c->w->issue->id;
}

/* Where a trusted provider publishes it (CSAF 7.1.11): below the maker's own address. */
static void add_canonical(struct tu_issue_csaf *c)
{
	struct tu_str host = c->w->issue->namespace_, id = document_id(c);
	struct tu_buf url;

	if (!tu_str_starts(host, TU_STR("https://")))
		return;
	while (tu_str_ends(host, TU_STR("/")))
		host.len--;
	tu_buf_init(&url, 1 << 16);
	tu_buf_str_add(&url, host);
	tu_buf_c(&url, "/.well-known/csaf/");
	for (size_t i = 0; i < c->w->issue->tlp.len; i++)
		tu_buf_byte(&url, tu_char_lower(c->w->issue->tlp.ptr[i]));
	tu_buf_byte(&url, '/');
	tu_csaf_file_name(id, &url);
	tu_json_key(c->json, "references");
	tu_json_open_array(c->json);
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "category", TU_STR("self"));
	tu_json_member_str(c->json, "summary", TU_STR("Canonical URL"));
	tu_json_member_str(c->json, "url", tu_buf_str(&url));
	tu_json_close_object(c->json);
	tu_json_close_array(c->json);
	c->w->out->failed |= url.failed;
	tu_buf_done(&url);
}

/* ---- the revision history ---- */

static void add_revision(
	struct tu_issue_csaf *c, struct tu_str date, struct tu_str number, struct tu_str summary)
{
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "date", date);
	tu_json_member_str(c->json, "number", number);
	tu_json_member_str(c->json, "summary", summary);
	tu_json_close_object(c->json);
}

/* The number behind `digits`, of any length. */
static void add_successor(struct tu_str digits, struct tu_buf *out)
{
	size_t nines = 0;

	while (nines < digits.len && digits.ptr[digits.len - 1 - nines] == '9')
		nines++;
	if (nines == digits.len) {
		tu_buf_byte(out, '1');
	} else {
		tu_buf_str_add(out, tu_str_first(digits, digits.len - nines - 1));
		tu_buf_byte(out, (char)(digits.ptr[digits.len - nines - 1] + 1));
	}
	for (size_t i = 0; i < nines; i++)
		tu_buf_byte(out, '0');
}

/* Integer versions count on; semantic ones raise the minor number. */
static bool next_version(struct tu_str before, struct tu_buf *out)
{
	struct tu_csaf_version version;

	if (!tu_csaf_version_parse(before, &version))
		return false;
	if (version.integer) {
		add_successor(version.major, out);
		return true;
	}
	tu_buf_printf(out, "%.*s.", TU_STR_FMT(version.major));
	add_successor(version.minor, out);
	tu_buf_c(out, ".0");
	return true;
}

/* Its words, or that they were for others. */
static struct tu_str summary_of(const struct tu_issue_csaf *c, struct tu_json revision)
{
	struct tu_str number = TU_JSON_STR(revision, "number");

	for (size_t i = 0; i < c->w->issue->withheld_count; i++)
		if (tu_str_eq(c->w->issue->withheld[i], number))
			return TU_STR("Sent to other recipients.");
	return TU_JSON_STR(revision, "summary");
}

static void add_history(struct tu_issue_csaf *c, struct tu_str date, struct tu_str number)
{
	struct tu_json revision;

	tu_json_key(c->json, "revision_history");
	tu_json_open_array(c->json);
	TU_CSAF_EACH(revision, tu_json_get(previous_tracking(c), TU_STR("revision_history")))
	add_revision(c, TU_JSON_STR(revision, "date"), TU_JSON_STR(revision, "number"),
		summary_of(c, revision));
	add_revision(c, date, number,
		c->w->issue->summary.len     ? c->w->issue->summary
			: c->w->previous.doc ? TU_STR("Statements revised.")
					     : TU_STR("First issue."));
	tu_json_close_array(c->json);
}

static void add_generator(struct tu_issue_csaf *c)
{
	struct tu_str name = c->w->issue->generator, version = {0};
	size_t blank = tu_str_find(name, ' ');

	if (!name.len)
		return;
	version = tu_str_from(name, blank + 1);
	tu_json_key(c->json, "generator");
	tu_json_open_object(c->json);
	tu_issue_member_time(c->w, "date", c->w->issue->at);
	tu_json_key(c->json, "engine");
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "name", tu_str_first(name, blank));
	tu_json_member_opt(c->json, "version", version);
	tu_json_close_object(c->json);
	tu_json_close_object(c->json);
}

static void add_tracking(struct tu_issue_csaf *c, struct tu_str number)
{
	struct tu_str first = TU_JSON_STR(previous_tracking(c), "initial_release_date");
	struct tu_buf date;

	tu_buf_init(&date, 64);
	tu_issue_time(c->w->issue->at, &date);
	tu_json_key(c->json, "tracking");
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "current_release_date", tu_buf_str(&date));
	add_generator(c);
	tu_json_member_str(c->json, "id", document_id(c));
	tu_json_member_str(c->json, "initial_release_date", first.len ? first : tu_buf_str(&date));
	add_history(c, tu_buf_str(&date), number);
	tu_json_member_str(c->json, "status", TU_STR("final"));
	tu_json_member_str(c->json, "version", number);
	tu_json_close_object(c->json);
	c->w->out->failed |= date.failed;
	tu_buf_done(&date);
}

static void add_document(struct tu_issue_csaf *c, const char *category, struct tu_str number)
{
	tu_json_key(c->json, "document");
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "category", tu_str_c(category));
	tu_json_member_str(c->json, "csaf_version", TU_STR("2.0"));
	tu_json_key(c->json, "distribution");
	tu_json_open_object(c->json);
	tu_json_key(c->json, "tlp");
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "label", c->w->issue->tlp);
	tu_json_member_str(c->json, "url", TU_STR("https://www.first.org/tlp/"));
	tu_json_close_object(c->json);
	tu_json_close_object(c->json);
	tu_json_member_str(c->json, "lang", TU_STR("en"));
	tu_json_key(c->json, "notes");
	tu_json_open_array(c->json);
	tu_issue_csaf_note(c, "summary", c->w->issue->title, "Summary");
	tu_json_close_array(c->json);
	add_publisher(c);
	add_canonical(c);
	tu_json_member_str(c->json, "title", c->w->issue->title);
	add_tracking(c, number);
	tu_json_close_object(c->json);
}

/* ---- the whole ---- */

static enum tu_status check_previous(const struct tu_issue_csaf *c)
{
	struct tu_json tracking = previous_tracking(c), revision;
	struct tu_csaf_instant at = {.seconds = c->w->issue->at, .known = true};

	if (!c->w->previous.doc)
		return TU_OK;
	if (!tracking.doc)
		return tu_fail(c->w->err, TU_E_SYNTAX, 0,
			"the previous document is not CSAF: it has no tracking");
	TU_CSAF_EACH(revision, tu_json_get(tracking, TU_STR("revision_history")))
	{
		struct tu_csaf_instant date = tu_csaf_instant(TU_JSON_STR(revision, "date"));
		if (!date.known || tu_csaf_instant_compare(date, at) > 0)
			return tu_json_fail(c->w->err, TU_E_USAGE, revision,
				"the previous document has a revision that is not before the new "
				"one");
	}
	return TU_OK;
}

static enum tu_status check_issue(const struct tu_issue_csaf *c)
{
	if (tu_issue_need_namespace(c->w, "CSAF") != TU_OK)
		return TU_E_USAGE;
	if (!c->w->issue->publisher.len || !c->w->issue->family.len)
		return tu_fail(c->w->err, TU_E_USAGE, 0,
			"CSAF needs the names of the maker and of the device");
	return check_previous(c);
}

static enum tu_status write_csaf(struct tu_issue_writer *w, const char *category)
{
	struct tu_issue_csaf c = {.w = w, .json = &w->json};
	enum tu_status status = check_issue(&c);
	struct tu_buf number;

	if (status != TU_OK)
		return status;
	tu_buf_init(&number, 4096);
	if (!w->previous.doc)
		tu_buf_c(&number, "1");
	else if (!next_version(TU_JSON_STR(previous_tracking(&c), "version"), &number))
		status = tu_fail(w->err, TU_E_SYNTAX, 0,
			"the previous document's version is neither an integer nor semantic");
	if (status == TU_OK && (!tu_issue_csaf_subjects(&c) || number.failed))
		status = tu_no_memory(w->err);
	if (status == TU_OK) {
		tu_json_open_object(c.json);
		add_document(&c, category, tu_buf_str(&number));
		tu_issue_csaf_tree(&c);
		tu_issue_csaf_vulnerabilities(&c);
		tu_json_close_object(c.json);
	}
	tu_issue_csaf_done(&c);
	tu_buf_done(&number);
	return status;
}

enum tu_status tu_issue_csaf_vex(struct tu_issue_writer *w)
{
	return write_csaf(w, "csaf_vex");
}

enum tu_status tu_issue_csaf_advisory(struct tu_issue_writer *w)
{
	return write_csaf(w, "csaf_security_advisory");
}
