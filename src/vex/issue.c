#include "vex/issue.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/sha256.h"
#include "base/time.h"

static const struct {
	const char *name;
	enum tu_status (*write)(struct tu_issue_writer *w);
	bool json;
} formats[TU_ISSUE_FORMATS] = {
	[TU_ISSUE_OPENVEX] = {"openvex", tu_issue_openvex, true},
	[TU_ISSUE_CYCLONEDX] = {"cyclonedx", tu_issue_cyclonedx, true},
	[TU_ISSUE_CSAF_VEX] = {"csaf-vex", tu_issue_csaf_vex, true},
	[TU_ISSUE_CSAF_ADVISORY] = {"csaf-advisory", tu_issue_csaf_advisory, true},
	[TU_ISSUE_NOTICE_HTML] = {"notice-html", tu_issue_notice_html, false},
	[TU_ISSUE_NOTICE_TEXT] = {"notice-text", tu_issue_notice_text, false},
};

const char *tu_issue_format_name(enum tu_issue_format format)
{
	return (unsigned)format < TU_ISSUE_FORMATS ? formats[format].name : "";
}

bool tu_issue_format_by_name(struct tu_str name, enum tu_issue_format *out_format)
{
	for (unsigned i = 0; i < TU_ISSUE_FORMATS; i++)
		if (tu_str_eq(name, tu_str_c(formats[i].name))) {
			*out_format = (enum tu_issue_format)i;
			return true;
		}
	return false;
}

/* ---- helpers ---- */

void tu_issue_time(int64_t seconds, struct tu_buf *out)
{
	tu_time_write(seconds, out);
}

void tu_issue_member_time(struct tu_issue_writer *w, const char *key, int64_t seconds)
{
	struct tu_buf text;

	tu_buf_init(&text, 64);
	tu_issue_time(seconds, &text);
	if (text.failed)
		w->out->failed = true;
	tu_json_member_str(&w->json, key, tu_buf_str(&text));
	tu_buf_done(&text);
}

void tu_issue_member_fmt(struct tu_issue_writer *w, const char *key, const char *fmt, ...)
{
	char text[4096];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len < 0)
		len = 0;
	tu_json_member_str(&w->json, key,
		tu_str_of(text, (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1));
}

void tu_issue_slug(struct tu_str text, struct tu_buf *out)
{
	bool gap = false;

	for (size_t i = 0; i < text.len; i++) {
		if (!tu_char_is_alnum(text.ptr[i])) {
			gap = out->len > 0;
			continue;
		}
		if (gap)
			tu_buf_byte(out, '-');
		gap = false;
		tu_buf_byte(out, tu_char_lower(text.ptr[i]));
	}
}

static void add_encoded(struct tu_str text, struct tu_buf *out)
{
	for (size_t i = 0; i < text.len; i++)
		if (tu_char_is_alnum(text.ptr[i]) || strchr("-._~", text.ptr[i]))
			tu_buf_byte(out, text.ptr[i]);
		else
			tu_buf_printf(out, "%%%02X", (unsigned)(unsigned char)text.ptr[i]);
}

void tu_issue_purl(
	const struct tu_issue *issue, const struct tu_issue_product *product, struct tu_buf *out)
{
	struct tu_buf slug;

	if (product->purl.len) {
		tu_buf_str_add(out, product->purl);
		return;
	}
	tu_buf_init(&slug, 4096);
	tu_issue_slug(issue->publisher, &slug);
	tu_buf_printf(out, "pkg:generic/%.*s/", TU_STR_FMT(tu_buf_str(&slug)));
	out->failed |= slug.failed;
	tu_buf_clear(&slug);
	tu_issue_slug(issue->family, &slug);
	tu_buf_printf(out, "%.*s@", TU_STR_FMT(tu_buf_str(&slug)));
	add_encoded(product->version, out);
	out->failed |= slug.failed;
	tu_buf_done(&slug);
}

/* RFC 9562, 5.8: version 8 is for values of one's own making. */
bool tu_issue_uuid(struct tu_str text, struct tu_buf *out)
{
	uint8_t digest[TU_SHA256_BYTES];

	if (tu_sha256(text, digest) != TU_OK)
		return false;
	digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x80);
	digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
	tu_buf_c(out, "urn:uuid:");
	for (size_t i = 0; i < 16; i++)
		tu_buf_printf(
			out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", digest[i]);
	return !out->failed;
}

void tu_issue_detail(struct tu_str impact, struct tu_str note, struct tu_buf *out)
{
	tu_buf_str_add(out, impact);
	if (impact.len && note.len)
		tu_buf_byte(out, ' ');
	tu_buf_str_add(out, note);
}

void tu_issue_member_detail(
	struct tu_issue_writer *w, const char *key, struct tu_str impact, struct tu_str note)
{
	struct tu_buf text;

	tu_buf_init(&text, (size_t)1 << 24);
	tu_issue_detail(impact, note, &text);
	w->out->failed |= text.failed;
	tu_json_member_opt(&w->json, key, tu_buf_str(&text));
	tu_buf_done(&text);
}

void tu_issue_component(const struct tu_issue_entry *entry, struct tu_buf *out)
{
	tu_buf_str_add(out, entry->component);
	if (entry->component_version.len)
		tu_buf_printf(out, " %.*s", TU_STR_FMT(entry->component_version));
}

/* ---- the whole ---- */

static bool is_sound(const struct tu_issue_entry *entry)
{
	if (!entry->vulnerability.len || !entry->product_count)
		return false;
	if (entry->status == TU_CLAIM_NOT_AFFECTED)
		return entry->justification.len || entry->impact.len;
	if (entry->status == TU_CLAIM_AFFECTED)
		return entry->action.len || entry->remedy.len;
	return entry->status != TU_CLAIM_UNSTATED;
}

static enum tu_status check(const struct tu_issue *issue, struct tu_error *err)
{
	if (!issue->entry_count)
		return tu_fail(err, TU_E_USAGE, 0, "there is nothing to state");
	for (size_t i = 0; i < issue->entry_count; i++) {
		const struct tu_issue_entry *entry = &issue->entries[i];
		if (!is_sound(entry))
			return tu_fail(err, TU_E_USAGE, 0,
				"%.*s in %.*s: \"not affected\" needs a justification or an "
				"impact, "
				"\"affected\" an action or a remedy",
				TU_STR_FMT(entry->vulnerability), TU_STR_FMT(entry->component));
		for (size_t k = 0; k < entry->product_count; k++)
			if (entry->products[k] >= issue->product_count)
				return tu_fail(err, TU_E_USAGE, 0, "%.*s: no such product",
					TU_STR_FMT(entry->vulnerability));
	}
	return TU_OK;
}

static enum tu_status write(struct tu_issue_writer *w, enum tu_issue_format format)
{
	enum tu_status status;

	w->json = tu_json_writer(w->out, true);
	status = formats[format].write(w);
	if (status == TU_OK && formats[format].json)
		tu_buf_byte(w->out, '\n');
	if (status != TU_OK)
		return status;
	tu_sink_spill(w->sink);
	return tu_sink_check(w->sink, w->err);
}

enum tu_status tu_issue_write(const struct tu_issue *issue, enum tu_issue_format format,
	struct tu_sink *sink, struct tu_error *err)
{
	struct tu_issue_writer w = {.issue = issue, .sink = sink, .out = &sink->buf, .err = err};
	const struct tu_json_limits limits = {.unique_keys = true};
	struct tu_json_parser *parser;
	enum tu_status status = check(issue, err);

	if (status != TU_OK)
		return status;
	if (!formats[format].json || !issue->previous.len)
		return write(&w, format);
	parser = tu_json_parser_new();
	if (!parser)
		return tu_no_memory(err);
	status = tu_json_parse(parser, issue->previous, &limits, &w.previous, err);
	if (status != TU_OK)
		status = tu_error_prefix(err, "the previous document");
	else
		status = write(&w, format);
	tu_json_parser_free(parser);
	return status;
}
