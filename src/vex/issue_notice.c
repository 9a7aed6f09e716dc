/*
 * The notice to customers: what FDA's guidance "Postmarket Management of Cybersecurity in Medical
 * Devices" (2016, VII.B) wants told within 30 days, as text and as one self-contained page.
 */
#include "base/time.h"
#include "base/utf8.h"
#include "vex/issue.h"

/* One document in two shapes: each call appends a piece of text that is safe in its shape. */
struct notice {
	struct tu_issue_writer *w;
	bool html;
};

static const char *reference(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

static void add(const struct notice *n, struct tu_str text)
{
	struct tu_buf *out = n->w->out;
	struct tu_str rest = text;
	uint32_t point;

	for (; text.len; text = rest) {
		const char *escaped = n->html ? reference(text.ptr[0]) : NULL;

		if (!tu_utf8_next(&rest, &point)) {
			tu_buf_c(out, "\xef\xbf\xbd");
			rest = tu_str_from(text, 1);
		} else if (tu_utf8_deceives(point)) {
			tu_buf_printf(out, "[U+%04X]", (unsigned)point);
		} else if (escaped) {
			tu_buf_c(out, escaped);
		} else {
			tu_buf_add(out, text.ptr, text.len - rest.len);
		}
	}
}

static void add_c(const struct notice *n, const char *text)
{
	add(n, tu_str_c(text));
}

static void open_block(const struct notice *n, const char *tag)
{
	if (n->html)
		tu_buf_printf(n->w->out, "<%s>", tag);
}

static void close_block(const struct notice *n, const char *tag)
{
	if (n->html)
		tu_buf_printf(n->w->out, "</%s>\n", tag);
	else
		tu_buf_c(n->w->out, "\n");
}

static void heading(const struct notice *n, const char *tag, struct tu_str text)
{
	size_t width = text.len;

	open_block(n, tag);
	add(n, text);
	close_block(n, tag);
	for (size_t i = 0; !n->html && i < width && i < 78; i++)
		tu_buf_byte(n->w->out, tag[1] == '1' ? '=' : '-');
	if (!n->html)
		tu_buf_c(n->w->out, "\n\n");
}

static void paragraph(const struct notice *n, struct tu_str text)
{
	open_block(n, "p");
	add(n, text);
	close_block(n, "p");
	if (!n->html)
		tu_buf_c(n->w->out, "\n");
}

static void item(const struct notice *n, struct tu_str text)
{
	open_block(n, "li");
	add_c(n, n->html ? "" : "  * ");
	add(n, text);
	close_block(n, "li");
}

static void open_list(const struct notice *n)
{
	if (n->html)
		tu_buf_c(n->w->out, "<ul>\n");
}

static void close_list(const struct notice *n)
{
	tu_buf_c(n->w->out, n->html ? "</ul>\n" : "\n");
}

/* ---- the pieces ---- */

static void add_product(const struct notice *n, const struct tu_issue_product *product)
{
	struct tu_buf line;

	tu_buf_init(&line, 1 << 16);
	tu_buf_printf(&line, "%.*s, software %.*s", TU_STR_FMT(product->variant),
		TU_STR_FMT(product->version));
	if (product->model.len)
		tu_buf_printf(&line, ", model %.*s", TU_STR_FMT(product->model));
	if (product->udi_di.len)
		tu_buf_printf(&line, ", UDI-DI %.*s", TU_STR_FMT(product->udi_di));
	item(n, tu_buf_str(&line));
	n->w->out->failed |= line.failed;
	tu_buf_done(&line);
}

static void add_products(const struct notice *n, const struct tu_issue_entry *entry)
{
	paragraph(n, TU_STR("Devices concerned:"));
	open_list(n);
	for (size_t i = 0; i < entry->product_count; i++)
		add_product(n, &n->w->issue->products[entry->products[i]]);
	close_list(n);
}

/* A sentence of the maker's own, ended where it is not. */
static void add_sentence(struct tu_str text, struct tu_buf *line)
{
	static const char *const ends[] = {".", "!", "?", ":", ";", "\xe3\x80\x82"};
	bool ended = false;

	text = tu_str_trim(text);
	if (!text.len)
		return;
	for (size_t i = 0; i < TU_COUNT(ends); i++)
		ended |= tu_str_ends(text, tu_str_c(ends[i]));
	tu_buf_str_add(line, text);
	tu_buf_c(line, ended ? " " : ". ");
}

/* (a) the vulnerability and its impact as currently understood */
static void add_impact(const struct notice *n, const struct tu_issue_entry *entry)
{
	struct tu_buf line;

	heading(n, "h3", TU_STR("1. The vulnerability and its impact as currently understood"));
	tu_buf_init(&line, 1 << 16);
	tu_buf_str_add(&line, entry->vulnerability);
	if (entry->title.len)
		tu_buf_printf(&line, " (%.*s)", TU_STR_FMT(entry->title));
	tu_buf_c(&line, " is in ");
	tu_issue_component(entry, &line);
	tu_buf_c(&line, ", a part of the device's software. ");
	if (entry->impact.len)
		add_sentence(entry->impact, &line);
	else if (entry->status == TU_CLAIM_UNDER_INVESTIGATION)
		tu_buf_c(&line, "Whether the device is affected is under investigation. ");
	else
		tu_buf_c(&line, "The device is affected; its impact is still being assessed. ");
	tu_buf_str_add(&line, entry->note);
	paragraph(n, tu_str_trim(tu_buf_str(&line)));
	n->w->out->failed |= line.failed;
	tu_buf_done(&line);
}

/* (b) efforts are under way as expeditiously as possible */
static void add_efforts(const struct notice *n)
{
	heading(n, "h3", TU_STR("2. What we are doing"));
	paragraph(n,
		TU_STR("We are working as expeditiously as possible to address the risk that this "
		       "vulnerability poses to patients."));
}

/* The action is something to do meanwhile, not the fix. */
static bool is_interim(const struct tu_issue_entry *entry)
{
	return tu_str_eq(entry->remedy, TU_STR("mitigation")) ||
		tu_str_eq(entry->remedy, TU_STR("workaround"));
}

/* (c) compensating controls, if any */
static void add_controls(const struct notice *n, const struct tu_issue_entry *entry)
{
	bool interim = is_interim(entry);

	heading(n, "h3", TU_STR("3. Compensating controls"));
	if (!entry->control_count && !(interim && entry->action.len)) {
		paragraph(n,
			TU_STR("No compensating controls are known beyond the device's "
			       "instructions for use."));
		return;
	}
	open_list(n);
	for (size_t i = 0; i < entry->control_count; i++)
		item(n, entry->controls[i]);
	if (interim && entry->action.len)
		item(n, entry->action);
	close_list(n);
}

/* Which release has the fix. What is released is said to be; what does not show is not promised. */
static void add_fix_version(const struct tu_issue_entry *entry, struct tu_buf *line)
{
	static const char *const words[] = {[TU_ISSUE_FIX_PLANNED] = "is the fix.",
		[TU_ISSUE_FIX_RELEASED] = "is the fix and is released.",
		[TU_ISSUE_FIX_UNSHOWN] =
			"is released, but whether it has the fix is under investigation."};

	if (entry->fix_version.len)
		tu_buf_printf(line, "Software %.*s %s ", TU_STR_FMT(entry->fix_version),
			words[entry->fix]);
	else
		tu_buf_c(line,
			"We are working on a fix, or on controls that provide defence in depth. ");
}

/* (d) a fix or defence in depth is being worked on, and its availability will be told */
static void add_fix(const struct notice *n, const struct tu_issue_entry *entry)
{
	bool released = entry->fix_version.len && entry->fix == TU_ISSUE_FIX_RELEASED;
	struct tu_buf line;

	heading(n, "h3", TU_STR("4. The fix"));
	tu_buf_init(&line, 1 << 16);
	add_fix_version(entry, &line);
	if (entry->due && entry->fix == TU_ISSUE_FIX_PLANNED) {
		tu_buf_c(&line, "It is planned for ");
		tu_time_write_date(entry->due, &line);
		tu_buf_c(&line, ". ");
	}
	if (!is_interim(entry))
		add_sentence(entry->action, &line);
	if (!released)
		tu_buf_c(&line, "We will communicate its availability to you. ");
	tu_buf_str_add(&line, entry->url);
	paragraph(n, tu_str_trim(tu_buf_str(&line)));
	n->w->out->failed |= line.failed;
	tu_buf_done(&line);
}

static bool is_told(const struct tu_issue_entry *entry)
{
	return entry->status == TU_CLAIM_AFFECTED || entry->status == TU_CLAIM_UNDER_INVESTIGATION;
}

static void add_entry(const struct notice *n, const struct tu_issue_entry *entry)
{
	struct tu_buf line;

	tu_buf_init(&line, 1 << 16);
	tu_buf_printf(&line, "%.*s in ", TU_STR_FMT(entry->vulnerability));
	tu_issue_component(entry, &line);
	heading(n, "h2", tu_buf_str(&line));
	n->w->out->failed |= line.failed;
	tu_buf_done(&line);
	add_products(n, entry);
	add_impact(n, entry);
	add_efforts(n);
	add_controls(n, entry);
	add_fix(n, entry);
}

static void add_head(const struct notice *n)
{
	struct tu_buf line;

	tu_buf_init(&line, 1 << 16);
	tu_buf_printf(&line, "Security notice: %.*s", TU_STR_FMT(n->w->issue->family));
	heading(n, "h1", tu_buf_str(&line));
	n->w->out->failed |= line.failed;
	tu_buf_clear(&line);
	tu_buf_printf(&line, "%.*s, ", TU_STR_FMT(n->w->issue->publisher));
	tu_time_write_date(n->w->issue->at, &line);
	tu_buf_printf(&line, ". Notice %.*s.", TU_STR_FMT(n->w->issue->id));
	paragraph(n, tu_buf_str(&line));
	n->w->out->failed |= line.failed;
	tu_buf_done(&line);
}

static void add_foot(const struct notice *n)
{
	struct tu_buf line;

	tu_buf_init(&line, 1 << 16);
	heading(n, "h2", TU_STR("Contact"));
	tu_buf_printf(&line,
		"Questions and reports of events: %.*s. Do not report patient data by mail.",
		TU_STR_FMT(
			n->w->issue->contact.len ? n->w->issue->contact : n->w->issue->namespace_));
	paragraph(n, tu_buf_str(&line));
	n->w->out->failed |= line.failed;
	tu_buf_done(&line);
}

static enum tu_status write(struct tu_issue_writer *w, bool html)
{
	const struct notice n = {w, html};
	size_t told = 0;

	for (size_t i = 0; i < w->issue->entry_count; i++)
		told += is_told(&w->issue->entries[i]);
	if (!told)
		return tu_fail(w->err, TU_E_USAGE, 0,
			"nothing to tell customers: no release is affected or under investigation");
	if (html) {
		tu_buf_c(w->out,
			"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
			"<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
		add(&n, w->issue->title);
		tu_buf_c(w->out,
			"</title>\n<style>body{font:1rem/1.5 "
			"sans-serif;max-width:46rem;margin:2rem "
			"auto;padding:0 1rem}h3{margin-bottom:.2rem}@media print{body{margin:0}}"
			"</style>\n</head>\n<body>\n<main>\n");
	}
	add_head(&n);
	for (size_t i = 0; i < w->issue->entry_count; i++)
		if (is_told(&w->issue->entries[i]))
			add_entry(&n, &w->issue->entries[i]);
	add_foot(&n);
	if (html)
		tu_buf_c(w->out, "</main>\n</body>\n</html>\n");
	return TU_OK;
}

enum tu_status tu_issue_notice_html(struct tu_issue_writer *w)
{
	return write(w, true);
}

enum tu_status tu_issue_notice_text(struct tu_issue_writer *w)
{
	return write(w, false);
}
